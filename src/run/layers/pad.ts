import { type Fill, fills } from '../../geometry/fill.ts'
import { type Pads, SamepadError } from '../../geometry/index.ts'
import { checkChoice, checkInteger, checkOptions } from '../../geometry/options.ts'
import { pad as referencePad } from '../../reference/pad.ts'
import { allocate, inLayout, type Layout, type Tensor, type TensorLike } from '../../tensor/tensor.ts'
import { Values } from '../memory/memory.ts'
import { checkApart, type OutputOptions, resultOf } from '../memory/result.ts'
import { computeParts } from '../programs/compute-parts.ts'
import { checkInput, type LayoutOptions } from './layer.ts'
import { padParts } from './pad-parts.ts'

/** Options of `pad`. */
export interface PadOptions<Output extends Tensor = Tensor> extends LayoutOptions, OutputOptions<Output> {
  /** Where padding cells get their values. Default: `'constant'`. */
  readonly mode?: Fill | undefined
  /** The constant. Default: 0. */
  readonly value?: number | undefined
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
 * @throws SamepadError when `reflect` is wider than the input less one cell, or nothing would be left
 */
export function pad(
  input: TensorLike,
  pads: number | readonly Pads[],
  options?: PadOptions & { readonly output?: undefined },
): Tensor<ArrayBuffer>
export function pad<Output extends Tensor>(
  input: TensorLike,
  pads: number | readonly Pads[],
  options: PadOptions<Output>,
): Output
export function pad(input: TensorLike, pads: number | readonly Pads[], options: PadOptions = {}): Tensor {
  checkOptions(STAGE, options, ['mode', 'value', 'layout', 'output'])
  const { mode = 'constant', value = 0 } = options
  checkChoice(STAGE, 'mode', mode, modes)
  if (typeof value !== 'number') throw new SamepadError(STAGE, 'value must be a number', value)
  const x = checkInput(STAGE, input, options)
  const all = Array.from(everyDimension(pads, x.spatial.length, x.layout), (sides, dimension) =>
    checkSides(sides, x.shape[dimension], mode, dimension),
  )
  const result = resultOf(STAGE, options.output, paddedShape(x.shape, all))
  checkApart(STAGE, 'input', x, result)
  const [from, to] = [new Values(x.data), new Values(result.data)]
  const parts = padParts(from, to, x.shape, all, mode, value) ?? []
  computeParts(parts, to, () => referencePad(STAGE, from.data, x.shape, all, mode, value, to.data))
  return options.output ?? result
}

/** The shape of a tensor with padding. */
function paddedShape(shape: readonly number[], pads: readonly Pads[]): number[] {
  return shape.map((cells, dimension) => cells + pads[dimension][0] + pads[dimension][1])
}

/** The copy of a tensor with checked padding of each dimension written into it. */
export function written(
  stage: string,
  what: string,
  { data, shape }: Tensor,
  pads: readonly Pads[],
  mode: Fill,
  value: number,
): Tensor<ArrayBuffer> {
  const output = allocate(stage, what, paddedShape(shape, pads))
  referencePad(stage, data, shape, pads, mode, value, output.data)
  return output
}

/** Pads for the spatial axes made into pads for every dimension. */
export function spatialPads(pads: readonly Pads[], layout: Layout): readonly Pads[] {
  return inLayout({ batch: [0, 0], channels: [0, 0], spatial: pads }, layout)
}

/** Pads for every dimension, from those for the spatial axes if they are not given already. */
function everyDimension(pads: unknown, rank: number, layout: Layout): readonly Pads[] {
  const list: unknown = typeof pads === 'number' ? new Array(rank).fill([pads, pads]) : pads
  if (!Array.isArray(list) || (list.length !== rank && list.length !== rank + 2)) {
    const must = `pads must have a [begin, end] for each of ${rank} spatial axes or ${rank + 2} dimensions`
    throw new SamepadError(STAGE, must, pads)
  }
  return list.length === rank ? spatialPads(list, layout) : list
}

/** Checks one dimension's pads, of which something must be left. */
function checkSides(sides: unknown, cells: number, mode: Fill, dimension: number): Pads {
  const what = `pads of dimension ${dimension}`
  if (!Array.isArray(sides) || sides.length !== 2) throw new SamepadError(STAGE, `${what} must be [begin, end]`, sides)
  const side = (given: unknown): number => {
    const width = checkInteger(STAGE, what, given, -cells)
    checkFill(STAGE, what, width, cells, 'mode', mode)
    return width
  }
  const [begin, end] = [side(sides[0]), side(sides[1])]
  if (cells + begin + end >= 1) return [begin, end]
  const must = `cropping must leave at least one of the ${cells} cells of dimension ${dimension}`
  throw new SamepadError(STAGE, must, cells + begin + end)
}

/** Checks that a way of filling is defined for padding of this width; `option` is what it was asked for by. */
export function checkFill(stage: string, what: string, width: number, cells: number, option: string, mode: Fill): void {
  const widest = fills[mode].widest(cells)
  if (width > widest) throw new SamepadError(stage, `${what} must be at most ${widest} with ${option} ${mode}`, width)
}
