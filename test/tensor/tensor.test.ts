import { expect, it } from 'vitest'
import { SamepadError } from '../../src/index.ts'
import { allocate, fromLayout, inLayout, numbers } from '../../src/tensor/tensor.ts'

/** An array that finds no memory, as a typed array of too many elements. */
class Homeless {
  constructor(length: number) {
    throw new RangeError(`Array buffer allocation failed: ${length}`)
  }
}

it('says so when there is no memory, whatever it was for', () => {
  expect(() => numbers('conv', 'the table', Homeless, 7)).toThrow(SamepadError)
  expect(() => numbers('conv', 'the table', Homeless, 7)).toThrow(
    'conv: the table must fit into memory, got 7 elements',
  )
  expect(() => allocate('conv', 'output', [2 ** 20, 2 ** 30])).toThrow('conv: output must fit into memory')
  expect(() => allocate('conv', 'output', [2 ** 30, 2 ** 30])).toThrow('the product of output.shape must be at most')
})

it.each(['nchw', 'nhwc'] as const)('%s leads there and back', (layout) => {
  const dimensions = { batch: 'b', channels: 'c', spatial: ['d', 'h', 'w'] }
  expect(inLayout(dimensions, layout).join('')).toBe({ nchw: 'bcdhw', nhwc: 'bdhwc' }[layout])
  expect(fromLayout(inLayout(dimensions, layout), layout)).toEqual(dimensions)
})
