import { describe, expect, it } from 'vitest'
import { resolve } from '../../src/index.ts'
import { planProgram } from '../../src/plan/choose.ts'
import type { Amount } from '../../src/plan/tables.ts'
import { fields, planTiles, type WinogradPlan } from '../../src/plan/winograd.ts'
import { outputOf, type Problem } from '../../src/reference/problem.ts'
import { lengthOf } from '../emit/layers.ts'
import { largeLayers, winogradLayers } from '../emit/winograd-layers.ts'
import fc from '../fast-check.ts'
import { readTables, sums, times } from './read-tables.ts'

const features = { simd: true, relaxed: true, ordered: true }

/** The entries of one sort, as the program finds them: some, from so many bytes behind the first. */
function entriesOf<Sort extends keyof typeof fields>(
  plan: WinogradPlan,
  sort: Sort,
  behind = 0,
  count = readTables(plan).number(plan.structure.entries[sort].count),
): Record<(typeof fields)[Sort][number], number>[] {
  const { number, entries } = readTables(plan)
  const { list, step } = plan.structure.entries[sort]
  return entries(number(list) + behind, count, fields[sort] as readonly (typeof fields)[Sort][number][], step)
}

/** Where a program stores floats, in bytes from the begin of the output, as its loops go. */
function stores(plan: WinogradPlan): number[] {
  const { batch, to, outputSteps } = plan.structure
  const { number } = readTables(plan)
  const chunks = entriesOf(plan, 'chunks')
  const places = entriesOf(plan, 'panels').flatMap((panel) =>
    entriesOf(plan, 'rows', panel.rows, panel.rowCount).flatMap((row) =>
      entriesOf(plan, 'columns', panel.columns, panel.columnCount).flatMap((column) =>
        sums(
          [panel.output + row.output + column.output],
          times(row.outputs, number(outputSteps[0])),
          times(column.outputs, number(outputSteps[1])),
        ),
      ),
    ),
  )
  let channel = 0
  const channels = chunks.flatMap(({ channels }) => {
    channel += channels
    return times(channels, number(to.channel)).map((place) => place + (channel - channels) * number(to.channel))
  })
  return sums(times(number(batch), number(to.batch)), channels, places)
}

const storesOnce = (problem: Problem, plan: WinogradPlan): boolean => {
  const counts = new Uint8Array(lengthOf(outputOf(problem)))
  for (const place of stores(plan)) counts[place / 4]++
  return counts.every((count) => count === 1) && stores(plan).length === counts.length
}

describe('a winograd plan', () => {
  it('stores every output exactly once', () => {
    fc.assert(
      fc.property(winogradLayers, (problem) => storesOnce(problem, planTiles(problem, features) as WinogradPlan)),
      { numRuns: 200 },
    )
  })

  it.each(largeLayers)('so do large ones: $geometry.op, $inChannels channels, $layout', (problem) => {
    expect(storesOnce(problem, planTiles(problem, features) as WinogradPlan)).toBe(true)
  })

  it('a broken one does not', () => {
    const [problem] = largeLayers
    const plan = planTiles(problem, features) as WinogradPlan
    const table = (place: number, by: number): WinogradPlan => {
      return { ...plan, tables: plan.tables.map((value, index) => (index === place ? value + by : value)) }
    }
    const named = (name: Amount, by: number) => table(plan.structure.numbers.indexOf(String(name)), by)
    const change = (sort: keyof typeof fields, field: string, by: number): WinogradPlan => {
      const list = readTables(plan).number(plan.structure.entries[sort].list)
      return table(list / 4 + (fields[sort] as readonly string[]).indexOf(field), by)
    }
    const broken = [
      named(plan.structure.batch, 1),
      named(plan.structure.entries.panels.count, -1),
      change('columns', 'outputs', -1),
      change('panels', 'rowCount', -1),
      change('panels', 'columnCount', -1),
      change('rows', 'outputs', -1),
      change('columns', 'output', 4),
      change('chunks', 'channels', 1),
    ]
    expect(storesOnce(problem, plan)).toBe(true)
    for (const one of broken) expect(storesOnce(problem, one)).toBe(false)
  })

  it.each([
    ['3 x 3', {}, {}],
    ['3 x 3 on a small image', { input: [7, 7] }, {}],
    ['3 x 3 with a dilation', { input: [33, 33], dilations: 2 }, {}],
    ['2 x 2', { kernel: 2 }, {}],
    ['5 x 4', { kernel: [5, 4] }, {}],
    ['3 x 3 x 3', { input: [4, 14, 15], kernel: 3 }, {}],
    ['3 x 3 with a dilation that leaves three outputs to a tile', { input: [33, 33], dilations: 12 }, {}],
    ['3 x 3 with stride 2', { input: [56, 56], strides: 2 }, {}],
    ['5 x 5 with stride 2', { kernel: 5, strides: 2 }, {}],
    ['7 x 7 with stride 2 of a picture', { input: [64, 64], kernel: 7, strides: 2 }, { inChannels: 3 }],
    ['4 x 6 with strides 2 and 3', { input: [28, 28], kernel: [4, 6], strides: [2, 3] }, {}],
    ['3 x 5 x 5 with stride 2 of height and width', { input: [4, 56, 56], kernel: [3, 5, 5], strides: [1, 2, 2] }, {}],
    ['a line', { input: 200 }, {}],
    ['a line with stride 3', { input: 300, kernel: 5, strides: 3 }, {}],
    ['1 x 7', { input: [17, 17], kernel: [1, 7] }, {}],
    ['7 x 1', { input: [17, 17], kernel: [7, 1] }, {}],
    ['9 x 9 of a picture', { input: [64, 64], kernel: 9 }, { inChannels: 3 }],
    ['transposed, 4 x 4 with stride 2', { op: 'convTranspose', kernel: 4, strides: 2 }, {}],
    ['transposed, 3 x 3 with stride 2', { op: 'convTranspose', input: [28, 28], strides: 2 }, {}],
  ] as const)('is chosen where it pays: %s', (_, options, rest) => {
    expect(strategyOf(options, rest)).toBe('winograd')
  })

  it.each([
    ['a stride as long as the kernel', { strides: 3 }, {}],
    ['a stride with a dilation', { input: [33, 33], strides: 2, dilations: 3 }, {}],
    ['filters that take longer to transform than they save', { strides: 2 }, { inChannels: 256, outChannels: 256 }],
    [
      'a small kernel with stride 2 of a picture',
      { input: [224, 224], strides: 2 },
      { inChannels: 3, outChannels: 32 },
    ],
    ['groups', {}, { groups: 2 }],
    ['hardly more than a tile', { input: [2, 3] }, {}],
    ['a dilation that leaves few outputs to a tile', { input: [33, 33], dilations: 16 }, {}],
    ['few channels', {}, { inChannels: 2, outChannels: 2 }],
    ['taps by ones', { op: 'convTranspose', kernel: 2, strides: 2 }, {}],
    ['taps by none and ones', { op: 'convTranspose', kernel: 2, strides: 3 }, {}],
    ['a line that is hardly longer than the kernel', { input: 5, kernel: 5 }, {}],
    ['more residues of both axes than are added', { input: [64, 64], kernel: 15, strides: 5 }, {}],
    ['an image longer than can be listed', { input: [8, 70_000] }, { inChannels: 8, outChannels: 8 }],
  ] as const)('is not chosen for %s', (_, options, rest) => {
    expect(['dense', 'width']).toContain(strategyOf(options, rest))
  })

  it('is never chosen where every machine is to give the same bits', () => {
    expect(strategyOf({}, {}, true)).toBe('dense')
  })
})

/** What runs a layer: 3 x 3 on 14 x 15 cells, 64 channels, unless told otherwise. */
function strategyOf(options: object, rest: object, deterministic = false): string | undefined {
  const geometry = resolve({ input: [14, 15], kernel: 3, padding: 'same', ...options })
  const problem = { geometry, batch: 1, inChannels: 64, outChannels: 64, groups: 1, layout: 'nchw' as const, ...rest }
  return planProgram(problem, features, deterministic)?.strategy
}
