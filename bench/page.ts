import { milliseconds, own, percent, ratiosOf, summariesOf, times, titles } from './ratios.ts'
import { busy } from './report.ts'
import { copies, readyIn } from './report-prices.ts'
import { isTimed, type Results, type Row } from './results.ts'
import { geometricMean, median } from './statistics.ts'

/** docs/bench.md, from the results of one or more Nodes, the current one first. */
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
    'memory, as TensorFlow.js keeps its tensors; onnxruntime takes and gives arrays, as its interface has it.',
    '',
    'Median milliseconds of a run, in brackets GF/s: 10^9 multiplications and additions a second, taps on padding counted',
    '(of pools: taps). *of the limit* is that over what WebAssembly computes in registers on this machine; Winograd and',
    'layers with much padding do less than is counted, and may exceed it.',
    ...found.flatMap((results) => sectionOf(results, layers)),
    ...growthOf(found[0]),
  ]
}

function sectionOf(results: Results, layers: readonly string[]): string[] {
  const { machine, limit, rows, disturbed } = results
  const engines = Object.keys(titles).filter((engine) => rows.some((row) => row.engine === engine))
  const refused = rows.filter((row): row is Extract<Row, { error: string }> => !isTimed(row))
  return [
    '',
    `## Node ${machine.node}`,
    '',
    `WebAssembly's limit: ${limit.gflops.toFixed(1)} GF/s (\`${limit.instruction}\`).`,
    ...(disturbed > 0.1 ? [busy(disturbed)] : []),
    '',
    ...table(
      ['layer', ...engines],
      layers.map((layer) => [layer, ...engines.map((engine) => cell(results, layer, engine))]),
    ),
    '',
    'samepad in both layouts, times as fast as the fastest other WebAssembly engine and as onnxruntime-node:',
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
  const [nchw, nhwc] = own.map((engine) => summariesOf(results, engine))
  const lines = layers.map((layer) => {
    const [first, second] = own.map((engine) => ratiosOf(results, layer, engine))
    const pairs = [first.wasm, second.wasm, first.native, second.native].map(times)
    return [layer, ...pairs, percent(first.share), percent(second.share)]
  })
  const means = nchw.map(({ name, mean }, index) => {
    const other = nhwc[index].mean
    const pairs = [mean.wasm, other.wasm, mean.native, other.native].map(times)
    return [`*${name}, geometric mean*`, ...pairs, percent(mean.share), percent(other.share)]
  })
  const titles = ['layer', 'others in wasm', 'nhwc', 'onnxruntime-node', 'nhwc', 'of the limit', 'nhwc']
  return table(titles, [...lines, ...means])
}

function pricesOf(results: Results): string[] {
  const { firstCalls, sameToValid, steadyStates } = results
  const [mean, worst] = copies(results)
  const ready = median(firstCalls.map(readyIn))
  const ratios = sameToValid.map(({ ratio }) => ratio)
  const most = Math.max(...ratios)
  const at = sameToValid.find(({ ratio }) => ratio === most)
  const garbage = Math.max(...steadyStates.map(({ bytesPerRun }) => bytesPerRun))
  const grown = Math.max(...steadyStates.map(({ memoryGrowth }) => memoryGrowth))
  return [
    '',
    `- Resolve, plan, emit and compile: ${ready.toFixed(2)} ms, the median over the layers, each new to its process.`,
    `- SAME takes ${geometricMean(ratios).toFixed(3)} times as long for a multiplication as VALID (geometric mean),`,
    `  at most ${most.toFixed(3)} (${at?.layer}, ${at?.engine}).`,
    `- A run leaves at most ${garbage} bytes of garbage; 10,000 runs grow program memory by ${grown} bytes.`,
    `- On plain arrays, which each run copies, layers take ${mean.toFixed(2)} times as long, at most ${worst.toFixed(2)}.`,
  ]
}

function growthOf({ machine, growth }: Results): string[] {
  const engines = [...new Set(growth.map(({ engine }) => engine))]
  const points = growth.filter(({ engine }) => engine === engines[0])
  return [
    '',
    '## Growth',
    '',
    `A 3x3 convolution with stride 2, 64 channels on 56x56, as its input, channels and batch grow; Node ${machine.node}.`,
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
