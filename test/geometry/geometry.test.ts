import { expect, it } from 'vitest'
import { type Axis, Geometry, resolve } from '../../src/geometry/index.ts'

it('is frozen, and leaves the axes that it is made of as they are', () => {
  const axis: Axis = { ...resolve({ input: 5, kernel: 3 }).axes[0] }
  const axes = [axis]
  const geometry = new Geometry('conv', axes)
  expect([geometry, geometry.axes, geometry.axes[0]].every(Object.isFrozen)).toBe(true)
  expect([axes, axis].some(Object.isFrozen)).toBe(false)
})

it('has no minus zero', () => {
  const [axis] = resolve({ input: 5, kernel: 3, padding: [[-0, -0]] }).axes
  expect([axis.padBegin, axis.padEnd].map((side) => Object.is(side, 0))).toEqual([true, true])
})

it('a list in any option sets the number of axes', () => {
  const rank = (options: object): number => resolve({ input: 9, kernel: 3, ...options }).axes.length
  expect(rank({})).toBe(1)
  for (const name of ['input', 'kernel', 'strides', 'dilations']) expect(rank({ [name]: [3, 3] })).toBe(2)
  for (const padding of [
    ['same', 'valid'],
    [[3, 3], 3],
    ['same', 1],
  ])
    expect(rank({ padding })).toBe(2)
  expect(rank({ padding: [3, 3, 3] })).toBe(3)
  expect(rank({ op: 'convTranspose', outputPadding: [0, 0, 0] })).toBe(3)
  expect(rank({ op: 'convTranspose', outputShape: [11, 11, 11] })).toBe(3)
  expect(rank({ padding: new Array(16).fill([0, 1]) })).toBe(16)
})

it('two numbers of padding beside plain numbers have two readings, which are named', () => {
  expect(() => resolve({ input: 9, kernel: 3, padding: [0, 1] })).toThrow(
    'resolve: padding must be [[0, 1]] for begin and end of one axis, or input a list for two axes, got [0, 1]',
  )
  expect(() => resolve({ op: 'maxPool', input: 9, kernel: 3, padding: [1, 1] })).toThrow('must be [[1, 1]]')
  const pads = (options: object): number[][] =>
    resolve({ input: 9, kernel: 3, ...options }).axes.map(({ padBegin, padEnd }) => [padBegin, padEnd])
  expect(pads({ padding: [[0, 1]] })).toEqual([[0, 1]])
  for (const option of [{ input: [9, 9] }, { kernel: [3, 3] }, { strides: [1, 2] }, { dilations: [1, 1] }]) {
    const two = { padding: [0, 1], ...option }
    expect(pads(two)).toEqual([
      [0, 0],
      [1, 1],
    ])
  }
})
