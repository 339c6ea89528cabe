import { describe, expect, it } from 'vitest'
import { readPattern } from '../../src/cli/pattern.ts'
import fc from '../fast-check.ts'

describe('patterns', () => {
  it.each<[pattern: string, matching: readonly string[], others: readonly string[]]>([
    ['*.onnx', ['a.onnx', '.onnx', 'a.b.onnx'], ['a/b.onnx', 'a.onnx.gz', 'a_onnx']],
    ['**/*.onnx', ['a.onnx', 'a/b.onnx', 'a/b/c.onnx'], ['a.txt']],
    ['**', ['a', 'a/b', ''], []],
    ['a**z', ['az', 'a/b/z'], ['a']],
    ['a/**/z', ['a/z', 'a/b/z', 'a/b/c/z'], ['az', 'a/bz']],
    ['?.x', ['a.x', 'é.x', '\u{1f600}.x'], ['ab.x', '/.x', '.x']],
    ['{a,b}.x', ['a.x', 'b.x'], ['c.x', '{a,b}.x', 'a,b.x']],
    ['{a*,b/{c,d?}}.x', ['abc.x', 'b/c.x', 'b/de.x'], ['b/d.x', 'bc.x']],
    ['{,a}b', ['b', 'ab'], ['aab']],
    ['{a', ['{a'], ['a']],
    ['a}', ['a}'], ['a']],
    ['[a].(b)+$', ['[a].(b)+$'], ['a.b']],
    ['{}x', ['x'], ['{}x']],
  ])('%s', (pattern, matching, others) => {
    const { matches } = readPattern(pattern)
    for (const path of matching) expect([path, matches(path)]).toEqual([path, true])
    for (const path of others) expect([path, matches(path)]).toEqual([path, false])
  })

  it('match what their regular expressions match', () => {
    const piece = fc.constantFrom('*', '**', '**/', '?', 'a', 'b', '/', '.')
    const paths = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '/', '.'), maxLength: 8 }), { minLength: 5 })
    const sources: Readonly<Record<string, string>> = {
      '*': '[^/]*',
      '**': '.*',
      '**/': '(?:.*/)?',
      '?': '[^/]',
      '.': '\\.',
    }
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), paths, (pieces, list) => {
        // `*` beside `*` is written as `**`.
        fc.pre(!pieces.some((one, at) => one.startsWith('*') && pieces[at - 1]?.endsWith('*')))
        fc.pre(!pieces.some((one, at) => one === '/' && pieces[at - 1] === '**'))
        const expected = new RegExp(`^${pieces.map((one) => sources[one] ?? one).join('')}$`)
        const { matches } = readPattern(pieces.join(''))
        return list.every((path) => matches(path) === expected.test(path))
      }),
    )
  })

  it('never backtrack: many stars take time in proportion to their number', () => {
    const begin = process.cpuUsage()
    const { matches } = readPattern(`${'a*'.repeat(500)}b`)
    expect(matches('a'.repeat(2000))).toBe(false)
    expect(readPattern(`${'{a,a*}'.repeat(300)}b`).matches('a'.repeat(2000))).toBe(false)
    expect(process.cpuUsage(begin).user / 1e6).toBeLessThan(10)
  })
})
