import { complaint } from './complain.ts'
import { FIXED32, LENGTH, VARINT } from './wire.ts'

// The bytes of protobuf messages, as much as edits write.

const encoder = new TextEncoder()

/** An integer of 64 bits, 7 a byte, the lowest first; the highest bit of a byte says that more follow. */
export function varint(value: number): number[] {
  if (!Number.isSafeInteger(value)) throw complaint('an integer that is written must be exact', value)
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128)
  return [...bytes, Number(rest)]
}

/** A field with an integer. */
export function integerField(number: number, value: number): Uint8Array {
  return Uint8Array.from([...varint(number * 8 + VARINT), ...varint(value)])
}

/** A field with a float32. */
export function floatField(number: number, value: number): Uint8Array {
  return join([Uint8Array.from(varint(number * 8 + FIXED32)), new Uint8Array(Float32Array.of(value).buffer)])
}

/** A field with bytes: a text, a message, packed values. */
export function bytesField(number: number, content: Uint8Array): Uint8Array {
  return join([Uint8Array.from([...varint(number * 8 + LENGTH), ...varint(content.length)]), content])
}

/** A field with a text. */
export function textField(number: number, text: string): Uint8Array {
  return bytesField(number, encoder.encode(text))
}

/** Pieces one after another. */
export function join(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
