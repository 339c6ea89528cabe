import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  elementwise,
  memoryUse,
  prepareConv,
  prepareMaxPool,
  programTensor,
  releaseMemory,
  setThreads,
  threadsUsed,
} from '../../src/index.ts'
import { repeating } from './tensors.ts'
import { fractions, onOneThread, same, threadCases, untilShared } from './thread-cases.ts'

describe('threads and memory', () => {
  let expected: ReadonlyMap<string, Float32Array>
  beforeAll(() => {
    expected = onOneThread()
  })
  afterAll(() => setThreads(1))

  it('know an array on memory that has grown since, and what overlaps it', () => {
    setThreads(2)
    const tensor = programTensor([1, 1, 16], repeating([16], 5).data)
    const { data } = tensor
    const { bytes } = memoryUse()
    programTensor([bytes / 4]).release()
    expect(memoryUse().bytes).toBeGreaterThan(bytes)
    expect(tensor.data.buffer).not.toBe(data.buffer)
    const layer = prepareMaxPool({ kernel: 3, strides: 1, padding: 'same' })
    expect(() => layer.run(tensor, { data, shape: [1, 1, 16] })).toThrow('output must not overlap the input')
    expect(() => elementwise(tensor, ['relu'], { output: { data: data.subarray(1), shape: [15] } })).toThrow(
      'output must have shape',
    )
    tensor.release()
    expect(() => layer.run({ data, shape: [1, 1, 16] })).toThrow('must not be used after its memory, got released')
  })

  it('go on after all memory was released, and after they were set to one', async () => {
    for (let round = 0; round < 3; round++) {
      setThreads(2)
      for (const { name, layer, x } of threadCases.slice(0, 6)) {
        releaseMemory()
        expect(await untilShared(() => layer.run(x))).toBe(true)
        expect(same(layer.run(x).data, expected.get(name) as Float32Array)).toBe(true)
      }
      expect(setThreads(1)).toBe(1)
      const [{ name, layer, x }] = threadCases
      expect(same(layer.run(x).data, expected.get(name) as Float32Array)).toBe(true)
      expect(threadsUsed()).toBe(1)
    }
  })

  it('leave program memory as large as it was, whatever sizes come', () => {
    setThreads(3)
    const layer = prepareConv(fractions([96, 96, 3, 3], 11), { padding: 'same' })
    const round = (): void => {
      for (let size = 5; size < 15; size++) layer.run(fractions([1, 96, size, 7], 13))
    }
    round()
    round()
    const { bytes, used } = memoryUse()
    for (let index = 0; index < 10; index++) round()
    expect(memoryUse().bytes).toBe(bytes)
    expect(memoryUse().used).toBe(used)
    layer.release()
  })

  it.each([1, 2])('a layer that is ready compiles nothing in its first run, on %d', async (threads) => {
    setThreads(threads)
    const before = memoryUse().code
    const layer = prepareConv(fractions([8 + threads, 7, 5, 2], 11), { padding: 'same', strides: [1, 2] })
    await layer.ready([1, 7, 75, 73])
    const { code, used, bytes } = memoryUse()
    expect(code).toBeGreaterThan(before)
    const x = fractions([1, 7, 75, 73], 13)
    const output = programTensor([1, 8 + threads, 75, 37])
    const inside = programTensor(x.shape, x.data)
    layer.run(inside, output)
    expect([layer.engine, memoryUse().code]).toEqual(['program', code])
    expect(
      same(
        output.data,
        prepareConv(fractions([8 + threads, 7, 5, 2], 11), { padding: 'same', strides: [1, 2], threads: 1 }).run(x)
          .data,
      ),
    ).toBe(true)
    output.release()
    inside.release()
    expect([memoryUse().bytes >= bytes, used > 0]).toEqual([true, true])
    await expect(layer.ready([1, 8, 75, 73])).rejects.toThrow('prepareConv: input must have')
    await expect(layer.ready([1, 7])).rejects.toThrow('prepareConv: input must have batch, channels')
    await layer.ready([1, 7, 75, 73])
    layer.release()
  })
})
