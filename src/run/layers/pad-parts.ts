import type { Fill } from '../../geometry/fill.ts'
import type { Pads } from '../../geometry/index.ts'
import { denseSteps } from '../../tensor/dense.ts'
import { Values } from '../memory/memory.ts'
import { type OutputPart, partOf } from '../programs/compute-parts.ts'

/** Cells of one dimension that are filled alike: `first` is the cell of the output that they are copied from, or none. */
interface PadStrip {
  readonly at: number
  readonly cells: number
  readonly first?: number
  readonly step: number
}

/** The padding of a dimension of so many cells, the strips next to the cells first: those further out may be copied from them. */
const strips: Readonly<Record<Fill, (begin: number, end: number, cells: number) => PadStrip[]>> = {
  constant: (begin, end, cells) => [
    { at: 0, cells: begin, step: 0 },
    { at: begin + cells, cells: end, step: 0 },
  ],
  reflect: (begin, end, cells) => [
    { at: 0, cells: begin, first: 2 * begin, step: -1 },
    { at: begin + cells, cells: end, first: begin + cells - 2, step: -1 },
  ],
  replicate: (begin, end, cells) => [
    { at: 0, cells: begin, first: begin, step: 0 },
    { at: begin + cells, cells: end, first: begin + cells - 1, step: 0 },
  ],
  circular(begin, end, cells) {
    const list: PadStrip[] = []
    for (let left = begin; left > 0; left -= cells) {
      const at = Math.max(0, left - cells)
      list.push({ at, cells: left - at, first: at + cells, step: 1 })
    }
    for (let done = 0; done < end; done += cells) {
      const at = begin + cells + done
      list.push({ at, cells: Math.min(cells, end - done), first: at - cells, step: 1 })
    }
    return list
  },
}

/**
 * The parts of a padded tensor: the input's cells, then strips of padding along each dimension, the innermost first. Undefined
 * where a way of filling may take cells that are cropped at the other side.
 */
export function padParts(
  input: Values,
  output: Values,
  shape: readonly number[],
  pads: readonly Pads[],
  mode: Fill,
  value: number,
): OutputPart[] | undefined {
  if (mode !== 'constant' && pads.flat().some((pad) => pad < 0)) return undefined
  const wide = shape.map((size, axis) => size + pads[axis][0] + pads[axis][1])
  const [from, to] = [denseSteps(shape), denseSteps(wide)]
  const begins = pads.map(([begin]) => Math.max(0, begin))
  const sizes = pads.map(([begin, end], axis) => shape[axis] + Math.min(0, begin) + Math.min(0, end))
  const placeOf = (cells: readonly number[], steps: readonly number[]): number =>
    cells.reduce((sum, cell, axis) => sum + cell * steps[axis], 0)
  const crops = pads.map(([begin]) => Math.max(0, -begin))
  const inside = { sizes, output: { offset: placeOf(begins, to), steps: to }, steps: [], numbers: [] }
  const parts: OutputPart[] = [
    { part: partOf({ ...inside, inputs: [{ offset: placeOf(crops, from), steps: from }] }), inputs: [input] },
  ]
  const number = new Values(Float32Array.of(value))
  const still = shape.map(() => 0)
  // What is filled so far, dimension by dimension: all of those that were padded, and the cells of others.
  const [at, filled] = [[...begins], [...sizes]]
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const [begin, end] = pads[axis].map((pad) => Math.max(0, pad))
    for (const { cells, first, step, ...strip } of strips[mode](begin, end, sizes[axis])) {
      if (cells === 0) continue
      const view = (cell: number, steps: readonly number[]) => ({ offset: placeOf(at.with(axis, cell), to), steps })
      const source = first === undefined ? { offset: 0, steps: still } : view(first, to.with(axis, step * to[axis]))
      const problem = { ...inside, sizes: filled.with(axis, cells), output: view(strip.at, to), inputs: [source] }
      parts.push({ part: partOf(problem), inputs: [first === undefined ? number : output] })
    }
    at[axis] = 0
    filled[axis] = wide[axis]
  }
  return parts
}
