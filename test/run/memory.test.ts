import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { conv, lastEngine, maxPool, memoryUse, prepareConv, programTensor, releaseMemory } from '../../src/index.ts'
import { type Block, free, take } from '../../src/run/memory.ts'
import { counting } from './tensors.ts'

const modulo = (shape: number[], by: number) => {
  const { data } = counting(...shape)
  return { data: data.map((value) => (value * 7) % by), shape }
}

describe('blocks of program memory', () => {
  it('never overlap, are counted, and leave nothing behind, whatever order they are freed in', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 40_000 }), fc.nat()), { maxLength: 60 })
    fc.assert(
      fc.property(steps, (list) => {
        const before = memoryUse().used
        const held: { block: Block; bytes: number }[] = []
        for (const [bytes, pick] of list) {
          if (pick % 3 === 0 && held.length > 0) free(held.splice(pick % held.length, 1)[0].block)
          held.push({ block: take(bytes) as Block, bytes })
          const sorted = [...held].sort((a, b) => a.block.address - b.block.address)
          sorted.slice(1).forEach(({ block }, index) => {
            const last = sorted[index]
            expect(block.address).toBeGreaterThanOrEqual(last.block.address + last.bytes)
          })
        }
        expect(memoryUse().used - before).toBeGreaterThanOrEqual(held.reduce((sum, { bytes }) => sum + bytes, 0))
        for (const { block } of held) free(block)
        for (const { block } of held) free(block) // twice does nothing
        expect(memoryUse().used).toBe(before)
      }),
    )
  })

  it('are used again: 10,000 of them leave the memory as large as it was', () => {
    for (let index = 0; index < 100; index++) free(take(1000 + index) as Block)
    const { bytes } = memoryUse()
    for (let index = 0; index < 10_000; index++) free(take(1000 + (index % 100)) as Block)
    expect(memoryUse().bytes).toBe(bytes)
  })
})

describe('programTensor', () => {
  it('holds values, and stays where it is in use while memory grows', () => {
    const tensor = programTensor([2, 3], Float32Array.of(1, 2, 3, 4, 5, 6))
    const large = programTensor([1, memoryUse().bytes / 4])
    expect([...tensor.data]).toEqual([1, 2, 3, 4, 5, 6])
    expect(large.data.every((value) => value === 0)).toBe(true)
    for (const one of [tensor, large]) one.release()
  })

  it('goes from layer to layer as plain tensors do, also when memory grows between', () => {
    const w = modulo([8, 4, 3, 3], 5)
    const x = modulo([1, 4, 33, 29], 9)
    const first = prepareConv(w, { padding: 'same', strides: 2 })
    const [from, to] = [programTensor(x.shape, x.data), programTensor([1, 8, 17, 15])]
    const growing = programTensor([1, memoryUse().bytes / 4])
    expect(first.run(from, to)).toBe(to)
    expect(to.data).toEqual(conv(x, w, { padding: 'same', strides: 2 }).data)
    expect(maxPool(to, { kernel: 2 }).data).toEqual(
      maxPool({ data: to.data.slice(), shape: to.shape }, { kernel: 2 }).data,
    )
    for (const one of [first, from, to, growing]) one.release()
  })

  it.each<[string, () => unknown, string]>([
    ['a shape that is none', () => programTensor([2, 0]), 'programTensor: tensor.shape[1] must be an integer'],
    [
      'data of another length',
      () => programTensor([2, 2], new Float32Array(3)),
      'programTensor: data must be a Float32Array of the 4 elements of the shape, got',
    ],
    [
      'more than there can be',
      () => programTensor([2 ** 30]),
      'programTensor: the tensor must fit into program memory, got 1073741824 elements',
    ],
    [
      'a released one',
      () => {
        const tensor = programTensor([2])
        tensor.release()
        return tensor.data
      },
      'programTensor: a tensor must not be used after its memory, got released',
    ],
    [
      'one after all memory was released',
      () => {
        const tensor = programTensor([2])
        releaseMemory()
        return tensor.data
      },
      'programTensor: a tensor must not be used after its memory, got released',
    ],
    [
      'an output over its input',
      () => {
        const tensor = programTensor([1, 4, 5, 5])
        return prepareConv(modulo([4, 4, 1, 1], 5)).run(tensor, tensor)
      },
      'prepareConv: output must not overlap the input, got shared memory',
    ],
  ])('%s is an error', (_, call, message) => {
    expect(call).toThrow(message)
  })

  it('after an error everything works on', () => {
    expect(() => programTensor([2 ** 30])).toThrow()
    const [x, w] = [modulo([1, 16, 40, 40], 9), modulo([16, 16, 3, 3], 5)]
    const result = conv(x, w, { padding: 'same', strides: 2 })
    expect(lastEngine()).toBe('program')
    expect(result.shape).toEqual([1, 16, 20, 20])
  })
})
