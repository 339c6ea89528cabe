import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { audit } from '../../src/models.ts'
import { contradictions } from '../audit/contradictions.ts'
import { auditList, models } from './audit-list.ts'

const golden = join(import.meta.dirname, '../goldens/audits.md')

it('every model at hand gets what the list says, with a reason for each finding, and no warning', async () => {
  const page = await auditList()
  expect(page).toBe(readFileSync(golden, 'utf8'))
  expect(page).not.toContain('NO REASON')
  expect(page).not.toMatch(/^- (warning|error)/m)
  const counted = [...page.matchAll(/^## (\d+) model/gm)].reduce((sum, [, count]) => sum + Number(count), 0)
  expect(counted).toBeGreaterThanOrEqual(1072 + 15)
})

it('heading, column and JSON contradict each other in no model', async () => {
  const wrong: string[] = []
  for (const { name, path, inputs } of models()) {
    for (const law of contradictions(await audit(path, { inputs }))) wrong.push(`${name}: ${law}`)
  }
  expect(wrong).toEqual([])
})
