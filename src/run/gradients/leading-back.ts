import { effectiveKernel, fullSize } from '../../geometry/axis.ts'
import { type Axis, adjoint, Geometry, type Op } from '../../geometry/index.ts'
import type { Filter, FilterSteps, Problem } from '../../reference/problem.ts'
import { convolution } from '../layers/conv.ts'
import { transposedConvolution } from '../layers/conv-transpose.ts'
import type { Operation } from '../programs/operation.ts'
import { planFilter } from '../programs/strategies.ts'

/** What leads from the output's side of a convolution back to the input's. */
export interface LeadingBack {
  readonly operation: Operation
  readonly filter: Filter
  readonly problem: Problem
  /** Takes the weights anew, where the filter is a copy of them. */
  readonly refresh?: (() => void) | undefined
}

/** What computes the gradient of the input of a convolution of either kind from that of its output. */
export function leadingBack(problem: Problem, filter: Filter): LeadingBack {
  return mirrored(problem, filter) ?? otherKind(problem, filter)
}

/** The convolution of the other kind, with the same weights. */
function otherKind(problem: Problem, filter: Filter): LeadingBack {
  const isForward = problem.geometry.op === 'conv'
  const other = isForward ? transposedConvolution : convolution
  return {
    problem: exchanged(problem, other.op, problem.geometry.axes.map(isForward ? transposed : adjoint)),
    operation: { plan: planFilter, reference: other.reference },
    filter: { ...filter, steps: acrossSteps(filter.steps), bias: undefined, operands: [] },
  }
}

/**
 * A depthwise convolution that moves a cell at a time is led back by one with the kernel mirrored, which has programs three times as
 * fast as the transposed one. Undefined for others.
 */
function mirrored(problem: Problem, { weights, steps, revision }: Filter): LeadingBack | undefined {
  const { geometry, inChannels, outChannels, groups } = problem
  const isDepthwise = groups === inChannels && groups === outChannels
  if (geometry.op !== 'conv' || !isDepthwise || geometry.axes.some(({ stride }) => stride > 1)) return undefined
  const axes = geometry.axes.map((axis): Axis => {
    const reach = effectiveKernel(axis) - 1
    return { ...adjoint(axis), padBegin: reach - axis.padBegin, padEnd: reach - axis.padEnd }
  })
  if (axes.some(({ padBegin, padEnd }) => Math.min(padBegin, padEnd) < 0)) return undefined
  const taps = axes.reduce((product, { kernel }) => product * kernel, 1)
  const own = new Float32Array(groups * taps)
  const refresh = (): void => {
    for (let index = 0; index < own.length; index++) {
      const tap = index % taps
      own[index] = weights[((index - tap) / taps) * steps.group + (taps - 1 - tap) * steps.tap]
    }
  }
  refresh()
  return {
    problem: exchanged(problem, 'conv', axes),
    operation: { plan: planFilter, reference: convolution.reference },
    filter: { weights: own, steps: { group: taps, out: taps, in: taps, tap: 1 }, bias: undefined, revision },
    refresh,
  }
}

/** A problem with its two sides exchanged. */
export function exchanged({ batch, groups, layout, ...channels }: Problem, op: Op, axes: readonly Axis[]): Problem {
  const sizes = { batch, groups, layout, inChannels: channels.outChannels, outChannels: channels.inChannels }
  return { geometry: new Geometry(op, axes), ...sizes }
}

/** The axis of the transposed convolution that leads back. */
export function transposed(axis: Axis): Axis {
  const back = adjoint(axis)
  return { ...back, padEnd: fullSize(back) - back.padBegin - back.output }
}

/** Weights with their input and output channels exchanged. */
export function acrossSteps({ group, in: input, out, tap }: FilterSteps): FilterSteps {
  return { group, in: out, out: input, tap }
}
