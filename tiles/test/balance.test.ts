import { readModel } from 'samepad/models'
import { expect, it } from 'vitest'
import { balancedTile, costOf } from '../src/plan/balance.ts'
import { tileWithin } from '../src/plan/memory.ts'
import { planRun, type RunPlan } from '../src/plan/run-plan.ts'
import { slowModel, smoothModel, weighedModel } from './fixtures.ts'

// How large pieces are, where nobody says it.

const planner = async (bytes: Uint8Array, height: number, width: number) => {
  const model = await readModel(bytes)
  return (tile: number): RunPlan =>
    planRun(model, { input: 'x', shape: [1, 3, height, width], tile: [tile, tile], halo: undefined })
}

it('the threads end together, and little is computed twice', async () => {
  const planOf = await planner(smoothModel(), 3000, 2000)
  for (const threads of [1, 2, 3, 7]) {
    const plan = planOf(balancedTile(planOf, 3000, planOf(3000), threads))
    expect(plan.tiles.pieces).toBeGreaterThanOrEqual(4 * threads)
    expect(plan.tiles.share).toBeLessThan(1.1)
    expect(costOf(plan, threads)).toBeLessThan((1.2 * 3000 * 2000) / threads)
  }
})

it('where a halo is as large as the picture, pieces stay large; so do many, and small ones', async () => {
  const wide = await planner(slowModel(30, 2), 300, 300) // a halo of 30 cells
  expect(balancedTile(wide, 300, wide(300), 1)).toBe(300)
  const many = await planner(smoothModel(), 3000, 2000)
  expect(balancedTile(many, 300, many(300), 1)).toBe(300)
  const small = await planner(smoothModel(), 200, 200)
  expect(balancedTile(small, 200, small(200), 2)).toBe(200)
})

it('the cost is that of the thread that ends last', async () => {
  const planOf = await planner(slowModel(1), 10, 40) // a halo of one cell
  const reads = planOf(12).tiles.axes[1].pieces.map(({ read }) => read[1] - read[0])
  expect(reads).toEqual([11, 12, 12, 11])
  // Two threads: 1.5 x 11 and 12 beside 1.5 x 12 and 11. One: 1.5 x 11 and the others.
  expect(costOf(planOf(12), 2)).toBe(10 * 29)
  expect(costOf(planOf(12), 1)).toBe(10 * 51.5)
})

it('a picture that must be taken whole and does not fit tells why', async () => {
  const planOf = await planner(weighedModel, 1000, 900)
  const use = { threads: 1, lanes: 2, model: 0, held: 0, chunk: 0, bytesRead: 1, bytesStored: 4, whole: 0 }
  expect(tileWithin(planOf, 1000, use, 1e9)).toBe(1000)
  expect(() => tileWithin(planOf, 1000, use, 2.5e8)).toThrow(
    /^plan: --memory must be enough for the whole picture at once, since no piece can be exact: .* \(pieces of at most 1000 cells would take \d+ MB\), got 250000000$/,
  )
})
