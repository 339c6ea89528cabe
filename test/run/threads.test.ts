import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { conv, elementwise, prepareConv, programTensor, setThreads, threadsUsed } from '../../src/index.ts'
import { current } from '../../src/run/memory/memory.ts'
import { type PartCall, Pool } from '../../src/run/threads/worker-pool.ts'
import { partFields } from '../../src/run/threads/worker-text.ts'
import { createSharedMemory } from '../../src/wasm/shared-memory.ts'
import { fractions, onOneThread, same, threadCases, untilShared } from './thread-cases.ts'

describe('threads', () => {
  let expected: ReadonlyMap<string, Float32Array>
  beforeAll(() => {
    expected = onOneThread()
  })
  afterAll(() => setThreads(1))

  it('share a memory into which everything moves that was there', async () => {
    const kept = programTensor([3], Float32Array.of(1, 2, 3))
    const before = kept.data
    expect(setThreads(2)).toBe(2)
    expect(current().buffer).toBeInstanceOf(SharedArrayBuffer)
    expect(before.length).toBe(0)
    expect([...kept.data]).toEqual([1, 2, 3])
    expect(kept.data.buffer).toBeInstanceOf(SharedArrayBuffer)
    const [{ layer, x, name }] = threadCases
    expect(await untilShared(() => layer.run(x))).toBe(true)
    expect(same(layer.run(x).data, expected.get(name) as Float32Array)).toBe(true)
  })

  it('of which a layer uses fewer write into nothing but its own memory', async () => {
    setThreads(3)
    expect(await untilShared(() => threadCases[0].layer.run(threadCases[0].x))).toBe(true)
    const layer = prepareConv(fractions([64, 64, 3, 3], 11), { padding: 'same', threads: 2 })
    const [x, y] = [0, 1].map(() => programTensor([1, 64, 56, 56]))
    layer.run(x, y)
    // Free room for the scratch of two threads, and right behind it what must stay.
    const hole = programTensor([842_400])
    const kept = programTensor([421_200])
    kept.data.fill(7)
    hole.release()
    for (let round = 0; round < 30; round++) layer.run(x, y)
    expect(kept.data.every((value) => value === 7)).toBe(true)
    for (const tensor of [x, y, kept]) tensor.release()
  })

  it.each([2, 3, 5, 8])('%d of them compute the same to the last bit', async (threads) => {
    expect(setThreads(threads)).toBe(threads)
    expect(await untilShared(() => threadCases[0].layer.run(threadCases[0].x))).toBe(true)
    let most = threadsUsed()
    for (const { name, layer, x } of threadCases) {
      const inside = programTensor(x.shape, x.data)
      for (const input of [x, inside, x, inside]) {
        const { data } = layer.run(input)
        most = Math.max(most, threadsUsed())
        if (!same(data, expected.get(name) as Float32Array)) throw new Error(`${name} differs on ${threads} threads`)
      }
      inside.release()
    }
    expect(most).toBeGreaterThan(1)
    expect(most).toBeLessThanOrEqual(threads)
  })

  it('let operations and small layers be as they are', () => {
    setThreads(2)
    const small = prepareConv(fractions([3, 2, 3, 3], 5))
    small.run(fractions([1, 2, 5, 5], 5))
    expect(threadsUsed()).toBe(1)
    const x = fractions([1, 24, 41, 39], 13)
    const w = fractions([32, 24, 3, 3], 11)
    expect(same(conv(x, w, { padding: 'same' }).data, expected.get('winograd, nchw') as Float32Array)).toBe(true)
    const inside = programTensor(x.shape, x.data)
    expect(
      same(
        elementwise(inside, ['relu']).data,
        x.data.map((value) => Math.max(0, value)),
      ),
    ).toBe(true)
  })

  it('are at most as many as a layer allows', () => {
    setThreads(3)
    const x = fractions([1, 24, 41, 39], 13)
    const alone = prepareConv(fractions([32, 24, 3, 3], 11), { padding: 'same', threads: 1 })
    for (let round = 0; round < 50; round++) {
      expect(same(alone.run(x).data, expected.get('winograd, nchw') as Float32Array)).toBe(true)
      expect(threadsUsed()).toBe(1)
    }
    expect(() => prepareConv(fractions([3, 2, 3, 3], 5), { threads: 0 })).toThrow(
      'prepareConv: threads must be an integer of at least 1, got 0',
    )
  })

  it.each([[0], [1.5], ['2'], [undefined]])('are so many: %s is none', (threads) => {
    expect(() => setThreads(threads as number)).toThrow('setThreads: threads must be an integer of at least 1')
  })
})

it('a pool is ready when all its workers wait for parts, and never when it has ended', async () => {
  const pool = new Pool(3)
  pool.use(createSharedMemory(1, 1))
  await expect.poll(() => pool.ready(), { timeout: 60_000 }).toBe(true)
  pool.end()
  expect(await pool.ready()).toBe(false)
})

it('a part that fails here is computed again when all others are done, and is an error if it fails again', () => {
  const pool = new Pool(2) // without memory its worker takes nothing
  const part = (run: () => void): PartCall => ({ integers: partFields.map(() => 0), run })
  const done: string[] = []
  const failing = (times: number): PartCall => {
    let left = times
    return part(() => {
      done.push('tried')
      if (left-- > 0) throw new RangeError('no room')
    })
  }
  const other = part(() => void done.push('other'))
  expect(pool.run([failing(1), other], 1, 0, 0)).toBe(1)
  expect(done.splice(0)).toEqual(['tried', 'other', 'tried'])
  expect(() => pool.run([failing(2), other], 1, 0, 0)).toThrow('no room')
  expect(done.splice(0)).toEqual(['tried', 'other', 'tried'])
  expect(pool.isOver).toBe(false)
  expect(pool.run([other, other], 1, 0, 0)).toBe(1)
  pool.end()
})
