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

it('600 spoilt models of every operator are refused or run, and none hangs, grows or crashes', async () => {
  const questions = new URL('./try-network.ts', import.meta.url)
  const { ran, refused, failures } = await runMutants({ from: FROM, to: FROM + 600, withTestdata: false, questions })
  expect(failures).toEqual([])
  expect(ran).toBe(600)
  expect(refused).toBeGreaterThan(60)
  expect(refused).toBeLessThan(540)
}, 300_000)

it('whatever hangs, grows, crashes or writes is ended and named, and the next ones are tried', async () => {
  const questions = new URL('./broken-questions.ts', import.meta.url)
  const { ran, failures } = await runMutants({ from: 1, to: 9, withTestdata: false, questions })
  expect(failures.map(({ number, what }) => [number, what])).toEqual([
    [2, expect.stringMatching(/^hangs: \d+ ms/)],
    [3, expect.stringMatching(/memory limit|^grows/)],
    [4, expect.stringMatching(/^grows: \d+ bytes/)],
    [5, 'TypeError: a fault'],
    [6, expect.stringMatching(/writeFileSync/)],
    [7, 'said so'],
  ])
  expect(ran).toBe(8)
}, 300_000)
