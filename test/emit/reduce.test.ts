import fc from 'fast-check'
import { expect, it } from 'vitest'
import { emitReduce } from '../../src/emit/reduce.ts'
import { planReduce } from '../../src/plan/reduce.ts'
import { reduce } from '../../src/reference/reduce.ts'
import { denseSteps } from '../../src/run/dense.ts'
import { integers } from './layers.ts'
import { runPieces } from './run-plan.ts'

const combinations = ['sum', 'mean', 'maximum', 'minimum'] as const
const problems = fc
  .array(fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 40 })), { minLength: 1, maxLength: 6 })
  .filter((shape) => shape.reduce((product, size) => product * size, 1) < 5000)
  .chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      isReduced: fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }),
      combine: fc.constantFrom(...combinations),
      spoilt: fc.option(fc.tuple(fc.nat(5000), fc.constantFrom(Number.NaN, Infinity, -Infinity)), { freq: 4 }),
    }),
  )

it('reductions along any axes equal the reference bit for bit on small integers, over 1,000 problems', {
  timeout: 300_000,
}, () => {
  let inner = 0
  fc.assert(
    fc.property(problems, ({ shape, isReduced, combine, spoilt }) => {
      const steps = denseSteps(shape)
      const axes = shape.map((size, axis) => ({ size, step: steps[axis] }))
      const [kept, reduced] = [axes.filter((_, axis) => !isReduced[axis]), axes.filter((_, axis) => isReduced[axis])]
      const problem = { combine, kept, reduced }
      const input = integers(shape[0] * steps[0], 1)
      if (spoilt) input[spoilt[0] % input.length] = spoilt[1]
      const length = kept.reduce((product, { size }) => product * size, 1)
      const expected = new Float32Array(length)
      reduce(problem, input, expected)
      const plan = planReduce(problem)
      if (!plan) throw new Error('there must be a plan')
      if (plan.structure.isInner) inner++
      const tables = Int32Array.from(plan.tables)
      const result = runPieces(
        [
          { name: 'output', bytes: 4 * length, content: new Float32Array(0), shift: 4, written: true },
          { name: 'tables', bytes: 4 * tables.length, content: tables },
          { name: 'input', bytes: 4 * input.length, content: input, shift: 8 },
        ],
        emitReduce(plan),
      )
      expect(result).toEqual(expected)
    }),
    { numRuns: 1000 },
  )
  expect(inner).toBeGreaterThan(200)
  expect(inner).toBeLessThan(800)
})
