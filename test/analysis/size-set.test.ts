import { describe, expect, it } from 'vitest'
import { belongs, nearestIn, sizeSetOf } from '../../src/geometry.ts'
import fc from '../fast-check.ts'

const seenOf = (last: number, isIn: (size: number) => boolean): boolean[] =>
  Array.from({ length: last }, (_, index) => isIn(index + 1))

describe('sets of sizes', () => {
  it('have the smallest period and the smallest begin that say them', () => {
    const even = seenOf(12, (size) => size === 3 || (size % 2 === 0 && size > 2))
    expect(sizeSetOf(even, 4)).toEqual({ from: 4, period: 2, residues: [0], below: [3] })
    expect(
      sizeSetOf(
        seenOf(8, () => true),
        4,
      ),
    ).toEqual({ from: 1, period: 1, residues: [0], below: [] })
    expect(
      sizeSetOf(
        seenOf(8, (size) => size === 2),
        2,
      ),
    ).toEqual({ from: 3, period: 1, residues: [], below: [2] })
  })

  it('are not known where the last two periods are not alike', () => {
    expect(
      sizeSetOf(
        seenOf(8, (size) => size === 7),
        2,
      ),
    ).toBeUndefined()
    expect(
      sizeSetOf(
        seenOf(3, () => true),
        2,
      ),
    ).toBeUndefined()
    // Without a period the last two thirds have to repeat.
    expect(sizeSetOf(seenOf(9, (size) => size > 3))).toMatchObject({ period: 1, from: 4 })
    expect(sizeSetOf(seenOf(9, (size) => size > 5))).toBeUndefined()
  })

  it('are searched in no more than a period, however far the wanted size is', () => {
    const far = Number.MAX_SAFE_INTEGER - 9
    expect(nearestIn({ from: 3, period: 1, residues: [], below: [2] }, far)).toEqual({ below: 2, above: undefined })
    const { below = 0, above = 0 } = nearestIn({ from: 1, period: 8, residues: [0], below: [] }, far)
    expect([below % 8, above % 8, above - below]).toEqual([0, 0, 8])
    expect(sizeSetOf([true, true], 2 ** 40)).toBeUndefined()
  })

  it('say again what was seen, of any set that repeats', () => {
    const sets = fc.record({
      period: fc.integer({ min: 1, max: 9 }),
      pattern: fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }),
      before: fc.array(fc.boolean(), { maxLength: 12 }),
    })
    fc.assert(
      fc.property(sets, ({ period, pattern, before }) => {
        const isIn = (size: number) => before[size - 1] ?? pattern[size % period]
        const set = sizeSetOf(seenOf(before.length + 3 * period, isIn), period)
        if (!set) throw new Error('it repeats')
        for (let size = 1; size <= 60; size++) expect([size, belongs(set, size)]).toEqual([size, isIn(size)])
        const near = 17
        const all = Array.from({ length: 60 }, (_, index) => index + 1).filter(isIn)
        const below = all.filter((size) => size <= near).at(-1)
        expect(nearestIn(set, near)).toEqual({ below, above: all.find((size) => size >= near) })
      }),
      { numRuns: 300, seed: 1 },
    )
  })
})
