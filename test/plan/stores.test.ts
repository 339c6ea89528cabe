import { describe, expect, it } from 'vitest'
import { planChannels } from '../../src/plan/channels.ts'
import type { NarrowPlan, TiledAxis } from '../../src/plan/narrow.ts'
import { PANEL_SIZES, panelFields, planPointwise } from '../../src/plan/pointwise.ts'
import { runFields } from '../../src/plan/row-tiles.ts'
import type { Amount } from '../../src/plan/tables.ts'
import { planWidth } from '../../src/plan/width.ts'
import { outputOf, type Problem } from '../../src/reference/problem.ts'
import { type Bounds, layers, lengthOf } from '../emit/layers.ts'
import fc from '../fast-check.ts'
import { readTables, sums, times } from './read-tables.ts'

const features = { simd: true, relaxed: true, ordered: true }

/** Where the tiles along an axis store floats: each tile all of its outputs, but one that ends a row the last of them. */
function along(plan: NarrowPlan, { kinds, runs, step }: TiledAxis): number[] {
  const { number, entries } = readTables(plan)
  return entries(runs, kinds.length, runFields).flatMap(({ tiles, lanes, output }, index) => {
    const { pixels, ends } = kinds[index]
    const own = times(tiles * pixels, number(step.output)).slice(ends && tiles > 0 ? 4 - lanes : 0)
    return own.map((place) => output + place)
  })
}

/** Where a program of a narrow plan stores floats. */
function narrow(plan: NarrowPlan | undefined): number[] | undefined {
  if (!plan) return undefined
  const { batch, groups, outGroup, lookups, rows, columns, steps, to } = plan.structure
  const { number } = readTables(plan)
  return sums(
    times(number(batch) * groups, number(steps.group.output as Amount)),
    times(outGroup, number(to.channel)),
    ...lookups.map(({ outputs, step }) => times(number(outputs), number(step.output))),
    along(plan, rows),
    along(plan, columns),
  )
}

/** For each strategy, where its program stores floats, in bytes from the begin of the output, as its loops go. */
const interpreters: Record<string, (problem: Problem) => number[] | undefined> = {
  width: (problem) => narrow(planWidth(problem, features)),
  channels: (problem) => narrow(planChannels(problem, features)),
  pointwise(problem) {
    const plan = planPointwise(problem, features)
    if (!plan) return undefined
    const { batch, groups, blocks, vectors, left, to } = plan.structure
    const { number, entries } = readTables(plan)
    const panels = entries(plan.structure.panels, PANEL_SIZES, panelFields)
    const whole = panels.reduce((sum, { count, columns }) => sum + count * columns * vectors * 4, 0)
    const rest = left.flatMap((lanes, vector) => (number(lanes) > 0 ? [vector * 4 + number(lanes)] : []))
    expect(rest.length).toBeLessThan(2)
    const channels = groups * blocks.reduce((sum, { channels, count }) => sum + channels * count, 0)
    const cells = times(whole + (rest[0] ?? 0), 4)
    return sums(times(number(batch), number(to.batch)), times(channels, number(to.channel)), cells)
  },
}

const bounds: Record<string, readonly Bounds[]> = {
  width: (['conv', 'maxPool', 'averagePool'] as const).map((op) => ({
    ...{ op, input: 9, width: 40, stride: 4, inGroup: op === 'conv' ? 2 : 4, outGroup: 3 },
    layouts: ['nchw'],
  })),
  channels: (['conv', 'maxPool', 'averagePool'] as const).map((op) => ({
    ...{ op, input: 9, stride: 4, depthwise: op === 'conv', inGroup: op === 'conv' ? 1 : 4 },
    layouts: ['nhwc'],
  })),
  pointwise: [{ op: 'conv', kernel: 1, stride: 1, dilation: 1, input: 9, layouts: ['nchw'] }],
}

describe.each(Object.keys(interpreters))('a %s plan', (strategy) => {
  it.each(bounds[strategy])('stores every output of $op exactly once', (bound) => {
    fc.assert(
      fc.property(layers(bound), (problem) => {
        const stores = interpreters[strategy](problem)
        const wanted = Array.from({ length: lengthOf(outputOf(problem)) }, (_, index) => 4 * index)
        expect(stores?.sort((a, b) => a - b)).toEqual(wanted)
      }),
      { numRuns: 150 },
    )
  })
})
