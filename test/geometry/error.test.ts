import { expect, it } from 'vitest'
import { SamepadError, Verbatim } from '../../src/geometry/error.ts'

const got = (value: unknown): string => new SamepadError('stage', 'it must hold', value).message.split(', got ')[1]

const cyclic: unknown[] = [1]
cyclic.push(cyclic)

/** A list of two, both the same list of two, and so on: 2^100 numbers for one who walks through it. */
const shared = Array.from({ length: 100 }).reduce((inner) => [inner, inner], 1)

/** A list so deep that a recursion over it overflows the stack. */
const deep = Array.from({ length: 1e5 }).reduce((inner) => [inner], 1)

it.each<[string, unknown, string]>([
  ['a text', 'same', "'same'"],
  ['a number', -0.5, '-0.5'],
  ['a big integer', 5n, '5n'],
  ['a symbol', Symbol('same'), 'Symbol(same)'],
  ['a function', () => 1, 'a function'],
  ['nothing', undefined, 'undefined'],
  ['lists to the second level', [1, [2, [3, [4]]]], '[1, [2, [...]]]'],
  ['a list within itself', cyclic, '[1, [1, [...]]]'],
  ['a deep list', deep, '[[[...]]]'],
  ['lists in many places', shared, '[[[...], [...]], [[...], [...]]]'],
  ['holes', new Array(2), '[undefined, undefined]'],
  ['an object', { a: 1, b: 2 }, 'an object with keys a, b'],
  ['an empty object', Object.create(null), 'an object with no keys'],
  ['a Map', new Map(), 'a Map'],
  ['a typed array', new Int32Array(3), 'an Int32Array of 3 elements'],
  ['another typed array', new Uint8Array(3), 'a Uint8Array of 3 elements'],
  ['bytes', new ArrayBuffer(3), 'an ArrayBuffer'],
  ['a finding', new Verbatim('5 + 1 = 6'), '5 + 1 = 6'],
])('prints %s', (_, value, text) => {
  expect(got(value)).toBe(text)
})

it('prints at most 80 characters of any value', () => {
  const long = 'x'.repeat(1e6)
  const keys = Object.fromEntries(Array.from({ length: 1e4 }, (_, index) => [`key${index}`, 1]))
  for (const value of [
    long,
    [long, long],
    new Array(2 ** 32 - 1),
    new Array(1e6).fill([1, 2, 3]),
    keys,
    { [long]: 1 },
  ]) {
    expect(got(value)).toHaveLength(80)
    expect(got(value)).toMatch(/\.\.\.$/)
  }
})

it('is one line whatever it says', () => {
  const { message } = new SamepadError('stage', 'the entry of a\r\nb must hold', ['c\nd\u2028\u0000'])
  expect(message).toBe("stage: the entry of a\\u{d}\\u{a}b must hold, got ['c\\u{a}d\\u{2028}\\u{0}']")
})
