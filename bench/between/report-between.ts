import type { TextStyle } from '../../src/cli/style.ts'
import { table as columns, wrap } from '../../src/cli/table.ts'
import { peers } from '../engines/peers.ts'
import { table as pageTable } from '../page-table.ts'
import { percent, times } from '../ratios.ts'
import type { Between, BetweenRow, Results } from '../results.ts'
import { geometricMean } from '../statistics.ts'

const engines = ['samepad', peers.tfjs, peers['ort-web']]

const rowOf = ({ rows }: Between, engine: string): BetweenRow | undefined => rows.find((row) => row.engine === engine)

/** An engine's time where its values are right. */
function msOf(one: Between, engine: string): number {
  const row = rowOf(one, engine)
  return row && 'ms' in row && !row.wrong ? row.ms : Number.NaN
}

/** samepad over the fastest other engine; NaN where there is none. */
function ratioOf(one: Between): number {
  const others = engines.slice(1).flatMap((engine) => msOf(one, engine))
  const known = others.filter((ms) => !Number.isNaN(ms))
  return known.length > 0 ? Math.min(...known) / msOf(one, 'samepad') : Number.NaN
}

/** Bytes that samepad reads and writes in a time, over those that a copy does. */
function shareOf(one: Between): number {
  return one.bytes / msOf(one, 'samepad') / (one.copy.bytes / one.copy.ms)
}

/** Microseconds, or why there are none. */
function cellOf(one: Between, engine: string): string {
  const row = rowOf(one, engine)
  if (!row) return 'none'
  if ('error' in row) return 'none'
  return `${row.wrong ? 'wrong ' : ''}${(1000 * row.ms).toPrecision(3)}`
}

const heads = ['', ...engines, 'times', 'of the copy']

function linesOf(list: readonly Between[]): string[][] {
  const lines = list.map((one) => [
    one.operation,
    ...engines.map((engine) => cellOf(one, engine)),
    times(ratioOf(one)),
    percent(shareOf(one)),
  ])
  const means = (['stream', 'other'] as const).map((kind) => {
    const some = list.filter((one) => one.kind === kind)
    const ratios = some.map(ratioOf).filter((ratio) => !Number.isNaN(ratio))
    const mean = ratios.length > 0 ? `${times(geometricMean(ratios))} (${times(Math.min(...ratios))})` : '-'
    const name = kind === 'stream' ? 'bound by memory' : 'the others'
    return [name, ...engines.map(() => ''), mean, percent(geometricMean(some.map(shareOf)))]
  })
  return [...lines, ...means]
}

/** What was not done, or wrongly, in words. */
function remarksOf(list: readonly Between[]): string[] {
  return list.flatMap(({ operation, rows }) =>
    rows.flatMap((row) => {
      const what = 'error' in row ? row.error : row.wrong
      return what ? [`${row.engine}, ${operation}: ${what}`] : []
    }),
  )
}

/** A copy's bandwidth in 10^9 bytes a second, read and written bytes together: the middle of all that were timed. */
function bandwidth(list: readonly Between[]): string {
  const rates = list.map(({ copy }) => copy.bytes / copy.ms / 1e6).sort((a, b) => a - b)
  return rates[rates.length >> 1].toFixed(0)
}

const about = (list: readonly Between[]): string =>
  `A copy of 1.6 MB within program memory reads and writes ${bandwidth(list)} GB/s. Microseconds; *times* is how many times ` +
  'as fast as the faster other engine, for means in brackets the least; *of the copy* the share of its bandwidth.'

/** On the console. */
export function reportBetween({ between }: Results, { strong }: TextStyle): string[] {
  if (between.length === 0) return []
  return [
    '',
    strong('Between the layers, on 1.6 MB'),
    ...wrap(about(between).replaceAll('*', '')),
    ...columns([heads, ...linesOf(between)], `<${'>'.repeat(heads.length - 1)}`),
    ...remarksOf(between).flatMap((remark) => wrap(remark, '  ')),
  ]
}

/** In docs/bench.md, for each host. */
export function betweenOf(found: readonly Results[]): string[] {
  const measured = found.filter(({ between }) => between.length > 0)
  if (measured.length === 0) return []
  return [
    '',
    '## Between the layers',
    '',
    'Operations on tensors of 1.6 MB (`[1, 32, 112, 112]`, matrices of 784 x 512), in turns, one thread each; first all results',
    'are checked against their definitions. TensorFlow.js keeps tensors on its heap, samepad in program memory; onnxruntime takes',
    'and gives arrays. What TensorFlow.js has no operation for is put together of several.',
    ...measured.flatMap(({ machine, between }) => [
      '',
      `${machine.host}: ${about(between)}`,
      '',
      ...pageTable(heads, linesOf(between)),
      ...remarksOf(between).map((remark) => `\n${remark}`),
    ]),
  ]
}
