import { expect, it } from 'vitest'
import { linesOf } from '../../src/bytes/lines.ts'
import fc from '../fast-check.ts'

it('tells the line of any place, asked for in any order', () => {
  const text = fc.array(fc.constantFrom(10, 13, 65), { maxLength: 2000 })
  fc.assert(
    fc.property(text, fc.array(fc.nat(2100), { minLength: 1, maxLength: 20 }), (bytes, places) => {
      const lineOf = linesOf(Uint8Array.from(bytes))
      for (const place of places) {
        const ends = bytes.slice(0, place).filter((byte) => byte === 10).length
        expect(lineOf(place)).toBe(1 + ends)
      }
    }),
    { seed: 11 },
  )
})

it('an end of line belongs to its own line', () => {
  const lineOf = linesOf(new TextEncoder().encode('a\nb\n'))
  expect([0, 1, 2, 3, 4].map(lineOf)).toEqual([1, 1, 2, 2, 3])
})
