import { expect } from 'vitest'
import { SamepadError } from '../../src/geometry.ts'
import { readModel } from '../../src/models.ts'
import { type TilePlan, tiles } from '../../src/tiles.ts'
import fc from '../fast-check.ts'
import { graphBytes, type RandomCase, randomCases } from './random-graph.ts'
import { comparePieces, type Engine, picture, type Value } from './run-pieces.ts'

/** A network that an engine has opened. */
export interface Opened {
  readonly run: Engine
  readonly release: () => unknown
}

/** Opens a network for a picture; or says why the engine does not run it. */
export type Open = (bytes: Uint8Array, whole: Value) => Promise<Opened | string>

/** The law of tiles on so many random networks: pieces give what the whole gives, bit for bit on integers. */
export async function checkLaw(count: number, seed: number, open: Open): Promise<void> {
  const told = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(randomCases, async (one) => {
      const said = await outcome(one, open)
      told.set(said, (told.get(said) ?? 0) + 1)
    }),
    { numRuns: count, seed },
  )
  for (const [said, times] of [...told].sort((a, b) => b[1] - a[1])) console.log(`${times}  ${said}`)
  expect(told.get('equal')).toBeGreaterThan(count / 5)
}

/** What came of one network on a picture, cut into pieces. */
async function outcome({ graph, size, tile }: RandomCase, open: Open): Promise<string> {
  const bytes = graphBytes(graph)
  const shape = [1, 2, ...size]
  let plan: TilePlan
  try {
    plan = tiles(await readModel(bytes), { inputs: { v0: shape }, tile })
  } catch (error) {
    if (!(error instanceof SamepadError)) throw error
    return error.message.replaceAll(/got .*|'v\d+'|[\d-]+/g, '').slice(0, 90)
  }
  const whole = picture(shape)
  const opened = await open(bytes, whole)
  if (typeof opened === 'string') return opened
  try {
    const wrong = await comparePieces(opened.run, plan, whole)
    if (!wrong) return 'numbers too large'
    expect(wrong.slice(0, 2)).toEqual([])
    return plan.pieces > 1 ? 'equal' : 'one piece'
  } finally {
    await opened.release()
  }
}
