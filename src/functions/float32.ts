/** A number, rounded to float32, as its bits. */
export function bitsOf(number: number): number {
  return new Int32Array(Float32Array.of(number).buffer)[0]
}

/** The number that bits of float32 stand for. */
export function numberOf(bits: number): number {
  return new Float32Array(Int32Array.of(bits).buffer)[0]
}
