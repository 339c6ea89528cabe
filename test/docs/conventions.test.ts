import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { conventionsPage } from '../../docs/conventions.ts'
import { frameworks } from '../../src/conventions/rows/frameworks.ts'
import { conventions } from '../../src/geometry.ts'

it('docs/conventions.md is what the rows say (npm run docs)', () => {
  expect(readFileSync(join(import.meta.dirname, '../../docs/conventions.md'), 'utf8')).toBe(conventionsPage())
})

it('README and CHANGELOG count the rows as they are', () => {
  const read = (name: string): string => readFileSync(join(import.meta.dirname, '../..', name), 'utf8')
  expect(read('README.md')).toContain(`[${conventions.length} rules](docs/conventions.md)`)
  expect(read('CHANGELOG.md')).toContain(
    `${conventions.length} conventions of ${Object.keys(frameworks).length} frameworks`,
  )
})
