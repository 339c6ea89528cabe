// npm run bench: times samepad beside other engines. See bench/options.ts for what can be asked of it.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { coloured, plain } from '../src/cli/style.ts'
import { wrap } from '../src/cli/table.ts'
import { SamepadError } from '../src/geometry/error.ts'
import { type BenchLayer, readLayers } from './layers.ts'
import { again, build, installEngines, node24, Unavailable } from './machine.ts'
import { checkWritable, help, type Options, readJson, readOptions } from './options.ts'
import { progressEnds } from './progress.ts'

const style = process.stdout.isTTY && !process.env.NO_COLOR ? coloured : plain

try {
  process.exitCode = await main(readOptions(process.argv.slice(2), join(import.meta.dirname, 'layers.json')))
} catch (error) {
  progressEnds()
  // Everything is caught here: two of the engines print their whole source when an error gets past.
  const known = error instanceof SamepadError || error instanceof Unavailable
  console.error(known ? wrap(error.message).join('\n') : error)
  if (error instanceof SamepadError) console.error('npm run bench -- --help shows what can be asked')
  process.exitCode = error instanceof SamepadError ? 2 : 1
}

/** @returns the exit code */
async function main(options: Options): Promise<number> {
  if (options.help) {
    console.log(help(style).join('\n'))
    return 0
  }
  const layers = readLayers(readJson(options.layers), options.only)
  if (options.json) checkWritable(options.json)
  if (!options.built) build()
  installEngines()
  // What is imported from here on needs what was built and installed.
  if (options.docs) return (await import('./docs.ts')).writeDocs(layers, options)
  return options.node24 ? again(node24(), withoutNode24()) : measure(layers, options)
}

async function measure(layers: readonly BenchLayer[], options: Options): Promise<number> {
  const { runBench } = await import('./run.ts')
  const { report } = await import('./report.ts')
  const results = await runBench(layers, options)
  progressEnds()
  console.log(report(results, layers, style).join('\n'))
  if (options.json) writeFileSync(options.json, `${JSON.stringify(results, null, 2)}\n`)
  return results.disagreements.some(({ engine }) => engine.startsWith('samepad')) ? 1 : 0
}

function withoutNode24(): string[] {
  return process.argv.slice(2).filter((word) => word !== '--node24')
}
