import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { conventionsPage } from '../../docs/conventions.ts'

it('docs/conventions.md is what the rows say (npm run docs)', () => {
  expect(readFileSync(join(import.meta.dirname, '../../docs/conventions.md'), 'utf8')).toBe(conventionsPage())
})
