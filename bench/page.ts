import { betweenOf } from './between/report-between.ts'
import { faceOf } from './face/report-face.ts'
import { pricesOf } from './page-prices.ts'
import { growthOf, hostsOf, largeOf } from './page-samepad.ts'
import { table } from './page-table.ts'
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
import { busy } from './report.ts'
import { epilogueRows } from './report-prices.ts'
import { isRefused, isTimed, type Results } from './results.ts'

/** docs/bench.md, from the results of one or more hosts. */
export function pageOf(found: readonly Results[], layers: readonly string[]): string[] {
  const [{ machine }] = found
  const versions = Object.entries(machine.versions).filter(([name]) => name !== own[1])
  return [
    '<!-- Written by `npm run bench -- --docs`. Do not edit. -->',
    '',
    '# Bench',
    '',
    `${machine.cpu}, ${machine.cores} cores; ${versions.map(([name, version]) => `${name} ${version}`).join(', ')}.`,
    'All engines in turns in one run, one thread each, weights prepared, batch 1, SAME padding; first all of them are',
    'checked against the reference. `samepad` is in its default layout, `nchw`, and keeps input and output in program',
    'memory; TensorFlow.js, LiteRT.js and tfjs-tflite keep them on their heaps; onnxruntime takes and gives arrays, as its',
    'interface has it. LiteRT.js and tfjs-tflite run files of one operator, the former with relaxed SIMD where there is any.',
    '',
    'Median milliseconds of a run, in brackets GF/s: 10^9 multiplications and additions a second, taps on padding counted',
    '(of pools: taps). *of the limit* is that over what WebAssembly computes in registers on this machine; Winograd and',
    'layers with much padding do less than is counted, and may exceed it. *better* takes each layer in its better layout.',
    '',
    ...means(found),
    ...found.flatMap((results) => sectionOf(results, layers)),
    ...hostsOf(found, layers),
    ...betweenOf(found),
    ...faceOf(found),
    ...largeOf(found[0]),
    ...growthOf(found[0]),
  ]
}

/** On each host, each layer in its better layout: the means and the least, over all engines and over native code. */
function means(found: readonly Results[]): string[] {
  const timed = found.filter(({ rows }) => rows.length > 0)
  const sets = timed[0] ? setsOf(timed[0]) : []
  const cell = (results: Results, name: string, key: 'wasm' | 'native'): string => {
    const of = summariesOf(results, 'better layout').find((one) => one.name === name)
    return of && !Number.isNaN(of.mean[key]) ? `${times(of.mean[key])} (${times(of.least[key])})` : '-'
  }
  return [
    'Times as fast as the fastest other engine on WebAssembly, each layer in its better layout: the geometric mean, in',
    'brackets the least. *native* is the same over onnxruntime-node.',
    '',
    ...table(
      ['on', ...sets.flatMap((name) => [name, 'native'])],
      timed.map((results) => [
        results.machine.host,
        ...sets.flatMap((name) => [cell(results, name, 'wasm'), cell(results, name, 'native')]),
      ]),
    ),
  ]
}

const setsOf = (results: Results): string[] =>
  summariesOf(results, own[0]).flatMap(({ name }) => (name.startsWith('all of') ? [name] : []))

function sectionOf(results: Results, layers: readonly string[]): string[] {
  const { machine, limit, rows, disturbed } = results
  const engines = Object.keys(titles).filter((engine) => rows.some((row) => row.engine === engine))
  const refused = rows.filter(isRefused)
  return [
    '',
    `## ${machine.host}`,
    '',
    `WebAssembly's limit: ${limit.gflops.toFixed(1)} GF/s (\`${limit.instruction}\`).`,
    ...(disturbed > 0.1 ? [busy(disturbed)] : []),
    '',
    ...table(
      ['layer', ...engines],
      layers.map((layer) => [layer, ...engines.map((engine) => cell(results, layer, engine))]),
    ),
    '',
    'Times as fast as the fastest other engine on WebAssembly and as onnxruntime-node, and of the limit:',
    '',
    ...ratioTable(results, layers),
    ...refused.map(({ layer, engine, error }) => `\n${engine} does not do *${layer}*: ${error}`),
    ...pricesOf(results),
    ...epiloguesOf(results),
  ]
}

function epiloguesOf({ epilogues }: Results): string[] {
  if (epilogues.length === 0) return []
  const [head, ...rows] = epilogueRows(epilogues)
  return [
    '',
    'What stands behind a layer, and what it adds to the time of the layer with a bias:',
    '',
    ...table(head, rows),
  ]
}

function cell({ rows, disagreements }: Results, layer: string, engine: string): string {
  const row = rows.find((one) => one.layer === layer && one.engine === engine)
  if (!row || !isTimed(row)) return 'none'
  const isWrong = disagreements.some((one) => one.layer === layer && one.engine === engine)
  return `${isWrong ? 'wrong values ' : ''}${milliseconds(row.ms)} (${row.gflops.toFixed(1)})`
}

function ratioTable(results: Results, layers: readonly string[]): string[] {
  const hasNative = results.rows.some(({ engine }) => engine === 'onnxruntime-node')
  const line = (name: string, of: readonly Ratios[], peer = ''): string[] => [
    name,
    ...of.map(({ wasm }) => times(wasm)),
    peer,
    ...(hasNative ? of.map(({ native }) => times(native)) : []),
    ...of.slice(0, own.length).map(({ share }) => percent(share)),
  ]
  const summaries = choices.map((choice) => summariesOf(results, choice))
  const columns = ['nchw', 'nhwc', 'better']
  const native = hasNative ? ['over native', 'nhwc', 'better'] : []
  return table(
    ['layer', ...columns, 'fastest other', ...native, 'of the limit', 'nhwc'],
    [
      ...layers.map((layer) =>
        line(
          layer,
          choices.map((choice) => ratiosOf(results, layer, choice)),
          fastestPeer(results, layer),
        ),
      ),
      ...summaries[0].map(({ name }, index) =>
        line(
          `*${name}, geometric mean*`,
          summaries.map((list) => list[index].mean),
        ),
      ),
    ],
  )
}
