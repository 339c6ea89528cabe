import { type Fill, fills } from '../geometry/fill.ts'
import { type Pads, SamepadError } from '../geometry/index.ts'
import { checkChoice, checkInteger, checkOptions } from '../geometry/options.ts'
import { pad as referencePad } from '../reference/pad.ts'
import { allocate, checkTensor, type Tensor, type TensorLike } from '../tensor/tensor.ts'
import { checkInput, type LayoutOptions } from './layer.ts'

/** Options of `pad`. */
export interface PadOptions extends LayoutOptions {
  /** Where padding cells get their values. Default: `'constant'`. */
  readonly mode?: Fill
  /** The constant. Default: 0. */
  readonly value?: number
}

const STAGE = 'pad'
const modes = Object.keys(fills) as Fill[]

/**
 * Writes padding into a tensor, or cuts cells off where a number is negative: the library's `F.pad`.
 * (The operations need no padded copy; this is for layers that pad by themselves.)
 *
 * @param pads `[begin, end]` for each spatial axis, outermost first, or for each dimension, batch and channels included;
 * a number stands for both sides of every spatial axis. `padsFrom` reads other frameworks' orders.
 * @returns the padded copy
 * @throws SamepadError when `reflect` is wider than the input less one cell, `circular` wider than the input, or nothing
 * would be left
 */
export function pad(input: TensorLike, pads: number | readonly Pads[], options: PadOptions = {}): Tensor {
  checkOptions(STAGE, options, ['mode', 'value', 'layout'])
  const mode = checkChoice(STAGE, 'mode', options.mode ?? 'constant', modes)
  const value = options.value ?? 0
  if (typeof value !== 'number') throw new SamepadError(STAGE, 'value must be a number', value)
  const { layout, spatial } = checkInput(STAGE, input, options)
  const { data, shape } = checkTensor(STAGE, 'input', input)
  const all = everyDimension(pads, spatial.length, layout === 'nchw' ? 2 : 1)

  const size = shape.map((cells, dimension) => {
    const padded = cells + checkWidth(all[dimension], cells, mode, dimension)
    if (padded >= 1) return padded
    throw new SamepadError(
      STAGE,
      `cropping must leave at least one of the ${cells} cells of dimension ${dimension}`,
      padded,
    )
  })
  const output = allocate(STAGE, size)
  referencePad(data, shape, all, mode, value, output.data)
  return output
}

/** Pads for the spatial axes, which begin at dimension `first`, made into pads for every dimension. */
function everyDimension(pads: unknown, rank: number, first: number): readonly Pads[] {
  const list: unknown = typeof pads === 'number' ? new Array(rank).fill([pads, pads]) : pads
  if (!Array.isArray(list) || (list.length !== rank && list.length !== rank + 2)) {
    throw new SamepadError(
      STAGE,
      `pads must have a [begin, end] for each of ${rank} spatial axes or ${rank + 2} dimensions`,
      pads,
    )
  }
  if (list.length === rank + 2) return list
  const before = new Array(first).fill([0, 0])
  return [...before, ...list, ...new Array(2 - first).fill([0, 0])]
}

/** Checks one dimension's pads and adds them up. */
function checkWidth(pads: unknown, cells: number, mode: Fill, dimension: number): number {
  const what = `pads of dimension ${dimension}`
  if (!Array.isArray(pads) || pads.length !== 2) throw new SamepadError(STAGE, `${what} must be [begin, end]`, pads)
  for (const width of pads) {
    checkInteger(STAGE, what, width, -cells)
    const widest = fills[mode].widest(cells)
    if (width > widest) throw new SamepadError(STAGE, `${what} must be at most ${widest} with mode ${mode}`, width)
  }
  return pads[0] + pads[1]
}
