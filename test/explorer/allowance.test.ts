import { expect, it } from 'vitest'
import { allowance } from '../../explorer/state/allowance.ts'
import fc from '../fast-check.ts'

it('a page never changes its address more often than browsers let it', () => {
  const pauses = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 200, maxLength: 600 })
  fc.assert(
    fc.property(pauses, (pauses) => {
      const wait = allowance(60, 1)
      const done: number[] = []
      let now = 0
      for (const pause of pauses) {
        now += pause
        const time = wait(now)
        if (time === 0) done.push(now)
        else expect(time).toBeLessThanOrEqual(1000)
      }
      expect(done.slice(0, 60).length).toBe(60) // as often as wanted at first
      for (const from of done) expect(done.filter((at) => at >= from && at < from + 30_000).length).toBeLessThan(100)
    }),
    { numRuns: 30 },
  )
})

it('who waits as long as told may', () => {
  const wait = allowance(1, 2)
  expect(wait(0)).toBe(0)
  const pause = wait(10)
  expect(pause).toBe(490)
  expect(wait(10 + pause)).toBe(0)
})
