import fc from 'fast-check'
import { expect, it } from 'vitest'
import { planProgram } from '../../src/plan/choose.ts'
import { conv } from '../../src/reference/conv.ts'
import { maxPool } from '../../src/reference/pool.ts'
import { emitPlan, packFilter } from '../../src/run/strategies.ts'
import { probeFeatures } from '../../src/wasm/engine.ts'
import { layers, solved } from './layers.ts'
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

it('a weight that is no number leaves outputs alone whose tap falls on padding', () => {
  const bounds = { op: 'conv', input: 9, groups: 2, inGroup: 3, outGroup: 7 } as const
  fc.assert(
    fc.property(layers(bounds), stream, (problem, values) => {
      const plan = planProgram(problem, probeFeatures(), true)
      if (!plan) throw new Error('there must be a plan')
      const { input, filter, expected } = solved(problem)
      refill(filter.weights, values)
      conv(problem, input, filter, expected)
      expect(runPlan(plan, emitPlan(plan), input, packFilter(plan, filter))).toEqual(expected)
    }),
    { numRuns: 300 },
  )
})
