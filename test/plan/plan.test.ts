import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resolve, taps } from '../../src/index.ts'
import { type Plan, planConv } from '../../src/plan/plan.ts'
import { rowTiles } from '../../src/plan/row-tiles.ts'
import { along, breaking, grid } from '../laws/grid.ts'

describe('a row cut into tiles', () => {
  it.each(['same-upper', 'same-lower', 'full', 'causal'] as const)(
    'has every output once, and every real tap of it and no other, padding %s',
    (padding) => {
      const windows = grid.filter(({ dilation }) => dilation <= 2)
      const law = (window: (typeof grid)[number]): boolean => {
        const [axis] = resolve({ ...along(window), padding }).axes
        return [1, 4, 6].every((pixels) => {
          const seen: string[] = []
          for (const { first, tiles, pixels: count, reading } of rowTiles(axis, pixels)) {
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

/** Walks through a plan as its program does and counts how often each float of the output is stored. */
function storesOf({ batch, groups, outGroup, blocks, vectors, tiles, rows, to, memory }: Plan): Map<number, number> {
  const stores = new Map<number, number>()
  for (let image = 0; image < batch; image++) {
    for (let group = 0; group < groups; group++) {
      for (let channel = 0; channel < Math.min(outGroup, blocks * vectors * 4); channel++) {
        for (const depth of rows[0].keys()) {
          for (const height of rows[1].keys()) {
            for (const { first, tiles: count, pixels } of tiles) {
              for (let pixel = 0; pixel < count * pixels; pixel++) {
                const [d, h, w] = to.axes
                const place = image * to.batch + (group * outGroup + channel) * to.channel
                const at = memory.output + place + depth * d + height * h + (first + pixel) * w
                stores.set(at, (stores.get(at) ?? 0) + 1)
              }
            }
          }
        }
      }
    }
  }
  return stores
}

it('every output is stored exactly once, and nothing lies over anything else', () => {
  const size = fc.integer({ min: 1, max: 9 })
  fc.assert(
    fc.property(
      size,
      size,
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 4, max: 30 }),
      fc.constantFrom('nchw', 'nhwc'),
      (height, width, groups, outGroup, layout) => {
        const geometry = resolve({ input: [height, width], kernel: [2, 3], strides: [1, 2], padding: 'same' })
        const problem = {
          geometry,
          batch: 2,
          inChannels: 2 * groups,
          outChannels: outGroup * groups,
          groups,
          layout,
        } as const
        const plan = planConv(problem, { simd: true, relaxed: false }) as Plan
        const stores = storesOf(plan)
        const outputs = 2 * problem.outChannels * height * Math.ceil(width / 2)
        expect(stores.size).toBe(outputs)
        expect([...stores.values()].every((count) => count === 1)).toBe(true)
        expect(Math.min(...stores.keys())).toBe(plan.memory.output)
        expect(Math.max(...stores.keys())).toBe(plan.memory.output + 4 * (outputs - 1))
        const { rows, weights, bias, input, output, end } = plan.memory
        expect([...[rows, weights, bias, input, output, end]].sort((a, b) => a - b)).toEqual([
          rows,
          weights,
          bias,
          input,
          output,
          end,
        ])
      },
    ),
  )
})

it('has no plan where a program would not fit: few output channels in a group, a wide kernel, more than 2 GiB', () => {
  const plan = (outChannels: number, kernel: number, input = 64) =>
    planConv(
      {
        geometry: resolve({ input: [input, input], kernel, padding: 'same' }),
        batch: 1,
        inChannels: 4,
        outChannels,
        groups: 1,
        layout: 'nchw',
      },
      { simd: true, relaxed: true },
    )
  expect([plan(4, 3)?.strategy, plan(3, 3), plan(4, 33), plan(4, 3, 10_000)]).toEqual([
    'dense',
    undefined,
    undefined,
    undefined,
  ])
})
