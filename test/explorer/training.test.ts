import { describe, expect, it } from 'vitest'
import { layers } from '../../examples/training/network.ts'
import { classes } from '../../examples/training/pictures.ts'
import { curveOf, meanOf, STEPS } from '../../explorer/views/training/curve.ts'
import { Learner, textsOf } from '../../explorer/views/training/learner.ts'
import { exampleInWords, progressInWords } from '../../explorer/views/training/words.ts'

describe('a network that learns', () => {
  it('is the same for the same seed, and tells more pictures right than chance does', () => {
    const [one, two, other] = [new Learner(7, 32), new Learner(7, 32), new Learner(8, 32)]
    const before = one.look(false)
    for (let step = 0; step < 150; step++) one.learn()
    for (let step = 0; step < 5; step++) {
      two.learn()
      other.learn()
    }
    const after = one.look(true)
    expect(two.look(false).losses).toEqual(after.losses.slice(0, 5))
    expect(other.look(false).losses).not.toEqual(after.losses.slice(0, 5))
    expect(before.right).toBeLessThan(0.5)
    expect(after.right).toBeGreaterThan(0.6)
    expect(meanOf(after.losses)).toBeLessThan(meanOf(after.losses, 12) / 1.5)
    expect(after.examples.map(({ picture }) => picture)).toEqual(before.examples.map(({ picture }) => picture))
    expect(after.kernels.values).not.toEqual(before.kernels.values)
    expect(after).toMatchObject({ isRunning: true, isDone: false, kernels: { side: 5 } })
    for (const { label, guess, probability } of after.examples) {
      expect(classes).toContain(label)
      expect(classes).toContain(guess)
      expect(probability).toBeGreaterThanOrEqual(0.25)
      expect(probability).toBeLessThanOrEqual(1)
    }
  })

  it('has layers that follow on each other, padded as SAME', () => {
    const texts = textsOf(layers)
    expect(texts.map(({ window, input, pads, output }) => [window, input, pads, output])).toEqual([
      ['Conv 5x5 stride 2', '1 x 24 x 24', '1, 2', '8 x 12 x 12'],
      ['Conv 3x3 dilation 2', '8 x 12 x 12', '2, 2', '16 x 12 x 12'],
      ['Conv 3x3 stride 2', '16 x 12 x 12', '0, 1', '24 x 6 x 6'],
      ['AveragePool 6x6 stride 6', '24 x 6 x 6', '0, 0', '24 x 1 x 1'],
      ['Conv 1x1', '24 x 1 x 1', '0, 0', '4 x 1 x 1'],
    ])
    expect(texts[0].learned).toBe(8 * 25 + 8)
  })
})

describe('the curve', () => {
  it('has a point for each step, and its end where the mean is', () => {
    const losses = [1.4, 1.2, 1, 0.5]
    const { each, mean, rows, columns, end } = curveOf(losses, 600, 150)
    const points = (line: string) =>
      line
        .split(/[ML]/)
        .slice(1)
        .map((point) => point.split(' ').map(Number))
    expect(points(each)).toEqual([
      [1, 10],
      [2, 30],
      [3, 50],
      [4, 100],
    ])
    expect(points(mean).at(-1)).toEqual([4, expect.closeTo(150 - 102.5, 1)])
    expect(end).toEqual([4, expect.closeTo(150 - 102.5)])
    expect(rows.map(({ text, at }) => [text, at])).toEqual([
      ['0', 150],
      ['0.5', 100],
      ['1', 50],
      ['1.5', 0],
    ])
    expect(columns.map(({ text }) => text)).toEqual(['0', '100', '200', '300', '400', '500', '600'])
    expect(curveOf([], 600, 150)).toMatchObject({ each: '', mean: '', end: undefined })
  })

  it('is as high as the largest loss', () => {
    const { rows } = curveOf([7.5, 1], 600, 150)
    expect(rows.map(({ text }) => text)).toEqual(['0', '2', '4', '6'])
    expect(Math.min(...rows.map(({ at }) => at))).toBeGreaterThanOrEqual(0)
  })
})

it('how far it is is said in words', () => {
  const progress = { ...new Learner(1, 2).look(false), right: 0.255 }
  expect(progressInWords(progress)).toMatch(/^It has learned nothing yet: 25\.5 % of 200 new pictures/)
  const some = { ...progress, losses: [1.5, 1], perStep: 2.34 }
  expect(progressInWords(some)).toBe(
    'After 2 steps: the loss began at 1.500 and is 1.250; 25.5 % of 200 new pictures are recognized, 2.3 ms a step.',
  )
  expect(progressInWords({ ...some, isDone: true })).toContain(`All ${STEPS} steps are done: `)
  const example = { picture: new Float32Array(), label: 'cross', guess: 'circle', probability: 0.514 }
  expect(exampleInWords(example)).toBe('A cross, taken for a circle, 51 % sure')
})
