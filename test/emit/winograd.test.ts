import { describe, expect, it } from 'vitest'
import { emitWinograd } from '../../src/emit/winograd.ts'
import { packWinograd } from '../../src/plan/pack-winograd.ts'
import { planTiles, type WinogradPlan } from '../../src/plan/winograd.ts'
import { conv } from '../../src/reference/conv.ts'
import { convTranspose } from '../../src/reference/conv-transpose.ts'
import { readsResidual } from '../../src/reference/epilogue.ts'
import { type Filter, inputOf, outputOf, type Problem } from '../../src/reference/problem.ts'
import { probeFeatures } from '../../src/wasm/engine.ts'
import fc from '../fast-check.ts'
import { tries } from '../machines/tries.ts'
import { readTables } from '../plan/read-tables.ts'
import { residualFor } from './epilogues.ts'
import { filterOf, lengthOf } from './layers.ts'
import { runPlan } from './run-plan.ts'
import { largeLayers, winogradLayers, winogradLayersOfChannels, winogradLayersOfSizes } from './winograd-layers.ts'

const { simd, relaxed, ordered } = probeFeatures()

/**
 * What is promised: an output differs from the exact sum by at most so many units of 2^-24 of the largest number that
 * filters of these magnitudes can make of cells of these magnitudes: the largest |x| times the largest sum of |w| of an
 * output channel, and its |bias|. The transforms add and subtract numbers larger than what they add up to, which costs a
 * few bits. What the outputs themselves add up to bounds nothing: at an edge few taps are real, but all of them are
 * transformed. Over 6,000 layers the largest difference was 12.5 units.
 */
const UNITS = 32

/** Numbers from -1 to 1 that are no small integers; positive ones are the worst case, as nothing cancels. */
const reals = (length: number, seed: number, positive: boolean): Float32Array =>
  Float32Array.from({ length }, (_, index) => {
    const value = Math.sin((index + 1) * (seed + 0.7)) * Math.cos(index * index)
    return positive ? Math.abs(value) : value
  })

function solve(
  problem: Problem,
  positive: boolean,
): {
  x: Float32Array
  filter: Filter
  exact: Float32Array
  most: number
} {
  const { geometry, inChannels, outChannels, groups } = problem
  const taps = geometry.axes.reduce((product, { kernel }) => product * kernel, 1)
  const reference = geometry.op === 'conv' ? conv : convTranspose
  const x = reals(lengthOf(inputOf(problem)), 1, positive)
  const w = reals((outChannels * inChannels * taps) / groups, 2, positive)
  const bias = reals(outChannels, 3, positive)
  const exact = new Float32Array(lengthOf(outputOf(problem)))
  const filter = filterOf(problem, w, bias)
  const residual = residualFor(problem)
  reference(problem, x, filter, exact, residual)
  const sums = largest(x) * largest(sumsOf(problem, w, taps)) + largest(bias)
  return { x, filter, exact, most: sums + (readsResidual(problem.epilogue ?? []) ? largest(residual) : 0) }
}

/** The sum of |w| of each output channel; a transposed kernel has them inside its input channels. */
function sumsOf({ geometry, inChannels, outChannels, groups }: Problem, w: Float32Array, taps: number): number[] {
  const [inGroup, outGroup] = [inChannels / groups, outChannels / groups]
  const sums = new Array<number>(outChannels).fill(0)
  w.forEach((weight, index) => {
    const filter = Math.floor(index / taps) // of one input channel to one output channel
    const input = Math.floor(filter / outGroup)
    const output =
      geometry.op === 'conv'
        ? Math.floor(filter / inGroup)
        : Math.floor(input / inGroup) * outGroup + (filter % outGroup)
    sums[output] += Math.abs(weight)
  })
  return sums
}

function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0)
}

/**
 * Runs a layer and checks that each output is as near to the exact sum as promised; NaN is not.
 *
 * @param programs of structures that ran before
 */
function check(problem: Problem, exactly: boolean, positive: boolean, programs = new Map<string, Uint8Array>()): void {
  const plan = planTiles(problem, { simd, relaxed: relaxed && !exactly, ordered }) as WinogradPlan
  const { x, filter, exact, most } = solve(problem, positive)
  const key = JSON.stringify(plan.structure)
  const program = programs.get(key) ?? emitWinograd(plan.structure)
  programs.set(key, program)
  const got = runPlan(plan, program, x, packWinograd(plan, filter))
  const worst = largest(got.map((value, index) => value - exact[index]))
  expect(worst).toBeLessThanOrEqual(UNITS * 2 ** -24 * most)
}

describe("convolution by Winograd's algorithm", () => {
  it('lies within 32 units of the exact sums, over lopsided layers', { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(winogradLayers, fc.boolean(), fc.boolean(), (...layer) => check(...layer)),
      tries(200),
    )
  })

  it.each([
    ['sizes', winogradLayersOfSizes, 12, 5],
    ['numbers of channels', winogradLayersOfChannels, 4, ordered ? 5 : -1],
  ] as const)('on %s that change from run to run too', { timeout: 300_000 }, (_, layers, numRuns, least) => {
    let shared = 0
    fc.assert(
      fc.property(layers, fc.boolean(), fc.boolean(), (problems, ...rest) => {
        const programs = new Map<string, Uint8Array>()
        for (const problem of [...problems, ...problems.slice().reverse()]) check(problem, ...rest, programs)
        shared += problems.length - programs.size
      }),
      { numRuns, seed: 1 },
    )
    expect(shared).toBeGreaterThan(least)
  })

  it('and its numbers do not overflow on the way where no such number is above 1e33', {
    timeout: 300_000,
  }, () => {
    const scales = (problem: Problem, positive: boolean): void => {
      const plan = planTiles({ ...problem, epilogue: [] }, { simd, relaxed, ordered }) as WinogradPlan
      const { x, filter, most } = solve(problem, positive)
      const scale = 2 ** Math.floor(Math.log2(1e33 / Math.max(most, 2 ** -30)))
      const run = (by: number): Float32Array => {
        const packed = packWinograd(plan, { ...filter, bias: filter.bias?.map((value) => value * by) })
        return runPlan(
          plan,
          emitWinograd(plan.structure),
          x.map((value) => value * by),
          packed,
        )
      }
      expect(run(scale)).toEqual(run(1).map((value) => value * scale))
    }
    fc.assert(fc.property(winogradLayers, fc.boolean(), scales), { numRuns: 15 })
  })

  it.each(largeLayers)(
    'so do large layers: $geometry.op, $inChannels channels, $layout',
    { timeout: 60_000 },
    (problem) => {
      const plan = planTiles(problem, probeFeatures()) as WinogradPlan
      const { panels, chunks } = plan.structure.entries
      const { number } = readTables(plan)
      expect(number(panels.count) * number(chunks.count)).toBeGreaterThan(1)
      check(problem, false, true)
    },
  )
})
