import { afterAll, expect, it } from 'vitest'
import { loadNetwork } from '../../src/graph.ts'
import { setThreads } from '../../src/index.ts'
import { type ConstantOf, modelBytes, type NodeOf, numbersFrom, tensorFrom } from '../graph/onnx-bytes.ts'

/** Kinds of steps one after the other: convolutions of every kind, functions, normalizations, a resizing and a product. */
const nodes: readonly NodeOf[] = [
  ['Conv', ['x', 'stem', 'bias'], ['c'], { strides: [2, 2], auto_pad: 'SAME_UPPER' }],
  ['Sigmoid', ['c'], ['g']],
  ['Mul', ['c', 'g'], ['s']],
  ['Conv', ['s', 'depthwise'], ['d'], { group: 24, pads: [1, 1, 1, 1] }],
  ['Conv', ['d', 'square'], ['e'], { pads: [1, 1, 1, 1] }],
  ['Add', ['e', 's'], ['r']],
  ['InstanceNormalization', ['r', 'list', 'bias'], ['i']],
  ['Resize', ['i', '', 'scales'], ['u'], { mode: 'linear' }],
  ['ConvTranspose', ['u', 'up'], ['t'], { strides: [2, 2] }],
  ['Gelu', ['t'], ['h']],
  ['AveragePool', ['h'], ['a'], { kernel_shape: [3, 3], strides: [2, 2] }],
  ['ReduceMean', ['a'], ['m'], { axes: [2], keepdims: 0 }],
  ['MatMul', ['m', 'matrix'], ['p']],
  ['LayerNormalization', ['p', 'seven'], ['l']],
  ['MatMul', ['l', 'lt'], ['q']],
  ['Tanh', ['q'], ['v']],
  ['Softmax', ['v'], ['y'], { axis: 2 }],
]
const constant = (seed: number, ...shape: number[]): ConstantOf => ({
  shape,
  data: numbersFrom(
    seed,
    shape.reduce((a, b) => a * b),
  ).map((one) => one / 2),
})
const constants: Record<string, ConstantOf> = {
  ...{ stem: constant(1, 24, 3, 5, 5), bias: constant(2, 24), depthwise: constant(3, 24, 1, 3, 3) },
  ...{ square: constant(4, 24, 24, 3, 3), list: constant(5, 24), up: constant(6, 24, 6, 3, 3) },
  ...{ scales: { shape: [4], data: [1, 1, 1.5, 2] }, matrix: constant(7, 64, 70), seven: constant(8, 70) },
  lt: constant(9, 70, 700),
}

afterAll(() => void setThreads(1))

it.each([
  ['nchw', '1952f2e2'],
  ['nhwc', '19ce13bc'],
] as const)(
  'a deterministic network, %s, gives the same bits on every engine, with threads and without',
  async (...is) => {
    const [layout, bits] = is
    const bytes = modelBytes({ inputs: { x: ['n', 3, 'h', 'w'] }, outputs: ['y'], nodes, constants, opset: 20 })
    const x = tensorFrom(10, [2, 3, 61, 63])
    for (const threads of [1, 2]) {
      const network = await loadNetwork(bytes, { deterministic: true, threads, layout })
      const { y } = network.run({ x })
      expect(y.shape).toEqual([2, 6, 700])
      expect(digest(y.data)).toBe(bits)
      network.release()
    }
  },
)

/** FNV-1a of the bits. */
function digest(data: Float32Array): string {
  let hash = 0x811c9dc5
  for (const byte of new Uint8Array(data.buffer, data.byteOffset, data.byteLength)) {
    hash = Math.imul(hash ^ byte, 0x01000193)
  }
  return (hash >>> 0).toString(16)
}
