import { LANES } from '../plan/plan.ts'
import type { Code, Local } from '../wasm/code.ts'
import { shuffle } from './lanes.ts'

/** Gives the cells that a tap reads for a vector of outputs, which are a stride apart, from one cell on. */
export type CellPicker = (cell: number, vector: number) => Local

/**
 * Picks cells out of a line that is loaded as it lies in memory. The cells of each residue modulo the stride are put side by
 * side once, as a stream; every tap then reads neighbours of one stream.
 *
 * @param last the last cell that any tap reads
 * @param block gives four neighbouring cells, the first of them a multiple of four
 * @param fresh gives a variable that nothing else uses
 */
export function cellPicker(
  code: Code,
  stride: number,
  last: number,
  block: (index: number) => Local,
  fresh: () => Local,
): CellPicker {
  const streams = new Map<string, Local>()

  /** Four neighbours among the cells of one residue, as far as any tap reads them. */
  const stream = (residue: number, index: number): Local => {
    const cells = [0, 1, 2, 3].map((lane) => residue + stride * (index * LANES + lane))
    const wanted = cells.filter((cell, lane) => lane === 0 || cell <= last)
    const blockOf = (cell: number): number => Math.floor(cell / LANES)
    const [first, ...others] = new Set(wanted.map(blockOf))
    let from = block(first)
    if (wanted.every((cell, lane) => cell === first * LANES + lane)) return from
    const target = fresh()
    let own = true // the lanes of the first block lie as in memory, and after the first shuffle where they belong
    for (const other of others.length > 0 ? others : [first]) {
      const picked = cells.map((cell, lane) => {
        if (blockOf(cell) === other) return LANES + (cell % LANES)
        return own && blockOf(cell) === first ? cell % LANES : lane
      })
      const added = block(other)
      shuffle(code.get(from).get(added), picked).set(target)
      from = target
      own = false
    }
    return target
  }
  const once = (residue: number, index: number): Local => {
    const key = `${residue} ${index}`
    const known = streams.get(key) ?? stream(residue, index)
    streams.set(key, known)
    return known
  }
  return (cell, vector) => {
    const residue = cell % stride
    const first = (cell - residue) / stride + vector * LANES
    const [index, shift] = [Math.floor(first / LANES), first % LANES]
    const a = once(residue, index)
    if (shift === 0) return a
    const b = once(residue, index + 1)
    const target = fresh()
    const lanes = [0, 1, 2, 3].map((lane) => lane + shift)
    shuffle(code.get(a).get(b), lanes).set(target)
    return target
  }
}
