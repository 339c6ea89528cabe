import { checkOptions } from '../../geometry/options.ts'
import type { Pass, ReduceProblem } from '../../reference/reduce.ts'
import { denseSteps } from '../../tensor/dense.ts'
import { checkTensor, type Tensor, type TensorLike } from '../../tensor/tensor.ts'
import { Values } from '../memory/memory.ts'
import { resultOf } from '../memory/result.ts'
import { computeGroups, groupsOf } from '../programs/compute-groups.ts'
import { checkOverlap, type ElementwiseOptions } from './elementwise.ts'
import { checkDimension } from './move.ts'

/** Options of `softmax`. */
export interface SoftmaxOptions<Output extends Tensor = Tensor> extends ElementwiseOptions<Output> {
  /** The dimension along which the shares add up to 1; from the end on if negative. Default: -1. */
  readonly axis?: number | undefined
}

/** The largest, NaN aside, which the sum then has; e^x, and its sum; the shares. */
const passes: readonly Pass[] = [
  { from: 'input', steps: [], fold: 'atLeast' },
  {
    ...{ from: 'input', fold: 'sum', isWritten: true, finish: [{ name: 'reciprocal', operands: [] }] },
    steps: [
      { name: 'subtract', operands: [{ result: 0 }] },
      { name: 'exp', operands: [] },
    ],
  },
  { from: 'output', steps: [{ name: 'multiply', operands: [{ result: 1 }] }], isWritten: true },
]

/**
 * e^x as shares of their sum along a dimension. The largest element is subtracted first, so that nothing overflows.
 *
 * @param input a tensor of any shape but []
 * @throws SamepadError on a dimension that is not there, and an output that overlaps the input but is not all of it
 */
export function softmax(
  input: TensorLike,
  options?: SoftmaxOptions & { readonly output?: undefined },
): Tensor<ArrayBuffer>
export function softmax<Output extends Tensor>(input: TensorLike, options: SoftmaxOptions<Output>): Output
export function softmax(input: TensorLike, options: SoftmaxOptions = {}): Tensor {
  const stage = 'softmax'
  checkOptions(stage, options, ['axis', 'output'])
  const x = checkTensor(stage, 'input', input)
  const { axis = -1, output } = options
  const along = checkDimension(stage, 'axis', axis, x.shape.length)
  const result = resultOf(stage, output, x.shape)
  checkOverlap(stage, 'input', x, result)
  computeSoftmax(x.shape, along, new Values(x.data), new Values(result.data))
  return output ?? result
}

/** The shares of a dense tensor along a dimension. */
export function computeSoftmax(shape: readonly number[], along: number, input: Values, output: Values): void {
  computeGroups(`softmax;${shape};${along}`, () => softmaxOf(shape, along), [input], output)
}

/** The same as passes over groups. */
export function softmaxOf(shape: readonly number[], along: number): ReduceProblem {
  const steps = denseSteps(shape)
  const isReduced = shape.map((_, dimension) => dimension === along)
  return { ...groupsOf(shape, [steps, steps], isReduced), passes, numbers: [] }
}
