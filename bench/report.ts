import type { TextStyle } from '../src/cli/style.ts'
import { table, wrap } from '../src/cli/table.ts'
import type { BenchLayer } from './layers.ts'
import { milliseconds, own, percent, ratiosOf, summariesOf, times, titles } from './ratios.ts'
import { reportPrices } from './report-prices.ts'
import { isTimed, type Results, type Row } from './results.ts'

/** Other processes take turns on every machine; above this share of runs they are worth a word. */
const BUSY = 0.1

/** Everything that was found out, as lines of text. */
export function report(results: Results, layers: readonly BenchLayer[], style: TextStyle): string[] {
  const { machine, limit, disturbed } = results
  const names = layers.map(({ name }) => name)
  const versions = Object.entries(machine.versions).filter(([name]) => name !== own[1])
  return [
    style.strong(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, one thread each`),
    ...wrap(`${versions.map(([name, version]) => `${name} ${version}`).join(', ')}.`),
    ...wrap(
      `WebAssembly's limit here: ${limit.gflops.toFixed(1)} GF/s, ${limit.instruction} in registers ` +
        `(${limit.lowest.toFixed(1)} to ${limit.highest.toFixed(1)} over the run).`,
    ),
    ...(disturbed > BUSY ? wrap(style.alert(busy(disturbed))) : []),
    ...(results.rows.length > 0 ? layerTables(results, names, style) : []),
    ...remarks(results, style),
    ...reportPrices(results, style),
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
  show: (row: Extract<Row, { ms: number }>) => string,
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

const ratioTitles = ['', 'others in wasm', '(nhwc)', 'ort-node', '(nhwc)', 'limit', '(nhwc)']

function ratioTable(results: Results, layers: readonly string[]): string[] {
  const lines = layers.map((layer) => {
    const [nchw, nhwc] = own.map((engine) => ratiosOf(results, layer, engine))
    const pairs = [nchw.wasm, nhwc.wasm, nchw.native, nhwc.native].map(times)
    return [layer, ...pairs, percent(nchw.share), percent(nhwc.share)]
  })
  return table([ratioTitles, ...lines], '<>>>>>>')
}

function summaryTable(results: Results): string[] {
  const [nchw, nhwc] = own.map((engine) => summariesOf(results, engine))
  const lines = nchw.map(({ name, mean, least }, index) => {
    const other = nhwc[index]
    const both = (show: (ratio: number) => string, key: 'wasm' | 'native' | 'share'): string[] => [
      `${show(mean[key])} (${show(least[key])})`,
      `${show(other.mean[key])} (${show(other.least[key])})`,
    ]
    return [name, ...both(times, 'wasm'), ...both(times, 'native'), ...both(percent, 'share')]
  })
  return table([ratioTitles, ...lines], '<>>>>>>')
}

function remarks({ rows, disagreements, notes }: Results, { strong, alert }: TextStyle): string[] {
  const refused = rows.filter((row): row is Extract<Row, { error: string }> => !isTimed(row))
  const said = ({ engine, layer }: { engine: string; layer: string }, what: string): string[] =>
    wrap(`${engine}, ${layer}: ${what}`, '  ')
  return [
    ...section(
      alert('Other values than the reference has: these times count for nothing'),
      disagreements.flatMap((one) => said(one, one.what)),
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
