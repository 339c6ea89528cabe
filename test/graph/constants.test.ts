import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadNetwork } from '../../src/graph.ts'
import { fields } from '../../src/models/onnx/schema.ts'
import { type ConstantOf, modelBytes } from './onnx-bytes.ts'

describe('constants', () => {
  const sum = async (constant: ConstantOf): Promise<readonly number[]> => {
    const bytes = modelBytes({
      ...{
        inputs: { x: [3] },
        outputs: ['y'],
        nodes: [['Cast', ['c'], ['f'], { to: 1 }] as const, ['Add', ['x', 'f'], ['y']]],
      },
      constants: { c: constant },
    })
    const network = await loadNetwork(bytes)
    return [...network.run({ x: { data: new Float32Array(3), shape: [3] } }).y.data]
  }
  const [shape, data] = [[3], [1.5, -2, 0.25]]

  it('are read in every type that holds real numbers', async () => {
    expect(await sum({ shape, data })).toEqual(data)
    const raw = (elements: { readonly buffer: ArrayBuffer }): Uint8Array => new Uint8Array(elements.buffer)
    expect(await sum({ shape, data, type: 11, raw: raw(Float64Array.from(data)) })).toEqual(data)
    expect(await sum({ shape, data, type: 10, raw: raw(Uint16Array.of(0x3e00, 0xc000, 0x3400)) })).toEqual(data)
    expect(await sum({ shape, data, type: 16, raw: raw(Uint16Array.of(0x3fc0, 0xc000, 0x3e80)) })).toEqual(data)
    expect(await sum({ shape, data: [7, -8, 9], type: 7 })).toEqual([7, -8, 9])
  })

  it('are read from typed lists, whose numbers may be bits', async () => {
    const floats = new Uint8Array(Float32Array.from(data).buffer)
    expect(await sum({ shape, data, typed: [fields.tensor.floats, floats] })).toEqual(data)
    const integers = Uint8Array.of(7, 9, ...new Array(9).fill(255), 1) // 7, 9, -1
    expect(await sum({ shape, data, type: 7, typed: [fields.tensor.int64s, integers] })).toEqual([7, 9, -1])
    const halves = Uint8Array.of(0x80, 0x7c, 0x80, 0x80, 0x03, 0x80, 0x68)
    expect(await sum({ shape, data, type: 10, typed: [fields.tensor.int32s, halves] })).toEqual(data)
  })

  it('that are not as many as their shape says are an error', async () => {
    await expect(sum({ shape: [4], data })).rejects.toThrow(
      "model: the constant 'c' must have the 4 elements of [4], got 3",
    )
    await expect(sum({ shape: [2 ** 40], data })).rejects.toThrow('elements')
  })

  it('lie in files beside the model, and nowhere else', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'samepad-graph-'))
    try {
      writeFileSync(join(folder, 'weights.bin'), new Uint8Array(Float32Array.of(9, 9, 1.5, -2, 0.25).buffer))
      const model = (external: Readonly<Record<string, string>>): Uint8Array =>
        modelBytes({
          ...{ inputs: { x: [3] }, outputs: ['y'], nodes: [['Add', ['x', 'c'], ['y']]] },
          constants: { c: { shape, data, external } },
        })
      const path = join(folder, 'model.onnx')
      writeFileSync(path, model({ location: 'weights.bin', offset: '8' }))
      const x = { data: new Float32Array(3), shape: [3] }
      expect([...(await loadNetwork(path)).run({ x }).y.data]).toEqual(data)
      writeFileSync(path, model({ location: 'weights.bin', offset: '8', length: '400' }))
      await expect(loadNetwork(path)).rejects.toThrow(
        "the constant 'c' must lie within weights.bin, which has 20 bytes",
      )
      writeFileSync(path, model({ location: 'other.bin' }))
      await expect(loadNetwork(path)).rejects.toThrow("must lie in a file of the model's folder that can be read")
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('constants in files of their own', () => {
  const model = (location: string): Uint8Array =>
    modelBytes({
      ...{ inputs: { x: [3] }, outputs: ['y'], nodes: [['Add', ['x', 'c'], ['y']]] },
      constants: { c: { shape: [3], data: [], external: { location, offset: '4' } } },
    })
  const x = { data: new Float32Array(3), shape: [3] }
  const bytes = new Uint8Array(Float32Array.of(9, 1.5, -2, 0.25).buffer)

  it.each([
    ['weights.bin', 'weights.bin'],
    ['./weights.bin', 'weights.bin'],
    ['weights.bin', './weights.bin'],
    ['parts/weights.bin', 'parts/weights.bin'],
  ])('called %s are taken from what is given as %s, bytes or a Blob', async (location, name) => {
    for (const file of [bytes, new Blob([bytes])]) {
      const network = await loadNetwork(model(location), { externalData: { [name]: file } })
      expect([...network.run({ x }).y.data]).toEqual([1.5, -2, 0.25])
    }
  })

  it('are not taken from others', async () => {
    await expect(loadNetwork(model('parts/weights.bin'), { externalData: { 'weights.bin': bytes } })).rejects.toThrow(
      "model: the constant 'c' must lie in a file of the model's folder that can be read, got 'parts/weights.bin'",
    )
    await expect(loadNetwork(model('weights.bin'), { externalData: 1 as never })).rejects.toThrow('loadNetwork: ')
  })

  it('that are sources of the caller are read and left open', async () => {
    const [opened, closed] = [new Set<unknown>(), new Set<unknown>()]
    const source = {
      size: bytes.length,
      read(begin: number, end: number) {
        opened.add(this)
        return bytes.subarray(begin, end)
      },
      close() {
        closed.add(this)
      },
    }
    const names = ['a', 'b', 'c', 'd']
    const network = await loadNetwork(
      modelBytes({
        ...{ inputs: { x: [1] }, outputs: ['y'], nodes: [['Sum', ['x', ...names], ['y']]] },
        constants: Object.fromEntries(
          names.map((name, index) => {
            return [name, { shape: [1], data: [], external: { location: 'w', offset: `${4 * index}`, length: '4' } }]
          }),
        ),
      }),
      { externalData: { w: source } },
    )
    expect([...network.run({ x: { data: Float32Array.of(0), shape: [1] } }).y.data]).toEqual([8.75])
    expect([opened.size, closed.size]).toEqual([1, 0])
  })
})
