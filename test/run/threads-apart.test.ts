import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  prepareConv,
  prepareMatmul,
  programTensor,
  releaseMemory,
  setThreads,
  type Tensor,
  threadsUsed,
  updateLayer,
} from '../../src/index.ts'
import { fractions, onOneThread, same, threadCases, untilShared } from './thread-cases.ts'

describe('threads that compute what this one does not wait for', () => {
  let expected: ReadonlyMap<string, Float32Array>
  beforeAll(() => {
    expected = onOneThread()
  })
  afterAll(() => setThreads(1))

  it.each([2, 4])('of %d the others compute what this one does not wait for, to the same bits', async (threads) => {
    setThreads(threads)
    expect(await untilShared(() => threadCases[0].layer.run(threadCases[0].x))).toBe(true)
    const right = (name: string, { data }: Tensor): void => {
      if (!same(data, expected.get(name) as Float32Array)) throw new Error(`${name} differs`)
    }
    for (const { name, layer, x } of threadCases) {
      let isThere = false
      const pending = layer.runAsync(x).then((y) => {
        isThere = true
        return y
      })
      expect(isThere).toBe(false)
      right(name, layer.run(x)) // meanwhile this thread is free
      right(name, await pending)
      if (threads === 2) expect(threadsUsed()).toBe(1) // this one is not among them
      expect(layer.engine).toBe('program')
    }
    // Many at once take turns; what they need stays, whatever becomes of layers and sizes meanwhile.
    const all = threadCases.map(({ name, layer, x }) => layer.runAsync(x).then((y) => right(name, y)))
    for (const { layer, x } of threadCases) {
      const [batch, channels] = x.shape
      if (x.shape.length === 4)
        layer.run(fractions(layer === threadCases[0].layer ? [batch, channels, 9, 9] : x.shape, 5))
      layer.release()
      programTensor([5000]).data.fill(Number.NaN)
    }
    await Promise.all(all)
  })

  it('finish what this one does not wait for when memory is dropped, or are no more there', async () => {
    setThreads(2)
    const [{ name, layer, x }] = threadCases
    expect(await untilShared(() => layer.run(x))).toBe(true)
    const y = layer.runAsync(x)
    releaseMemory()
    expect(same((await y).data, expected.get(name) as Float32Array)).toBe(true)
    const heavy = prepareConv(fractions([64, 64, 3, 3], 11), { padding: 'same', deterministic: true })
    const large = fractions([1, 64, 130, 120], 13)
    const right = (await heavy.runAsync(large)).data
    let ended = false
    for (let round = 0; round < 100 && !ended; round++) {
      setThreads(2)
      const pending = heavy.runAsync(large)
      await Promise.resolve().then(() => undefined)
      setThreads(1)
      await pending.then(
        ({ data }) => expect(same(data, right)).toBe(true), // they were faster
        (error) => {
          expect(String(error)).toContain('threads: workers must finish the parts that they took, got')
          ended = true
        },
      )
    }
    expect(ended).toBe(true)
    expect(same(heavy.run(large).data, right)).toBe(true)
  })

  it('read the weights that a run began with', async () => {
    setThreads(2)
    const [old, other] = [fractions([32, 32, 3, 3], 11), fractions([32, 32, 3, 3], 17)]
    const x = fractions([1, 32, 64, 64], 13)
    const layer = prepareConv(old, { padding: 'same' })
    const right = layer.run(x).data
    const y = layer.runAsync(x)
    expect(() => updateLayer(layer, { weights: other })).toThrow(
      "updateLayer: promises of the layer's runAsync must be fulfilled",
    )
    layer.run(x)
    expect(same((await y).data, right)).toBe(true)
    await expect(layer.runAsync(x, { data: new Float32Array(1), shape: [1] })).rejects.toThrow('output must have')
    updateLayer(layer, { weights: other })
    expect(same(layer.run(x).data, prepareConv(other, { padding: 'same' }).run(x).data)).toBe(true)
  })

  it('are not needed: without them this one computes', async () => {
    setThreads(1)
    const [{ name, layer, x }] = threadCases
    const y = { data: new Float32Array((expected.get(name) as Float32Array).length), shape: layer.run(x).shape }
    expect(await layer.runAsync(x, y)).toBe(y)
    expect(same(y.data, expected.get(name) as Float32Array)).toBe(true)
    await expect(layer.runAsync({ data: new Float32Array(2), shape: [2] })).rejects.toThrow(
      'prepareConv: input must have',
    )
    const dense = prepareMatmul(fractions([90, 70], 7))
    const rows = fractions([5, 30, 90], 11)
    expect(await dense.runAsync(rows)).toEqual(dense.run(rows))
    setThreads(2)
    const out = { data: new Float32Array(5 * 30 * 70), shape: [5, 30, 70] }
    expect(await dense.runAsync(rows, out)).toBe(out)
    expect(out.data).toEqual(dense.run(rows).data)
  })

  it('are looked for again and again where an engine does not tell', async () => {
    const known = Atomics as { waitAsync?: unknown }
    const { waitAsync } = known
    known.waitAsync = undefined
    try {
      setThreads(2)
      for (const { name, layer, x } of threadCases.slice(0, 6)) {
        expect(same((await layer.runAsync(x)).data, expected.get(name) as Float32Array)).toBe(true)
      }
    } finally {
      known.waitAsync = waitAsync
    }
  })
})
