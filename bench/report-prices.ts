import type { TextStyle } from '../src/cli/style.ts'
import { table, wrap } from '../src/cli/table.ts'
import { milliseconds, own, times } from './ratios.ts'
import { type FirstCall, type InTurns, isTimed, PLANNING, type Results } from './results.ts'
import { geometricMean, median } from './statistics.ts'

/** What samepad costs besides time per run, as far as it was measured. */
export function reportPrices(results: Results, { strong }: TextStyle): string[] {
  const tables: readonly [title: string, lines: readonly string[]][] = [
    ['First call in ms: layers that are new to the process, in their order', firstCallTable(results.firstCalls)],
    [
      'SAME against VALID on an input larger by the padding: time for a multiplication',
      paddingTable(results.sameToValid),
    ],
    [
      'What stands behind a layer, and what it adds to the time of the layer with a bias',
      epilogueTable(results.epilogues),
    ],
    ['10,000 runs of small layers, in bytes', steadyTable(results.steadyStates)],
    ['', copiesLine(results)],
    [
      'The first run on a new size of input, after two others, against later runs on it',
      newSizeTable(results.newSizes),
    ],
    ['Many layers in turns, against each on its own', results.inTurns.flatMap(inTurnsLines)],
    ['A 3x3 layer, 3 channels to 8, on large pictures in arrays; memory in MiB', largeTable(results.large)],
    ['Growth of a 3x3 layer with stride 2', growthTable(results)],
  ]
  return tables.flatMap(([title, lines]) => {
    if (lines.length === 0) return []
    return ['', ...(title ? [strong(title)] : []), ...lines]
  })
}

function paddingTable(list: Results['sameToValid']): string[] {
  if (list.length === 0) return []
  return table(
    [
      ['', '', 'SAME ms', 'VALID ms', 'work', 'ratio'],
      ...list.map(({ layer, engine, same, valid, work, ratio }) => {
        const share = `${(100 * work).toFixed(1)} %`
        return [layer, engine, milliseconds(same), milliseconds(valid), share, ratio.toFixed(3)]
      }),
      ['geometric mean', '', '', '', '', geometricMean(list.map(({ ratio }) => ratio)).toFixed(3)],
    ],
    '<<>>>>',
  )
}

/** A row for each layer and layout, a column for each epilogue. */
export function epilogueRows(list: Results['epilogues']): string[][] {
  const names = [...new Set(list.map(({ epilogue }) => epilogue))]
  const rows = new Map<string, string[]>()
  for (const { layer, layout, bare, costs } of list) {
    const key = `${layer} ${layout}`
    const row = rows.get(key) ?? [layer, layout, milliseconds(bare)]
    row.push(`${(100 * costs).toFixed(1)} %`)
    rows.set(key, row)
  }
  return [['layer', 'layout', 'ms', ...names], ...rows.values()]
}

function epilogueTable(list: Results['epilogues']): string[] {
  return list.length > 0 ? table(epilogueRows(list), '<<>>>>>') : []
}

function steadyTable(list: Results['steadyStates']): string[] {
  if (list.length === 0) return []
  return table(
    [
      ['', 'garbage of a run', 'heap grew by', 'program memory grew by'],
      ...list.map(({ layer, bytesPerRun, heapGrowth, memoryGrowth }) => {
        return [layer, ...[bytesPerRun, heapGrowth, memoryGrowth].map(String)]
      }),
    ],
    '<>>>',
  )
}

function copiesLine(results: Results): string[] {
  if (results.arrays.length === 0) return []
  const [all, worst] = copies(results)
  return wrap(
    `Input and output in plain arrays, which each run copies: ${all.toFixed(2)} times as long as in program memory ` +
      `(geometric mean), ${worst.toFixed(2)} at worst.`,
  )
}

function newSizeTable(list: Results['newSizes']): string[] {
  if (list.length === 0) return []
  const beyond = `beyond ${PLANNING} ms`
  return table(
    [
      ['', '', 'new ms', 'later ms', 'times', beyond],
      ...list.map(({ layer, layout, fresh, again, ratio, ratioBeyondPlanning }) => {
        return [layer, layout, milliseconds(fresh), milliseconds(again), times(ratio), times(ratioBeyondPlanning)]
      }),
      ...layouts.map((layout) => {
        const own = list.filter((one) => one.layout === layout)
        const medianOf = (key: 'ratio' | 'ratioBeyondPlanning'): string => times(median(own.map((one) => one[key])))
        return ['median', layout, '', '', medianOf('ratio'), medianOf('ratioBeyondPlanning')]
      }),
    ],
    '<<>>>>',
  )
}

const layouts = ['nchw', 'nhwc'] as const

function inTurnsLines({ layers, bytes, rounds, turns, alone, cold }: InTurns): string[] {
  const ratio = (ms: number): string => `${milliseconds(ms)} ms, in turns ${times(turns / ms)} times as long`
  return [
    ...wrap(
      `${layers} layers with tensors of ${bytes / 1e6} MB, after ${rounds} rounds in turns: ${milliseconds(turns)} ms.`,
    ),
    `Each on its own: ${ratio(alone)};`,
    `on its own, after as much other memory was read: ${ratio(cold)}.`,
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

function largeTable(list: Results['large']): string[] {
  if (list.length === 0) return []
  const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0)
  return table(
    [
      ['', '', 'by', 'first ms', 'ms', 'GF/s', 'tensors', 'program', 'grew by'],
      ...list.map(({ side, layout, engine, first, ms, gflops, tensors, programMemory, resident }) => [
        ...[`${side} x ${side}`, layout, engine, milliseconds(first), milliseconds(ms), gflops.toFixed(1)],
        ...[tensors, programMemory, resident].map(megabytes),
      ]),
    ],
    '<<<>>>>>>',
  )
}

function firstCallTable(calls: readonly FirstCall[]): string[] {
  if (calls.length === 0) return []
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
  if (growth.length === 0) return []
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
