import type { Style } from '../src/cli/style.ts'
import { table, wrap } from '../src/cli/table.ts'
import type { BenchLayer } from './layers.ts'
import { isTimed, type Results, type Row } from './results.ts'
import { geometricMean, median } from './statistics.ts'

const NATIVE = 'onnxruntime-node'
const titles: Readonly<Record<string, string>> = {
  samepad: 'samepad',
  'samepad nhwc': 'nhwc',
  'tfjs-wasm': 'tfjs',
  'onnxruntime-web': 'ort-web',
  '@jax-js/jax': 'jax-js',
  [NATIVE]: 'ort-node',
}

/** What samepad reaches on a layer, beside others. */
interface Ratios {
  readonly layer: string
  readonly kind: string
  /** Times as fast as the fastest other engine on WebAssembly; as native onnxruntime; NaN where there is none. */
  readonly wasm: number
  readonly native: number
  /** GF/s over the limit of the machine. */
  readonly share: number
}

/** Everything that was found out, as lines of text. */
export function report(results: Results, layers: readonly BenchLayer[], style: Style): string[] {
  const { machine, limit } = results
  const ratios = layers.map(({ name }) => ratiosOf(results, name))
  return [
    style.strong(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, one thread each`),
    `WebAssembly's limit here: ${limit.gflops.toFixed(1)} GF/s (${limit.instruction}; ${limit.lowest.toFixed(1)} to ${limit.highest.toFixed(1)})`,
    '',
    style.strong('Median ms'),
    ...layerTable(results, layers, ({ ms }) => ms.toPrecision(3)),
    '',
    style.strong('GF/s: 10^9 multiplications or additions a second, padding counted; of pools, candidates'),
    ...layerTable(results, layers, ({ gflops }) => gflops.toFixed(1)),
    '',
    style.strong('samepad (nchw) against the fastest other WebAssembly engine, onnxruntime-node, and the limit'),
    ...ratioTable(ratios),
    ...remarks(results, style),
    ...prices(results, style),
  ]
}

function layerTable(
  { rows }: Results,
  layers: readonly BenchLayer[],
  show: (row: Extract<Row, { ms: number }>) => string,
): string[] {
  const engines = Object.keys(titles).filter((engine) => rows.some((row) => row.engine === engine))
  const lines = layers.map(({ name }) => [
    name,
    ...engines.map((engine) => {
      const row = rows.find((one) => one.layer === name && one.engine === engine)
      return row && isTimed(row) ? show(row) : 'none'
    }),
  ])
  return table([['', ...engines.map((engine) => titles[engine])], ...lines], `<${'>'.repeat(engines.length)}`)
}

function ratiosOf({ rows, limit, disagreements }: Results, layer: string): Ratios {
  const right = (row: Row): boolean => !disagreements.some((one) => one.layer === layer && one.engine === row.engine)
  const timed = rows.filter((row) => row.layer === layer && right(row)).filter(isTimed)
  const own = timed.find(({ engine }) => engine === 'samepad')
  const native = timed.find(({ engine }) => engine === NATIVE)
  const peers = timed.filter(({ engine }) => engine !== NATIVE && !engine.startsWith('samepad'))
  const kind = rows.find((row) => row.layer === layer)?.kind ?? ''
  const ratio = (ms: number | undefined): number => (own && ms !== undefined ? ms / own.ms : Number.NaN)
  return {
    ...{ layer, kind },
    wasm: peers.length > 0 ? ratio(Math.min(...peers.map(({ ms }) => ms))) : Number.NaN,
    native: ratio(native?.ms),
    share: own ? own.gflops / limit.gflops : Number.NaN,
  }
}

function ratioTable(ratios: readonly Ratios[]): string[] {
  const times = (ratio: number): string => (Number.isNaN(ratio) ? 'none' : `${ratio.toFixed(2)}x`)
  const line = ({ layer, wasm, native, share }: Ratios): string[] => {
    return [layer, times(wasm), times(native), Number.isNaN(share) ? 'none' : `${(100 * share).toFixed(0)} %`]
  }
  const mean = (list: readonly Ratios[], name: string): string[] => {
    const of = (key: 'wasm' | 'native'): string =>
      times(geometricMean(list.map((one) => one[key]).filter((ratio) => !Number.isNaN(ratio))))
    return [name, of('wasm'), of('native'), '']
  }
  const kinds = [...new Set(ratios.map(({ kind }) => kind))]
  const summary = [
    ...kinds.map((kind) =>
      mean(
        ratios.filter((one) => one.kind === kind),
        `${kind}, geometric mean`,
      ),
    ),
    mean(ratios, 'all, geometric mean'),
  ]
  return table([['', 'WebAssembly', 'native', 'of the limit'], ...ratios.map(line), [''], ...summary], '<>>>')
}

function remarks({ rows, disagreements, notes }: Results, { strong, alert }: Style): string[] {
  const refused = rows.filter((row): row is Extract<Row, { error: string }> => !isTimed(row))
  return [
    ...section(
      strong('Other values than the reference has'),
      disagreements.map(({ layer, engine, what }) => alert(`${engine}, ${layer}: ${what}`)),
    ),
    ...section(
      strong('Cannot do a layer'),
      refused.flatMap(({ layer, engine, error }) => wrap(`${engine}, ${layer}: ${error}`, '- ')),
    ),
    ...section(
      strong('Notes'),
      notes.map(({ layer, engine, what }) => `${engine}, ${layer}: ${what}`),
    ),
  ]
}

const section = (title: string, lines: readonly string[]): string[] => (lines.length > 0 ? ['', title, ...lines] : [])

function prices({ firstCalls, sameToValid, steadyStates, arrays, rows }: Results, { strong }: Style): string[] {
  const ms = (time: number): string => time.toFixed(2)
  const stages = ['resolve', 'plan', 'emit', 'compile', 'pack', 'call'] as const
  const starts = firstCalls.map((one) => ({ ...one, ready: one.resolve + one.plan + one.emit + one.compile }))
  const middle = stages.map((stage) => ms(median(starts.map((one) => one[stage]))))
  const inPlace = (layer: string): number =>
    rows.filter(isTimed).find((row) => row.layer === layer && row.engine === 'samepad')?.ms ?? Number.NaN
  const copied = arrays.map(({ layer, ms: time }) => time / inPlace(layer)).filter((ratio) => !Number.isNaN(ratio))
  return [
    '',
    strong('First call, ms: the median over the layers, each met for the first time'),
    ...table(
      [
        ['', ...stages, 'bytes'],
        ['median', ...middle, `${median(starts.map(({ bytes }) => bytes))}`],
      ],
      '<>>>>>>>',
    ),
    `resolve + plan + emit + compile: ${ms(median(starts.map(({ ready }) => ready)))} ms`,
    ...section(
      strong('SAME against VALID on an input larger by the padding: time for each multiplication'),
      table(
        [
          ['', 'SAME ms', 'VALID ms', 'work', 'ratio'],
          ...sameToValid.map(({ layer, same, valid, work, ratio }) => [
            layer,
            same.toPrecision(3),
            valid.toPrecision(3),
            `${(100 * work).toFixed(1)} %`,
            ratio.toFixed(3),
          ]),
        ],
        '<>>>>',
      ),
    ),
    ...section(
      strong('10,000 runs'),
      table(
        [
          ['', 'garbage of a run', 'heap grew by', 'program memory grew by'],
          ...steadyStates.map(({ layer, bytesPerRun, heapGrowth, memoryGrowth }) => [
            layer,
            `${bytesPerRun.toFixed(0)} bytes`,
            `${heapGrowth} bytes`,
            `${memoryGrowth} bytes`,
          ]),
        ],
        '<>>>',
      ),
    ),
    '',
    `On plain arrays, which each run copies, layers take ${geometricMean(copied).toFixed(2)} times as long (geometric mean).`,
  ]
}
