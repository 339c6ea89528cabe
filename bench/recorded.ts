import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TextStyle } from '../src/cli/style.ts'
import type { Options } from './options.ts'
import { recordOn } from './record-on.ts'
import { type Section, withSection } from './section.ts'

const docs = join(import.meta.dirname, '..', 'docs')

/** Something that the bench measures on each host, with a section of its own on a page of docs/. */
export interface Recorded<Results> {
  /** What begins a call of the bench that measures it, with what it needs beside `--only` and `--quick`. */
  readonly words: readonly string[]
  readonly measure: (only: string, quick: boolean) => Promise<Results>
  /** Lines of the terminal. */
  readonly report: (results: Results, style: TextStyle) => readonly string[]
  readonly areWrong: (results: Results) => boolean
  readonly page: string
  readonly section: Section
  readonly lines: (results: Results) => readonly string[]
  /** The file of docs/ that has the results as data, if one does. */
  readonly data?: string
}

/**
 * Measures it on each host, prints what was found, and with `--docs` writes the section of the first host into its page.
 *
 * @returns the exit code
 */
export async function runRecorded<Results>(
  { words, measure, report, areWrong, page, section, lines, data }: Recorded<Results>,
  { on, only, quick, json, docs: writes }: Options,
  style: TextStyle,
): Promise<number> {
  const again = [...words, ...(only ? ['--only', only] : []), ...(quick ? ['--quick'] : [])]
  const found = on.map((host) => recordOn<Results>(host, again))
  if (on.length === 0) found.push(await measure(only, quick))
  for (const results of found) console.log(`${report(results, style).join('\n')}\n`)
  if (json) writeJson(json, on.length > 0 ? found : found[0])
  if (writes) {
    const path = join(docs, page)
    writeFileSync(path, withSection(readFileSync(path, 'utf8'), section, lines(found[0])))
    if (data) writeJson(join(docs, data), found[0])
  }
  return found.some(areWrong) ? 1 : 0
}

const writeJson = (path: string, value: unknown): void => writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`)
