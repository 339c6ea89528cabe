import { describe, expect, it } from 'vitest'
import { resolve, taps } from '../../src/index.ts'
import { evenPortions, greedyPortions, rowTiles, tapsOf } from '../../src/plan/row-tiles.ts'
import { along, breaking, grid } from '../laws/grid.ts'

const cuts = [1, 4, 6].flatMap((pixels) => [evenPortions, greedyPortions].map((cut) => [cut, pixels] as const))

describe('a row cut into tiles', () => {
  it.each(['same-upper', 'same-lower', 'full', 'causal'] as const)(
    'has every output once, and every real tap of it and no other, padding %s',
    (padding) => {
      const windows = grid.filter(({ dilation }) => dilation <= 2)
      const law = (window: (typeof grid)[number]): boolean => {
        const [axis] = resolve({ ...along(window), padding }).axes
        return cuts.every(([cut, pixels]) => {
          const seen: string[] = []
          for (const { first, tiles, pixels: count, reading } of rowTiles(axis, cut(axis.output, pixels))) {
            for (let tile = 0; tile < tiles; tile++) {
              for (let pixel = 0; pixel < count; pixel++) {
                const real = [...reading.keys()].filter(
                  (tap) => reading[tap].begin <= pixel && pixel < reading[tap].end,
                )
                seen.push(`${first + tile * count + pixel}: ${real}`)
              }
            }
          }
          const wanted = Array.from({ length: axis.output }, (_, output) => {
            const { begin, end } = taps(axis, output)
            return `${output}: ${Array.from({ length: end - begin }, (_, index) => begin + index)}`
          })
          return seen.join() === wanted.join()
        })
      }
      expect(breaking(windows, law)).toEqual([])
    },
  )
})

it('the real taps of some outputs are counted, not gone through', () => {
  const law = (window: (typeof grid)[number]): boolean =>
    (['same-upper', 'full', 'causal'] as const).every((padding) => {
      const [axis] = resolve({ ...along(window), padding }).axes
      return [0, 1, 2].every((cut) => {
        const [first, last] = [Math.min(cut, axis.output), Math.max(0, axis.output - cut)]
        let sum = 0
        for (let output = first; output < last; output++) sum += taps(axis, output).end - taps(axis, output).begin
        return tapsOf(axis, first, last) === sum
      })
    })
  expect(breaking(grid, law)).toEqual([])
})
