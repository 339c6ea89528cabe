import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TextStyle } from '../../src/cli/style.ts'
import type { Options } from '../options.ts'
import { recordOn } from '../record-on.ts'
import { withSection } from '../section.ts'
import { type LibraryResults, measureLibrary } from './measure-tfjs.ts'
import { isWrongOutput, librarySection, reportLibrary } from './report-tfjs.ts'

const page = join(import.meta.dirname, '..', '..', 'docs', 'tfjs.md')

/**
 * Times models of TensorFlow.js with its kernels and with samepad's, and with `--docs` writes what was found into docs/tfjs.md.
 *
 * @returns the exit code
 */
export async function runLibrary({ on, only, quick, json, docs }: Options, style: TextStyle): Promise<number> {
  const words = ['--tfjs', ...(only ? ['--only', only] : []), ...(quick ? ['--quick'] : [])]
  const found = on.map((host) => recordOn<LibraryResults>(host, words))
  if (on.length === 0) found.push(await measureLibrary(only, quick))
  for (const results of found) console.log(`${reportLibrary(results, style).join('\n')}\n`)
  if (json) writeFileSync(json, `${JSON.stringify(on.length > 0 ? found : found[0], null, 2)}\n`)
  if (docs) writeFileSync(page, withSection(readFileSync(page, 'utf8'), 'tfjs', librarySection(found[0])))
  return found.some(isWrongOutput) ? 1 : 0
}
