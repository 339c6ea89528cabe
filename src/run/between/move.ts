import { SamepadError } from '../../geometry/error.ts'
import { checkChoice, checkInteger, checkOptions } from '../../geometry/options.ts'
import type { View } from '../../reference/elementwise.ts'
import { denseSteps } from '../../tensor/dense.ts'
import { checkTensor, type Tensor, type TensorLike } from '../../tensor/tensor.ts'
import { checkInput, type LayoutOptions } from '../layers/layer.ts'
import { Values } from '../memory/memory.ts'
import { checkApart, type OutputOptions, resultOf } from '../memory/result.ts'
import { computeParts, partOf } from '../programs/compute-parts.ts'

const start = (steps: readonly number[]): View => ({ offset: 0, steps })

/** Fills a new tensor, or the one that is given, with elements of one input that lie so many apart along each axis. */
function moved(
  stage: string,
  input: Tensor,
  shape: readonly number[],
  from: View,
  { output }: OutputOptions,
  sizes: readonly number[] = shape,
): Tensor {
  const result = resultOf(stage, output, shape)
  checkApart(stage, 'input', input, result)
  const problem = { sizes, output: start(denseSteps(sizes)), inputs: [from], steps: [], numbers: [] }
  computeParts([{ part: partOf(problem), inputs: [new Values(input.data)] }], new Values(result.data))
  return (output as Tensor | undefined) ?? result
}

/** Checks a dimension of a tensor; from the end on if it is negative. */
export function checkDimension(stage: string, what: string, value: unknown, rank: number): number {
  if (rank === 0) throw new SamepadError(stage, `${what} must be a dimension, and a tensor of shape [] has none`, value)
  const dimension = checkInteger(stage, what, value, -rank)
  if (dimension >= rank) throw new SamepadError(stage, `${what} must be below the ${rank} dimensions`, dimension)
  return dimension < 0 ? dimension + rank : dimension
}

/**
 * A tensor with its dimensions in another order, as NumPy's and ONNX's `transpose`.
 *
 * @param order the input's dimension for each of the output's: `[0, 2, 3, 1]` leads from `nchw` to `nhwc`
 * @throws SamepadError when `order` does not name every dimension once
 */
export function transpose(input: TensorLike, order: readonly number[], options?: undefined): Tensor<ArrayBuffer>
export function transpose<Output extends Tensor>(
  input: TensorLike,
  order: readonly number[],
  options: OutputOptions<Output>,
): Output
export function transpose(input: TensorLike, order: readonly number[], options: OutputOptions = {}): Tensor {
  const stage = 'transpose'
  checkOptions(stage, options, ['output'])
  const x = checkTensor(stage, 'input', input)
  const rank = x.shape.length
  const list = Array.isArray(order) ? order : []
  if (list.length !== rank || !x.shape.every((_, axis) => list.includes(axis))) {
    throw new SamepadError(stage, `order must name each of the ${rank} dimensions once`, order)
  }
  const steps = denseSteps(x.shape)
  const pick = (values: readonly number[]): number[] => list.map((axis) => values[axis])
  return moved(stage, x, pick(x.shape), start(pick(steps)), options)
}

/** Where a slice begins and ends along a dimension, and its step; NumPy's rules: counted from the end where negative. */
export type SliceRange = readonly [begin?: number | undefined, end?: number | undefined, step?: number | undefined]

/**
 * A part of a tensor, as NumPy's `x[begin:end:step, ...]`.
 *
 * @param ranges for each dimension; `[]` is all of it, and so are dimensions for which there is none
 * @throws SamepadError when nothing would be left
 */
export function slice(input: TensorLike, ranges: readonly SliceRange[], options?: undefined): Tensor<ArrayBuffer>
export function slice<Output extends Tensor>(
  input: TensorLike,
  ranges: readonly SliceRange[],
  options: OutputOptions<Output>,
): Output
export function slice(input: TensorLike, ranges: readonly SliceRange[], options: OutputOptions = {}): Tensor {
  const stage = 'slice'
  checkOptions(stage, options, ['output'])
  const x = checkTensor(stage, 'input', input)
  if (!Array.isArray(ranges) || ranges.length > x.shape.length) {
    throw new SamepadError(stage, `ranges must be a list of at most ${x.shape.length}, one for each dimension`, ranges)
  }
  const dense = denseSteps(x.shape)
  const parts = x.shape.map((size, axis) => checkRange(stage, ranges[axis] ?? [], size, axis))
  const offset = parts.reduce((sum, { begin }, axis) => sum + begin * dense[axis], 0)
  const steps = parts.map(({ step }, axis) => step * dense[axis])
  const shape = parts.map(({ count }) => count)
  return moved(stage, x, shape, { offset, steps }, options)
}

function checkRange(
  stage: string,
  range: unknown,
  size: number,
  axis: number,
): Record<'begin' | 'step' | 'count', number> {
  const what = `range of dimension ${axis}`
  if (!Array.isArray(range) || range.length > 3) {
    throw new SamepadError(stage, `${what} must be [begin, end, step]`, range)
  }
  const step = range[2] === undefined ? 1 : checkInteger(stage, `step of ${what}`, range[2], -Number.MAX_SAFE_INTEGER)
  if (step === 0) throw new SamepadError(stage, `step of ${what} must not be 0`, step)
  const [first, last] = step > 0 ? [0, size] : [-1, size - 1]
  const at = (value: unknown, name: string, otherwise: number): number => {
    if (value === undefined) return otherwise
    const place = checkInteger(stage, `${name} of ${what}`, value, -Number.MAX_SAFE_INTEGER)
    return Math.min(Math.max(place < 0 ? place + size : place, first), last)
  }
  const begin = at(range[0], 'begin', step > 0 ? first : last)
  const end = at(range[1], 'end', step > 0 ? last : first)
  const count = Math.max(0, Math.ceil((end - begin) / step))
  if (count > 0) return { begin, step, count }
  throw new SamepadError(stage, `${what} must leave at least one of the ${size} elements`, range)
}

/**
 * Tensors one after the other along a dimension.
 *
 * @param inputs tensors whose other dimensions are equal
 * @param dimension from the end on if it is negative
 * @throws SamepadError on no tensors, or shapes that do not fit
 */
export function concat(inputs: readonly TensorLike[], dimension: number, options?: undefined): Tensor<ArrayBuffer>
export function concat<Output extends Tensor>(
  inputs: readonly TensorLike[],
  dimension: number,
  options: OutputOptions<Output>,
): Output
export function concat(inputs: readonly TensorLike[], dimension: number, options: OutputOptions = {}): Tensor {
  const stage = 'concat'
  checkOptions(stage, options, ['output'])
  if (!Array.isArray(inputs) || inputs.length === 0) {
    throw new SamepadError(stage, 'inputs must be a list of tensors', inputs)
  }
  const tensors = inputs.map((input, index) => checkTensor(stage, `input ${index}`, input))
  const [{ shape: first }] = tensors
  const axis = checkDimension(stage, 'dimension', dimension, first.length)
  tensors.forEach(({ shape }, index) => {
    const fits = shape.length === first.length && shape.every((size, at) => at === axis || size === first[at])
    if (!fits) throw new SamepadError(stage, `input ${index} must be as input 0 but for dimension ${axis}`, shape)
  })
  const total = tensors.reduce((sum, { shape }) => sum + shape[axis], 0)
  const result = resultOf(stage, options.output, first.with(axis, total))
  const steps = denseSteps(result.shape)
  let offset = 0
  const parts = tensors.map((tensor, index) => {
    checkApart(stage, `input ${index}`, tensor, result)
    const output = { offset, steps }
    offset += tensor.shape[axis] * steps[axis]
    const problem = { sizes: tensor.shape, output, inputs: [start(denseSteps(tensor.shape))], steps: [], numbers: [] }
    return { part: partOf(problem), inputs: [new Values(tensor.data)] }
  })
  computeParts(parts, new Values(result.data))
  return options.output ?? result
}

/** Options of `depthToSpace`. */
export interface DepthToSpaceOptions<Output extends Tensor = Tensor> extends OutputOptions<Output>, LayoutOptions {
  /**
   * Which comes first in the order of the channels: the place in the block, as TensorFlow and ONNX's default have it
   * (`'dcr'`), or the channel, as PyTorch's `PixelShuffle` (`'crd'`). Default: `'dcr'`.
   */
  readonly mode?: 'dcr' | 'crd' | undefined
}

/**
 * Moves channels into blocks of cells: block^n times fewer channels, block times as many cells along each of the n spatial axes.
 *
 * @param input `[batch, channels, ...spatial]`, or `[batch, ...spatial, channels]` with `layout: 'nhwc'`
 * @throws SamepadError when the channels cannot be shared out
 */
export function depthToSpace(
  input: TensorLike,
  block: number,
  options?: DepthToSpaceOptions & { readonly output?: undefined },
): Tensor<ArrayBuffer>
export function depthToSpace<Output extends Tensor>(
  input: TensorLike,
  block: number,
  options: DepthToSpaceOptions<Output>,
): Output
export function depthToSpace(input: TensorLike, block: number, options: DepthToSpaceOptions = {}): Tensor {
  const stage = 'depthToSpace'
  checkOptions(stage, options, ['mode', 'layout', 'output'])
  const { mode = 'dcr' } = options
  checkChoice(stage, 'mode', mode, ['dcr', 'crd'])
  const x = checkInput(stage, input, options)
  const size = checkInteger(stage, 'block', block, 1)
  const cells = size ** x.spatial.length
  if (x.channels % cells !== 0) {
    throw new SamepadError(stage, `channels must be a multiple of the ${cells} cells of a block`, x.channels)
  }
  const channels = x.channels / cells
  const [batch, step, along] = stepsIn(x)
  // Channels are blocks of an axis each, and the channel that is left, in one order or the other.
  const inner = mode === 'dcr' ? channels * step : step
  const blocks = x.spatial.map((_, axis) => inner * size ** (x.spatial.length - 1 - axis))
  const channel = mode === 'dcr' ? step : step * cells
  const sizes = x.spatial.flatMap((count) => [count, size])
  const steps = x.spatial.flatMap((_, axis) => [along[axis], blocks[axis]])
  const shape = x.spatial.map((count) => count * size)
  return x.layout === 'nchw'
    ? moved(stage, x, [x.batch, channels, ...shape], start([batch, channel, ...steps]), options, [
        ...[x.batch, channels, ...sizes],
      ])
    : moved(stage, x, [x.batch, ...shape, channels], start([batch, ...steps, channel]), options, [
        ...[x.batch, ...sizes, channels],
      ])
}

/**
 * Moves blocks of cells into channels, as TensorFlow and ONNX do: block^n times as many channels, the place in the block
 * first in their order.
 *
 * @param input `[batch, channels, ...spatial]`, or `[batch, ...spatial, channels]` with `layout: 'nhwc'`
 * @throws SamepadError when the cells of an axis cannot be shared out into blocks
 */
export function spaceToDepth(
  input: TensorLike,
  block: number,
  options?: LayoutOptions & { readonly output?: undefined },
): Tensor<ArrayBuffer>
export function spaceToDepth<Output extends Tensor>(
  input: TensorLike,
  block: number,
  options: LayoutOptions & OutputOptions<Output>,
): Output
export function spaceToDepth(input: TensorLike, block: number, options: LayoutOptions & OutputOptions = {}): Tensor {
  const stage = 'spaceToDepth'
  checkOptions(stage, options, ['layout', 'output'])
  const x = checkInput(stage, input, options)
  const size = checkInteger(stage, 'block', block, 1)
  x.spatial.forEach((count, axis) => {
    if (count % size !== 0) throw new SamepadError(stage, `block must divide the ${count} cells of axis ${axis}`, size)
  })
  const [batch, channel, along] = stepsIn(x)
  const blocks = x.spatial.map(() => size)
  const counts = x.spatial.map((count) => count / size)
  const far = along.map((step) => step * size)
  const channels = x.channels * size ** blocks.length
  return x.layout === 'nchw'
    ? moved(stage, x, [x.batch, channels, ...counts], start([batch, ...along, channel, ...far]), options, [
        ...[x.batch, ...blocks, x.channels, ...counts],
      ])
    : moved(stage, x, [x.batch, ...counts, channels], start([batch, ...far, ...along, channel]), options, [
        ...[x.batch, ...counts, ...blocks, x.channels],
      ])
}

/** Elements between neighbours: images, channels, and along each spatial axis. */
function stepsIn({ shape, layout }: ReturnType<typeof checkInput>): [number, number, readonly number[]] {
  const [batch, ...others] = denseSteps(shape)
  return layout === 'nchw' ? [batch, others[0], others.slice(1)] : [batch, others.at(-1) ?? 1, others.slice(0, -1)]
}
