import { afterAll, beforeAll, expect, it } from 'vitest'
import { topologies } from '../../bench/models/topologies.ts'
import { loadNetwork, type Tensor } from '../../src/graph.ts'
import { memoryUse, releaseMemory, setThreads } from '../../src/index.ts'
import { tensorFrom } from '../graph/onnx-bytes.ts'
import { engine } from './engine.ts'

// Well-known networks with random weights, by samepad and by onnxruntime: sizes that change, batch 3, one thread and two.

// biome-ignore lint/suspicious/noExplicitAny: the engine has no types here
let ort: any
beforeAll(() => {
  ort = engine('onnxruntime-node')
})
afterAll(() => void setThreads(1))

/** How far a tensor is from another one, over the range of that one. */
function apart({ data }: Tensor, wanted: Float32Array): number {
  let [least, most, largest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]
  wanted.forEach((one, at) => {
    least = Math.min(least, one)
    most = Math.max(most, one)
    largest = Math.max(largest, Math.abs(one - data[at]))
  })
  return largest / (most - least)
}

/** Bytes of program memory without code, which is remembered there where threads share it. */
function kept(): number {
  const { used, code } = memoryUse()
  return used - code
}

for (const { name, bytes, sizes } of topologies) {
  it(`${name} gives what onnxruntime gives, within 2e-5 of the range, in both layouts`, async () => {
    const file = bytes()
    const session = await ort.InferenceSession.create(file, { intraOpNumThreads: 1 })
    const other = await loadNetwork(file, { layout: 'nchw' })
    const network = await loadNetwork(file, { layout: 'nhwc' })
    releaseMemory()
    const used: number[] = []
    for (const [index, shape] of [...sizes, sizes[0], sizes[1]].entries()) {
      setThreads(index <= sizes.length ? 1 : 2)
      const x = tensorFrom(index, shape)
      const wanted = await session.run({ x: new ort.Tensor('float32', x.data, shape) })
      const found = network.run({ x })
      used.push(kept())
      const same = index === 1 ? other.run({ x }) : {}
      other.release()
      const { arena, live, weights } = network.plan({ x: shape })
      expect(arena).toBeLessThanOrEqual(1.2 * live)
      // Packed weights are hardly more than the model's where pictures are too small for Winograd. On two threads parts have their own.
      if (index <= sizes.length) expect(used[index]).toBeLessThanOrEqual(1.2 * live + 1.2 * weights)
      for (const output of Object.keys(wanted)) {
        expect(found[output].shape).toEqual(wanted[output].dims)
        expect(apart(found[output], wanted[output].data)).toBeLessThanOrEqual(2e-5)
        if (index === 1) expect(apart(same[output], wanted[output].data)).toBeLessThanOrEqual(2e-5)
      }
    }
    // Nothing stays of other sizes, and nothing of a network that is released.
    expect(used[sizes.length]).toBeLessThanOrEqual(1.01 * used[0])
    setThreads(1)
    network.release()
    expect(kept()).toBeLessThanOrEqual(2 ** 18)
  })
}
