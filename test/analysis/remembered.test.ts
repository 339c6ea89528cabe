import { expect, it } from 'vitest'
import { type Hold, Remembered } from '../../src/analysis/remembered.ts'
import fc from '../fast-check.ts'

it('works an answer out once, also where it is undefined', () => {
  let asked = 0
  const answers = new Remembered<number | undefined>()
  const ask = (): number | undefined => answers.get('x', () => void asked++)
  expect([ask(), ask(), asked]).toEqual([undefined, undefined, 1])
})

it('forgets where answers are many, long questions or large answers count for more', () => {
  const fitting = (asked: number, question: (index: number) => string, bytes?: number): number => {
    const answers = new Remembered<number>({ weigh: bytes === undefined ? undefined : () => bytes })
    for (let index = 0; index < asked; index++) answers.get(question(index), () => index)
    return [...answers.answers()].length
  }
  const few = fitting(30_000, (index) => `${index}`)
  const large = fitting(200, (index) => `${index}`, 131_072)
  const long = fitting(200, (index) => `${index}`.padEnd(65_536))
  expect(few).toBeGreaterThan(10_000)
  expect(few).toBeLessThan(20_000)
  expect([large, long]).toEqual([63, 63])
})

it('keeps what is held, of the rest what was asked last, and tells what made room', () => {
  const step = fc.record({ question: fc.constantFrom(...'abcdefgh'), what: fc.constantFrom('get', 'hold', 'release') })
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 60 }), fc.array(step, { maxLength: 80 }), (most, steps) => {
      const dropped: number[] = []
      // A letter takes two bytes, and its answer as many as its place in the alphabet.
      const bytesOf = (question: string): number => 2 + question.charCodeAt(0) - 96
      const answers = new Remembered<number>({
        weigh: (answer) => bytesOf(steps[answer].question) - 2,
        most,
        dropped: (answer) => dropped.push(answer),
      })
      const held: Hold<number>[] = []
      let model: { question: string; answer: number; holders: number }[] = [] // the one used longest ago first
      const expected: number[] = []
      steps.forEach(({ question, what }, time) => {
        const released = held.findIndex((one) => one.question === question)
        if (what === 'release' && released < 0) return
        const known = model.find((entry) => entry.question === question)
        const entry = known ?? { question, answer: time, holders: 0 }
        if (what === 'get') expect(answers.get(question, () => time)).toBe(entry.answer)
        if (what === 'hold') {
          held.push(answers.hold(question, () => time))
          expect(held.at(-1)?.answer).toBe(entry.answer)
          entry.holders++
        }
        if (what === 'release') {
          answers.release(held.splice(released, 1)[0])
          entry.holders--
        }
        model = [...model.filter((other) => other !== known), entry]
        if (entry.holders > 0) return
        const idle = (): typeof model => model.filter(({ holders }) => holders === 0)
        const bytes = (): number => idle().reduce((sum, { question }) => sum + bytesOf(question), 0)
        while (bytes() > most && idle().length > 1) {
          const [oldest] = idle()
          expected.push(oldest.answer)
          model = model.filter((other) => other !== oldest)
        }
      })
      expect(dropped).toEqual(expected)
      expect([...answers.answers()].sort()).toEqual(model.map(({ answer }) => answer).sort())
    }),
    { numRuns: 500 },
  )
})

it('what was held before everything was forgotten is of nobody else', () => {
  const dropped: string[] = []
  const answers = new Remembered<string>({ most: 0, dropped: (answer) => dropped.push(answer) })
  const old = answers.hold('a', () => 'old')
  answers.clear()
  expect(old.answer).toBeUndefined()
  const young = answers.hold('a', () => 'young')
  answers.release(old)
  answers.get('b', () => 'b')
  answers.get('c', () => 'c')
  expect([dropped, answers.get('a', () => 'new')]).toEqual([['b'], 'young'])
  answers.forget(old)
  expect(answers.get('a', () => 'new')).toBe('young')
  answers.forget(young)
  expect(young.answer).toBeUndefined()
  answers.release(young)
  expect(answers.get('a', () => 'new')).toBe('new')
  expect(dropped).toEqual(['b', 'c'])
})
