import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { everyRule } from '../../../src/conventions/rows/index.ts'
import { Budget } from '../../../src/network/budget.ts'
import { walk } from '../../../src/network/walk.ts'
import { audit, diff, readModel, SamepadError } from './all.ts'
import { complexityShapes } from './complexity-shapes.ts'

/** Bytes of a file, and seconds of CPU that are many times what it takes. */
const [BYTES, MOST_SECONDS] = [60_000, 6]

/** What it says, and the CPU time in seconds that it takes: other processes on the machine do not count. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = process.cpuUsage()
  try {
    await work()
  } catch (error) {
    if (!(error instanceof SamepadError)) throw error
  }
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1e6
}

describe.each(Object.entries(complexityShapes))('%s', (_, make) => {
  it('is audited and held against itself in time', async () => {
    const bytes = make(BYTES)
    expect(await timed(() => audit(bytes))).toBeLessThan(MOST_SECONDS)
    expect(await timed(() => diff(bytes, bytes))).toBeLessThan(MOST_SECONDS)
  }, 60_000)
})

/** Small files that hung a reader once, or made it go through every cell of a size that they only name. */
const hostile = join(import.meta.dirname, '../../audit/cases/hostile')

it.each(readdirSync(hostile))(
  '%s is audited in time',
  async (name) => {
    expect(await timed(() => audit(join(hostile, name)))).toBeLessThan(MOST_SECONDS)
  },
  60_000,
)

describe('the budget', () => {
  it('lets calls of functions come to what the size of the file allows', () => {
    const budget = new Budget(1000)
    expect(() => budget.call(21_000, 7)).not.toThrow()
    expect(() => budget.call(1, 7)).toThrow(
      'model: calls of functions must come to at most 21000 nodes and values, got more (at byte 7)',
    )
    expect(() => new Budget(2 ** 30).call(400_001, 0)).toThrow('at most 400000 nodes')
  })

  it('is spent step by step', () => {
    const budget = new Budget(1000)
    expect(budget.spend(2_010_000)).toBe(true)
    expect(budget.spend(1)).toBe(false)
  })

  it('values are known while it lasts, and shapes behind it too', async () => {
    const model = await readModel(complexityShapes['a vector of 1024 numbers that is added to itself'](100_000))
    const scope = walk(model, {}, everyRule)
    // Each sum takes more than 4096 steps; there are enough of them to use up three million.
    const last = model.graph.nodes.length - 2
    expect(last).toBeGreaterThan(3_000)
    expect(scope.fact((100).toString(36))?.values).toEqual(new Array(1024).fill(0))
    expect(scope.fact(last.toString(36))).toMatchObject({ shape: [1024], values: undefined })
  })
})
