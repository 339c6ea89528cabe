import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { ModelResults } from '../../bench/models/measure-models.ts'
import { modelsSection } from '../../bench/models/report-models.ts'
import { marked, sectionIn, withSection } from '../../bench/models/section.ts'
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

it('times a whole model on all engines, whose values agree, and the section of the page is written alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'samepad-bench-'))
  const json = join(folder, 'models.json')
  try {
    const words = ['--models', '--quick', '--only', 'blazeface', '--json', json]
    const { status, stderr } = spawnSync('npm', ['run', '--silent', 'bench', '--', ...words], {
      ...{ cwd: root, encoding: 'utf8' },
    })
    expect(status, stderr).toBe(0)
    const results = JSON.parse(readFileSync(json, 'utf8')) as ModelResults
    expect(results.models.map(({ model }) => model)).toEqual(['BlazeFace'])
    const [{ steady, first }] = results.models
    const engines = ['samepad', 'onnxruntime-web', 'onnxruntime-node']
    for (const one of [steady[1].engines, steady[2].engines, first]) expect(Object.keys(one)).toEqual(engines)
    expect(steady[1].engines.samepad.apart).toBeLessThan(2e-5)
    expect(steady[1].engines.samepad.apart).toBeGreaterThan(0)
    const section = marked(modelsSection(results))
    const page = withSection('# Bench\n\n| layer |\n', section)
    expect(page).toBe(`# Bench\n\n| layer |\n\n${section}\n`)
    expect(sectionIn(page)).toBe(section)
    expect(withSection(`${page}## Growth\n`, marked(['$& new']))).toBe(
      `# Bench\n\n| layer |\n\n${marked(['$& new'])}\n## Growth\n`,
    )
    expect(withSection('# Bench\n', sectionIn('# Bench\n'))).toBe('# Bench\n')
  } finally {
    rmSync(folder, { recursive: true })
  }
})
