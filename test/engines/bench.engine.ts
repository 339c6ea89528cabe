import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { GradientResults } from '../../bench/gradients/measure-gradients.ts'
import type { ModelResults } from '../../bench/models/measure-models.ts'
import { modelsSection } from '../../bench/models/report-models.ts'
import type { Part } from '../../bench/parts.ts'
import type { Results } from '../../bench/results.ts'
import { sectionIn, withSection, withSectionsOf } from '../../bench/section.ts'

const root = join(import.meta.dirname, '../..')

/** What the bench records when it is told these words. */
function recorded<Found>(...words: string[]): Found {
  const folder = mkdtempSync(join(tmpdir(), 'samepad-bench-'))
  const json = join(folder, 'results.json')
  try {
    const { status, stderr } = spawnSync(
      'npm',
      ['run', '--silent', 'bench', '--', '--quick', ...words, '--json', json],
      {
        ...{ cwd: root, encoding: 'utf8' },
      },
    )
    expect(status, stderr).toBe(0)
    return JSON.parse(readFileSync(json, 'utf8')) as Found
  } finally {
    rmSync(folder, { recursive: true })
  }
}

// Pools have no weights, which the parts that look at single stages once took for weights of no dimensions.
it('times layers, first calls, padding and new sizes, of pools too', () => {
  const parts: readonly Part[] = ['layers', 'first-calls', 'padding', 'new-sizes'] // the others take a minute
  const results = recorded<Results>('--only', 'max', '--peers', 'none', '--parts', parts.join(','))
  expect(results.failures).toEqual([])
  for (const list of ['rows', 'firstCalls', 'sameToValid', 'newSizes'] as const)
    expect(results[list].length, list).toBeGreaterThan(0)
})

it('times a whole model on all engines, whose values agree', () => {
  const results = recorded<ModelResults>('--models', '--only', 'pp-ocr classifier')
  expect(results.models.map(({ model }) => model)).toEqual(['PP-OCR classifier'])
  const [{ steady, first, newSizes }] = results.models
  const engines = ['samepad', 'onnxruntime-web', 'onnxruntime-node']
  for (const one of [steady[1].engines, steady[2].engines, first]) expect(Object.keys(one)).toEqual(engines)
  expect(steady[1].engines.samepad.apart).toBeLessThan(2e-5)
  expect(steady[1].engines.samepad.apart).toBeGreaterThan(0)
  expect(newSizes?.steps).toBeGreaterThan(0)
  expect(Object.keys(newSizes?.engines ?? {})).toEqual(engines.slice(0, 2))
  const section = modelsSection(results).join('\n')
  for (const text of ['PP-OCR classifier', '| new size |']) expect(section).toContain(text)
})

it('times gradients, whose values agree, and a step of training, 30 times as fast as in plain JavaScript or more', () => {
  const { rows, training } = recorded<GradientResults>('--gradients', '--only', 'dw 3x3 s2')
  expect(rows.map(({ layer, gradient }) => `${layer} ${gradient}`)).toEqual([
    'mobilenet dw 3x3 s2 weights',
    'mobilenet dw 3x3 s2 input',
  ])
  for (const { tfjs } of rows) expect(tfjs?.wrong).toBeUndefined()
  expect(rows[0].tfjs?.times).toBeGreaterThan(100) // 3,000 times
  expect(training.cpu.step / training.samepad.step).toBeGreaterThan(30) // 300 to 2,800 times
  expect(training.apart).toBeGreaterThan(0)
  expect(training.apart).toBeLessThan(1e-5)
})

it('writes sections of the page alone, and keeps them where the record before them is written', () => {
  const page = withSection('# Bench\n\n| layer |\n', 'models', ['of models'])
  const section = '<!-- models -->\nof models\n<!-- end of models -->'
  expect(page).toBe(`# Bench\n\n| layer |\n\n${section}\n`)
  expect(sectionIn(page, 'models')).toBe(section)
  expect(sectionIn(page, 'gradients')).toBe('')
  const both = withSection(page, 'gradients', ['of gradients'])
  expect(sectionIn(both, 'models')).toBe(section)
  const last = '<!-- gradients -->\nof gradients\n<!-- end of gradients -->'
  expect(withSection(both, 'models', ['$& new'])).toBe(both.replace('of models', () => '$& new'))
  expect(withSectionsOf('# New\n', both)).toBe(`# New\n\n${last}\n\n${section}\n`)
  expect(withSectionsOf('# New\n', '# Bench\n')).toBe('# New\n')
})
