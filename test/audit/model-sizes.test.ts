import { describe, expect, it } from 'vitest'
import { belongs } from '../../src/geometry.ts'
import { inputSizes, readModel, traceModel } from '../../src/models.ts'
import fc from '../fast-check.ts'
import { floats, ints, model, node, type Parts } from '../models/onnx/make-model.ts'
import { bytesOf } from '../models/onnx/real-models.ts'
import { chain, type Spec } from './networks.ts'

const strided: Spec = ['Conv', { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }]

/** A convolution and a pool that meet in an Add. */
const branches = (size: number | string, pads: readonly number[]) =>
  model({
    nodes: [
      node('Conv', 'x w', 'a', { strides: [2], pads: [1, 1] }),
      node('MaxPool', 'x', 'b', { kernel_shape: [2], strides: [2], pads }),
      node('Add', 'a b', 'y', {}, { name: 'meet' }),
    ],
    inputs: { x: [1, 1, size] },
    initializers: [floats('w', [1, 1, 3])],
  })

describe('inputSizes', () => {
  it('takes even sizes, and 3, where branches of one half meet that round otherwise', async () => {
    const { axes, given, base } = await inputSizes(branches(15, [0, 0]))
    expect(given).toMatchObject({ sizes: [15], refusal: { name: 'meet', opType: 'Add' } })
    expect(base).not.toEqual([15])
    expect(axes).toHaveLength(1)
    expect(axes[0]).toMatchObject({ name: 'length', isOpen: false, given: 15, isProved: true })
    // 2 gives 1 and 1; 3 gives 2 and 1, which is stretched.
    expect(axes[0].takes).toEqual({ from: 4, period: 2, residues: [0], below: [2, 3] })
    // The same with a pool that rounds as the convolution does takes any size.
    const [alike] = (await inputSizes(branches('n', [0, 1]))).axes
    expect(alike).toMatchObject({ isOpen: true, given: undefined, symbol: 'n', isProved: true })
    expect(alike.takes).toEqual({ from: 1, period: 1, residues: [0], below: [] })
  })

  it('names 481 and 513 for five layers of stride two', async () => {
    const bytes = chain(new Array(5).fill(strided), { input: [1, 2, 'h', 'w'] })
    const { axes, dependent } = await inputSizes(bytes, { near: 512 })
    expect(dependent).toBeUndefined()
    expect(axes.map(({ name }) => name)).toEqual(['height', 'width'])
    for (const axis of axes) {
      expect(axis).toMatchObject({ isProved: true, takes: { from: 1, period: 1 }, voters: 5 })
      expect(axis.agrees).toEqual({ from: 1, period: 32, residues: [1], below: [] })
      expect(axis.near).toEqual({
        size: 512,
        takes: { below: 512, above: 512 },
        agrees: { below: 481, above: 513 },
      })
    }
  })

  it('makes no rule of small sizes that the size of the file contradicts, which lies beyond those that are tried', async () => {
    const many = Array.from({ length: 1000 }, (_, index) => node('Relu', index ? `r${index - 1}` : 'sum', `r${index}`))
    const bytes = model({
      nodes: [node('Conv', 'x w', 'a', { pads: [1, 1] }), node('Add', 'a c', 'sum'), ...many],
      inputs: { x: [1, 1, 224] },
      initializers: [floats('w', [1, 1, 3]), floats('c', [1, 1, 224])],
    })
    const [axis] = (await inputSizes(bytes)).axes
    expect(axis.triedTo).toBeLessThan(224)
    expect([axis.takes, axis.agrees, axis.base, axis.taken]).toEqual([undefined, undefined, 224, [1]])
  })

  it('agrees only where the layer itself does what all conventions do', async () => {
    const agreed = async (attributes: Spec[1]) =>
      (await inputSizes(chain([['Conv', attributes]], { input: [1, 2, 'h', 8] }))).axes[0]
    // Pads 0,1 are SAME on even sizes, on which symmetric padding is not; on odd ones no rule has them.
    const baked = await agreed({ kernel_shape: [3, 3], strides: [2, 2], pads: [0, 0, 1, 1] })
    expect(baked.agrees).toMatchObject({ residues: [] })
    expect(baked.disagreeing).toEqual({ name: 'conv0', opType: 'Conv' })
    expect((await agreed({ kernel_shape: [3, 3], strides: [2, 2], auto_pad: 'SAME_LOWER' })).agrees).toEqual({
      ...{ from: 1, period: 2, residues: [1], below: [] },
    })
    // What is not padded is so in every framework.
    const bare = await agreed({ kernel_shape: [3, 3], strides: [2, 2] })
    expect(bare).toMatchObject({ voters: 0, disagreeing: undefined, takes: { from: 3, residues: [0] } })
  })

  it('says that two axes depend on each other', async () => {
    const square = (shape: readonly number[]) =>
      model({
        nodes: [node('MaxPool', 'x', 'a', { kernel_shape: [2, 2], strides: [2, 2] }), node('Reshape', 'a s', 'y')],
        inputs: { x: [1, 1, 8, 8] },
        initializers: [ints('s', shape)],
      })
    const { axes, dependent } = await inputSizes(square([1, 16]))
    expect(axes.map(({ taken }) => taken)).toEqual([[8, 9], [8, 9]]) // biome-ignore format: a pair
    // Four times as wide and a quarter as high are as many cells.
    expect(dependent).toMatchObject({ names: ['height', 'width'], example: { runs: true } })
    const [height, width] = dependent?.example.sizes ?? [0, 0]
    expect(Math.floor(height / 2) * Math.floor(width / 2)).toBe(16)
    expect((await inputSizes(square([1, -1]))).dependent).toBeUndefined()
  })

  it('says what is only tried', async () => {
    const open = { input: [1, 2, 'h', 8] }
    const [height] = (await inputSizes(chain([strided, ['Flatten', {}]], open))).axes
    expect(height).toMatchObject({ isProved: false, unproved: 'Flatten flatten1 lays all cells in a row' })
    expect(height.triedTo).toBeGreaterThanOrEqual(64)
    const [followed] = (await inputSizes(chain([strided, ['Relu', {}]], open))).axes
    expect(followed).toMatchObject({ isProved: true, unproved: undefined })
  })

  it('refuses a wanted size that is none, and an input whose dimensions are not known', async () => {
    await expect(inputSizes(branches('n', [0, 0]), { near: 0 })).rejects.toThrow('sizes: near must be an integer')
    const bytes = model({ nodes: [node('Relu', 'x', 'y')], inputs: { x: undefined } })
    await expect(inputSizes(bytes)).rejects.toThrow('sizes: the shape of x must be given, got none')
    expect((await inputSizes(bytes, { inputs: { x: [2, 3] } })).axes).not.toEqual([])
  })

  it('tells the text detector: multiples of 32 and up to 3 less, as onnxruntime runs it', async () => {
    const started = process.cpuUsage()
    const { axes } = await inputSizes(bytesOf('detection'), { inputs: { x: [1, 3, 225, 321] }, near: 500 })
    const { user } = process.cpuUsage(started)
    expect(user).toBeLessThan(30e6)
    for (const axis of axes) {
      expect(axis).toMatchObject({ isProved: true, near: { takes: { below: 480, above: 509 } } })
      expect(axis.takes).toEqual({ from: 5, period: 32, residues: [0, 29, 30, 31], below: [1, 2, 3, 4] })
    }
  }, 120_000)
})

/** A window along one axis, as a pool. */
interface Window {
  readonly k: number
  readonly s: number
  readonly p: number
}

/** Two chains of windows; mostly of the same strides in another order, so that their ends have cells as far apart. */
const pairs = fc
  .tuple(
    fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
    fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 2 })), { minLength: 6, maxLength: 6 }),
    fc.boolean(),
  )
  .map(([strides, shapes, isAlike]): [Window[], Window[]] => {
    const [first, second] = [strides, isAlike ? strides.toReversed() : strides.map((stride) => 4 - stride)]
    const windowOf = (s: number, [k, p]: readonly [number, number]): Window => ({ k, s, p: Math.min(p, k - 1) })
    return [first.map((s, at) => windowOf(s, shapes[at])), second.map((s, at) => windowOf(s, shapes[3 + at]))]
  })

const poolsOf = (list: readonly Window[], name: string): Parts['nodes'] =>
  list.map(({ k, s, p }, index) => {
    const from = index === 0 ? 'x' : `${name}${index}`
    return node('MaxPool', from, `${name}${index + 1}`, { kernel_shape: [k], strides: [s], pads: [p, p] })
  })

it('what is proved holds on every size of four periods beyond, as brute force has it', async () => {
  const ends = fc.constantFrom('Add', 'Concat', 'Mul')
  let proved = 0
  await fc.assert(
    fc.asyncProperty(pairs, ends, async ([a, b], end) => {
      const bytes = model({
        nodes: [
          ...poolsOf(a, 'a'),
          ...poolsOf(b, 'b'),
          node(end, `a${a.length} b${b.length}`, 'y', end === 'Concat' ? { axis: 1 } : {}),
        ],
        inputs: { x: [1, 1, 'n'] },
      })
      const read = await readModel(bytes)
      const runs = (size: number) => traceModel(read, { inputs: { x: [1, 1, size] } }).conflicts.length === 0
      const [axis] = (await inputSizes(read)).axes
      if (!axis) {
        for (let size = 1; size <= 64; size++) expect([size, runs(size)]).toEqual([size, false])
        return
      }
      if (axis.isProved) proved++
      const period = [...a, ...b].reduce((product, { s }) => product * s, 1)
      const last = axis.isProved ? axis.triedTo + 4 * period : axis.triedTo
      for (let size = 1; size <= last && axis.takes; size++) {
        expect([size, belongs(axis.takes, size)]).toEqual([size, runs(size)])
      }
    }),
    { numRuns: 60, seed: 11 },
  )
  // Neither all of them nor none: both answers are held against brute force.
  expect(proved).toBeGreaterThan(8)
  expect(proved).toBeLessThan(60)
}, 120_000)
