import { type Geometry, resolve, SamepadError } from '../geometry/index.ts'
import { checkBoolean, checkChoice, checkOptions } from '../geometry/options.ts'
import { type Plan, planConv } from '../plan/plan.ts'
import { conv as referenceConv } from '../reference/conv.ts'
import { outputOf, type Problem } from '../reference/problem.ts'
import { allocate, checkTensor, inLayout, type Tensor, type TensorLike } from '../tensor/tensor.ts'
import { probeFeatures } from '../wasm/engine.ts'
import type { ConvOptions } from './conv.ts'
import { filledGeometry, fillPadding, paddingValues } from './fill-padding.ts'
import { checkBias, checkGroups, checkInput, filterNames, type Input } from './layer.ts'
import { type PackedFilter, packFilter, runConv } from './programs.ts'

/** Options of `prepareConv`. */
export interface PrepareConvOptions extends ConvOptions {
  /**
   * Multiply and add with a rounding each, so that every machine gives the same bits. Default: false, which uses relaxed
   * SIMD where the engine has it.
   */
  readonly deterministic?: boolean | undefined
}

/** A convolution with its weights packed and its programs compiled. */
export interface ConvLayer {
  /**
   * Runs the layer; padding is worked out from the input that arrives.
   *
   * @param input as `conv` takes it, of any size
   * @param output a tensor of the right shape to write into; a new one by default
   * @returns the output
   */
  run(input: TensorLike, output?: Tensor): Tensor
  /** What computed the last run: a WebAssembly program, or the reference where no program fits or none may be compiled. */
  readonly engine: 'program' | 'reference' | undefined
}

const STAGE = 'prepareConv'

/**
 * Packs the weights of a convolution once, for many runs. Programs are generated for the sizes that arrive, with the
 * padding worked into the code, and kept. Sums are float32: on small integers the result is that of `conv` bit for bit,
 * elsewhere it differs by rounding.
 *
 * @param weights `[out, in / groups, ...kernel]`; copied
 * @param options those of `conv`, and `deterministic`
 * @throws SamepadError on weights, groups or a bias that do not fit each other; `run` throws as `conv` does
 */
export function prepareConv(weights: TensorLike, options: PrepareConvOptions = {}): ConvLayer {
  checkOptions(STAGE, options, [...filterNames, 'paddingMode', 'deterministic'])
  checkChoice(STAGE, 'paddingMode', options.paddingMode ?? 'zeros', paddingValues)
  const deterministic = checkBoolean(STAGE, 'deterministic', options.deterministic ?? false)
  const { data, shape } = checkTensor(STAGE, 'weights', weights)
  if (shape.length < 3 || shape.length > 5) {
    throw new SamepadError(STAGE, 'weights must have output and input channels and 1 to 3 kernel dimensions', shape)
  }
  checkGroups(STAGE, options.groups, { 'output channels': shape[0] })
  const bias = checkBias(STAGE, options.bias, shape[0])?.slice()
  return new PreparedConv({ data: data.slice(), shape: [...shape] }, bias, { ...options, deterministic })
}

/** What a run needs that depends on the input's size alone. */
interface Sized {
  readonly key: string
  /** How much padding there is. */
  readonly geometry: Geometry
  /** What is computed: where padding is filled with values, on an input that has them already. */
  readonly problem: Problem
  readonly shape: readonly number[]
  readonly plan: Plan | undefined
}

class PreparedConv implements ConvLayer {
  readonly #weights: Tensor
  readonly #bias: Float32Array | undefined
  readonly #options: PrepareConvOptions
  #sized: Sized | undefined
  #packed: PackedFilter | undefined
  engine: 'program' | 'reference' | undefined

  constructor(weights: Tensor, bias: Float32Array | undefined, options: PrepareConvOptions) {
    this.#weights = weights
    this.#bias = bias
    this.#options = options
  }

  run(input: TensorLike, output?: Tensor): Tensor {
    const x = checkInput(STAGE, input, this.#options)
    const { problem, geometry, plan, shape } = this.#size(x)
    const { paddingMode = 'zeros' } = this.#options
    const { data } = paddingMode === 'zeros' ? x : fillPadding(STAGE, x, geometry, paddingMode)
    const result = output === undefined ? allocate(STAGE, 'output', shape) : checkOutput(output, shape)
    if (plan) this.#packed ??= packFilter(plan, this.#weights.data, this.#bias)
    const ran = plan !== undefined && runConv(plan, this.#packed as PackedFilter, data, result.data)
    if (!ran) referenceConv(problem, data, this.#weights.data, this.#bias, result.data)
    this.engine = ran ? 'program' : 'reference'
    return result
  }

  /** Resolves and plans for an input's size; the last one is remembered. */
  #size({ shape, batch, channels, spatial, layout }: Input): Sized {
    const key = shape.join()
    if (this.#sized?.key === key) return this.#sized
    const [outChannels, inGroup, ...kernel] = this.#weights.shape
    const { groups = 1, strides, dilations, padding, deterministic } = this.#options
    if (spatial.length !== kernel.length) {
      throw new SamepadError(STAGE, `input must have ${kernel.length + 2} dimensions, as the weights have`, shape)
    }
    if (channels !== inGroup * groups) {
      throw new SamepadError(
        STAGE,
        `input must have weights.shape[1] * groups = ${inGroup * groups} channels`,
        channels,
      )
    }
    const geometry = resolve({ op: 'conv', input: spatial, kernel, strides, dilations, padding })
    const filled = (this.#options.paddingMode ?? 'zeros') !== 'zeros'
    const within = filled ? filledGeometry(geometry) : geometry
    const problem: Problem = { geometry: within, batch, inChannels: channels, outChannels, groups, layout }
    const { simd, relaxed } = probeFeatures()
    const plan = simd ? planConv(problem, { simd, relaxed: relaxed && !deterministic }) : undefined
    this.#sized = { key, geometry, problem, plan, shape: inLayout(outputOf(problem), layout) }
    return this.#sized
  }
}

function checkOutput(output: unknown, shape: readonly number[]): Tensor {
  const tensor = checkTensor(STAGE, 'output', output)
  if (tensor.shape.join() !== shape.join())
    throw new SamepadError(STAGE, `output must have shape [${shape}]`, tensor.shape)
  return tensor
}
