import { SamepadError, type WindowOptions } from '../geometry/index.ts'
import { checkBoolean, checkChoice, checkInteger } from '../geometry/options.ts'
import { type Activation, clamps } from '../reference/problem.ts'
import {
  checkTensor,
  type Dimensions,
  dimensionsOf,
  type Layout,
  layouts,
  type Tensor,
  type TensorLike,
} from '../tensor/tensor.ts'

/** Options of every operation. */
export interface LayoutOptions {
  /** The order of dimensions of input and output. Default: `'nchw'`. */
  readonly layout?: Layout | undefined
}

/** Options of both convolutions. */
export interface FilterOptions extends WindowOptions, LayoutOptions {
  /** Splits the channels into so many groups that do not see each other. Default: 1. */
  readonly groups?: number | undefined
  /** One number for each output channel, added to every cell of it. */
  readonly bias?: Float32Array | TensorLike | undefined
  /** What every output cell passes through at the end: `relu` is max(x, 0), `relu6` min(max(x, 0), 6). Default: nothing. */
  readonly activation?: Activation | undefined
}

/** An option of everything that is prepared. */
export interface PrepareOptions {
  /**
   * Multiply and add with a rounding each, in one order, so that every machine gives the same bits. Default: false, which
   * lets programs use relaxed SIMD, where a machine may round once, and Winograd's algorithm: there outputs are as exact
   * as the largest of the layer, sums of magnitudes above 1e33 may overflow on the way, and of NaN or an infinity outputs
   * nearby become NaN that do not read it. What is not prepared computes like this too.
   */
  readonly deterministic?: boolean | undefined
}

/** The options of both convolutions by name, for the check of misspelt ones. */
export const filterNames: readonly string[] = [
  'strides',
  'dilations',
  'padding',
  'layout',
  'groups',
  'bias',
  'activation',
]

/** Options as they are now: what the caller does to their lists later changes nothing. */
export function ownOptions<T extends object>(options: T): T {
  const entries = Object.entries(options).map(([name, value]) => [name, copied(value, DEEPEST)])
  return Object.fromEntries(entries) as T
}

/** No option has longer lists, or lists within lists within lists: those are errors when they are used. */
const LONGEST = 3
const DEEPEST = 2

function copied(value: unknown, depth: number): unknown {
  const isList = Array.isArray(value) && value.length <= LONGEST && depth > 0
  return isList ? value.map((entry) => copied(entry, depth - 1)) : value
}

/** An operation's input, checked. */
export interface Input extends Tensor, Dimensions {
  readonly layout: Layout
}

/** Checks an operation's input against its layout. */
export function checkInput(stage: string, value: unknown, options: LayoutOptions): Input {
  const { layout = 'nchw' } = options
  checkChoice(stage, 'layout', layout, layouts)
  const { data, shape } = checkTensor(stage, 'input', value)
  return { data, shape, layout, ...dimensionsOf(stage, 'input', shape, layout) }
}

/** Checks that the weights have two dimensions of channels and then the kernel's, as many as the input has axes. */
export function checkWeights(stage: string, value: unknown, { spatial }: Dimensions): Tensor {
  const weights = checkTensor(stage, 'weights', value)
  if (weights.shape.length !== spatial.length + 2) {
    const must = `weights must have ${spatial.length + 2} dimensions, as the input has`
    throw new SamepadError(stage, must, weights.shape)
  }
  return weights
}

/** Checks the activation of a convolution. */
export function checkActivation(stage: string, activation: Activation | undefined): Activation | undefined {
  if (activation !== undefined) checkChoice(stage, 'activation', activation, Object.keys(clamps))
  return activation
}

/** Checks whether every machine is to give the same bits. */
export function checkDeterministic(stage: string, { deterministic = false }: PrepareOptions): boolean {
  return checkBoolean(stage, 'deterministic', deterministic)
}

/** Checks weights that come without an input. */
export function checkFilter(stage: string, value: unknown): Tensor {
  const weights = checkTensor(stage, 'weights', value)
  if (weights.shape.length < 3 || weights.shape.length > 5) {
    const must = 'weights must have output and input channels and 1 to 3 kernel dimensions'
    throw new SamepadError(stage, must, weights.shape)
  }
  return { data: weights.data.slice(), shape: [...weights.shape] }
}

/** Checks an input against the weights that a layer was prepared with. */
export function checkFits(stage: string, x: Input, weights: Tensor, channels: number, are: string): void {
  if (x.spatial.length !== weights.shape.length - 2) {
    throw new SamepadError(stage, `input must have ${weights.shape.length} dimensions, as the weights have`, x.shape)
  }
  if (x.channels !== channels) {
    throw new SamepadError(stage, `input must have ${are} = ${channels} channels`, x.channels)
  }
}

/** Checks that both numbers of channels can be split into groups. */
export function checkGroups(
  stage: string,
  groups: number | undefined = 1,
  channels: Readonly<Record<string, number>>,
): number {
  const count = checkInteger(stage, 'groups', groups, 1)
  for (const [what, size] of Object.entries(channels)) {
    if (size % count !== 0) throw new SamepadError(stage, `groups must divide the ${size} ${what}`, count)
  }
  return count
}

/** Checks that there is a bias for each output channel. */
export function checkBias(stage: string, bias: FilterOptions['bias'], outChannels: number): Float32Array | undefined {
  if (bias === undefined) return undefined
  const data = bias instanceof Float32Array ? bias : checkTensor(stage, 'bias', bias).data
  if (data.length !== outChannels) {
    throw new SamepadError(
      stage,
      `bias must have one element for each of the ${outChannels} output channels`,
      data.length,
    )
  }
  return data
}
