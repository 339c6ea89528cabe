import fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'
import { SamepadError } from '../../src/geometry.ts'
import { loadNetwork } from '../../src/graph.ts'
import { readModel } from '../../src/models.ts'
import { type TilePlan, tiles } from '../../src/tiles.ts'
import { graphBytes, type RandomGraph, randomCases } from './random-graph.ts'
import { comparePieces, type Engine, picture } from './run-pieces.ts'

// The law of tiles with samepad's own engine: what the pieces of a picture give is what the whole gives, bit for bit on
// integers. Layers are summed directly (`deterministic`), since Winograd rounds.
//
//   SAMEPAD_TILES=3000 SAMEPAD_SEED=7 npx vitest run test/tiles/law.test.ts

const COUNT = Number(process.env.SAMEPAD_TILES ?? 200)
const SEED = Number(process.env.SAMEPAD_SEED ?? 1)

const told = new Map<string, number>()
afterAll(() =>
  console.log(
    [...told]
      .sort((a, b) => b[1] - a[1])
      .map(([said, count]) => `${count}  ${said}`)
      .join('\n'),
  ),
)

/** What came of one network on a picture, cut into pieces. */
async function outcome(graph: RandomGraph, size: readonly number[], tile: number): Promise<string> {
  const bytes = graphBytes(graph)
  const shape = [1, 2, ...size]
  let plan: TilePlan
  try {
    plan = tiles(await readModel(bytes), { inputs: { v0: shape }, tile })
  } catch (error) {
    if (!(error instanceof SamepadError)) throw error
    return error.message.replaceAll(/got .*|'v\d+'|[\d-]+/g, '').slice(0, 90)
  }
  const network = await loadNetwork(bytes, { deterministic: true })
  const run: Engine = ({ dims, data }) =>
    Object.fromEntries(
      Object.entries(network.run({ v0: { data, shape: dims } })).map(([name, value]) => [
        name,
        { dims: value.shape, data: value.data },
      ]),
    )
  try {
    const wrong = await comparePieces(run, plan, picture(shape))
    if (!wrong) return 'numbers too large'
    expect(wrong.slice(0, 2)).toEqual([])
    return plan.pieces > 1 ? 'equal' : 'one piece'
  } finally {
    network.release()
  }
}

it(`pieces give what the whole gives, on ${COUNT} networks`, { timeout: 3_600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(randomCases, async ({ graph, size, tile }) => {
      const said = await outcome(graph, size, tile)
      told.set(said, (told.get(said) ?? 0) + 1)
    }),
    { numRuns: COUNT, seed: SEED },
  )
  expect(told.get('equal')).toBeGreaterThan(COUNT / 5)
})
