import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TextStyle } from '../../src/cli/style.ts'
import type { BenchLayer } from '../layers.ts'
import type { Options } from '../options.ts'
import { recordOn } from '../record-on.ts'
import { withSection } from '../section.ts'
import { type GradientResults, measureGradients } from './measure-gradients.ts'
import { areWrong, gradientsSection, reportGradients } from './report-gradients.ts'

const page = join(import.meta.dirname, '..', '..', 'docs', 'bench.md')

/**
 * Times gradients on each host, prints what was found, and with `--docs` writes the section of the first host into the page.
 *
 * @returns the exit code
 */
export async function runGradients(layers: readonly BenchLayer[], options: Options, style: TextStyle): Promise<number> {
  const { on, only, quick, json, docs } = options
  const words = [
    '--gradients',
    '--layers',
    options.layers,
    ...(only ? ['--only', only] : []),
    ...(quick ? ['--quick'] : []),
  ]
  // Layers of networks; other windows have nothing of their own to tell here.
  const timed = layers.filter(({ set }) => set !== 'shapes')
  const found = on.map((host) => recordOn<GradientResults>(host, words))
  if (on.length === 0) found.push(await measureGradients(timed, quick))
  for (const results of found) console.log(`${reportGradients(results, style).join('\n')}\n`)
  if (json) writeFileSync(json, `${JSON.stringify(on.length > 0 ? found : found[0], null, 2)}\n`)
  if (docs) writeFileSync(page, withSection(readFileSync(page, 'utf8'), 'gradients', gradientsSection(found[0])))
  return found.some(areWrong) ? 1 : 0
}
