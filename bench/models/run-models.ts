import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TextStyle } from '../../src/cli/style.ts'
import { SamepadError } from '../../src/geometry/error.ts'
import type { Host } from '../hosts.ts'
import { again, nodeOf } from '../machine.ts'
import type { Options } from '../options.ts'
import { type ModelResults, measureModels } from './measure-models.ts'
import { areWrong, modelsSection, reportModels } from './report-models.ts'
import { marked, withSection } from './section.ts'

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
  const found: ModelResults[] = []
  for (const host of on) found.push(measureOn(host, options))
  if (on.length === 0) found.push(await measureModels(only, quick))
  for (const results of found) console.log(`${reportModels(results, style).join('\n')}\n`)
  if (json) writeFileSync(json, `${JSON.stringify(on.length > 0 ? found : found[0], null, 2)}\n`)
  if (writes) {
    writeFileSync(join(docs, 'bench-models.json'), `${JSON.stringify(found[0], null, 2)}\n`)
    writeFileSync(page, withSection(readFileSync(page, 'utf8'), marked(modelsSection(found[0]))))
  }
  return found.some(areWrong) ? 1 : 0
}

/** The results of another version of Node. */
function measureOn(host: Host, { only, quick }: Options): ModelResults {
  if (host === 'chromium') throw new SamepadError('bench', '--models must run on versions of Node', host)
  const folder = mkdtempSync(join(tmpdir(), 'samepad-bench-'))
  const json = join(folder, 'models.json')
  try {
    again(nodeOf(host), ['--models', '--json', json, ...(only ? ['--only', only] : []), ...(quick ? ['--quick'] : [])])
    return JSON.parse(readFileSync(json, 'utf8')) as ModelResults
  } finally {
    rmSync(folder, { recursive: true })
  }
}
