import { describe, expect, it } from 'vitest'
import { adjoint, resolve, taps } from '../../src/geometry/index.ts'
import { type DensePlan, planDense } from '../../src/plan/dense.ts'
import { runFields } from '../../src/plan/row-tiles.ts'
import { slidesOf } from '../../src/plan/slides.ts'
import { outputOf } from '../../src/reference/problem.ts'
import { layers, lengthOf } from '../emit/layers.ts'
import fc from '../fast-check.ts'
import { along, breaking, grid } from '../laws/grid.ts'
import { readTables, sums, times } from './read-tables.ts'

describe('the slides of a transposed axis', () => {
  it.each(['same-upper', 'same-lower', 'valid'] as const)(
    'bring every sample to the outputs that its taps reach and to no other, padding %s',
    (padding) => {
      const law = (window: (typeof grid)[number]): boolean => {
        const [axis] = resolve({ ...along(window), op: 'convTranspose', padding }).axes
        const reached: string[] = []
        for (const { first, step, taps: kernel, axis: slide } of slidesOf(axis, true)) {
          for (let output = 0; output < slide.output; output++) {
            const { begin, end } = taps(slide, output)
            for (let tap = begin; tap < end; tap++) {
              const sample = output * slide.stride - slide.padBegin + tap * slide.dilation
              reached.push(`${sample} -> ${first + output * step} by ${kernel[tap]}`)
            }
          }
        }
        const wanted: string[] = []
        for (let sample = 0; sample < axis.input; sample++) {
          const { begin, end } = taps(adjoint(axis), sample)
          for (let tap = begin; tap < end; tap++) {
            wanted.push(`${sample} -> ${sample * axis.stride - axis.padBegin + tap * axis.dilation} by ${tap}`)
          }
        }
        return reached.sort().join() === wanted.sort().join()
      }
      expect(breaking(grid, law)).toEqual([])
    },
  )
})

/** Walks through a plan as its program does and gives where each float of the output is stored. */
function storesOf(plan: DensePlan): number[] {
  const { batch, groups, blocks, left, vectors, columns, lookups, to } = plan.structure
  const { number, entries } = readTables(plan)
  const row = columns.flatMap(({ kinds, runs, step }) =>
    entries(runs, kinds.length, runFields).flatMap(({ tiles, output }, kind) =>
      times(tiles * kinds[kind].pixels, step * number(to.axes[2])).map((place) => output + place),
    ),
  )
  return sums(
    ...[times(number(batch), number(to.batch)), times(groups, number(plan.structure.group.output))],
    times(number(blocks) * vectors * 4 + left, number(to.channel)),
    ...lookups.map(({ outputs, step }) => times(number(outputs), number(step.output))),
    row,
  )
}

it.each(['conv', 'convTranspose'] as const)('every output of a %s is stored exactly once', (op) => {
  const small = layers({ op, input: 6, stride: 4, outGroup: 9 })
  fc.assert(
    fc.property(small, fc.boolean(), (problem, relaxed) => {
      const plan = planDense(problem, { simd: true, relaxed, ordered: true }) as DensePlan
      const stores = storesOf(plan).sort((a, b) => a - b)
      expect(stores).toEqual(Array.from({ length: lengthOf(outputOf(problem)) }, (_, index) => 4 * index))
    }),
    { numRuns: 300 },
  )
})

it('has no plan where its code would be too long', () => {
  const problem = (kernel: number) =>
    ({
      geometry: resolve({ input: [9000], kernel, padding: 'same' }),
      batch: 1,
      inChannels: 4,
      outChannels: 8,
      groups: 1,
      layout: 'nchw',
    }) as const
  const plan = (kernel: number) => planDense(problem(kernel), { simd: true, relaxed: true, ordered: true })
  expect([plan(3)?.strategy, plan(4096)]).toEqual(['dense', undefined])
})

describe('the weights of a block are fetched before its tiles', () => {
  const few = { input: 512, output: 256, cells: [2, 2] }
  it.each([
    ['of few cells', few, true],
    ['of 3 cells, where they are read but once', { ...few, cells: [1, 3] }, false],
    ['that stay in a near cache', { ...few, output: 120 }, false],
    ['of blocks that do not', { ...few, input: 4100 }, false],
    ['with cells in the inner loop, which are larger', { ...few, cells: [32, 32] }, false],
  ])('%s', (_, { input, output, cells }, fetched) => {
    const geometry = resolve({ op: 'conv', input: cells, kernel: 1, strides: 1, padding: 0 })
    const channels = { inChannels: input, outChannels: output, groups: 1 }
    const problem = { geometry, batch: 1, ...channels, layout: 'nhwc' } as const
    const plan = planDense(problem, { simd: true, relaxed: true, ordered: true }) as DensePlan
    expect(readTables(plan).number(plan.structure.fetches) > 0).toBe(fetched)
  })
})
