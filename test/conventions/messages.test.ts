import { expect, it } from 'vitest'
import { frameworks } from '../../src/conventions/rows/frameworks.ts'
import { conventions, isRejected, parseSetting, refusal, SamepadError, solve } from '../../src/geometry.ts'
import { typed } from '../cli/typed.ts'

const ops = ['conv', 'transposed', 'maxpool', 'averagepool']
const words = [...new Set(conventions.map(({ padding }) => padding)), 'p1', 'p0,1', 'p-1', 'p1 op1', 'out7', '']
const versionsOf = (framework: string): string[] => {
  const bounds = conventions.flatMap((one) => (one.framework === framework && one.versions ? [one.versions] : []))
  return ['', '@0.1', ...bounds.flatMap(({ from, below }) => [from, below].flatMap((one) => (one ? [`@${one}`] : [])))]
}

/** What no sentence may hold. */
const flawed = /undefined|NaN|null|\[object|\S {2,}\S/

it('no message about any framework, word, operation and version holds what was left out', () => {
  const messages = new Set<string>()
  let settings = 0
  for (const framework of Object.keys(frameworks)) {
    for (const version of new Set(versionsOf(framework))) {
      for (const op of ops) {
        for (const word of words) {
          try {
            const setting = parseSetting(`${framework}${version} ${op} k3 s2 d2 ${word}`)
            settings++
            const outcome = solve(setting, 3)
            if (isRejected(outcome)) messages.add(refusal(outcome))
          } catch (error) {
            if (!(error instanceof SamepadError)) throw error
            messages.add(error.message)
          }
        }
      }
    }
  }
  expect(settings).toBeGreaterThan(500)
  expect(messages.size).toBeGreaterThan(100)
  expect([...messages].filter((message) => flawed.test(message))).toEqual([])
})

it('explains every row without a flaw in any line', async () => {
  for (const { id, ops, rule } of conventions) {
    const numbers = 'total' in rule && rule.total === 'given' ? ' p1' : ''
    for (const op of ops) {
      const { stdout, stderr } = await typed(`explain ${id} ${op} k3 s2${numbers} --input 7`)
      expect(stdout + stderr, `${id} ${op}`).not.toMatch(/undefined|NaN|\[object/)
    }
  }
})
