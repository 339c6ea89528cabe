// Ways to spoil a binary file without knowledge of its format.

/** Numbers that lengths, offsets and sizes are replaced by. */
const absurd = [0, 1, 2, 3, 4, 7, 8, 255, 2 ** 15, 2 ** 16 - 1, 2 ** 24, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 2, 2 ** 32 - 1]

/** Spoils bytes at one to four places: bits, numbers of 1 to 8 bytes, parts copied, moved and cut. */
export function spoilt(bytes: Uint8Array, random: () => number): Uint8Array {
  let copy: Uint8Array = Uint8Array.from(bytes)
  for (let left = 1 + Math.floor(random() * 4); left > 0; left--) copy = spoilOnce(copy, random)
  return copy
}

function spoilOnce(bytes: Uint8Array, random: () => number): Uint8Array {
  const below = (end: number): number => Math.floor(random() * end)
  const at = below(bytes.length)
  const way = below(6)
  const view = new DataView(bytes.buffer)
  const aligned = Math.max(0, Math.min(at - (at % 4), bytes.length - 8))
  if (way === 0) bytes[at] ^= 1 << below(8)
  else if (way === 1) bytes[at] = below(256)
  else if (bytes.length < 16) return bytes
  else if (way === 2) view.setUint32(aligned, absurd[below(absurd.length)], true)
  else if (way === 3) view.setUint32(aligned, (view.getUint32(aligned, true) + below(33) - 16) >>> 0, true)
  else if (way === 4) bytes.copyWithin(at, below(bytes.length), below(bytes.length))
  else return bytes.slice(0, random() < 0.2 ? at : bytes.length - below(8))
  return bytes
}
