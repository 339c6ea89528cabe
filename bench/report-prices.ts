import type { Style } from '../src/cli/style.ts'
import { table, wrap } from '../src/cli/table.ts'
import { milliseconds, own } from './ratios.ts'
import { type FirstCall, isTimed, type Results } from './results.ts'
import { geometricMean, median } from './statistics.ts'

/** What samepad costs besides time per run: first calls, padding, garbage, copies, size. */
export function reportPrices(results: Results, { strong }: Style): string[] {
  const { firstCalls, sameToValid, steadyStates, growth } = results
  const [all, worst] = copies(results)
  return [
    ...['', strong('First call in ms: layers that are new to the process, in their order')],
    ...firstCallTable(firstCalls),
    ...['', strong('SAME against VALID on an input larger by the padding: time for a multiplication')],
    ...table(
      [
        ['', '', 'SAME ms', 'VALID ms', 'work', 'ratio'],
        ...sameToValid.map(({ layer, engine, same, valid, work, ratio }) => {
          const share = `${(100 * work).toFixed(1)} %`
          return [layer, engine, milliseconds(same), milliseconds(valid), share, ratio.toFixed(3)]
        }),
        ['geometric mean', '', '', '', '', geometricMean(sameToValid.map(({ ratio }) => ratio)).toFixed(3)],
      ],
      '<<>>>>',
    ),
    ...['', strong('10,000 runs of small layers, in bytes')],
    ...table(
      [
        ['', 'garbage of a run', 'heap grew by', 'program memory grew by'],
        ...steadyStates.map(({ layer, bytesPerRun, heapGrowth, memoryGrowth }) => {
          return [layer, ...[bytesPerRun, heapGrowth, memoryGrowth].map(String)]
        }),
      ],
      '<>>>',
    ),
    '',
    ...wrap(
      `Input and output in plain arrays, which each run copies: ${all.toFixed(2)} times as long as in program memory ` +
        `(geometric mean), ${worst.toFixed(2)} at worst.`,
    ),
    ...(growth.length > 0 ? ['', strong('Growth of a 3x3 layer with stride 2'), ...growthTable(results)] : []),
  ]
}

/** How much longer runs take that copy input and output: the mean and the worst. */
export function copies({ arrays, rows }: Results): [mean: number, worst: number] {
  const ratios = arrays.flatMap(({ layer, ms }) => {
    const inPlace = rows.filter(isTimed).find((row) => row.layer === layer && row.engine === own[0])
    return inPlace ? [ms / inPlace.ms] : []
  })
  return [geometricMean(ratios), Math.max(...ratios)]
}

const stages = ['resolve', 'plan', 'emit', 'compile'] as const

/** What must be done for a layer before its first run: resolve, plan, emit, compile. */
export function readyIn(call: FirstCall): number {
  return stages.reduce((sum, stage) => sum + call[stage], 0)
}

function firstCallTable(calls: readonly FirstCall[]): string[] {
  const columns = ['resolve', 'plan', 'emit', 'compile', 'sum', 'pack', 'whole call', 'bytes']
  const numbers = calls.map((one) => [
    ...stages.map((stage) => one[stage]),
    readyIn(one),
    one.pack,
    one.call,
    one.bytes,
  ])
  const line = (name: string, values: readonly number[]): string[] => [
    name,
    ...values.slice(0, -1).map((value) => value.toFixed(2)),
    values[values.length - 1].toFixed(0),
  ]
  return table(
    [
      ['', ...columns],
      ...calls.map(({ layer }, index) => line(layer, numbers[index])),
      line(
        'median',
        columns.map((_, column) => median(numbers.map((values) => values[column]))),
      ),
    ],
    `<${'>'.repeat(columns.length)}`,
  )
}

function growthTable({ growth }: Results): string[] {
  const engines = [...new Set(growth.map(({ engine }) => engine))]
  const points = growth.filter(({ engine }) => engine === engines[0])
  const lines = points.map(({ along, size }) => [
    along,
    String(size),
    ...engines.flatMap((engine) => {
      const point = growth.find((one) => one.along === along && one.size === size && one.engine === engine)
      return point ? [milliseconds(point.ms), point.gflops.toFixed(1)] : ['', '']
    }),
  ])
  const heads = ['', '', ...engines.flatMap((engine) => [`${engine} ms`, 'GF/s'])]
  return table([heads, ...lines], `<>${'>>'.repeat(engines.length)}`)
}
