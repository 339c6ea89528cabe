import {
  choices,
  fastestPeer,
  milliseconds,
  own,
  ownMs,
  percent,
  type Ratios,
  ratiosOf,
  summariesOf,
  times,
  titles,
} from './ratios.ts'
import { busy } from './report.ts'
import { copies, readyIn } from './report-prices.ts'
import { isRefused, isTimed, PLANNING, type Results } from './results.ts'
import { geometricMean, median } from './statistics.ts'

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

function pricesOf(results: Results): string[] {
  const { firstCalls, sameToValid, steadyStates, arrays, newSizes, inTurns } = results
  const lines: string[] = []
  if (firstCalls.length > 0) {
    const ready = median(firstCalls.map(readyIn)).toFixed(2)
    lines.push(`- Resolve, plan, emit and compile: ${ready} ms, the median over the layers, each new to its process.`)
  }
  for (const layout of ['nchw', 'nhwc'] as const) {
    const own = newSizes.filter((one) => one.layout === layout)
    if (own.length === 0) continue
    const [all, beyond] = (['ratio', 'ratioBeyondPlanning'] as const).map((key) =>
      times(median(own.map((one) => one[key]))),
    )
    lines.push(
      `- ${layout}: the first run on a new size of input takes ${all} times as long as later runs on it, ${beyond} times`,
      `  beyond ${PLANNING} ms (medians over the layers, each after two other sizes).`,
    )
  }
  for (const { layers, bytes, turns, alone, cold } of inTurns) {
    lines.push(
      `- ${layers} different layers in turns, ${bytes / 1e6} MB of tensors: ${times(turns / alone)} times as long as each on its`,
      `  own, ${times(turns / cold)} times as long as each on its own with its tensors not in the nearer caches.`,
    )
  }
  if (sameToValid.length > 0) {
    const ratios = sameToValid.map(({ ratio }) => ratio)
    const most = sameToValid.reduce((a, b) => (b.ratio > a.ratio ? b : a))
    lines.push(
      `- SAME takes ${geometricMean(ratios).toFixed(3)} times as long for a multiplication as VALID (geometric mean),`,
      `  at most ${most.ratio.toFixed(3)} (${most.layer}, ${most.engine}).`,
    )
  }
  if (steadyStates.length > 0) {
    const garbage = Math.max(...steadyStates.map(({ bytesPerRun }) => bytesPerRun))
    const grown = Math.max(...steadyStates.map(({ memoryGrowth }) => memoryGrowth))
    lines.push(`- A run leaves at most ${garbage} bytes of garbage; 10,000 runs grow program memory by ${grown} bytes.`)
  }
  if (arrays.length > 0) {
    const [mean, worst] = copies(results).map((ratio) => ratio.toFixed(2))
    lines.push(`- On plain arrays, which each run copies, layers take ${mean} times as long, at most ${worst}.`)
  }
  return lines.length > 0 ? ['', ...lines] : []
}

/** samepad on every host, over the first. */
function hostsOf(found: readonly Results[], layers: readonly string[]): string[] {
  const [first, ...others] = found.filter(({ rows }) => rows.length > 0)
  if (!first || others.length === 0) return []
  return [
    '',
    '## Hosts side by side',
    '',
    `samepad, each layer in its better layout: milliseconds, in brackets how many times as fast as on ${first.machine.host}.`,
    '',
    ...table(
      ['layer', first.machine.host, ...others.map(({ machine }) => machine.host)],
      layers.map((layer) => {
        const own = ownMs(first, layer)
        const cells = others.map((results) => {
          const ms = ownMs(results, layer)
          return `${milliseconds(ms)} (${times(own / ms)})`
        })
        return [layer, milliseconds(own), ...cells]
      }),
    ),
  ]
}

function largeOf({ large, machine }: Results): string[] {
  if (large.length === 0) return []
  const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0)
  return [
    '',
    '## Large pictures',
    '',
    `A 3x3 convolution of 3 channels to 8 on pictures in arrays, ${machine.host}; memory in MiB. *grew* is what the process`,
    'grew by while it ran, beside input and output.',
    '',
    ...table(
      ['picture', 'layout', 'computed by', 'ms', 'GF/s', 'input and output', 'program memory', 'grew'],
      large.map(({ side, layout, engine, ms, gflops, tensors, programMemory, resident }) => [
        `${side} x ${side}`,
        ...[layout, engine, milliseconds(ms), gflops.toFixed(1)],
        ...[tensors, programMemory, resident].map(megabytes),
      ]),
    ),
  ]
}

function growthOf({ machine, growth }: Results): string[] {
  if (growth.length === 0) return []
  const engines = [...new Set(growth.map(({ engine }) => engine))]
  const points = growth.filter(({ engine }) => engine === engines[0])
  return [
    '',
    '## Growth',
    '',
    `A 3x3 convolution with stride 2, 64 channels on 56x56, as its input, channels and batch grow; ${machine.host}.`,
    'A level line is a time that grows with the work and no faster.',
    '',
    '![GF/s against input area, channels and batch](bench-growth.svg)',
    '',
    ...table(
      ['along', 'size', ...engines],
      points.map(({ along, size }) => [
        along,
        String(size),
        ...engines.map((engine) => {
          const point = growth.find((one) => one.along === along && one.size === size && one.engine === engine)
          return point ? `${milliseconds(point.ms)} (${point.gflops.toFixed(1)})` : ''
        }),
      ]),
    ),
  ]
}

/** The first column to the left, numbers to the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, column) => (column === 0 ? '---' : '---:'))), ...rows.map(line)]
}
