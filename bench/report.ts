import type { TextStyle } from '../src/cli/style.ts'
import { table, wrap } from '../src/cli/table.ts'
import { reportBetween } from './between/report-between.ts'
import { reportFace } from './face/report-face.ts'
import type { BenchLayer } from './layers.ts'
import {
  choices,
  fastestPeer,
  milliseconds,
  own,
  percent,
  type Ratios,
  ratiosOf,
  summariesOf,
  times,
  titles,
} from './ratios.ts'
import { reportPrices } from './report-prices.ts'
import { isRefused, isTimed, type Results, type TimedRow } from './results.ts'

/** Other processes take turns on every machine; above this share of runs they are worth a word. */
const BUSY = 0.1

/** Everything that was found out, as lines of text. */
export function report(results: Results, layers: readonly BenchLayer[], style: TextStyle): string[] {
  const { machine, limit, disturbed } = results
  const names = layers.map(({ name }) => name)
  const versions = Object.entries(machine.versions).filter(([name]) => name !== own[1])
  return [
    style.strong(`${machine.cpu}, ${machine.cores} cores, ${machine.host}, one thread each`),
    ...wrap(`${versions.map(([name, version]) => `${name} ${version}`).join(', ')}.`),
    ...wrap(
      `WebAssembly's limit here: ${limit.gflops.toFixed(1)} GF/s, ${limit.instruction} in registers ` +
        `(${limit.lowest.toFixed(1)} to ${limit.highest.toFixed(1)} over the run).`,
    ),
    ...(disturbed > BUSY ? wrap(style.alert(busy(disturbed))) : []),
    ...(results.rows.length > 0 ? layerTables(results, names, style) : []),
    ...remarks(results, style),
    ...reportPrices(results, style),
    ...reportBetween(results, style),
    ...reportFace(results, style),
  ]
}

function layerTables(results: Results, names: readonly string[], style: TextStyle): string[] {
  return [
    ...section(
      style.strong('Median ms'),
      layerTable(results, names, style, ({ ms }) => milliseconds(ms)),
    ),
    ...section(
      style.strong('GF/s: 10^9 multiplications and additions a second, taps on padding counted; of pools, taps'),
      layerTable(results, names, style, ({ gflops }) => gflops.toFixed(1)),
    ),
    ...section(
      style.strong('samepad (in nchw, in nhwc): times as fast as others, and its GF/s over the limit'),
      ratioTable(results, names),
    ),
    ...section(style.strong('Geometric mean, and the least in brackets'), summaryTable(results)),
  ]
}

/** What must be said of a machine that does other things. */
export function busy(disturbed: number): string {
  return (
    `Other processes took the processor during ${percent(disturbed)} of the runs. Those count by their processor time ` +
    'where there are no others; the figures are rougher than on a machine that does nothing else.'
  )
}

function layerTable(
  { rows, disagreements }: Results,
  layers: readonly string[],
  { alert, faint }: TextStyle,
  show: (row: TimedRow) => string,
): string[] {
  const engines = Object.keys(titles).filter((engine) => rows.some((row) => row.engine === engine))
  const cell = (layer: string, engine: string): string => {
    const row = rows.find((one) => one.layer === layer && one.engine === engine)
    if (!row || !isTimed(row)) return faint('none')
    const isWrong = disagreements.some((one) => one.layer === layer && one.engine === engine)
    return isWrong ? alert(`wrong ${show(row)}`) : show(row)
  }
  const lines = layers.map((layer) => [layer, ...engines.map((engine) => cell(layer, engine))])
  return table([['', ...engines.map((engine) => titles[engine])], ...lines], `<${'>'.repeat(engines.length)}`)
}

const ratioTitles = ['', 'wasm', '(nhwc)', '(better)', 'ort-node', '(nhwc)', '(better)', 'limit', '(nhwc)', 'fastest']

/** Of each choice in turns: over other engines on WebAssembly, over native code, over the limit (the better layout is seen). */
function ratioCells(of: readonly Ratios[], show: (key: keyof Ratios, index: number) => string): string[] {
  const cells = (key: keyof Ratios): string[] => of.map((_, index) => show(key, index))
  return [...cells('wasm'), ...cells('native'), ...cells('share').slice(0, own.length)]
}

const shown = (key: keyof Ratios): ((ratio: number) => string) => (key === 'share' ? percent : times)

function ratioTable(results: Results, layers: readonly string[]): string[] {
  const lines = layers.map((layer) => {
    const of = choices.map((choice) => ratiosOf(results, layer, choice))
    const peer = fastestPeer(results, layer)
    return [layer, ...ratioCells(of, (key, index) => shown(key)(of[index][key])), peer ? titles[peer] : '']
  })
  return table([ratioTitles, ...lines], '<>>>>>>>><')
}

function summaryTable(results: Results): string[] {
  const summaries = choices.map((choice) => summariesOf(results, choice))
  const lines = summaries[0].map(({ name }, line) => {
    const of = summaries.map((list) => list[line])
    const cell = (key: keyof Ratios, index: number): string =>
      `${shown(key)(of[index].mean[key])} (${shown(key)(of[index].least[key])})`
    return [
      name,
      ...ratioCells(
        of.map(({ mean }) => mean),
        cell,
      ),
    ]
  })
  return table([ratioTitles.slice(0, -1), ...lines], '<>>>>>>>>')
}

function remarks({ rows, disagreements, failures, notes }: Results, { strong, alert }: TextStyle): string[] {
  const refused = rows.filter(isRefused)
  const said = ({ engine, layer }: { engine: string; layer: string }, what: string): string[] =>
    wrap(`${engine}, ${layer}: ${what}`, '  ')
  return [
    ...section(
      alert('Other values than the reference has: these times count for nothing'),
      disagreements.flatMap((one) => said(one, one.what)),
    ),
    ...section(
      alert('Parts that could not be measured'),
      failures.flatMap(({ part, error }) => wrap(`${part}: ${error}`, '  ')),
    ),
    ...section(
      strong('Layers that an engine does not do, in its words'),
      refused.flatMap((row) => said(row, row.error)),
    ),
    ...section(
      strong('Notes'),
      notes.flatMap((one) => said(one, one.what)),
    ),
  ]
}

/** A title over lines, and nothing without lines. */
export const section = (title: string, lines: readonly string[]): string[] =>
  lines.length > 0 ? ['', title, ...lines] : []
