// npm run bench: times samepad beside other engines. See bench/options.ts for what can be asked of it.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { coloured, plain } from '../src/cli/style.ts'
import { wrap } from '../src/cli/table.ts'
import { SamepadError } from '../src/geometry/error.ts'
import { type BenchLayer, readLayers } from './layers.ts'
import { build, installEngines, Unavailable } from './machine.ts'
import { checkWritable, help, type Options, readJson, readOptions } from './options.ts'
import { needsEngines, needsLayers } from './parts.ts'
import { progressEnds } from './progress.ts'
import { isAtFault, type Results } from './results.ts'

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
  const isOfModels = options.models || options.tfjs
  const layers = !isOfModels && needsLayers(options.parts) ? readLayers(readJson(options.layers), options.only) : []
  if (options.json) checkWritable(options.json)
  if (!options.built) build()
  if (options.docs || isOfModels || options.gradients || needsEngines(options.parts)) installEngines()
  // What is imported from here on needs what was built and installed.
  if (options.models) return (await import('./models/run-models.ts')).runModels(options, style)
  if (options.tfjs) return (await import('./tfjs/run-tfjs.ts')).runLibrary(options, style)
  if (options.gradients) return (await import('./gradients/run-gradients.ts')).runGradients(layers, options, style)
  if (options.docs) return (await import('./docs.ts')).writeDocs(layers, options)
  if (options.on.length > 0) return (await import('./on-hosts.ts')).compareHosts(layers, options, style)
  const results = await (await import('./run.ts')).runBench(layers, options)
  progressEnds()
  await print(results, layers)
  if (options.json) writeFileSync(options.json, `${JSON.stringify(results, null, 2)}\n`)
  return isAtFault(results) ? 1 : 0
}

async function print(results: Results, layers: readonly BenchLayer[]): Promise<void> {
  const { report } = await import('./report.ts')
  console.log(report(results, layers, style).join('\n'))
}
