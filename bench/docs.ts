import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { drawGrowth } from './plot.ts'
import { isTimed, type Results } from './results.ts'

/** Writes docs/bench.md and docs/bench-growth.svg. */
export function writeDocs(results: Results, folder: string): void {
  writeFileSync(join(folder, 'bench-growth.svg'), drawGrowth(results.growth))
  writeFileSync(join(folder, 'bench.md'), `${pageOf(results).join('\n')}\n`)
}

function pageOf({ machine, limit, rows, growth }: Results): string[] {
  const engines = [...new Set(rows.map(({ engine }) => engine))]
  const layers = [...new Set(rows.map(({ layer }) => layer))]
  const cell = (layer: string, engine: string): string => {
    const row = rows.find((one) => one.layer === layer && one.engine === engine)
    return row && isTimed(row) ? `${row.ms.toPrecision(3)} (${row.gflops.toFixed(1)})` : 'none'
  }
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [
    '# Bench',
    '',
    '`npm run bench -- --node24 --docs` wrote this page; nothing in it is from memory.',
    '',
    `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, one thread each, all engines in turns in one run. The`,
    `limit of WebAssembly here was ${limit.gflops.toFixed(1)} GF/s (\`${limit.instruction}\` in registers).`,
    Object.entries(machine.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')
      .concat('.'),
    '',
    'Median milliseconds, in brackets GF/s: 10^9 multiplications or additions a second over full windows; of pools, candidates.',
    '',
    line(['layer', ...engines]),
    line(['---', ...engines.map(() => '---:')]),
    ...layers.map((layer) => line([layer, ...engines.map((engine) => cell(layer, engine))])),
    '',
    '## Growth',
    '',
    'A 3x3 convolution with stride 2, 64 channels on 56x56, as its input, its channels and its batch grow:',
    '',
    '![GF/s against input area, channels and batch](bench-growth.svg)',
    '',
    line(['along', 'size', 'engine', 'ms', 'GF/s']),
    line(['---', '---:', '---', '---:', '---:']),
    ...growth.map(({ along, size, engine, ms, gflops }) =>
      line([along, `${size}`, engine, ms.toPrecision(3), gflops.toFixed(1)]),
    ),
  ]
}
