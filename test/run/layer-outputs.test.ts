import { describe, expect, it } from 'vitest'
import {
  averagePool,
  type Layout,
  maxPool,
  prepareAveragePool,
  prepareConv,
  prepareMaxPool,
  programTensor,
  SamepadError,
  type Tensor,
} from '../../src/index.ts'
import { repeating, toChannelsLast } from './tensors.ts'

describe('an algorithm for some sizes only', () => {
  const w = repeating([9, 8, 3, 3], 5)
  const inputs = [repeating([1, 8, 12, 11], 9), repeating([1, 8, 1, 12], 9)] // a single row is too little for Winograd's tiles
  const run = (deterministic: boolean, layout: Layout): Tensor[] => {
    const layer = prepareConv(w, { padding: 'same', deterministic, layout })
    const images = layout === 'nchw' ? inputs : inputs.map(toChannelsLast)
    return [0, 1, 0, 1, 1, 0].map((index) => layer.run(images[index]))
  }

  it.each(['nchw', 'nhwc'] as const)('takes its own weights, and none is deterministic, %s', (layout) => {
    const [free, exact] = [run(false, layout), run(true, layout)]
    for (const results of [free, exact]) expect(results.slice(2)).toEqual([0, 1, 1, 0].map((index) => results[index]))
    expect(exact[1]).toEqual(free[1])
    expect(exact[0].data.every(Number.isInteger)).toBe(true)
    expect(free[0].data.every(Number.isInteger)).toBe(false) // so that the two are told apart
    free[0].data.forEach((value, at) => {
      expect(value).toBeCloseTo(exact[0].data[at], 2)
    })
  })
})

describe('an output', () => {
  const layer = prepareConv(repeating([2, 2, 1], 5))
  const memory = new Float32Array(100)
  const at = (begin: number): Tensor => ({ data: memory.subarray(begin, begin + 12), shape: [1, 2, 6] })

  it.each<[string, () => unknown, string]>([
    ['over the input', () => layer.run(at(20), at(20)), 'output must not overlap the input, got shared memory'],
    ['over its end', () => layer.run(at(20), at(31)), 'output must not overlap the input, got shared memory'],
    ['over its begin', () => layer.run(at(20), at(9)), 'output must not overlap the input, got shared memory'],
    [
      'over it in program memory',
      () => {
        const tensor = programTensor([1, 2, 6])
        return layer.run(tensor, { data: tensor.data.subarray(0), shape: [1, 2, 6] })
      },
      'output must not overlap the input, got shared memory',
    ],
    [
      'of another shape',
      () => layer.run(at(0), { data: new Float32Array(12), shape: [1, 6, 2] }),
      'output must have shape [1,2,6], got [1, 6, 2]',
    ],
    [
      'of another rank',
      () => layer.run(at(0), { data: new Float32Array(12), shape: [2, 6] }),
      'output must have shape [1,2,6], got [2, 6]',
    ],
    [
      'with too few elements',
      () => layer.run(at(0), { data: new Float32Array(11), shape: [1, 2, 6] }),
      'output.data must have the 12 elements of shape [1, 2, 6], got 11',
    ],
    [
      'with a plain array',
      () => layer.run(at(0), { data: new Array(12).fill(0), shape: [1, 2, 6] } as never),
      'output.data must be a Float32Array, got [0, 0, 0',
    ],
    ['that is null', () => layer.run(at(0), null as never), 'output must be a tensor { data, shape }, got null'],
  ])('%s is an error', (_, call, message) => {
    expect(call).toThrow(SamepadError)
    expect(call).toThrow(`prepareConv: ${message}`)
  })

  it.each([8, 32])('beside the input is none: at %d', (begin) => {
    at(20).data.set(repeating([12], 9).data)
    expect(layer.run(at(20), at(begin)).data).toEqual(layer.run(at(20)).data)
  })
})

it.each([
  ['maxPool', maxPool, prepareMaxPool],
  ['averagePool', averagePool, prepareAveragePool],
] as const)('a window without a real cell is an error on every run of a prepared %s', (_, operation, prepare) => {
  const x = repeating([1, 1, 4], 5)
  const empty = { kernel: 2, padding: [[2, 0]] } as const
  const layer = prepare(empty)
  for (let run = 0; run < 2; run++) expect(() => layer.run(x)).toThrow('every window must have a real cell')
  expect(prepare({ ...empty, emptyWindow: 'identity' }).run(x)).toEqual(
    operation(x, { ...empty, emptyWindow: 'identity' }),
  )
})
