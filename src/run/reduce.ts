import { Remembered } from '../analysis/remembered.ts'
import { emitReduce } from '../emit/reduce.ts'
import { SamepadError } from '../geometry/error.ts'
import { checkBoolean, checkChoice, checkOptions } from '../geometry/options.ts'
import { planReduce } from '../plan/reduce.ts'
import { type Combination, type ReduceProblem, reduce as reference } from '../reference/reduce.ts'
import { checkTensor, type Tensor, type TensorLike } from '../tensor/tensor.ts'
import { probeFeatures } from '../wasm/engine.ts'
import { denseSteps } from './dense.ts'
import { computedBy } from './engine.ts'
import { Values } from './memory.ts'
import { checkDimension } from './move.ts'
import { checkApart, type OutputOptions, resultOf } from './result.ts'
import { PlacedPlan, runPlaced } from './run-placed.ts'

/** Options of `reduce`. */
export interface ReduceOptions<Output extends Tensor = Tensor> extends OutputOptions<Output> {
  /** The dimensions along which elements are taken together, from the end on if negative. Default: all. */
  readonly axes?: readonly number[] | undefined
  /** Whether these stay, with size 1. Default: false. */
  readonly keepDims?: boolean | undefined
}

const combinations: readonly Combination[] = ['sum', 'mean', 'maximum', 'minimum']
/** Elements below which there is no program. */
const SMALL = 4096

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
  checkChoice(stage, 'combine', combine, combinations)
  const x = checkTensor(stage, 'input', input)
  const keepDims = checkBoolean(stage, 'keepDims', options.keepDims ?? false)
  const given: unknown = options.axes ?? [...x.shape.keys()]
  if (!Array.isArray(given)) throw new SamepadError(stage, 'axes must be a list', given)
  const axes = given.map((axis, index) => checkDimension(stage, `axes[${index}]`, axis, x.shape.length))
  if (new Set(axes).size < axes.length) throw new SamepadError(stage, 'axes must name each dimension once', given)
  const isReduced = (axis: number): boolean => axes.includes(axis)
  const shape = x.shape.flatMap((size, axis) => (isReduced(axis) ? (keepDims ? [1] : []) : [size]))
  const result = resultOf(stage, options.output, shape)
  checkApart(stage, 'input', x, result)
  const steps = denseSteps(x.shape)
  const all = x.shape.map((size, axis) => ({ size, step: steps[axis] }))
  const [kept, reduced] = [all.filter((_, axis) => !isReduced(axis)), all.filter((_, axis) => isReduced(axis))]
  compute({ combine, kept, reduced }, x.data.length, new Values(x.data), new Values(result.data))
  return options.output ?? result
}

/** Plans by what tells problems apart; none where no program can do one. */
const plans = new Remembered<PlacedPlan | undefined>()

function placedOf(problem: ReduceProblem): PlacedPlan | undefined {
  const axes = (list: ReduceProblem['kept']): string => list.map(({ size, step }) => `${size}:${step}`).join()
  return plans.get(`${problem.combine};${axes(problem.kept)};${axes(problem.reduced)}`, () => {
    const plan = probeFeatures().simd ? planReduce(problem) : undefined
    return plan && new PlacedPlan(plan, () => emitReduce(plan), [0, 0])
  })
}

function compute(problem: ReduceProblem, elements: number, input: Values, output: Values): void {
  const placed = elements < SMALL ? undefined : placedOf(problem)
  const ran = placed && runPlaced([{ placed, inputs: [input] }], output)
  if (!ran) reference(problem, input.data, output.data)
  computedBy(ran ? 'program' : 'reference')
}
