import { broadcastSteps } from '../../run/between/broadcast.ts'
import { denseSteps } from '../../tensor/dense.ts'
import type { Layout, Tensor } from '../../tensor/tensor.ts'
import type { GraphStep } from '../lower/operation.ts'
import type { LayerStore } from './layer-store.ts'

/** What a step reads or fills: a tensor, or a part of one along an axis, whose elements lie as far apart as in that. */
export interface StepTensor extends Tensor {
  /** The shape of the tensor of which it is a part; undefined where it is one by itself. */
  readonly within?: readonly number[] | undefined
}

/** Elements from neighbour to neighbour along each axis. */
export const stepsIn = ({ shape, within = shape }: StepTensor): readonly number[] => denseSteps(within)

/** The same along each axis of a shape to which it is broadcast. */
export function stepsAlong({ shape, within }: StepTensor, to: readonly number[]): readonly number[] {
  if (!within) return broadcastSteps(shape, to)
  return denseSteps(within).map((step, axis) => (shape[axis] === 1 ? 0 : step))
}

/** How a network computes. */
export interface RunningOptions {
  readonly deterministic: boolean
  /** At most so many threads; all that there are where nothing is said. */
  readonly threads: number | undefined
  /** How tensors of windows lie; chosen for the model where nothing is said. */
  readonly layout: Layout | undefined
}

/** What steps are bound with. */
export interface Binding extends RunningOptions {
  readonly layers: LayerStore
  /** Takes what a step holds, to be let go with the schedule; undefined where steps run once. */
  readonly holds?: ((release: () => void) => void) | undefined
  /** Whether an input of a joining step lies in its output already. */
  readonly isJoined: (step: GraphStep, index: number) => boolean
}
