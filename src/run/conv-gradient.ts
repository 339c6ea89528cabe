import { effectiveKernel, fullSize } from '../geometry/axis.ts'
import { type Axis, adjoint, Geometry, type Op, SamepadError } from '../geometry/index.ts'
import { checkObject } from '../geometry/options.ts'
import { foldPadding } from '../reference/fold-padding.ts'
import { type Filter, type FilterSteps, inputOf, type Problem } from '../reference/problem.ts'
import { allocate, checkTensor, inLayout, type Tensor, type TensorLike } from '../tensor/tensor.ts'
import { computeWeightsGradient } from './compute-weights-gradient.ts'
import { type ConvOptions, convolution } from './conv.ts'
import { type ConvTransposeOptions, transposedConvolution } from './conv-transpose.ts'
import { fillPadding } from './fill-padding.ts'
import { type FilterOperation, filterLayer } from './filter-layer.ts'
import { checkInput, type Input } from './layer.ts'
import { settled, Values } from './memory.ts'
import { computeOnce } from './once.ts'
import { checkOutputGradient } from './output-gradient.ts'
import type { LayerDefinition, Task } from './prepared-layer.ts'
import { reduce } from './reduce.ts'
import { planFilter } from './strategies.ts'

/** What a gradient is taken with respect to. */
export type GradientName = 'input' | 'weights' | 'bias'

/** Which gradients are computed. */
export interface GradientOptions<Of extends GradientName = GradientName> {
  /** Default: all three. */
  readonly of?: readonly Of[] | undefined
}

/** Gradients by what they are taken with respect to, each in its shape. */
export type Gradients<Of extends GradientName = GradientName> = { readonly [Name in Of]: Tensor<ArrayBuffer> }

const all: readonly GradientName[] = ['input', 'weights', 'bias']

/**
 * How a loss changes with the input, the weights and the bias of `conv`. That of the input is the transposed convolution with the
 * same padding. Through `activation: 'relu'` a gradient passes where the output is above 0, through `'relu6'` where it is between 0
 * and 6; with one of them the output is computed anew.
 *
 * @param input as `conv` took it
 * @param weights as `conv` took them
 * @param outputGradient how the loss changes with each element of the output of `conv`, in its shape
 * @param options those of `conv`, and which gradients are wanted
 * @throws SamepadError as `conv` does, and when the gradient does not have the output's shape
 */
export function convGradient<Of extends GradientName = GradientName>(
  input: TensorLike,
  weights: TensorLike,
  outputGradient: TensorLike,
  options: ConvOptions & GradientOptions<Of> = {},
): Gradients<Of> {
  return gradients('convGradient', convolution, { input, weights, outputGradient }, options)
}

/**
 * How a loss changes with the input, the weights and the bias of `convTranspose`; that of the input is the convolution with the same
 * padding. Everything else as in `convGradient`.
 *
 * @param input as `convTranspose` took it
 * @param weights as `convTranspose` took them
 * @param outputGradient how the loss changes with each element of the output of `convTranspose`, in its shape
 * @param options those of `convTranspose`, and which gradients are wanted
 * @throws SamepadError as `convTranspose` does, and when the gradient does not have the output's shape
 */
export function convTransposeGradient<Of extends GradientName = GradientName>(
  input: TensorLike,
  weights: TensorLike,
  outputGradient: TensorLike,
  options: ConvTransposeOptions & GradientOptions<Of> = {},
): Gradients<Of> {
  return gradients('convTransposeGradient', transposedConvolution, { input, weights, outputGradient }, options)
}

type Given = Readonly<Record<'input' | 'weights' | 'outputGradient', TensorLike>>

function gradients<Of extends GradientName>(
  stage: string,
  kind: FilterOperation,
  given: Given,
  options: (ConvOptions | ConvTransposeOptions) & GradientOptions<Of>,
): Gradients<Of> {
  checkObject(stage, options)
  const { of, ...others } = options
  for (const name of ['scale', 'shift'] as const) {
    if (others[name] !== undefined) throw new SamepadError(stage, `${name} must be left out`, others[name])
  }
  const wanted = checkNames(stage, of)
  // Several problems are computed one after the other, and each may move program memory.
  const weights = settledTensor(checkTensor(stage, 'weights', given.weights))
  const definition = filterLayer(stage, kind, weights, others as ConvOptions)
  const x = settledTensor(checkInput(stage, given.input, definition.layout))
  const task = definition.solve(x)
  const { problem } = task
  const { data, shape } = checkOutputGradient(stage, problem, given.outputGradient)
  const source = task.fill ? fillPadding(stage, x, task.fill.geometry, task.fill.values) : x
  const change = { shape, data: behindActivation(stage, definition, problem, source, data) }
  const found: Partial<Record<GradientName, Tensor<ArrayBuffer>>> = {}
  if (wanted.includes('input')) found.input = inputGradient(stage, definition, task, x, change)
  if (wanted.includes('weights')) {
    found.weights = allocate(stage, 'the gradient', weights.shape)
    ofWeights(problem, source, change, definition.filter.steps, found.weights)
  }
  if (wanted.includes('bias')) {
    const isChannel = inLayout(
      { batch: false, channels: true, spatial: problem.geometry.axes.map(() => false) },
      problem.layout,
    )
    found.bias = reduce(change, 'sum', { axes: [...isChannel.keys()].filter((dimension) => !isChannel[dimension]) })
  }
  return found as Gradients<Of>
}

const settledTensor = <T extends Tensor>(tensor: T): T => ({ ...tensor, data: settled(tensor.data) })

function checkNames(stage: string, of: unknown): readonly GradientName[] {
  if (of === undefined) return all
  const isName = (name: unknown): name is GradientName => all.some((known) => known === name)
  if (Array.isArray(of) && of.every(isName)) return of
  throw new SamepadError(stage, `of must be a list of ${all.join(', ')}`, of)
}

/** Activations through which there are gradients: they pass where outputs lie between these. */
const clamps: Readonly<Record<string, readonly [least: number, most: number]>> = {
  relu: [0, Number.POSITIVE_INFINITY],
  relu6: [0, 6],
}

/** The gradient of what the activation was given. */
function behindActivation(
  stage: string,
  { operation, filter }: LayerDefinition,
  problem: Problem,
  input: Tensor,
  change: Float32Array,
): Float32Array {
  const [step] = problem.epilogue ?? []
  if (!step) return change
  const passed = clamps[step.row.name]
  if (!passed)
    throw new SamepadError(stage, `activation must be one of ${Object.keys(clamps).join(', ')}`, step.row.name)
  const [least, most] = passed
  const output = new Float32Array(change.length)
  computeOnce({ operation, filter }, problem, new Values(input.data), new Values(output))
  for (let index = 0; index < output.length; index++) {
    output[index] = output[index] > least && output[index] < most ? change[index] : 0
  }
  return output
}

function inputGradient(
  stage: string,
  { filter }: LayerDefinition,
  { problem, fill }: Task,
  x: Input,
  change: Tensor,
): Tensor<ArrayBuffer> {
  const { layout } = problem
  const back = mirrored(problem, filter) ?? backwards(problem, filter)
  const gradient = allocate(stage, 'the gradient', inLayout(inputOf(problem), layout))
  computeOnce(back, back.problem, new Values(change.data), new Values(gradient.data))
  if (!fill) return gradient
  const folded = allocate(stage, 'the gradient', x.shape)
  foldPadding(fill.geometry, x, layout, fill.values, gradient.data, folded.data)
  return folded
}

/** What leads from the output's side back to the input's. */
interface Backwards extends Pick<LayerDefinition, 'operation' | 'filter'> {
  readonly problem: Problem
}

/** The convolution of the other kind, with the same weights. */
function backwards(problem: Problem, filter: Filter): Backwards {
  const isForward = problem.geometry.op === 'conv'
  const other = isForward ? transposedConvolution : convolution
  return {
    problem: exchanged(problem, other.op, problem.geometry.axes.map(isForward ? transposed : adjoint)),
    operation: { plan: planFilter, reference: other.reference },
    filter: { ...filter, steps: acrossSteps(filter.steps), bias: undefined },
  }
}

/**
 * A depthwise convolution that moves a cell at a time is led back by one with the kernel mirrored, which has programs three times as
 * fast as the transposed one. Undefined for others.
 */
function mirrored(problem: Problem, { weights, steps }: Filter): Backwards | undefined {
  const { geometry, inChannels, outChannels, groups } = problem
  const isDepthwise = groups === inChannels && groups === outChannels
  if (geometry.op !== 'conv' || !isDepthwise || geometry.axes.some(({ stride }) => stride > 1)) return undefined
  const axes = geometry.axes.map((axis): Axis => {
    const reach = effectiveKernel(axis) - 1
    return { ...adjoint(axis), padBegin: reach - axis.padBegin, padEnd: reach - axis.padEnd }
  })
  if (axes.some(({ padBegin, padEnd }) => Math.min(padBegin, padEnd) < 0)) return undefined
  const taps = axes.reduce((product, { kernel }) => product * kernel, 1)
  const own = new Float32Array(groups * taps)
  for (let index = 0; index < own.length; index++) {
    const tap = index % taps
    own[index] = weights[((index - tap) / taps) * steps.group + (taps - 1 - tap) * steps.tap]
  }
  return {
    problem: exchanged(problem, 'conv', axes),
    operation: { plan: planFilter, reference: convolution.reference },
    filter: { weights: own, steps: { group: taps, out: taps, in: taps, tap: 1 }, bias: undefined },
  }
}

/** A problem with its two sides exchanged. */
function exchanged({ batch, groups, layout, ...channels }: Problem, op: Op, axes: readonly Axis[]): Problem {
  const sizes = { batch, groups, layout, inChannels: channels.outChannels, outChannels: channels.inChannels }
  return { geometry: new Geometry(op, axes), ...sizes }
}

function ofWeights(problem: Problem, input: Tensor, change: Tensor, steps: FilterSteps, gradient: Tensor): void {
  const [x, dy, result] = [input, change, gradient].map(({ data }) => new Values(data))
  if (problem.geometry.op === 'conv') {
    computeWeightsGradient(problem, x, dy, steps, result)
    return
  }
  // <y, convTranspose x> is <conv y, x>: the output's gradient is what that convolution reads.
  const forward = exchanged(problem, 'conv', problem.geometry.axes.map(adjoint))
  computeWeightsGradient(forward, dy, x, acrossSteps(steps), result)
}

/** The axis of the transposed convolution that leads back. */
export function transposed(axis: Axis): Axis {
  const back = adjoint(axis)
  return { ...back, padEnd: fullSize(back) - back.padBegin - back.output }
}

const acrossSteps = ({ group, in: input, out, tap }: FilterSteps): FilterSteps => ({ group, in: out, out: input, tap })
