import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TextStyle } from '../../src/cli/style.ts'
import type { Options } from '../options.ts'
import { recordOn } from '../record-on.ts'
import { withSection } from '../section.ts'
import { type ModelResults, measureModels } from './measure-models.ts'
import { areWrong, modelsSection, reportModels } from './report-models.ts'

const docs = join(import.meta.dirname, '..', '..', 'docs')
const page = join(docs, 'bench.md')

/**
 * Times whole models on each host, prints what was found, and with `--docs` writes the section of the first host into the page, and its
 * results as data beside it.
 *
 * @returns the exit code
 */
export async function runModels(options: Options, style: TextStyle): Promise<number> {
  const { on, only, quick, json, docs: writes } = options
  const words = ['--models', ...(only ? ['--only', only] : []), ...(quick ? ['--quick'] : [])]
  const found = on.map((host) => recordOn<ModelResults>(host, words))
  if (on.length === 0) found.push(await measureModels(only, quick))
  for (const results of found) console.log(`${reportModels(results, style).join('\n')}\n`)
  if (json) writeFileSync(json, `${JSON.stringify(on.length > 0 ? found : found[0], null, 2)}\n`)
  if (writes) {
    writeFileSync(join(docs, 'bench-models.json'), `${JSON.stringify(found[0], null, 2)}\n`)
    writeFileSync(page, withSection(readFileSync(page, 'utf8'), 'models', modelsSection(found[0])))
  }
  return found.some(areWrong) ? 1 : 0
}
