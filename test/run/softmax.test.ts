import { expect, it } from 'vitest'
import { lastEngine, programTensor, SamepadError, softmax, type Tensor } from '../../src/index.ts'
import { counting, sizeOf } from './tensors.ts'

/** By its definition, in float64, without a care for overflow. */
function defined({ data, shape }: Tensor, axis: number): number[] {
  const inner = sizeOf(shape.slice(axis + 1))
  const sums = new Map<number, number>()
  const lineOf = (index: number): number => Math.floor(index / (inner * shape[axis])) * inner + (index % inner)
  data.forEach((value, index) => {
    sums.set(lineOf(index), (sums.get(lineOf(index)) ?? 0) + Math.exp(value))
  })
  return [...data].map((value, index) => Math.exp(value) / (sums.get(lineOf(index)) as number))
}

const waves = (shape: readonly number[]): Tensor => ({
  data: counting(...shape).data.map((value) => 9 * Math.sin(value * value)),
  shape,
})

it.each([
  [[7], 0, 'reference'],
  [[3, 4, 5], 1, 'reference'],
  [[90, 60], 1, 'program'],
  [[60, 90], 0, 'program'],
  [[4, 21, 8, 9], 1, 'program'],
] as const)('of shape %j along dimension %i: shares of e^x, by the %s', (shape, axis, engine) => {
  const x = waves(shape)
  const expected = defined(x, axis)
  const inside = programTensor(shape)
  for (const result of [
    softmax(x, { axis }),
    softmax(x, { axis: axis - shape.length }),
    softmax(programTensor(shape, x.data), { axis, output: inside }),
  ]) {
    expect(lastEngine()).toBe(engine)
    expect(result.shape).toEqual([...shape])
    // The sum of up to 90 numbers, and a few roundings.
    result.data.forEach((value, index) => {
      expect(Math.abs(value - expected[index])).toBeLessThanOrEqual(100 * 2 ** -24 * expected[index])
    })
  }
})

it('neither overflows nor loses NaN', () => {
  const x = { data: Float32Array.of(1e30, 1e30, -1e30, 88, Number.NaN, 1), shape: [3, 2] }
  expect([...softmax(x).data]).toEqual([0.5, 0.5, 0, 1, Number.NaN, Number.NaN])
})

it.each([[[3, 5]], [[70, 90]]])('writes over an input of shape %j', (shape) => {
  for (const x of [waves(shape), programTensor(shape, waves(shape).data)]) {
    const expected = softmax(x)
    expect(softmax(x, { output: x })).toBe(x)
    expect(x.data).toEqual(expected.data)
  }
})

it('a dimension that is not there is an error, and an output on a part of the input', () => {
  const x = counting(2, 3)
  const none = { data: Float32Array.of(1), shape: [] }
  expect(() => softmax(x, { axis: 2 })).toThrow(SamepadError)
  expect(() => softmax(x, { axis: 2 })).toThrow('softmax: axis must be below the 2 dimensions, got 2')
  const part = { data: x.data.subarray(0, 3), shape: [3] }
  expect(() => softmax(part, { output: { data: x.data.subarray(1, 4), shape: [3] } })).toThrow(
    'softmax: output must not overlap input, or be all of it, got shared memory',
  )
  expect(() => softmax(none)).toThrow('softmax: axis must be a dimension, and a tensor of shape [] has none, got -1')
  expect(() => softmax(x, { axis: null as unknown as number })).toThrow(
    'softmax: axis must be an integer of at least -2, got null',
  )
  const nothing = null as unknown as Tensor
  expect(() => softmax(x, { output: nothing })).toThrow('softmax: output must be a tensor { data, shape }, got null')
  expect(() => softmax(x, { output: counting(3) })).toThrow('softmax: output must have shape [2, 3], got [3]')
})
