import { expect, it } from 'vitest'
import { curve } from '../../examples/training/curve.ts'
import { ShapeNetwork } from '../../examples/training/network.ts'
import { classes, drawPictures, random } from '../../examples/training/pictures.ts'

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, value) => sum + value, 0) / numbers.length

it('a network with SAME, stride and dilation learns', { timeout: 120_000 }, () => {
  const chance = random(7)
  const network = new ShapeNetwork(chance)
  const losses = Array.from({ length: 200 }, () => {
    const { x, labels } = drawPictures(32, chance)
    return network.learn(x, labels)
  })
  const [first, last] = [mean(losses.slice(0, 10)), mean(losses.slice(-20))]
  expect(first).toBeGreaterThan(1) // log 4 is 1.39: it knows nothing yet
  expect(last).toBeLessThan(0.7 * first) // 0.3 of it usually
  const { data, shape } = network.run(drawPictures(20, chance).x)
  expect(shape).toEqual([20, classes.length, 1, 1])
  for (let picture = 0; picture < 20; picture++) {
    const row = [...data.subarray(picture * classes.length, (picture + 1) * classes.length)]
    expect(mean(row) * classes.length).toBeCloseTo(1, 5)
  }
})

it('draws a curve from 0 up, as wide as it is told', () => {
  const lines = curve([4, 4, 2, 2, 0, 0], 3)
  expect(lines).toHaveLength(10)
  expect(lines[0]).toBe(' 4.00 ▕█  ')
  expect(lines[5]).toBe('      ▕██ ')
  expect(lines[9]).toBe('    0 ▕██ ')
})
