import { expect, it } from 'vitest'
import { emitResize } from '../../src/emit/resize.ts'
import { planResize } from '../../src/plan/resize.ts'
import { coordinates, type Interpolation, resample, roundings } from '../../src/reference/resample.ts'
import { type ResizeProblem, resize } from '../../src/reference/resize.ts'
import { probeFeatures } from '../../src/wasm/engine.ts'
import fc from '../fast-check.ts'
import { integers } from './layers.ts'
import { runPieces } from './run-plan.ts'

const { relaxed } = probeFeatures()
const product = (sizes: readonly number[]): number => sizes.reduce((so, size) => so * size, 1)

const ways: fc.Arbitrary<Interpolation> = fc.record({
  mode: fc.constantFrom('nearest', 'linear', 'cubic'),
  coordinates: fc.constantFrom(...(Object.keys(coordinates) as (keyof typeof coordinates)[])),
  nearest: fc.constantFrom(...(Object.keys(roundings) as (keyof typeof roundings)[])),
  cubicCoefficient: fc.constantFrom(-0.75, -0.5),
  excludeOutside: fc.boolean(),
  antialias: fc.boolean(),
})
const sizes = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 23 }))
const problems: fc.Arbitrary<ResizeProblem> = fc
  .record({
    outer: fc.integer({ min: 1, max: 3 }),
    inner: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 18 }), fc.constantFrom(16, 32, 37)),
    axes: fc.array(fc.tuple(sizes, sizes), { minLength: 1, maxLength: 3 }),
    how: ways,
  })
  .map(({ outer, inner, axes, how }) => ({
    ...{ outer, inner },
    axes: axes.map(([input, output]) => resample({ input, output, length: output }, how)),
  }))
  .filter(({ outer, inner, axes }) => outer * inner * product(axes.map(({ input }) => input)) < 30_000)

it('any axes are resized in any way as the reference does, over 400 problems', { timeout: 300_000 }, () => {
  const seen = { blocks: 0, near: 0, far: 0, copies: 0, many: 0 }
  fc.assert(
    fc.property(problems, fc.boolean(), (problem, isRelaxed) => {
      const { outer, inner, axes } = problem
      const input = integers(outer * inner * product(axes.map(({ input }) => input)), 1)
      const outputs = outer * inner * product(axes.map(({ cells, taps }) => cells.length / taps))
      const expected = new Float32Array(outputs).fill(Number.NaN)
      resize(problem, input, expected)
      const plan = planResize(problem, isRelaxed && relaxed)
      if (!plan) throw new Error('there must be a plan')
      const tables = Int32Array.from(plan.tables)
      const result = runPieces(
        [
          { name: 'output', bytes: 4 * outputs, content: new Float32Array(0), shift: 4, written: true },
          { name: 'tables', bytes: 4 * tables.length, content: tables, written: true },
          { name: 'input', bytes: 4 * input.length, content: input, shift: 8 },
        ],
        emitResize(plan),
      )
      const { row, levels } = plan.structure
      if (!row) seen.blocks++
      else seen[row.isNear ? 'near' : 'far']++
      if (axes.some(({ taps }) => taps > 4)) seen.many++
      const isCopy = [...levels, ...(row ? [row] : [])].every(({ isCopy }) => isCopy)
      if (isCopy) {
        seen.copies++
        expect(result).toEqual(expected)
      }
      // Weights and sums are rounded for each tap and axis; those of a cubic have sizes that add up to less than 2.
      const most = 8 * (axes.length + 1) * 8 * 2 ** axes.length * 2 ** -24
      result.forEach((value, index) => {
        if (!(Math.abs(value - expected[index]) <= most)) expect(value, `${index}`).toBe(expected[index])
      })
    }),
    { numRuns: 400 },
  )
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(5)
})

it('a copy of what is infinite is infinite, and beside an edge too', () => {
  const how = { coordinates: 'half_pixel', nearest: 'floor', cubicCoefficient: -0.75, antialias: false } as const
  const axis = resample({ input: 5, output: 10, length: 10 }, { ...how, mode: 'linear', excludeOutside: false })
  const output = new Float32Array(10)
  resize({ outer: 1, axes: [axis], inner: 1 }, Float32Array.of(Infinity, 1, 2, 3, Infinity), output)
  expect([...output]).toEqual([Infinity, Infinity, Infinity, 1.25, 1.75, 2.25, 2.75, Infinity, Infinity, Infinity])
})

it('nothing is planned that addresses cannot reach', () => {
  const how = { mode: 'nearest', coordinates: 'half_pixel', nearest: 'floor', cubicCoefficient: 0 } as const
  const axis = resample({ input: 4, output: 8, length: 8 }, { ...how, excludeOutside: false, antialias: false })
  expect(planResize({ outer: 2 ** 13, axes: [axis], inner: 2 ** 13 }, false)).toBeUndefined()
  expect(planResize({ outer: 2 ** 13, axes: [axis], inner: 2 ** 13 - 8 }, false)).toBeDefined()
})
