import { SamepadError } from '../../geometry/index.ts'
import { checkChoice, checkInteger } from '../../geometry/options.ts'
import type { FilterSteps } from '../../reference/problem.ts'
import { checkTensor, type TensorLike } from '../../tensor/tensor.ts'
import {
  type ConvWeightsLayout,
  readWeightsShape,
  type TransposedWeightsLayout,
  type WeightsShape,
  weightsLayouts,
} from '../../tensor/weights.ts'

type FilterOp = 'conv' | 'convTranspose'

/** What says how weights are read. */
interface Reading {
  readonly weightsLayout?: ConvWeightsLayout | TransposedWeightsLayout | undefined
  readonly groups?: number | undefined
}

/** Weights, checked: how they lie, and the layer that they are for. */
export interface CheckedWeights {
  readonly weights: Float32Array
  readonly shape: readonly number[]
  readonly kernel: readonly number[]
  readonly steps: FilterSteps
  readonly groups: number
  /** Of all groups together. */
  readonly inChannels: number
  readonly outChannels: number
  /** Where the number of input channels stands, in words. */
  readonly says: string
}

/** Checks that weights have two dimensions of channels and those of a kernel, and that groups fit them. */
export function checkWeights(
  stage: string,
  op: FilterOp,
  value: TensorLike,
  { weightsLayout, groups }: Reading,
): CheckedWeights {
  const layouts: readonly (ConvWeightsLayout | TransposedWeightsLayout)[] = weightsLayouts[op]
  const layout = checkChoice(stage, 'weightsLayout', weightsLayout === undefined ? layouts[0] : weightsLayout, layouts)
  const { data, shape } = checkTensor(stage, 'weights', value)
  if (shape.length < 3 || shape.length > 5) {
    const must = 'weights must have output and input channels and 1 to 3 kernel dimensions'
    throw new SamepadError(stage, must, shape)
  }
  const { depthwise, at, kernel, ...sizes } = readWeightsShape(shape, layout)
  // Depthwise weights tell how many groups there are.
  const count = checkInteger(stage, 'groups', groups === undefined ? (depthwise ?? 1) : groups, 1)
  if (count !== (depthwise ?? count)) {
    throw new SamepadError(stage, `groups must be the ${depthwise} channels of depthwise weights`, count)
  }
  const forward = op === 'conv'
  const all = forward ? sizes.out : sizes.in
  if (all % count !== 0) {
    throw new SamepadError(stage, `groups must divide the ${all} ${forward ? 'output' : 'input'} channels`, count)
  }
  return {
    ...{ weights: data, shape, kernel, groups: count, steps: filterSteps(op, sizes, count) },
    inChannels: forward ? sizes.in * count : all,
    outChannels: forward ? all : sizes.out * count,
    says: `weights.shape[${at}]${forward && !depthwise ? ' * groups' : ''}`,
  }
}

/** How the weights of a layer lie: all channels of one kind are split into groups, those of the other are a group's. */
export function filterSteps(
  op: FilterOp,
  sizes: Pick<WeightsShape, 'in' | 'out' | 'steps'>,
  groups: number,
): FilterSteps {
  const split = op === 'conv' ? 'out' : 'in'
  return { ...sizes.steps, group: (sizes[split] / groups) * sizes.steps[split] }
}
