/** White space as JSON and XML have it. */
export const isSpace = (byte: number): boolean => byte === 32 || byte === 10 || byte === 13 || byte === 9

/** The first place from one on that is no white space. */
export function pastSpace(bytes: Uint8Array, at: number): number {
  let next = at
  while (isSpace(bytes[next])) next++
  return next
}
