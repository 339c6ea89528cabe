import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { accelerate, stopAccelerating } from '../../src/tfjs.ts'
import { farthest, integers, libraryOn, numbersOf, type Untyped } from './tfjs-accelerated.ts'

afterAll(stopAccelerating)

type Random = () => number
type Calls = Readonly<Record<string, (tf: Untyped, random: Random) => () => Untyped>>

const pick = (random: Random, least: number, most: number): number => least + Math.floor(random() * (most - least + 1))
/** Sizes that are all different as a rule, of so many elements that there are programs. */
const sizes = (random: Random): number[] =>
  [
    [1, 3],
    [11, 14],
    [15, 21],
    [19, 26],
  ].map(([a, b]) => pick(random, a, b))
const tensor = (tf: Untyped, random: Random): Untyped => integers(tf, sizes(random), random)
/** A tensor that is broadcast to another one: some of its dimensions are missing, others 1. */
const beside = (tf: Untyped, { shape }: Untyped, random: Random): Untyped => {
  const own = shape.slice(pick(random, 0, 3)).map((size: number) => (random() < 0.3 ? 1 : size))
  return integers(tf, own, random)
}

const binary =
  (name: string): Calls[string] =>
  (tf, random) => {
    const x = tensor(tf, random)
    const y = beside(tf, x, random)
    const other = tf.add(tf.abs(y), 0.5)
    return name === 'div' || random() < 0.5 ? () => tf[name](x, other) : () => tf[name](other, x)
  }
const unary =
  (name: string, ...numbers: number[]): Calls[string] =>
  (tf, random) => {
    const x = tf.mul(tensor(tf, random), 0.75)
    const positive = name === 'sqrt' || name === 'rsqrt' ? tf.add(tf.abs(x), 0.25) : x
    return () => tf[name](positive, ...numbers)
  }
const reduction =
  (name: string): Calls[string] =>
  (tf, random) => {
    const x = tensor(tf, random)
    const axes = [0, 1, 2, 3].filter(() => random() < 0.5)
    const given = random() < 0.1 ? undefined : axes.length > 0 ? axes : -1
    const keep = random() < 0.5
    return () => tf[name](x, given, keep)
  }
const resized =
  (name: string): Calls[string] =>
  (tf, random) => {
    const x = tensor(tf, random)
    const to = [pick(random, 8, 40), pick(random, 8, 40)]
    const way = pick(random, 0, 2)
    return () => tf.image[name](x, to, way === 1, way === 2)
  }

/** Calls by the names of the kernels that they end in. */
const calls: Calls = {
  Add: binary('add'),
  Sub: binary('sub'),
  Multiply: binary('mul'),
  RealDiv: binary('div'),
  Maximum: binary('maximum'),
  Minimum: binary('minimum'),
  SquaredDifference: binary('squaredDifference'),
  AddN(tf, random) {
    const x = tensor(tf, random)
    const all = [x, ...Array.from({ length: pick(random, 0, 3) }, () => integers(tf, x.shape, random))]
    return () => tf.addN(all)
  },
  Prelu(tf, random) {
    const x = tensor(tf, random)
    const alpha = integers(tf, [...[1, 1].slice(pick(random, 0, 2)), x.shape[3]], random)
    return () => tf.prelu(x, alpha)
  },
  Relu: unary('relu'),
  Relu6: unary('relu6'),
  Sigmoid: unary('sigmoid'),
  Tanh: unary('tanh'),
  Exp: unary('exp'),
  Sqrt: unary('sqrt'),
  Rsqrt: unary('rsqrt'),
  Square: unary('square'),
  Neg: unary('neg'),
  Elu: unary('elu'),
  LeakyRelu: unary('leakyRelu', 0.3),
  ClipByValue: unary('clipByValue', -1.5, 2),
  FusedBatchNorm(tf, random) {
    const x = tensor(tf, random)
    const channels = [x.shape[3]]
    const [mean, offset, scale] = [1, 2, 3].map(() => integers(tf, channels, random))
    const variance = tf.add(tf.abs(integers(tf, channels, random)), 0.5)
    const some = pick(random, 0, 3)
    return () => tf.batchNorm(x, mean, variance, some & 1 ? offset : undefined, some & 2 ? scale : undefined, 0.01)
  },
  Concat(tf, random) {
    const first = sizes(random)
    const axis = pick(random, 0, 3)
    const all = [first, ...Array.from({ length: pick(random, 1, 3) }, () => first.with(axis, pick(random, 1, 9)))]
    const tensors = all.map((shape) => integers(tf, shape, random))
    const given = random() < 0.5 ? axis : axis - 4
    return () => tf.concat(tensors, given)
  },
  Pack(tf, random) {
    const x = tensor(tf, random)
    const both = [x, integers(tf, x.shape, random)]
    const axis = pick(random, 0, 4)
    return () => tf.stack(both, axis)
  },
  Transpose(tf, random) {
    const x = tensor(tf, random)
    const order = [0, 1, 2, 3].map((axis) => ({ axis, at: random() })).sort((a, b) => a.at - b.at)
    return () =>
      tf.transpose(
        x,
        order.map(({ axis }) => axis),
      )
  },
  Slice(tf, random) {
    const x = tensor(tf, random)
    const begin = x.shape.map((size: number) => pick(random, 0, Math.min(2, size - 1)))
    const size = x.shape.map((cells: number, axis: number) => (random() < 0.5 ? -1 : cells - begin[axis]))
    return () => tf.slice(x, begin, size)
  },
  StridedSlice(tf, random) {
    const x = tensor(tf, random)
    const count = pick(random, 1, 4)
    const each = (of: (size: number) => number): number[] => x.shape.slice(0, count).map(of)
    const most = pick(random, 1, 2)
    const strides = each(() => (most > 1 && random() < 0.2 ? -1 : pick(random, 1, most)))
    const begin = each((size) => pick(random, -size, size - 1))
    const end = each((size) => pick(random, -size, size))
    const bits = (share: number): number =>
      each(() => 0).reduce((all, _, at) => all | (random() < share ? 1 << at : 0), 0)
    // What is shrunk is one cell, of which no mask speaks; beside steps the library reads others then.
    const ellipsis = random() < 0.3 ? 1 << (count - 1) : 0
    const shrunk = strides.every((stride) => stride === 1) ? bits(0.5) & ~ellipsis : 0
    const masks = [bits(0.7) & ~shrunk, bits(0.7) & ~shrunk, ellipsis, 0, shrunk]
    return () => tf.stridedSlice(x, begin, end, strides, ...masks)
  },
  PadV2(tf, random) {
    const x = tensor(tf, random)
    const pads = x.shape.map(() => [pick(random, 0, 3), pick(random, 0, 2)])
    const value = pick(random, -1, 1)
    return () => tf.pad(x, pads, value)
  },
  MirrorPad(tf, random) {
    const x = tensor(tf, random)
    const pads = x.shape.map((_: number, axis: number) =>
      axis === 0 ? [0, 0] : [pick(random, 0, 3), pick(random, 0, 2)],
    )
    const mode = random() < 0.7 ? 'reflect' : 'symmetric'
    return () => tf.mirrorPad(x, pads, mode)
  },
  Mean: reduction('mean'),
  Sum: reduction('sum'),
  Max: reduction('max'),
  Min: reduction('min'),
  Softmax(tf, random) {
    const x = tensor(tf, random)
    return () => tf.softmax(x)
  },
  ResizeBilinear: resized('resizeBilinear'),
  ResizeNearestNeighbor: resized('resizeNearestNeighbor'),
  BatchMatMul(tf, random) {
    const [batch, rows, inner, columns] = sizes(random)
    const [a, transposes] = [integers(tf, [batch, rows, inner], random), random() < 0.5]
    const b = integers(tf, transposes ? [1, columns, inner] : [1, inner, columns], random)
    return () => tf.matMul(a, b, false, transposes)
  },
  _FusedMatMul(tf, random) {
    const [, rows, inner, columns] = sizes(random)
    const [a, b, bias] = [[rows, inner], [inner, columns], [columns]].map((shape) => integers(tf, shape, random))
    const activation = ['linear', 'relu', 'relu6', 'sigmoid'][pick(random, 0, 3)]
    return () => tf.fused.matMul({ a, b, bias, activation })
  },
}

/** What is as fast in the compiled kernels of the library, and left to them. */
const left = ['ClipByValue', 'Elu', 'Neg', 'Prelu', 'Relu', 'Relu6', 'Sigmoid', 'Square']

it('the page of TensorFlow.js names them all, and those that are left', async () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/tfjs.md'), 'utf8')
  const [, named, leftToIt] =
    /^Between the layers: ([\s\S]*?)\. On WebAssembly [^:]*: ([\s\S]*?), and `Add`/m.exec(page) ?? []
  const namesIn = (text: string): string[] => [...text.matchAll(/`(\w+)`/g)].map(([, name]) => name).sort()
  expect(namesIn(leftToIt)).toEqual(left)
  const { kernels } = accelerate(await libraryOn('wasm'))
  const betweenLayers = kernels.filter((name) => !/Conv|Pool/.test(name)).sort()
  expect(namesIn(named)).toEqual(betweenLayers)
  expect(Object.keys(calls).sort()).toEqual(betweenLayers)
})

describe.each(['wasm', 'cpu'] as const)('on the backend %s', (backend) => {
  it.each(Object.keys(calls))('%s gives what the library gives', async (name) => {
    const tf = await libraryOn(backend)
    for (let seed = 1; seed <= 25; seed++) {
      tf.tidy(() => {
        const call = calls[name](tf, numbersOf(seed * 977))
        const results = (): { shape: number[]; data: Float32Array }[] =>
          [1, 2].map(() => {
            const y = call()
            return { shape: y.shape, data: y.dataSync() }
          })
        const theirs = results()
        const acceleration = accelerate(tf, { deterministic: true })
        try {
          for (const [index, { shape, data }] of results().entries()) {
            expect(shape, `${seed}`).toEqual(theirs[index].shape)
            expect(farthest(data, theirs[index].data), `${seed}`).toBeLessThan(2e-5)
          }
        } finally {
          acceleration.stop()
        }
      })
    }
  })

  it.each(Object.keys(calls))('%s is computed by samepad', async (name) => {
    const tf = await libraryOn(backend)
    const stock = tf.getKernel(name, backend)
    let isStock = 0
    tf.unregisterKernel(name, backend)
    tf.registerKernel({
      ...stock,
      kernelFunc(call: unknown) {
        isStock++
        return stock.kernelFunc(call)
      },
    })
    const acceleration = accelerate(tf)
    for (let seed = 1; seed <= 25; seed++) {
      tf.tidy(() => {
        const call = calls[name](tf, numbersOf(seed * 977))
        call()
        call()
      })
    }
    acceleration.stop()
    tf.unregisterKernel(name, backend)
    tf.registerKernel(stock)
    if (backend === 'wasm' && left.includes(name)) expect(isStock).toBe(50)
    else expect(isStock).toBeLessThan(50)
  })
})
