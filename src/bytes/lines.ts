/** Bytes whose ends of lines are counted together. */
const BLOCK = 256
const NEWLINE = 10

/**
 * The lines of a text, from 1, by the places of their bytes. Ends of lines are counted as far as places are asked for.
 */
export function linesOf(bytes: Uint8Array): (place: number) => number {
  /** Ends of lines before each block. */
  const before = [0]
  return (place) => {
    const block = Math.floor(Math.min(place, bytes.length) / BLOCK)
    while (before.length <= block) {
      const begin = (before.length - 1) * BLOCK
      before.push(before[before.length - 1] + endsIn(bytes, begin, begin + BLOCK))
    }
    return 1 + before[block] + endsIn(bytes, block * BLOCK, place)
  }
}

function endsIn(bytes: Uint8Array, begin: number, end: number): number {
  let count = 0
  for (let at = begin; at < Math.min(end, bytes.length); at++) if (bytes[at] === NEWLINE) count++
  return count
}
