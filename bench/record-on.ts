import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SamepadError } from '../src/geometry/error.ts'
import type { Host } from './hosts.ts'
import { again, nodeOf } from './machine.ts'

/**
 * What the bench with these options records in another version of Node.
 *
 * @throws SamepadError on a page, and Unavailable where it fails
 */
export function recordOn<Record>(host: Host, words: readonly string[]): Record {
  if (host === 'chromium') throw new SamepadError('bench', `${words[0]} must run on versions of Node`, host)
  const folder = mkdtempSync(join(tmpdir(), 'samepad-bench-'))
  const json = join(folder, 'record.json')
  try {
    again(nodeOf(host), [...words, '--json', json])
    return JSON.parse(readFileSync(json, 'utf8')) as Record
  } finally {
    rmSync(folder, { recursive: true })
  }
}
