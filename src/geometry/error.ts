/**
 * The one error that samepad throws on bad input. Its message reads `stage: what must hold, got value`,
 * for instance `resolve: strides of axis 1 must be an integer of at least 1, got 0`.
 */
export class SamepadError extends Error {
  override readonly name: string = 'SamepadError'

  /**
   * @param stage where it was noticed: `resolve`, `conv`, `pad`, `readSafetensors`, ...
   * @param must what must hold, as a sentence without its end
   * @param got the offending value; it is printed in short
   */
  constructor(stage: string, must: string, got: unknown) {
    super(`${stage}: ${must}, got ${show(got)}`)
  }
}

const LONGEST = 80

/** A value as one short line: strings quoted, typed arrays by type and length. */
function show(value: unknown): string {
  const text = write(value)
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text
}

function write(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`
  if (Array.isArray(value)) return `[${value.slice(0, LONGEST).map(write).join(', ')}]`
  if (typeof value === 'function') return 'a function'
  if (typeof value !== 'object' || value === null) return String(value)
  if (ArrayBuffer.isView(value)) {
    return `a ${value.constructor.name} of ${(value as Uint8Array).length ?? value.byteLength} elements`
  }
  return `an object with ${Object.keys(value).length ? `keys ${Object.keys(value).join(', ')}` : 'no keys'}`
}
