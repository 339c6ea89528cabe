import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  conv,
  convTranspose,
  lastEngine,
  maxPool,
  prepareConv,
  programTensor,
  releaseMemory,
  SamepadError,
} from '../../src/index.ts'
import type { Block } from '../../src/run/memory/heap.ts'
import { blocksUse, current, floats, free, settled, take, Values } from '../../src/run/memory/memory.ts'
import fc from '../fast-check.ts'
import { failCompiling, failGrowing } from './scarcity.ts'
import { repeating } from './tensors.ts'

const PAGE = 65_536
const LINE = 64 // what blocks are aligned to

beforeEach(() => releaseMemory())
afterEach(() => vi.restoreAllMocks())

/** Takes memory that must be there. */
function taken(bytes: number): Block {
  const block = take(bytes)
  if (!block) throw new Error('there must be memory')
  return block
}

/** What memory must be like after takes and frees: bytes in use, and no two blocks on the same byte. */
function check(held: readonly Block[]): void {
  const sorted = [...held].sort((a, b) => a.address - b.address)
  let [used, last] = [0, LINE] // the first line is nobody's
  for (const { address, end } of sorted) {
    if (address < last || address % LINE !== 0) throw new Error(`a block at ${address}, the last one ends at ${last}`)
    used += end - address
    last = end
  }
  const { bytes } = blocksUse()
  if (last > bytes && held.length > 0) throw new Error(`a block ends at ${last} of ${bytes} bytes`)
  expect(blocksUse().used).toBe(used)
}

describe('blocks of program memory', () => {
  const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 200_000 }), fc.nat()), { maxLength: 80 })

  it('never overlap, are counted, and leave one gap behind, whatever order they are freed in', () => {
    fc.assert(
      fc.property(steps, (list) => {
        releaseMemory()
        const held: Block[] = []
        for (const [bytes, pick] of list) {
          if (pick % 3 === 0 && held.length > 0) free(held.splice(pick % held.length, 1)[0])
          const block = taken(bytes)
          expect(block.end - block.address).toBe(Math.max(1, Math.ceil(bytes / LINE)) * LINE)
          held.push(block)
          check(held)
        }
        while (held.length > 0) {
          const [block] = held.splice((held.length * 7) % held.length, 1)
          free(block)
          expect(block.isThere).toBe(false)
          free(block) // twice does nothing
          check(held)
        }
        const { bytes } = blocksUse()
        if (bytes === 0) return
        const whole = taken(bytes - LINE) // neighbours joined: all of it is one piece
        expect(blocksUse()).toEqual({ bytes, used: bytes - LINE })
        free(whole)
      }),
      { numRuns: 300 },
    )
  })

  it('keep what is written into them', () => {
    fc.assert(
      fc.property(steps, (list) => {
        releaseMemory()
        const held: { block: Block; mark: number }[] = []
        list.forEach(([bytes, pick], mark) => {
          if (pick % 2 === 0 && held.length > 0) free(held.splice(pick % held.length, 1)[0].block)
          const block = taken(bytes)
          floats().fill(mark, block.address / 4, block.end / 4)
          held.push({ block, mark })
        })
        for (const { block, mark } of held) {
          expect(
            floats()
              .subarray(block.address / 4, block.end / 4)
              .every((value) => value === mark),
          ).toBe(true)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('are used again: 10,000 rounds leave memory as large as it was', () => {
    let state = 1
    const random = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return (state >>> 8) % below
    }
    const held: Block[] = []
    const round = (): void => {
      held.push(taken(random(5000)))
      if (held.length > 20) free(held.splice(random(held.length), 1)[0])
    }
    for (let index = 0; index < 1000; index++) round()
    const { bytes } = blocksUse()
    for (let index = 0; index < 10_000; index++) round()
    // Holes between blocks may make it grow a little in the beginning, but not with the number of rounds.
    expect(blocksUse().bytes).toBeLessThanOrEqual(2 * bytes)
    check(held)
  })

  it('begin in the first page: nothing is lost where memory was looked at before', () => {
    expect(floats().length).toBe(0)
    const block = taken(PAGE - LINE)
    expect(blocksUse()).toEqual({ bytes: PAGE, used: PAGE - LINE })
    expect(block.address).toBe(LINE)
  })

  it('grow memory by a quarter at least', () => {
    taken(100 * PAGE - LINE)
    taken(1)
    expect(blocksUse().bytes).toBe(125 * PAGE)
  })

  it('are gone with all of memory, and freeing them then takes nothing from others', () => {
    const old = taken(1000)
    releaseMemory()
    expect(blocksUse()).toEqual({ bytes: 0, used: 0 })
    const young = taken(1000)
    expect([old.isThere, young.isThere]).toEqual([false, true])
    free(old)
    expect(blocksUse().used).toBe(1024)
  })

  it('can be dropped with all of memory a thousand times', () => {
    for (let index = 0; index < 1000; index++) {
      releaseMemory()
      taken(10 * PAGE)
    }
    expect(blocksUse().bytes).toBe(11 * PAGE)
  })
})

describe('values in program memory, while it grows', () => {
  it('are found again, and copied where they must stay', () => {
    const tensor = programTensor([4], Float32Array.of(1, 2, 3, 4))
    const [view, outside] = [tensor.data.subarray(1, 3), Float32Array.of(5)]
    const [values, copy] = [new Values(view), settled(view)]
    expect(settled(outside)).toBe(outside)
    expect(new Values(outside).address).toBeUndefined()
    taken(blocksUse().bytes)
    expect(view.length).toBe(0)
    expect([...values.data]).toEqual([2, 3])
    expect([...copy]).toEqual([2, 3])
    expect([...tensor.data]).toEqual([1, 2, 3, 4])
  })

  it('come with an operation as input, weights and bias together', () => {
    const [x, w, v] = [repeating([2, 6, 31, 40], 9), repeating([8, 6, 3, 3], 5), repeating([6, 8, 3, 2], 5)]
    const [one, narrow] = [repeating([8, 6, 1, 1], 5), repeating([6, 1, 3, 3], 5)]
    const bias = repeating([8], 11)
    const inside = <T extends { data: Float32Array; shape: readonly number[] }>({ data, shape }: T) =>
      programTensor(shape, data)
    for (const layout of ['nchw', 'nhwc'] as const) {
      const image = layout === 'nchw' ? x : { data: x.data, shape: [2, 31, 40, 6] }
      const six = { data: bias.data.subarray(0, 6), shape: [6] }
      for (const [operation, filter, added, options] of [
        [conv, w, bias, { strides: 2 }],
        [conv, one, bias, {}],
        [conv, narrow, six, { groups: 6 }],
        [convTranspose, v, bias, { strides: 2 }],
      ] as const) {
        const expected = operation(image, filter, { ...options, layout, bias: added.data })
        expect(lastEngine()).toBe('program')
        releaseMemory() // so that the operation has to grow memory, more than once
        const [a, b, c] = [inside(image), inside(filter), inside(added)]
        expect(operation(a, b, { ...options, layout, bias: c })).toEqual(expected)
        expect(lastEngine()).toBe('program')
      }
    }
  })
})

describe('where there is no more memory', () => {
  const x = repeating([2, 16, 40, 36], 9)
  const w = repeating([12, 16, 3, 3], 5)
  const options = { padding: 'same', strides: 2, bias: repeating([12], 7).data } as const
  const pool = { kernel: 3, strides: 2, padding: 'same' } as const
  const expected = prepareConv(w, { ...options, deterministic: true }).run(x)
  const maxima = maxPool(x, pool)

  it('operations and layers give the same results by the reference, and work on afterwards', () => {
    const layer = prepareConv(w, options)
    const restore = failGrowing(() => true)
    for (let round = 0; round < 2; round++) {
      expect(layer.run(x)).toEqual(expected)
      expect(layer.engine).toBe('reference')
      expect(conv(x, w, options)).toEqual(expected)
      expect(lastEngine()).toBe('reference')
      expect(maxPool(x, pool)).toEqual(maxima)
      expect(lastEngine()).toBe('reference')
    }
    expect(blocksUse()).toEqual({ bytes: 0, used: 0 })
    restore()
    expect(layer.run(x)).toEqual(expected)
    expect(layer.engine).toBe('program')
    expect(maxPool(x, pool)).toEqual(maxima)
    expect(lastEngine()).toBe('program')
  })

  it('at whatever point it ends: nothing is lost, nothing stays taken', () => {
    const seen = new Set<string | undefined>()
    for (let growths = 0; growths < 8; growths++) {
      releaseMemory()
      const inside = programTensor(x.shape, x.data)
      const weights = programTensor(w.shape, w.data)
      const bias = programTensor([12], options.bias)
      taken(20 * PAGE)
      const { used, bytes } = blocksUse()
      const rest = taken(bytes - used - LINE)
      let left = growths
      const restore = failGrowing((pages) => pages > 4 || left-- <= 0) // never generously, and only so often
      expect(conv(inside, weights, { ...options, bias })).toEqual(expected)
      seen.add(lastEngine())
      const layer = prepareConv(w, options)
      for (const input of [inside, x]) {
        expect(layer.run(input)).toEqual(expected)
        seen.add(layer.engine)
      }
      layer.release()
      free(rest)
      restore()
      expect(blocksUse().used - used).toBeLessThan(2 * 1024) // tables of programs
    }
    expect(seen).toEqual(new Set(['reference', 'program']))
  })

  it('less is taken than would be generous', () => {
    taken(100 * PAGE - LINE)
    failGrowing((pages) => pages > 3)
    taken(2 * PAGE)
    expect(blocksUse().bytes).toBe(102 * PAGE)
  })

  it('a program that cannot be compiled is no error either', () => {
    const restore = failCompiling()
    const layer = prepareConv(repeating([12, 16, 3, 5], 5), { padding: 'same', deterministic: true })
    const first = layer.run(x)
    expect(layer.engine).toBe('reference')
    layer.release()
    expect(blocksUse().used).toBe(0)
    restore()
    expect(layer.run(x)).toEqual(first)
    expect(layer.engine).toBe('program')
  })

  it.each([2 ** 29, 2 ** 30, 2 ** 40])('a tensor of %d floats is an error, and everything works on', (length) => {
    const layer = prepareConv(w, options)
    const call = (): unknown => programTensor([length])
    expect(call).toThrow(SamepadError)
    expect(call).toThrow(`programTensor: the tensor must fit into program memory, got ${length} elements`)
    expect(layer.run(x)).toEqual(expected)
    expect(layer.engine).toBe('program')
  })

  it('errors of the reference leave nothing taken', () => {
    const wide = { data: Float32Array.of(1, 2), shape: [1, 1, 2] }
    const call = (): unknown => convTranspose(wide, wide, { strides: 2 ** 50 })
    expect(call).toThrow('convTranspose: output must fit into memory')
    expect(blocksUse().used).toBe(0)
  })
})

it('memory itself is what programs are bound to', () => {
  const block = taken(100)
  floats()[block.address / 4] = 7
  expect(new Float32Array(current().buffer)[block.address / 4]).toBe(7)
})
