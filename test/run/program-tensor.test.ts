import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  conv,
  maxPool,
  memoryUse,
  type ProgramTensor,
  pad,
  prepareAveragePool,
  prepareConv,
  prepareConvTranspose,
  prepareMaxPool,
  programTensor,
  releaseMemory,
  SamepadError,
  type Tensor,
} from '../../src/index.ts'
import { take } from '../../src/run/memory/memory.ts'
import { collect } from './collect.ts'
import { failGrowing } from './scarcity.ts'
import { repeating } from './tensors.ts'

beforeEach(() => releaseMemory())
afterEach(() => vi.restoreAllMocks())

const inside = ({ data, shape }: Tensor): ProgramTensor => programTensor(shape, data)

/** Makes program memory grow, and with it all arrays on it empty. */
function grow(): void {
  const { bytes } = memoryUse()
  programTensor([bytes / 4]).release()
  expect(memoryUse().bytes).toBeGreaterThan(bytes)
}

/** Takes all of program memory that is left, and lets it grow no more. */
function exhaust(): void {
  failGrowing(() => true)
  for (let bytes = 2 ** 30; bytes >= 64; bytes /= 2) while (take(bytes));
}

describe('programTensor', () => {
  it('holds zeros or a copy of the values, and stays where it is while memory grows', () => {
    const values = Float32Array.of(1, 2, 3, 4, 5, 6)
    const tensor = programTensor([2, 3], values)
    values.fill(9)
    const { data } = tensor
    expect(tensor.data).toBe(data)
    grow()
    expect(data.length).toBe(0)
    expect([...tensor.data]).toEqual([1, 2, 3, 4, 5, 6])
    expect([...programTensor([3]).data]).toEqual([0, 0, 0])
    expect(tensor.shape).toEqual([2, 3])
  })

  it('holds zeros where others left their values', () => {
    const used = programTensor([100], new Float32Array(100).fill(7))
    const { byteOffset } = used.data
    used.release()
    const fresh = programTensor([100])
    expect(fresh.data.byteOffset).toBe(byteOffset)
    expect(fresh.data.every((value) => value === 0)).toBe(true)
  })

  it('copies another one, also where memory grows for it', () => {
    const one = programTensor([3], Float32Array.of(1, 2, 3))
    const filler = programTensor([(memoryUse().bytes - memoryUse().used) / 4 - 16])
    const view = one.data
    expect([...programTensor([3], view).data]).toEqual([1, 2, 3])
    expect(view.length).toBe(0)
    filler.release()
  })

  it('keeps its shape when the caller changes the list, and to itself', () => {
    const shape = [2, 2]
    const tensor = programTensor(shape)
    shape[0] = 4
    expect(tensor.shape).toEqual([2, 2])
    expect(() => (tensor.shape as number[]).push(1)).toThrow(TypeError)
  })

  it('gives its memory back once, whoever has it next', () => {
    const tensor = programTensor([1000])
    tensor.release()
    expect(memoryUse().used).toBe(0)
    const next = programTensor([1000], new Float32Array(1000).fill(1))
    tensor.release()
    expect(memoryUse().used).toBe(4032)
    expect(() => tensor.data).toThrow(SamepadError)
    expect(next.data.every((value) => value === 1)).toBe(true)
  })

  it.each<[string, (tensor: ProgramTensor) => unknown]>([
    ['read', (tensor) => tensor.data],
    ['an input', (tensor) => maxPool(tensor, { kernel: 1 })],
    ['an output', (tensor) => prepareMaxPool({ kernel: 1 }).run(repeating([1, 1, 4], 5), tensor)],
    ['weights', (tensor) => conv(repeating([1, 1, 4], 5), tensor)],
    ['a bias', (tensor) => conv(repeating([1, 1, 4], 5), repeating([4, 1, 1], 5), { bias: tensor })],
    ['padded', (tensor) => pad(tensor, 1)],
  ])('is an error once released when %s', (_, use) => {
    for (const release of [(tensor: ProgramTensor) => tensor.release(), releaseMemory]) {
      const tensor = programTensor([1, 1, 4])
      use(tensor)
      release(tensor)
      expect(() => use(tensor)).toThrow(SamepadError)
      expect(() => use(tensor)).toThrow('programTensor: a tensor must not be used after its memory, got released')
    }
  })

  it('an array on it that somebody kept is refused once it is released: weights may lie there by now', () => {
    const layer = prepareConv(repeating([8, 8, 3, 3], 5), { padding: 'same' })
    const x = repeating([1, 8, 20, 21], 7)
    const { data: expected } = layer.run(x)
    layer.release()
    const tensor = inside(x)
    const kept = [tensor.data, tensor.data.subarray(0)]
    for (const data of kept) layer.run({ data, shape: x.shape })
    layer.release()
    tensor.release()
    for (const data of [...kept, kept[0].subarray(0)]) {
      expect(layer.run(x).data).toEqual(expected)
      for (const use of [
        () => layer.run({ data, shape: x.shape }),
        () => layer.run(x, { data, shape: x.shape }),
        () => maxPool({ data, shape: x.shape }, { kernel: 1 }),
      ]) {
        expect(use).toThrow('programTensor: a tensor must not be used after its memory, got released')
      }
    }
    expect(layer.run(x).data).toEqual(expected)
  })

  it('an array on it that somebody kept has its values after releaseMemory, apart from new memory', () => {
    const { data } = programTensor([1, 1, 4], Float32Array.of(1, 2, 3, 4))
    releaseMemory()
    const next = programTensor([1, 1, 4])
    expect([...maxPool({ data, shape: [1, 1, 4] }, { kernel: 2 }).data]).toEqual([2, 4])
    expect(prepareMaxPool({ kernel: 1 }).run({ data, shape: [1, 1, 4] }, next)).toBe(next)
    expect(next.data).toEqual(data)
  })

  it.each<[string, () => unknown, string]>([
    [
      'a shape that is none',
      () => programTensor([2, 0]),
      'programTensor: tensor.shape[1] must be an integer of at least 1, got 0',
    ],
    [
      'no shape',
      () => programTensor(undefined as never),
      'programTensor: tensor.shape must be an array of sizes, got undefined',
    ],
    [
      'data of another length',
      () => programTensor([2, 2], new Float32Array(3)),
      'programTensor: data must be a Float32Array of the 4 elements of the shape, got a Float32Array of 3 elements',
    ],
    [
      'data of another kind',
      () => programTensor([2], [1, 2] as never),
      'programTensor: data must be a Float32Array of the 2 elements of the shape, got [1, 2]',
    ],
    [
      'no data',
      () => programTensor([2], null as never),
      'programTensor: data must be a Float32Array of the 2 elements of the shape, got null',
    ],
  ])('%s is an error', (_, call, message) => {
    expect(call).toThrow(SamepadError)
    expect(call).toThrow(message)
    expect(memoryUse().used).toBe(0)
  })
})

describe.each(['nchw', 'nhwc'] as const)('a network in program memory, %s', (layout) => {
  const shape = (channels: number, height: number, width: number): number[] =>
    layout === 'nchw' ? [2, channels, height, width] : [2, height, width, channels]
  const x = repeating(shape(5, 31, 26), 9)
  // Vectors along channels, cells and the width, tiles of outputs, slides: a layer of each kind.
  const layers = [
    prepareConv(repeating([8, 5, 3, 5], 5), { strides: 2, padding: 'same', activation: 'relu6', layout }),
    prepareConv(repeating([8, 1, 3, 3], 3), { groups: 8, padding: 'same', layout }),
    prepareConv(repeating([6, 8, 1, 1], 3), { layout }),
    prepareMaxPool({ kernel: 3, strides: 2, padding: 'same', layout }),
    prepareConvTranspose(repeating([6, 3, 4, 4], 3), { strides: 2, padding: 'same', layout }),
    prepareAveragePool({ kernel: 2, layout }),
  ]
  const through = (between: () => void, give?: (index: number) => Tensor): Tensor =>
    layers.reduce<Tensor>((tensor, layer, index) => {
      between()
      return layer.run(tensor, give?.(index))
    }, x)
  const expected = through(() => undefined)
  const outputs = (): ProgramTensor[] =>
    [shape(8, 16, 13), shape(8, 16, 13), shape(6, 16, 13), shape(6, 8, 7), shape(3, 16, 14), shape(3, 8, 7)].map(
      (sizes) => programTensor(sizes),
    )

  it('computes what it computes outside, on programs', () => {
    const tensors = outputs()
    expect(
      through(
        () => undefined,
        (index) => tensors[index],
      ),
    ).toBe(tensors.at(-1))
    expect(tensors.at(-1)?.data).toEqual(expected.data)
    expect(layers.map(({ engine }) => engine)).toEqual(layers.map(() => 'program'))
  })

  it('also when memory grows between its layers, and within them', () => {
    const tensors = outputs()
    expect(through(grow, (index) => tensors[index]).data).toEqual(expected.data)
    releaseMemory()
    const again = outputs()
    const { bytes } = memoryUse()
    take(bytes - memoryUse().used - 64) // the first layer has to grow memory for its weights
    expect(
      through(
        () => undefined,
        (index) => again[index],
      ).data,
    ).toEqual(expected.data)
    expect(memoryUse().bytes).toBeGreaterThan(bytes)
  })

  it('copies nothing: once its programs are there it needs no memory', () => {
    const [tensors, first] = [outputs(), inside(x)]
    const run = (): Tensor => layers.reduce<Tensor>((tensor, layer, index) => layer.run(tensor, tensors[index]), first)
    const scratch = layers.filter((_, index) => index !== 2 || layout === 'nhwc') // brings its panels side by side
    run()
    exhaust()
    for (const tensor of tensors) tensor.data.fill(0)
    const copies = vi.spyOn(Object.getPrototypeOf(Float32Array.prototype), 'set')
    run()
    expect(copies).not.toHaveBeenCalled()
    for (const layer of scratch) expect(layer.engine).toBe('program')
    expect(tensors.at(-1)?.data).toEqual(expected.data)
  })
})

if (collect) {
  const collected = collect
  it('is freed when it is dropped', async () => {
    const kept = programTensor([1000])
    const { used } = memoryUse()
    for (let index = 0; index < 50; index++) programTensor([1000])
    expect(memoryUse().used).toBeGreaterThan(used)
    await collected()
    expect(memoryUse().used).toBe(used)
    expect(kept.data.length).toBe(1000)
  })

  it('is freed once, when it is released and dropped', async () => {
    const others: ProgramTensor[] = []
    for (let index = 0; index < 50; index++) {
      programTensor([1000]).release()
      others.push(programTensor([1000], new Float32Array(1000).fill(index)))
    }
    const { used } = memoryUse()
    await collected()
    expect(memoryUse().used).toBe(used)
    others.forEach(({ data }, index) => {
      expect(data.every((value) => value === index)).toBe(true)
    })
  })
}
