import { outputOf, type Problem } from '../reference/problem.ts'
import { allocate, inLayout, type Tensor } from '../tensor/tensor.ts'
import { compute, type Filter, planOf } from './compute.ts'
import { fillPadding } from './fill-padding.ts'
import type { Input } from './layer.ts'
import { free, Values } from './memory.ts'
import type { Task } from './prepared-layer.ts'
import { keepFilter } from './programs.ts'

/**
 * Multiplications (or candidates of a maximum) below which the reference is faster than packing weights and compiling a
 * program, which takes about a millisecond.
 */
const SMALL = 100_000

/** Runs an operation once: what `prepare...` keeps is made and dropped, except for compiled programs, which are kept. */
export function runOnce(stage: string, { problem, fill, check }: Task, x: Input, filter: Filter): Tensor {
  const output = allocate(stage, 'output', inLayout(outputOf(problem), problem.layout))
  check?.()
  // Weights may lie in program memory too, which is about to grow.
  const [weights, bias] = [new Values(filter.weights), filter.bias && new Values(filter.bias)]
  const source = new Values((fill ? fillPadding(stage, x, fill.geometry, fill.values) : x).data)
  const plan = multiplications(problem) < SMALL ? undefined : planOf(problem, false)
  const resident = plan && keepFilter(plan, filter.weights, filter.bias)
  compute(problem, plan, resident, source, { weights: weights.data, bias: bias?.data }, new Values(output.data))
  if (resident) free(resident.block)
  return output
}

/** How many there are, padding counted. */
function multiplications({ geometry, batch, inChannels, outChannels, groups }: Problem): number {
  const { op, axes } = geometry
  const windows = op === 'convTranspose' ? 'input' : 'output'
  return axes.reduce(
    (product, axis) => product * axis[windows] * axis.kernel,
    (batch * inChannels * outChannels) / groups,
  )
}
