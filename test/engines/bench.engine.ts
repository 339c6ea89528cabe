import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Part } from '../../bench/parts.ts'
import type { Results } from '../../bench/results.ts'

const root = join(import.meta.dirname, '../..')

// Pools have no weights, which the parts that look at single stages once took for weights of no dimensions.
it('times layers, first calls, padding and new sizes, of pools too', () => {
  const folder = mkdtempSync(join(tmpdir(), 'samepad-bench-'))
  const json = join(folder, 'results.json')
  const parts: readonly Part[] = ['layers', 'first-calls', 'padding', 'new-sizes'] // the others take a minute
  try {
    const words = ['--quick', '--only', 'max', '--peers', 'none', '--parts', parts.join(','), '--json', json]
    const { status, stderr } = spawnSync('npm', ['run', '--silent', 'bench', '--', ...words], {
      ...{ cwd: root, encoding: 'utf8' },
    })
    expect(status, stderr).toBe(0)
    const results = JSON.parse(readFileSync(json, 'utf8')) as Results
    expect(results.failures).toEqual([])
    for (const list of ['rows', 'firstCalls', 'sameToValid', 'newSizes'] as const)
      expect(results[list].length, list).toBeGreaterThan(0)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
