import { describe, expect, it } from 'vitest'
import { resolve } from '../../src/index.ts'
import { type Band, type Box, bandsOf } from '../../src/plan/bands.ts'
import { inputOf, outputOf, type Problem } from '../../src/reference/problem.ts'
import { inLayout } from '../../src/tensor/tensor.ts'
import { computed, layers, lengthOf, solved } from '../emit/layers.ts'
import fc from '../fast-check.ts'

const ops = ['conv', 'convTranspose', 'maxPool', 'averagePool'] as const

/** The places of a box's elements in a tensor, in order. */
function placesOf(shape: readonly number[], box: Box): number[] {
  return shape.reduce<number[]>(
    (places, size, dimension) => {
      const { begin, end } = box[dimension]
      return places.flatMap((place) => Array.from({ length: end - begin }, (_, index) => place * size + begin + index))
    },
    [0],
  )
}

const sizeOf = (box: Box): number => box.reduce((product, { begin, end }) => product * (end - begin), 1)
const bytesOf = ({ input, output }: Band): number => 4 * (sizeOf(input) + sizeOf(output))

describe.each(ops)('bands of %s', (op) => {
  const pools = op.endsWith('Pool')
  const any = layers({ op, input: 11, kernel: 4, groups: pools ? 5 : 2, inGroup: 3, outGroup: 5 }).filter(
    (problem) => lengthOf(outputOf(problem)) < 4000,
  )

  it('make every output once, from what the whole reads', () => {
    let cut = 0
    fc.assert(
      fc.property(any, fc.integer({ min: 4, max: 13 }), (problem, power) => {
        const { input, filter, expected } = solved(problem)
        const [from, to] = [inLayout(inputOf(problem), problem.layout), inLayout(outputOf(problem), problem.layout)]
        const output = new Float32Array(expected.length).fill(Number.NaN)
        const bands = bandsOf(problem, 2 ** power, 2 ** (power + 2))
        if (bands.length > 1) cut++
        for (const band of bands) {
          expect([lengthOf(inputOf(band.problem)), lengthOf(outputOf(band.problem))]).toEqual(
            [band.input, band.output].map(sizeOf),
          )
          const cells = Float32Array.from(placesOf(from, band.input), (place) => input[place])
          const results = computed(band.problem, cells, filter)
          placesOf(to, band.output).forEach((place, index) => {
            if (!Number.isNaN(output[place])) throw new Error(`output ${place} is made twice`)
            output[place] = results[index]
          })
        }
        expect(output).toEqual(expected)
      }),
      { numRuns: 200 },
    )
    expect(cut).toBeGreaterThan(50)
  })
})

const layer = (options: Parameters<typeof resolve>[0], sizes: Partial<Problem> = {}): Problem => ({
  ...{ geometry: resolve(options), batch: 1, inChannels: 3, outChannels: 8, groups: 1, layout: 'nchw' },
  ...sizes,
})

describe('a large problem', () => {
  const most = 2 ** 22

  it.each([
    ['rows', layer({ input: [8000, 8000], kernel: 3, padding: 'same' }), 3],
    ['images', layer({ input: [300, 300], kernel: 3, padding: 'same' }, { batch: 64 }), 1],
    ['rows of images', layer({ input: [4000, 4000], kernel: 3, padding: 'same' }, { batch: 3 }), 3],
    ['columns of rows', layer({ input: [3, 4_000_000], kernel: 3, padding: 'same' }), 9],
    ['cells', layer({ input: [50_000_000], kernel: 9, padding: 'same' }), 3],
    ['rows that a stride leads apart', layer({ op: 'convTranspose', input: [4000, 4000], kernel: 5, strides: 3 }), 3],
  ])('is cut into %s, most of them alike', (_, problem, kinds) => {
    for (const layout of ['nchw', 'nhwc'] as const) {
      const bands = bandsOf({ ...problem, layout }, most, 2 ** 28)
      expect(Math.max(...bands.map(bytesOf))).toBeLessThanOrEqual(most)
      const whole = 4 * (lengthOf(inputOf(problem)) + lengthOf(outputOf(problem)))
      expect(bands.length).toBeLessThan((2 * whole) / most)
      expect(new Set(bands.map((band) => JSON.stringify(band.problem))).size).toBeLessThanOrEqual(kinds)
    }
  })

  it.each([
    ['tall windows', layer({ input: [9000, 3000], kernel: [900, 1], padding: 'same' })],
    ['windows with far taps', layer({ input: [9000, 3000], kernel: [3, 3], dilations: [800, 1], padding: 'same' })],
    [
      'a transposed convolution with far taps',
      layer({ op: 'convTranspose', input: [3000, 3000], kernel: 3, strides: 2, dilations: [700, 1] }),
    ],
  ])('of %s reads at most about twice what there is', (_, problem) => {
    const bands = bandsOf(problem, most, 2 ** 28)
    const read = bands.reduce((sum, { input }) => sum + sizeOf(input), 0)
    expect(read / lengthOf(inputOf(problem))).toBeLessThan(2.4)
    expect(Math.max(...bands.map(bytesOf))).toBeLessThanOrEqual(2 ** 28)
  })
})
