import { expect, it } from 'vitest'
import { runMutants } from './run-mutants.ts'

/** The first number: others than those of the runs by hand, which begin at 1. */
const FROM = 1_000_000_000
const MANY = 2000

it('2,000 spoilt models are audited, every tenth mended and compared, and none hangs, grows, crashes or writes', async () => {
  const { ran, refused, failures } = await runMutants({ from: FROM, to: FROM + MANY, withTestdata: false })
  expect(failures).toEqual([])
  expect(ran).toBe(MANY)
  // Both kinds of answers are among them.
  expect(refused).toBeGreaterThan(MANY / 10)
  expect(refused).toBeLessThan((MANY * 9) / 10)
}, 300_000)
