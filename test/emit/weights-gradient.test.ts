import { expect, it } from 'vitest'
import { emitDepthwiseGradient } from '../../src/emit/depthwise-gradient.ts'
import { emitWeightsGradient } from '../../src/emit/weights-gradient.ts'
import { isDepthwise, planDepthwiseGradient } from '../../src/plan/depthwise-gradient.ts'
import { planWeightsGradient } from '../../src/plan/weights-gradient.ts'
import { gradientParts, packedLengths, packingParts } from '../../src/plan/weights-packing.ts'
import { type ElementwiseProblem, elementwise } from '../../src/reference/elementwise.ts'
import { type FilterSteps, inputOf, outputOf, type Problem } from '../../src/reference/problem.ts'
import { weightsGradient } from '../../src/reference/weights-gradient.ts'
import { probeFeatures } from '../../src/wasm/engine.ts'
import fc from '../fast-check.ts'
import { filterOf, integers, layers, lengthOf } from './layers.ts'
import { runPieces } from './run-plan.ts'

const copy = (parts: readonly ElementwiseProblem[], from: Float32Array, to: Float32Array): Float32Array => {
  for (const part of parts) elementwise(part, [from], to)
  return to
}

/** The gradient by a program, whose memory is NaN wherever none of its tensors lies. */
function byProgram(
  problem: Problem,
  input: Float32Array,
  change: Float32Array,
  steps: FilterSteps,
  length: number,
): Float32Array {
  const plan = isDepthwise(problem)
    ? planDepthwiseGradient(problem, probeFeatures())
    : planWeightsGradient(problem, probeFeatures())
  if (!plan) throw new Error('there must be a plan')
  const lengths = packedLengths(problem, plan.packing)
  const parts = packingParts(problem, plan.packing)
  const packed = (part: 'input' | 'change', values: Float32Array): Float32Array =>
    parts[part].length > 0 ? copy(parts[part], values, new Float32Array(lengths[part])) : values
  const [cells, changes] = [packed('input', input), packed('change', change)]
  const tables = Int32Array.from(plan.tables)
  const sums = runPieces(
    [
      {
        ...{ name: 'output', bytes: 4 * lengths.gradient, content: new Float32Array(lengths.gradient) },
        written: true,
      },
      { name: 'tables', bytes: 4 * tables.length, content: tables },
      { name: 'input', bytes: 4 * cells.length, content: cells, shift: 4 },
      { name: 'change', bytes: 4 * changes.length, content: changes, shift: 8 },
    ],
    plan.strategy === 'depthwiseGradient' ? emitDepthwiseGradient(plan) : emitWeightsGradient(plan),
  )
  return copy(gradientParts(problem, plan.packing, steps), sums, new Float32Array(length))
}

it.each([
  ['a few channels', { op: 'conv', input: 19, kernel: 5 }],
  ['many channels', { op: 'conv', input: 9, kernel: 3, inGroup: 40, outGroup: 40, groups: 2 }],
  ['depthwise', { op: 'conv', input: 19, kernel: 5, depthwise: true }],
  ['depthwise, taps far apart', { op: 'conv', input: 12, kernel: 4, dilation: 9, depthwise: true }],
  ['depthwise in whole vectors', { op: 'conv', input: 9, kernel: 4, inGroup: 1, outGroup: 1, groups: 64 }],
  ['long rows', { op: 'conv', input: 30, width: 900, kernel: 4, axes: 2, inGroup: 3, outGroup: 9, groups: 2 }],
] as const)(
  'gradients of weights equal the definition bit for bit on small integers, 150 layers of %s',
  (_, bounds) => {
    let seed = 1
    fc.assert(
      fc.property(layers({ ...bounds }), (problem) => {
        const taps = problem.geometry.axes.reduce((product, { kernel }) => product * kernel, 1)
        const length = (taps * problem.inChannels * problem.outChannels) / problem.groups
        const { steps } = filterOf(problem, new Float32Array(length), undefined)
        const input = integers(lengthOf(inputOf(problem)), seed++)
        const change = integers(lengthOf(outputOf(problem)), seed++)
        const expected = new Float32Array(length)
        weightsGradient(problem, input, change, steps, expected)
        expect(byProgram(problem, input, change, steps, length)).toEqual(expected)
      }),
      { numRuns: 150 },
    )
  },
)

it.each([
  ['a few channels', { op: 'conv', input: 19, kernel: 5 }],
  ['depthwise', { op: 'conv', input: 19, kernel: 5, depthwise: true }],
  ['depthwise in whole vectors', { op: 'conv', input: 9, kernel: 4, inGroup: 1, outGroup: 1, groups: 64 }],
] as const)(
  'what is not finite reaches the gradients of taps that see it, and no others, 60 layers of %s',
  (_, bounds) => {
    let seed = 1
    // NaN, infinities, and so many numbers that most sums have none of the others.
    const special = (length: number): Float32Array =>
      integers(length, seed++).map((value, index) =>
        (index * 7 + seed) % 31 === 0 ? value / ((index % 3) - 1) : value,
      )
    fc.assert(
      fc.property(layers({ ...bounds }), (problem) => {
        const taps = problem.geometry.axes.reduce((product, { kernel }) => product * kernel, 1)
        const length = (taps * problem.inChannels * problem.outChannels) / problem.groups
        const { steps } = filterOf(problem, new Float32Array(length), undefined)
        const [input, change] = [inputOf(problem), outputOf(problem)].map((tensor) => special(lengthOf(tensor)))
        const expected = new Float32Array(length)
        weightsGradient(problem, input, change, steps, expected)
        expect(byProgram(problem, input, change, steps, length)).toEqual(expected)
      }),
      { numRuns: 60 },
    )
  },
)
