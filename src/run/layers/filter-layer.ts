import { resolve, SamepadError, type TransposedOptions, type WindowOptions } from '../../geometry/index.ts'
import { checkBoolean, checkChoice, checkInteger, checkOptions } from '../../geometry/options.ts'
import type { TensorLike } from '../../tensor/tensor.ts'
import type { ConvWeightsLayout, TransposedWeightsLayout } from '../../tensor/weights.ts'
import type { Operation } from '../programs/operation.ts'
import { planFilter } from '../programs/strategies.ts'
import {
  type ChannelNumbers,
  channelNumbers,
  checkCount,
  type EpilogueOptions,
  epilogueNames,
  type ResidualOptions,
  readEpilogue,
} from './epilogue.ts'
import { filledGeometry, type PaddingValues, paddingValues } from './fill-padding.ts'
import { checkWeights } from './filter-weights.ts'
import { folded } from './fold-scale.ts'
import { type LayoutOptions, ownOptions, type SizedInput } from './layer.ts'
import type { LayerDefinition, Task } from './prepared-layer.ts'

/**
 * Options of both convolutions. `scale` and `shift` are worked into weights and bias, each rounded once: they cost a run
 * nothing, and every strategy and the reference compute with the same weights.
 */
export interface FilterOptions extends WindowOptions, LayoutOptions, EpilogueOptions {
  /** Splits the channels into so many groups that do not see each other. Default: 1; of weights `hwcm` their channels. */
  readonly groups?: number | undefined
  /** One number for each output channel, added to every cell of it. */
  readonly bias?: ChannelNumbers | undefined
}

/** Options of every convolution that is prepared. */
export interface PrepareOptions extends ResidualOptions {
  /**
   * Multiply and add with a rounding each, in one order, so that every machine gives the same bits. Default: false, which
   * lets programs use relaxed SIMD, where a machine may round once, and Winograd's algorithm: there outputs lie within 32
   * units of 2^-24 of the largest |x| times the largest sum of |w| of an output channel, which may overflow on the way if
   * it is above 1e33, and of NaN or an infinity outputs nearby become NaN that do not read it. What is not prepared
   * computes like this too.
   */
  readonly deterministic?: boolean | undefined
  /** At most so many threads of those that `setThreads` starts. Default: all of them. */
  readonly threads?: number | undefined
}

/** The options of both convolutions by name, for the check of misspelt ones. */
const names = ['strides', 'dilations', 'padding', 'layout', 'weightsLayout', 'groups', 'bias', ...epilogueNames]

/** The options that only layers have which are prepared. */
export const prepareNames: readonly (keyof PrepareOptions)[] = ['deterministic', 'threads', 'residual']

/** All that one convolution or the other takes. */
interface AllOptions extends FilterOptions, TransposedOptions, PrepareOptions {
  readonly paddingMode?: PaddingValues | undefined
  readonly weightsLayout?: ConvWeightsLayout | TransposedWeightsLayout | undefined
}

/** A convolution of one kind or the other. */
export interface FilterOperation extends Pick<Operation, 'reference'> {
  readonly op: 'conv' | 'convTranspose'
  /** The options that this kind has and the other has not. */
  readonly names?: readonly string[]
}

/**
 * The layer of a convolution of either kind, checked: weights, groups and bias must fit each other, and the input them.
 *
 * @param value the weights, in the order that `weightsLayout` names
 * @param more names of further options that are known
 */
export function filterLayer(
  stage: string,
  { op, reference, names: own = [] }: FilterOperation,
  value: TensorLike,
  options: AllOptions,
  more: readonly string[] = [],
): LayerDefinition {
  checkOptions(stage, options, [...names, ...own, ...more])
  const given = ownOptions(options)
  const { layout, paddingMode = 'zeros', deterministic = false, threads, bias, scale, shift, ...others } = given
  const { activation, residual, groups: split, weightsLayout, ...window } = others
  checkChoice(stage, 'paddingMode', paddingMode, paddingValues)
  checkBoolean(stage, 'deterministic', deterministic)
  if (threads !== undefined) checkInteger(stage, 'threads', threads, 1)
  const checked = checkWeights(stage, op, value, { groups: split, weightsLayout })
  const { weights, kernel, steps, groups, inChannels, outChannels, says } = checked
  const { epilogue, operands, check } = readEpilogue(stage, { activation, residual })
  check(outChannels)

  const solve = ({ batch, channels, spatial, shape, layout }: SizedInput): Task => {
    if (spatial.length !== kernel.length) {
      throw new SamepadError(stage, `input must have ${kernel.length + 2} dimensions, as the weights have`, shape)
    }
    if (channels !== inChannels) {
      throw new SamepadError(stage, `input must have ${says} = ${inChannels} channels`, channels)
    }
    const geometry = resolve({ op, input: spatial, kernel, ...window })
    const problem = { geometry, batch, inChannels, outChannels, groups, layout, epilogue }
    return paddingMode === 'zeros'
      ? { problem }
      : { problem: { ...problem, geometry: filledGeometry(geometry) }, fill: { geometry, values: paddingMode } }
  }
  const ofChannels = (what: string, value: ChannelNumbers | undefined): Float32Array | undefined => {
    if (value === undefined) return undefined
    const data = channelNumbers(stage, what, value)
    checkCount(stage, what, data, outChannels)
    return data
  }
  const plain = { weights, steps, bias: ofChannels('bias', bias), operands }
  const [factors, summands] = [ofChannels('scale', scale), ofChannels('shift', shift)]
  const filter = factors || summands ? folded(plain, checked, factors, summands) : plain
  const operation = { plan: planFilter, reference }
  const learned = { shape: checked.shape, plain, sizes: checked, scale: factors, shift: summands }
  return { stage, operation, layout: { layout }, filter, learned, deterministic, threads, solve }
}
