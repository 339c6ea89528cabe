import { outputOf, type Problem } from '../../reference/problem.ts'
import { allocate, inLayout, type Tensor, type TensorLike } from '../../tensor/tensor.ts'
import { settled, Values } from '../memory/memory.ts'
import { compute } from '../programs/compute.ts'
import { Holdings } from '../programs/holdings.ts'
import { Schedule } from '../programs/schedule.ts'
import { fillPadding } from './fill-padding.ts'
import { checkInput } from './layer.ts'
import type { LayerDefinition } from './prepared-layer.ts'

/**
 * Multiplications (or candidates of a maximum) below which there is no program. The reference takes 3 to 9 ns for each of
 * them, a new program 0.3 to 2 ms, so that one of 100,000 is paid for on the first to the fifth call of its kind.
 */
export const SMALL = 100_000

/** Runs a layer once: what `prepare...` keeps is made and dropped, except for compiled programs, which are kept. */
export function runOnce(
  { stage, operation, layout, filter, solve }: LayerDefinition,
  input: TensorLike,
): Tensor<ArrayBuffer> {
  const x = checkInput(stage, input, layout)
  const { problem, fill, check } = solve(x)
  const output = allocate(stage, 'output', inLayout(outputOf(problem), problem.layout))
  check?.()
  const source = fill ? fillPadding(stage, x, fill.geometry, fill.values) : x
  computeOnce({ operation, filter }, problem, new Values(source.data), new Values(output.data))
  return output
}

/** Computes a problem once. */
export function computeOnce(
  { operation, filter }: Pick<LayerDefinition, 'operation' | 'filter'>,
  problem: Problem,
  input: Values,
  output: Values,
): void {
  // Weights may lie in program memory too, which may move as soon as some is taken.
  const own = { ...filter, weights: settled(filter.weights), bias: filter.bias && settled(filter.bias) }
  const schedule =
    multiplications(problem) < SMALL ? undefined : new Schedule(problem, { operation, deterministic: false })
  const holdings = new Holdings(own)
  try {
    compute({ operation, filter: own }, problem, schedule, holdings, input, output)
  } finally {
    holdings.release()
  }
}

/** How many there are, padding counted. */
export function multiplications({ geometry, batch, inChannels, outChannels, groups }: Problem): number {
  const { op, axes } = geometry
  const windows = op === 'convTranspose' ? 'input' : 'output'
  return axes.reduce(
    (product, axis) => product * axis[windows] * axis.kernel,
    (batch * inChannels * outChannels) / groups,
  )
}
