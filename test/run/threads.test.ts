import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  conv,
  elementwise,
  type Layer,
  type Layout,
  memoryUse,
  prepareAveragePool,
  prepareConv,
  prepareConvTranspose,
  prepareMatmul,
  prepareMaxPool,
  programTensor,
  releaseMemory,
  setThreads,
  type Tensor,
  threadsUsed,
  updateLayer,
} from '../../src/index.ts'
import { current } from '../../src/run/memory.ts'
import { Pool } from '../../src/run/worker-pool.ts'
import { createSharedMemory } from '../../src/wasm/shared-memory.ts'
import { repeating } from './tensors.ts'

const layouts = ['nchw', 'nhwc'] as const

/** No integers: sums in another order would show. */
function fractions(shape: readonly number[], modulus: number): Tensor {
  return { data: repeating(shape, modulus).data.map((value) => value / 7), shape }
}

/** Large enough to be shared out, of each strategy: what makes the layer, and the input's batch, channels and cells. */
const kinds: Record<string, [make: (layout: Layout) => Layer, shape: readonly [number, number, ...number[]]]> = {
  winograd: [(layout) => prepareConv(fractions([32, 24, 3, 3], 11), { padding: 'same', layout }), [1, 24, 41, 39]],
  'winograd on few cells': [
    (layout) => prepareConv(fractions([96, 96, 3, 3], 11), { padding: 'same', layout }),
    [1, 96, 9, 7],
  ],
  strided: [
    (layout) =>
      prepareConv(fractions([21, 24, 3, 5], 11), {
        ...{ padding: 'same', strides: [2, 1], bias: repeating([21], 5).data, activation: 'relu', layout },
      }),
    [1, 24, 31, 29],
  ],
  'on few cells': [
    (layout) => prepareConv(fractions([130, 128, 3, 3], 11), { padding: 'same', deterministic: true, layout }),
    [1, 128, 3, 4],
  ],
  groups: [(layout) => prepareConv(fractions([36, 12, 3, 3], 11), { groups: 3, strides: 2, layout }), [1, 36, 29, 31]],
  pointwise: [(layout) => prepareConv(fractions([50, 48, 1, 1], 11), { layout }), [1, 48, 23, 21]],
  'pointwise on few cells': [(layout) => prepareConv(fractions([200, 256, 1, 1], 11), { layout }), [1, 256, 5, 3]],
  depthwise: [
    (layout) => prepareConv(fractions([37, 1, 3, 3], 11), { groups: 37, padding: 'same', layout }),
    [1, 37, 61, 59],
  ],
  images: [(layout) => prepareConv(fractions([16, 12, 3, 3], 11), { padding: 'same', layout }), [5, 12, 27, 25]],
  'one axis': [(layout) => prepareConv(fractions([33, 32, 7], 11), { padding: 'causal', layout }), [1, 32, 401]],
  'three axes': [
    (layout) => prepareConv(fractions([8, 6, 3, 3, 3], 11), { padding: 'same', layout }),
    [1, 6, 9, 21, 19],
  ],
  transposed: [
    (layout) => prepareConvTranspose(fractions([24, 13, 4, 4], 11), { strides: 2, padding: 'same', layout }),
    [1, 24, 19, 17],
  ],
  maxPool: [(layout) => prepareMaxPool({ kernel: 3, strides: 2, padding: 'same', layout }), [1, 33, 71, 69]],
  averagePool: [
    (layout) => prepareAveragePool({ kernel: [5, 3], padding: 'same', strides: 1, layout }),
    [2, 17, 41, 43],
  ],
}

const same = (a: Float32Array, b: Float32Array): boolean =>
  a.length === b.length && a.every((value, index) => Object.is(value, b[index]))

/** Runs until several threads took part, which workers may take a while to do; whether they did. */
async function untilShared(run: () => void): Promise<boolean> {
  for (let round = 0; round < 20_000; round++) {
    run()
    if (threadsUsed() > 1) return true
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  return false
}

describe('threads', () => {
  const expected = new Map<string, Float32Array>()
  const cases = Object.entries(kinds).flatMap(([name, [make, [batch, channels, ...cells]]]) =>
    layouts.map((layout) => {
      const shape = layout === 'nchw' ? [batch, channels, ...cells] : [batch, ...cells, channels]
      return { name: `${name}, ${layout}`, layer: make(layout), x: fractions(shape, 13) }
    }),
  )

  beforeAll(() => {
    expect(current().buffer).toBeInstanceOf(ArrayBuffer)
    for (const { name, layer, x } of cases) {
      expected.set(name, layer.run(x).data)
      expect([layer.engine, threadsUsed()]).toEqual(['program', 1])
    }
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
    const [{ layer, x, name }] = cases
    expect(await untilShared(() => layer.run(x))).toBe(true)
    expect(same(layer.run(x).data, expected.get(name) as Float32Array)).toBe(true)
  })

  it('of which a layer uses fewer write into nothing but its own memory', async () => {
    setThreads(3)
    expect(await untilShared(() => cases[0].layer.run(cases[0].x))).toBe(true)
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
    expect(await untilShared(() => cases[0].layer.run(cases[0].x))).toBe(true)
    let most = threadsUsed()
    for (const { name, layer, x } of cases) {
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

  it.each([2, 4])('of %d the others compute what this one does not wait for, to the same bits', async (threads) => {
    setThreads(threads)
    expect(await untilShared(() => cases[0].layer.run(cases[0].x))).toBe(true)
    const right = (name: string, { data }: Tensor): void => {
      if (!same(data, expected.get(name) as Float32Array)) throw new Error(`${name} differs`)
    }
    for (const { name, layer, x } of cases) {
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
    const all = cases.map(({ name, layer, x }) => layer.runAsync(x).then((y) => right(name, y)))
    for (const { layer, x } of cases) {
      const [batch, channels] = x.shape
      if (x.shape.length === 4) layer.run(fractions(layer === cases[0].layer ? [batch, channels, 9, 9] : x.shape, 5))
      layer.release()
      programTensor([5000]).data.fill(Number.NaN)
    }
    await Promise.all(all)
  })

  it('finish what this one does not wait for when memory is dropped, or are no more there', async () => {
    setThreads(2)
    const [{ name, layer, x }] = cases
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
    const [{ name, layer, x }] = cases
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
      for (const { name, layer, x } of cases.slice(0, 6)) {
        expect(same((await layer.runAsync(x)).data, expected.get(name) as Float32Array)).toBe(true)
      }
    } finally {
      known.waitAsync = waitAsync
    }
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
      for (const { name, layer, x } of cases.slice(0, 6)) {
        releaseMemory()
        expect(await untilShared(() => layer.run(x))).toBe(true)
        expect(same(layer.run(x).data, expected.get(name) as Float32Array)).toBe(true)
      }
      expect(setThreads(1)).toBe(1)
      const [{ name, layer, x }] = cases
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
