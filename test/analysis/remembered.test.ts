import { expect, it } from 'vitest'
import { Remembered } from '../../src/analysis/remembered.ts'

it('works an answer out once, also where it is undefined', () => {
  let asked = 0
  const answers = new Remembered<number | undefined>()
  const ask = (): number | undefined => answers.get('x', () => void asked++)
  expect([ask(), ask(), asked]).toEqual([undefined, undefined, 1])
})

it('forgets where answers are many, long questions or large answers count for more', () => {
  const fitting = (question: (index: number) => string, weight: number): number => {
    const answers = new Remembered<number>(() => weight)
    for (let index = 0; index < 100_000; index++) {
      answers.get(question(index), () => index)
      if (index > 0 && answers.get(question(0), () => -1) === -1) return index
    }
    return Number.POSITIVE_INFINITY
  }
  const few = fitting((index) => `${index}`, 16)
  const large = fitting((index) => `${index}`, 4096)
  const long = fitting((index) => `${index}`.padEnd(65_536), 16)
  expect(few).toBeGreaterThan(10_000)
  expect(few).toBeLessThan(20_000)
  expect([large, long]).toEqual([63, 63])
})
