import { expect, it } from 'vitest'
import { adjoint, padded, resolve } from '../../src/geometry/index.ts'
import { stepsOf, threeWindows } from '../../src/reference/loops.ts'

it('looks along the last axes, a missing one being a single cell', () => {
  const [d, h, w] = threeWindows(resolve({ input: [3, 5], kernel: [2, 3], padding: 'same' }))
  expect([d, h, w].map(({ count, kernel }) => [count, kernel])).toEqual([
    [1, 1],
    [3, 2],
    [5, 3],
  ])
  expect([...w.cell]).toEqual([0, 0, 1, 2, 3])
  expect([...w.begin]).toEqual([1, 0, 0, 0, 0])
  expect([...w.end]).toEqual([3, 3, 3, 3, 2])
})

it('sees an axis otherwise', () => {
  const geometry = resolve({ input: 5, kernel: 3, padding: 'same' })
  expect([...threeWindows(geometry, padded)[2].end]).toEqual([3, 3, 3, 3, 3])
  const transposed = resolve({ op: 'convTranspose', input: 2, kernel: 3, strides: 2 })
  expect([...threeWindows(transposed, adjoint)[2].cell]).toEqual([0, 2])
})

it('holds taps beyond 2^31', () => {
  const kernel = 2 ** 40
  const [, , { begin, end, cell }] = threeWindows(
    resolve({ op: 'maxPool', input: 3, kernel, strides: 1, padding: 'same' }),
  )
  const middle = 2 ** 39
  expect([...begin]).toEqual([middle - 1, middle - 2, middle - 3])
  expect([...end]).toEqual([middle + 2, middle + 1, middle])
  expect([...cell]).toEqual([0, 0, 0])
})

it('steps through either layout', () => {
  const dimensions = { batch: 2, channels: 3, spatial: [4, 5] }
  expect(stepsOf(dimensions, 'nchw')).toEqual({ batch: 60, channel: 20, axes: [20, 5, 1] })
  expect(stepsOf(dimensions, 'nhwc')).toEqual({ batch: 60, channel: 1, axes: [60, 15, 3] })
})
