import { expect, it } from 'vitest'
import { conv, convTranspose, type Padding, resolve, type Tensor, type Window } from '../../src/index.ts'
import fc from '../fast-check.ts'
import { along, breaking, grid } from './grid.ts'

/** Small integers that follow no simple pattern, the same for the same seed. */
function integers(shape: readonly number[], seed: number): Tensor {
  const data = new Float32Array(shape.reduce((product, size) => product * size, 1))
  let state = seed
  for (let index = 0; index < data.length; index++) {
    state = (state * 1103515245 + 12345) % 2147483648
    data[index] = (state >> 16) % 5
  }
  return { data, shape }
}

const dot = (a: Tensor, b: Tensor): number => a.data.reduce((sum, value, index) => sum + value * b.data[index], 0)

/** `<conv x, y> = <x, convTranspose y>`, exactly, with the very same weights. */
function isAdjoint(input: number[], weights: number[], options: object, groups = 1, batch = 1): boolean {
  const w = integers(weights, 3)
  const x = integers([batch, weights[1] * groups, ...input], 1)
  const forward = conv(x, w, { ...options, groups })
  const y = integers(forward.shape, 2)
  const backward = convTranspose(y, w, { ...options, groups, outputShape: input })
  return backward.shape.join() === x.shape.join() && dot(forward, y) === dot(x, backward)
}

it.each(['same-upper', 'same-lower', 'keep', 'full', 'causal'] as Padding[])(
  'convTranspose is the adjoint of conv, padding %s, exhaustively on one axis',
  (padding) => {
    const law = (window: Window): boolean => {
      const { input, kernel, ...moves } = along(window)
      return isAdjoint([input], [2, 1, kernel], { ...moves, padding })
    }
    expect(breaking(grid, law)).toEqual([])
  },
)

it('convTranspose is the adjoint of conv on one to three axes, with batch, groups, stride and dilation', () => {
  const axis = fc.record({
    input: fc.integer({ min: 1, max: 7 }),
    kernel: fc.integer({ min: 1, max: 4 }),
    stride: fc.integer({ min: 1, max: 4 }),
    dilation: fc.integer({ min: 1, max: 3 }),
    padding: fc.constantFrom('same-upper', 'same-lower', 'causal', 'full', 'keep'),
  })
  const channels = fc.integer({ min: 1, max: 3 })
  fc.assert(
    fc.property(
      fc.array(axis, { minLength: 1, maxLength: 3 }),
      ...[channels, channels, channels, fc.integer({ min: 1, max: 2 })],
      (axes, inGroup, outGroup, groups, batch) => {
        const options = {
          strides: axes.map(({ stride }) => stride),
          dilations: axes.map(({ dilation }) => dilation),
          padding: axes.map(({ padding }) => padding) as Padding,
        }
        const kernel = axes.map((one) => one.kernel)
        const input = axes.map((one) => one.input)
        return isAdjoint(input, [outGroup * groups, inGroup, ...kernel], options, groups, batch)
      },
    ),
    { numRuns: 500 },
  )
})

it('an outputShape that the forward convolution would not lead back from is refused, every other one accepted', () => {
  for (const window of grid.filter(({ input }) => input <= 6)) {
    for (let output = 1; output <= window.input * window.stride + 2; output++) {
      const { input, ...moves } = along(window)
      const legal = Math.ceil(output / window.stride) === input
      const task = (): unknown =>
        resolve({ op: 'convTranspose', input, ...moves, padding: 'same', outputShape: output }).axes[0].output
      if (legal) expect(task()).toBe(output)
      else expect(task).toThrow('must lead back to the input')
    }
  }
})
