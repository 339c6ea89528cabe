import { SamepadError, show } from '../../geometry/error.ts'
import { checkInteger, checkOptions } from '../../geometry/options.ts'
import type { Pass, ReduceProblem } from '../../reference/reduce.ts'
import { denseSteps } from '../../tensor/dense.ts'
import { checkTensor, type Tensor, type TensorLike } from '../../tensor/tensor.ts'
import { checkInput, type Input, type LayoutOptions } from '../layers/layer.ts'
import { Values } from '../memory/memory.ts'
import { isSameShape, resultOf } from '../memory/result.ts'
import { computeGroups, groupsOf } from '../programs/compute-groups.ts'
import { perChannel } from './activate.ts'
import { broadcastShape, broadcastSteps } from './broadcast.ts'
import {
  type ActivationStep,
  addStep,
  chainText,
  checkOverlap,
  type ElementwiseOptions,
  type StepList,
} from './elementwise.ts'
import { checkAxes } from './reduce.ts'

/** Options of every normalization. */
export interface NormOptions<Output extends Tensor = Tensor> extends ElementwiseOptions<Output> {
  /** Is added to the variance; above 0. Default: 1e-5. */
  readonly epsilon?: number | undefined
  /** What values are sent through at the end. Default: nothing. */
  readonly activation?: ActivationStep | undefined
}

/** Options of `layerNorm`. */
export interface LayerNormOptions<Output extends Tensor = Tensor> extends NormOptions<Output> {
  /** The dimensions that are normalized together, from the end on if negative. Default: `[-1]`, the last one. */
  readonly axes?: readonly number[] | undefined
  /** What values are multiplied by, and what is added then: tensors that are broadcast to the input's shape. Default: nothing. */
  readonly scale?: TensorLike | undefined
  readonly shift?: TensorLike | undefined
}

/** Options of `instanceNorm` and `groupNorm`. */
export interface ChannelNormOptions<Output extends Tensor = Tensor> extends NormOptions<Output>, LayoutOptions {
  /** What values are multiplied by, and what is added then: one number for each channel. Default: nothing. */
  readonly scale?: Float32Array | TensorLike | undefined
  readonly shift?: Float32Array | TensorLike | undefined
}

const names = ['epsilon', 'activation', 'scale', 'shift', 'output']

/**
 * (x - mean) / sqrt(variance + epsilon) * scale + shift, of the mean and the variance along some dimensions: the mean first, then
 * the mean square of the differences, so that a large mean takes no digits of a small variance. Programs sum in float32.
 *
 * @param input a tensor of any shape but []
 * @throws SamepadError on dimensions that are not there, scale or shift that do not fit, and an output that overlaps otherwise
 *   than by being all of the input
 */
export function layerNorm(
  input: TensorLike,
  options?: LayerNormOptions & { readonly output?: undefined },
): Tensor<ArrayBuffer>
export function layerNorm<Output extends Tensor>(input: TensorLike, options: LayerNormOptions<Output>): Output
export function layerNorm(input: TensorLike, options: LayerNormOptions = {}): Tensor {
  const stage = 'layerNorm'
  checkOptions(stage, options, ['axes', ...names])
  const x = checkTensor(stage, 'input', input)
  const { axes = [-1], scale, shift } = options
  const isReduced = checkAxes(stage, axes, x.shape.length)
  return normalized(stage, { x, sizes: x.shape, isReduced }, scale, shift, options)
}

/**
 * `layerNorm` of each channel of each image.
 *
 * @param input `[batch, channels, ...spatial]`, or `[batch, ...spatial, channels]` with `layout: 'nhwc'`
 * @throws SamepadError when scale or shift have not one number for each channel
 */
export function instanceNorm(
  input: TensorLike,
  options?: ChannelNormOptions & { readonly output?: undefined },
): Tensor<ArrayBuffer>
export function instanceNorm<Output extends Tensor>(input: TensorLike, options: ChannelNormOptions<Output>): Output
export function instanceNorm(input: TensorLike, options: ChannelNormOptions = {}): Tensor {
  return ofChannels('instanceNorm', input, undefined, options)
}

/**
 * `layerNorm` of groups of neighbouring channels of each image.
 *
 * @param input `[batch, channels, ...spatial]`, or `[batch, ...spatial, channels]` with `layout: 'nhwc'`
 * @param groups how many there are; they have equally many channels
 * @throws SamepadError when the channels cannot be shared out, or scale or shift have not one number for each
 */
export function groupNorm(
  input: TensorLike,
  groups: number,
  options?: ChannelNormOptions & { readonly output?: undefined },
): Tensor<ArrayBuffer>
export function groupNorm<Output extends Tensor>(
  input: TensorLike,
  groups: number,
  options: ChannelNormOptions<Output>,
): Output
export function groupNorm(input: TensorLike, groups: number, options: ChannelNormOptions = {}): Tensor {
  return ofChannels('groupNorm', input, groups, options)
}

/** Normalizes groups of channels; each is a group of its own where no number is given. */
function ofChannels(stage: string, input: TensorLike, given: number | undefined, options: ChannelNormOptions): Tensor {
  checkOptions(stage, options, ['layout', ...names])
  const x = checkInput(stage, input, options)
  const { batch, channels, spatial, layout } = x
  const groups = stage === 'groupNorm' ? checkInteger(stage, 'groups', given, 1) : channels
  if (channels % groups !== 0) {
    throw new SamepadError(stage, `groups must divide the ${channels} channels`, groups)
  }
  const parts = [groups, channels / groups]
  const cells = spatial.map(() => true)
  const task =
    layout === 'nchw'
      ? { x, sizes: [batch, ...parts, ...spatial], isReduced: [false, false, true, ...cells] }
      : { x, sizes: [batch, ...spatial, ...parts], isReduced: [false, ...cells, false, true] }
  const ofEach = (what: string, value: Float32Array | TensorLike | undefined): Tensor | undefined => {
    if (value === undefined) return undefined
    const { data } = perChannel(stage, what, value, x)
    return { data, shape: layout === 'nchw' ? [...parts, ...spatial.map(() => 1)] : parts }
  }
  const channel = layout === 'nchw' ? 1 : x.shape.length - 1
  const inGroups = (shape: readonly number[]): number[] =>
    shape.flatMap((size, axis) => {
      const isChannel = axis === channel + shape.length - x.shape.length
      return isChannel && size > 1 ? parts : isChannel ? [1, 1] : [size]
    })
  const [factor, addend] = [ofEach('scale', options.scale), ofEach('shift', options.shift)]
  return normalized(stage, { ...task, inGroups }, factor, addend, options)
}

/** A tensor as if it had these sizes, of which some are normalized together. */
interface Normalization {
  readonly x: Tensor | Input
  readonly sizes: readonly number[]
  readonly isReduced: readonly boolean[]
  /** What a shape that is broadcast to the input's is among these sizes, where they are others. */
  readonly inGroups?: (shape: readonly number[]) => readonly number[]
}

const mean = { name: 'divide', operands: [{ number: 0 }] } as const
const difference = { name: 'subtract', operands: [{ result: 0 }] } as const

function normalized(
  stage: string,
  { x, sizes, isReduced, inGroups = (shape) => shape }: Normalization,
  scale: TensorLike | undefined,
  shift: TensorLike | undefined,
  { epsilon = 1e-5, activation, output }: NormOptions,
): Tensor {
  if (typeof epsilon !== 'number' || !(Math.fround(epsilon) > 0 && epsilon < Number.POSITIVE_INFINITY)) {
    throw new SamepadError(stage, 'epsilon must be a number above 0', epsilon)
  }
  const count = sizes.reduce((product, size, axis) => (isReduced[axis] ? product * size : product), 1)
  const input = { what: 'input', tensor: { data: x.data, shape: sizes } }
  const chain: StepList = { tensors: [input], numbers: [count, Math.fround(epsilon)], steps: [] }
  if (scale !== undefined) addStep(stage, chain, { multiply: scale }, 'scale')
  if (shift !== undefined) addStep(stage, chain, { add: shift }, 'shift')
  const own = chain.tensors.length
  if (activation !== undefined) addStep(stage, chain, activation, 'activation')
  for (const [index, { what, tensor }] of chain.tensors.entries()) {
    if (index < own) continue
    checkBroadcast(stage, what, tensor, x.shape)
    chain.tensors[index] = { what, tensor: { data: tensor.data, shape: inGroups(tensor.shape) } }
  }
  const result = resultOf(stage, output, x.shape)
  for (const { what, tensor } of chain.tensors) checkOverlap(stage, what, tensor, { ...result, shape: sizes })
  const inputs = chain.tensors.map(({ tensor }) => new Values(tensor.data))
  const problemOf = (): ReduceProblem => problemOfChain(stage, chain, sizes, isReduced)
  computeGroups(`norm;${isReduced};${chainText(chain)}`, problemOf, inputs, new Values(result.data))
  return output ?? result
}

/** Checks that a tensor is broadcast to a shape, which it does not make larger. */
function checkBroadcast(stage: string, what: string, tensor: Tensor, shape: readonly number[]): void {
  const all = broadcastShape(stage, [
    { what: 'input', tensor: { data: tensor.data, shape } },
    { what, tensor },
  ])
  if (!isSameShape(all, shape))
    throw new SamepadError(stage, `${what} must be broadcast to ${show(shape)}`, tensor.shape)
}

/** The mean; the mean square of the differences, as the factor that it makes; differences times the factor, through the chain. */
function problemOfChain(
  stage: string,
  { tensors, steps, numbers }: StepList,
  sizes: readonly number[],
  isReduced: readonly boolean[],
): ReduceProblem {
  const shape = broadcastShape(stage, tensors)
  if (!isSameShape(shape, sizes)) {
    throw new SamepadError(stage, `scale and shift must be broadcast to ${show(sizes)}`, shape)
  }
  const along = [denseSteps(sizes), ...tensors.map(({ tensor }) => broadcastSteps(tensor.shape, sizes))]
  const toFactor = (['sqrt', 'reciprocal'] as const).map((name) => ({ name, operands: [] }))
  const passes: Pass[] = [
    { from: 'input', steps: [], fold: 'sum', finish: [mean] },
    {
      ...{ from: 'input', steps: [difference, { name: 'square', operands: [] }], fold: 'sum' },
      finish: [mean, { name: 'add', operands: [{ number: 1 }] }, ...toFactor],
    },
    { from: 'input', steps: [difference, { name: 'multiply', operands: [{ result: 1 }] }, ...steps], isWritten: true },
  ]
  return { ...groupsOf(sizes, along, isReduced), passes, numbers }
}
