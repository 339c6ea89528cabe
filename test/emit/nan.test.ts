import { expect, it } from 'vitest'
import { planProgram } from '../../src/plan/choose.ts'
import { maxPool } from '../../src/reference/pool.ts'
import { emitPlan, packFilter } from '../../src/run/programs/strategies.ts'
import { probeFeatures } from '../../src/wasm/engine.ts'
import fc from '../fast-check.ts'
import { computed, layers, solved } from './layers.ts'
import { runPlan } from './run-plan.ts'

const special = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1, 2, 3, 4, 5, 6, 7, 8, 9]
const stream = fc.infiniteStream(fc.constantFrom(...special))
const refill = (values: Float32Array, from: Iterator<number>): void => {
  for (let index = 0; index < values.length; index++) values[index] = from.next().value
}

it('NaN and infinities among the candidates of a maximum come out as they do of the reference', () => {
  fc.assert(
    fc.property(layers({ op: 'maxPool' }), stream, (problem, values) => {
      const plan = planProgram(problem, probeFeatures(), false)
      if (!plan) throw new Error('there must be a plan')
      const { input, filter, expected } = solved(problem, false)
      refill(input, values)
      maxPool(problem, input, filter, expected)
      expect(runPlan(plan, emitPlan(plan), input, packFilter(plan, filter))).toEqual(expected)
    }),
    { numRuns: 300 },
  )
})

it.each(['weights', 'input', 'weights and input'])(
  'what is not finite among %s reaches the outputs that see it, and no others',
  (where) => {
    const bounds = { input: 9, groups: 2, inGroup: 3, outGroup: 7 }
    const both = fc.oneof(layers({ ...bounds, op: 'conv' }), layers({ ...bounds, op: 'convTranspose' }))
    fc.assert(
      fc.property(both, stream, (problem, values) => {
        const plan = planProgram(problem, probeFeatures(), true)
        if (!plan) throw new Error('there must be a plan')
        const { input, filter } = solved(problem)
        if (where.includes('weights')) refill(filter.weights, values)
        if (where.includes('input')) refill(input, values)
        const found = runPlan(plan, emitPlan(plan), input, packFilter(plan, filter))
        expect(found).toEqual(computed(problem, input, filter))
      }),
      { numRuns: 120 },
    )
  },
)
