import { expect, it } from 'vitest'
import { emitMaxPoolGradient } from '../../src/emit/max-pool-gradient.ts'
import { planMaxPoolGradient } from '../../src/plan/max-pool-gradient.ts'
import { maxPoolGradient } from '../../src/reference/pool-gradient.ts'
import { inputOf, outputOf, type Problem } from '../../src/reference/problem.ts'
import fc from '../fast-check.ts'
import { integers, layers, lengthOf } from './layers.ts'
import { runPieces } from './run-plan.ts'

/** The gradient by a program, whose memory is NaN wherever none of its tensors lies. */
function byProgram(problem: Problem, input: Float32Array, change: Float32Array): Float32Array {
  const plan = planMaxPoolGradient(problem)
  if (!plan) throw new Error('there must be a plan')
  const tables = Int32Array.from(plan.tables)
  return runPieces(
    [
      { name: 'output', bytes: 4 * input.length, content: new Float32Array(0), written: true, shift: 4 },
      { name: 'tables', bytes: 4 * tables.length, content: tables },
      { name: 'input', bytes: 4 * input.length, content: input, shift: 4 },
      { name: 'change', bytes: 4 * change.length, content: change, shift: 8 },
    ],
    emitMaxPoolGradient(plan),
  )
}

it.each([
  ['any pools', { op: 'maxPool', input: 9, kernel: 5 }],
  ['wide rows', { op: 'maxPool', input: 30, kernel: 4, axes: 2, dilation: 2, stride: 3 }],
  ['many channels', { op: 'maxPool', input: 5, kernel: 3, groups: 40, inGroup: 1, outGroup: 1 }],
] as const)('gradients of maximum pools equal the definition bit for bit, 200 of %s', (_, bounds) => {
  let seed = 1
  fc.assert(
    fc.property(layers({ ...bounds, depthwise: true }), (problem) => {
      // Few different values, so that there are ties; NaN, infinities and both zeros among them.
      const values = [Number.NaN, -Infinity, Infinity, -0, 0, 1, 2]
      const special = seed % 4 === 1
      const [input, change] = [inputOf(problem), outputOf(problem)].map((tensor) =>
        integers(lengthOf(tensor), seed++).map((value, index) =>
          special ? values[(value + 3 + index) % values.length] : value,
        ),
      )
      const expected = new Float32Array(input.length)
      maxPoolGradient(problem, input, change, expected)
      expect(byProgram(problem, input, change)).toEqual(expected)
    }),
    { numRuns: 200 },
  )
})
