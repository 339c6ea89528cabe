import { SamepadError } from '../../geometry/error.ts'
import { checkBoolean, checkChoice, checkOptions } from '../../geometry/options.ts'
import type { Pass, ReduceProblem } from '../../reference/reduce.ts'
import { denseSteps } from '../../tensor/dense.ts'
import { checkTensor, type Tensor, type TensorLike } from '../../tensor/tensor.ts'
import { Values } from '../memory/memory.ts'
import { checkApart, type OutputOptions, resultOf } from '../memory/result.ts'
import { computeGroups, groupsOf } from '../programs/compute-groups.ts'
import { checkDimension } from './move.ts'

/** Options of `reduce`. */
export interface ReduceOptions<Output extends Tensor = Tensor> extends OutputOptions<Output> {
  /** The dimensions along which elements are taken together, from the end on if negative. Default: all. */
  readonly axes?: readonly number[] | undefined
  /** Whether these stay, with size 1. Default: false. */
  readonly keepDims?: boolean | undefined
}

/** How `reduce` takes elements together. */
export type Combination = 'sum' | 'mean' | 'maximum' | 'minimum'

/** The one pass of each combination; the first number that it may take is how many elements there are. */
const passes: Readonly<Record<Combination, Pass>> = {
  sum: { from: 'input', steps: [], fold: 'sum' },
  mean: { from: 'input', steps: [], fold: 'sum', finish: [{ name: 'divide', operands: [{ number: 0 }] }] },
  maximum: { from: 'input', steps: [], fold: 'maximum' },
  minimum: { from: 'input', steps: [], fold: 'minimum' },
}

/**
 * Takes elements together along some dimensions. Programs sum in float32: a sum of n numbers is at most n 2^-24 of the sum of
 * their sizes off. NaN among the candidates of a maximum or minimum makes it NaN.
 *
 * @param input a tensor of any shape; `axes: [2, 3]` makes a global pool of an `nchw` image
 * @throws SamepadError on dimensions that are not there, or twice
 */
export function reduce(
  input: TensorLike,
  combine: Combination,
  options?: ReduceOptions & { readonly output?: undefined },
): Tensor<ArrayBuffer>
export function reduce<Output extends Tensor>(
  input: TensorLike,
  combine: Combination,
  options: ReduceOptions<Output>,
): Output
export function reduce(input: TensorLike, combine: Combination, options: ReduceOptions = {}): Tensor {
  const stage = 'reduce'
  checkOptions(stage, options, ['axes', 'keepDims', 'output'])
  checkChoice(stage, 'combine', combine, Object.keys(passes) as Combination[])
  const x = checkTensor(stage, 'input', input)
  const { axes: given = [...x.shape.keys()], keepDims = false, output } = options
  checkBoolean(stage, 'keepDims', keepDims)
  const isReduced = checkAxes(stage, given, x.shape.length)
  const shape = x.shape.flatMap((size, axis) => (isReduced[axis] ? (keepDims ? [1] : []) : [size]))
  const result = resultOf(stage, output, shape)
  checkApart(stage, 'input', x, result)
  computeReduction(combine, x.shape, isReduced, new Values(x.data), new Values(result.data))
  return output ?? result
}

/** Takes the elements of a dense tensor together along some dimensions. */
export function computeReduction(
  combine: Combination,
  shape: readonly number[],
  isReduced: readonly boolean[],
  input: Values,
  output: Values,
): void {
  const problemOf = (): ReduceProblem => reductionOf(combine, shape, isReduced)
  computeGroups(`${combine};${shape};${isReduced}`, problemOf, [input], output)
}

/** The elements of a dense tensor taken together along some dimensions, as passes over groups. */
export function reductionOf(
  combine: Combination,
  shape: readonly number[],
  isReduced: readonly boolean[],
): ReduceProblem {
  const to = denseSteps(shape.map((size, axis) => (isReduced[axis] ? 1 : size)))
  const steps = [to.map((step, axis) => (isReduced[axis] ? 0 : step)), denseSteps(shape)]
  const count = shape.reduce((product, size, axis) => (isReduced[axis] ? product * size : product), 1)
  return { ...groupsOf(shape, steps, isReduced), passes: [passes[combine]], numbers: [count] }
}

/** Checks a list of dimensions, each named once, and says of every dimension whether it is one of them. */
export function checkAxes(stage: string, given: unknown, rank: number): boolean[] {
  if (!Array.isArray(given)) throw new SamepadError(stage, 'axes must be a list', given)
  const axes = Array.from(given, (axis, index) => checkDimension(stage, `axes[${index}]`, axis, rank))
  if (new Set(axes).size < axes.length) throw new SamepadError(stage, 'axes must name each dimension once', given)
  return Array.from({ length: rank }, (_, axis) => axes.includes(axis))
}
