import { describe, expect, it } from 'vitest'
import {
  concat,
  depthToSpace,
  lastEngine,
  type OutputOptions,
  pad,
  programTensor,
  SamepadError,
  type SliceRange,
  slice,
  spaceToDepth,
  type Tensor,
  transpose,
} from '../../src/index.ts'
import { pad as referencePad } from '../../src/reference/pad.ts'
import fc from '../fast-check.ts'
import { within } from './calls.ts'
import { counting, sizeOf, toChannelsLast, transpose as transposed } from './tensors.ts'

/** Shapes of one to six dimensions; about one in three has enough elements for a program. */
const shapes = fc
  .array(fc.oneof(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 21 })), { minLength: 1, maxLength: 6 })
  .filter((shape) => sizeOf(shape) < 6000)
/** Some that certainly have. */
const large = [[70, 70], [8, 9, 70], [70, 8, 9], [3, 5, 7, 6, 8], [2, 3, 40, 5, 4], [5000], [2, 3, 4, 5, 6, 9]]

const elementOf = ({ data, shape }: Tensor, place: readonly number[]): number =>
  data[place.reduce((sum, index, axis) => sum * shape[axis] + index, 0)]

/** A tensor of which each element is told by its place. */
function tensorOf(shape: readonly number[], element: (place: readonly number[]) => number): Tensor {
  const data = Float32Array.from({ length: sizeOf(shape) }, (_, index) => {
    let rest = index
    const place = shape
      .toReversed()
      .map((size) => {
        const at = rest % size
        rest = Math.floor(rest / size)
        return at
      })
      .toReversed()
    return element(place)
  })
  return { data, shape: [...shape] }
}

/** Runs an operation into a new tensor, into one between others, and into program memory from there. */
function everywhere(run: (input: (tensor: Tensor) => Tensor, output?: Tensor) => Tensor, expected: Tensor): void {
  expect(run((tensor) => tensor)).toEqual(expected)
  const output = within({ data: new Float32Array(expected.data.length), shape: expected.shape }, 3)
  expect(run((tensor) => within(tensor, 1), output)).toBe(output)
  expect(output.data).toEqual(expected.data)
  expect(new Float32Array(output.data.buffer).filter(Number.isNaN).length).toBe(6)
  const inside = programTensor(expected.shape)
  run((tensor) => programTensor(tensor.shape, tensor.data), inside)
  expect(inside.data).toEqual(expected.data)
  inside.release()
}

const seen = { program: 0, reference: 0 }
const note = (): void => {
  seen[lastEngine() as 'program' | 'reference']++
}

it('transpose puts dimensions into any order', () => {
  const orders = shapes.chain((shape) =>
    fc.tuple(fc.constant(shape), fc.shuffledSubarray([...shape.keys()], { minLength: shape.length })),
  )
  const turned = large.map((shape): [[number[], number[]]] => [[shape, [...shape.keys()].toReversed()]])
  fc.assert(
    fc.property(orders, ([shape, order]) => {
      const x = counting(...shape)
      everywhere((input, output) => transpose(input(x), order, { output } as OutputOptions), transposed(x, order))
      note()
    }),
    { numRuns: 150, examples: turned },
  )
})

it('slice takes what NumPy takes', () => {
  const bound = fc.option(fc.integer({ min: -25, max: 25 }), { nil: undefined })
  const range = fc.tuple(bound, bound, fc.constantFrom(undefined, 1, 1, 2, 3, -1, -2))
  const slices = shapes.chain((shape) => fc.tuple(fc.constant(shape), fc.array(range, { maxLength: shape.length })))
  const halves = large.map((shape): [[number[], SliceRange[]]] => [
    [shape, ([[1], [undefined, undefined, -1]] as SliceRange[]).slice(0, shape.length)],
  ])
  let empty = 0
  fc.assert(
    fc.property(slices, ([shape, ranges]) => {
      const x = counting(...shape)
      const places = shape.map((size, axis) => picked(size, ranges[axis]))
      if (places.some((list) => list.length === 0)) {
        expect(() => slice(x, ranges)).toThrow(/^slice: range of dimension \d must leave at least one of the/)
        empty++
        return
      }
      const expected = tensorOf(
        places.map(({ length }) => length),
        (place) =>
          elementOf(
            x,
            place.map((at, axis) => places[axis][at]),
          ),
      )
      everywhere((input, output) => slice(input(x), ranges, { output } as OutputOptions), expected)
      note()
    }),
    { numRuns: 300, examples: halves },
  )
  expect(empty).toBeGreaterThan(0)
})

/** The places that Python's `range(size)[begin:end:step]` has. */
function picked(size: number, [begin, end, step = 1]: SliceRange = []): number[] {
  const at = (value: number): number => (value < 0 ? value + size : value)
  const from = begin === undefined ? (step > 0 ? 0 : size - 1) : at(begin)
  const to = end === undefined ? (step > 0 ? size : -1) : at(end)
  const list: number[] = []
  const first = step > 0 ? Math.max(from, 0) : Math.min(from, size - 1)
  for (let index = first; step > 0 ? index < Math.min(to, size) : index > Math.max(to, -1); index += step)
    list.push(index)
  return list
}

it('concat puts tensors one after the other along any dimension', () => {
  const lists = shapes.chain((shape) =>
    fc.tuple(
      fc.constant(shape),
      fc.nat(shape.length - 1),
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
    ),
  )
  const ends = large.map((shape): [[number[], number, number[]]] => [[shape, shape.length - 1, [3, 1, 8]]])
  fc.assert(
    fc.property(lists, fc.boolean(), ([shape, axis, counts], fromEnd) => {
      const parts = counts.map((count, index) => {
        const tensor = counting(...shape.with(axis, count))
        return { ...tensor, data: tensor.data.map((value) => value + 1000 * index) }
      })
      const total = counts.reduce((sum, count) => sum + count, 0)
      const expected = tensorOf(shape.with(axis, total), (place) => {
        let [index, at] = [0, place[axis]]
        while (at >= counts[index]) at -= counts[index++]
        return elementOf(parts[index], place.with(axis, at))
      })
      everywhere(
        (input, output) => concat(parts.map(input), fromEnd ? axis - shape.length : axis, { output } as OutputOptions),
        expected,
      )
      note()
    }),
    { numRuns: 100, examples: ends.map(([list]) => [list, true]) },
  )
})

const isSmall = ([shape, pads]: readonly [readonly number[], readonly (readonly [number, number])[]]): boolean =>
  sizeOf(shape.map((size, axis) => size + pads[axis][0] + pads[axis][1])) < 8000

it.each(['constant', 'reflect', 'replicate', 'circular'] as const)(
  'pad fills with %s as its definition does',
  (mode) => {
    const sizes = fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 3, maxLength: 5 })
    const problems = sizes.chain((shape) =>
      fc.tuple(
        fc.constant(shape),
        fc.tuple(
          ...shape.map((size) => {
            const widest = mode === 'reflect' ? size - 1 : 9
            const least = -Math.floor((size - 1) / 2)
            const side = fc.oneof(fc.integer({ min: 0, max: widest }), fc.integer({ min: least, max: widest }))
            return fc.tuple(side, side)
          }),
        ),
      ),
    )
    fc.assert(
      fc.property(problems.filter(isSmall), ([shape, pads]) => {
        const x = counting(...shape)
        const wide = shape.map((size, axis) => size + pads[axis][0] + pads[axis][1])
        const expected = { data: new Float32Array(sizeOf(wide)), shape: wide }
        referencePad('pad', x.data, shape, pads, mode, 7, expected.data)
        everywhere((input, output) => pad(input(x), pads, { mode, value: 7, output }), expected)
        note()
      }),
      { numRuns: 100 },
    )
  },
)

describe('blocks', () => {
  // As TensorFlow and PyTorch define them, place by place.
  const x = (block: number, layout: string): Tensor => {
    const tensor = counting(2, 3 * block ** 2, 7, 9)
    return layout === 'nchw' ? tensor : toChannelsLast(tensor)
  }
  const last = (tensor: Tensor, layout: string): Tensor => (layout === 'nchw' ? tensor : toChannelsLast(tensor))

  it.each((['nchw', 'nhwc'] as const).flatMap((layout) => [1, 2, 3].map((block) => [layout, block] as const)))(
    'of channels become cells, and cells channels: %s, %i',
    (layout, block) => {
      for (const mode of ['dcr', 'crd'] as const) {
        const nchw = x(block, 'nchw')
        const expected = tensorOf([2, 3, 7 * block, 9 * block], ([n, c, h, w]) => {
          const inBlock = (h % block) * block + (w % block)
          const channel = mode === 'dcr' ? inBlock * 3 + c : c * block ** 2 + inBlock
          return elementOf(nchw, [n, channel, Math.floor(h / block), Math.floor(w / block)])
        })
        everywhere(
          (input, output) => depthToSpace(input(x(block, layout)), block, { mode, layout, output }),
          last(expected, layout),
        )
        if (mode === 'dcr') {
          everywhere(
            (input, output) => spaceToDepth(input(last(expected, layout)), block, { layout, output }),
            x(block, layout),
          )
        }
      }
    },
  )

  it('along one and three axes too', () => {
    for (const shape of [
      [2, 6, 5],
      [1, 16, 2, 3, 2],
    ]) {
      const there = depthToSpace(counting(...shape), 2)
      expect(there.shape.slice(2)).toEqual(shape.slice(2).map((size) => 2 * size))
      expect(spaceToDepth(there, 2)).toEqual(counting(...shape))
    }
  })
})

it('a tensor without dimensions is moved as it is', () => {
  const x = { data: Float32Array.of(3), shape: [] }
  expect(transpose(x, [])).toEqual(x)
  expect(slice(x, [])).toEqual(x)
})

it('both engines were used', () => {
  expect(Math.min(seen.program, seen.reference)).toBeGreaterThan(0)
})

describe('errors', () => {
  const x = counting(2, 3)
  // biome-ignore lint/suspicious/noExplicitAny: these calls are wrong on purpose, some of them in their types.
  type Wrong = any
  it.each([
    [
      'a dimension twice',
      () => transpose(x, [0, 0]),
      'transpose: order must name each of the 2 dimensions once, got [0, 0]',
    ],
    [
      'a dimension too few',
      () => transpose(x, [0]),
      'transpose: order must name each of the 2 dimensions once, got [0]',
    ],
    [
      'dimensions that are texts',
      () => transpose(x, ['1', '0'] as Wrong),
      "transpose: order must name each of the 2 dimensions once, got ['1', '0']",
    ],
    [
      'a name that every list has',
      () => transpose(counting(3), ['length'] as Wrong),
      "transpose: order must name each of the 1 dimensions once, got ['length']",
    ],
    ['no order', () => transpose(x, 1 as Wrong), 'transpose: order must name each of the 2 dimensions once, got 1'],
    [
      'too many ranges',
      () => slice(x, [[], [], []]),
      'slice: ranges must be a list of at most 2, one for each dimension, got [[], [], []]',
    ],
    [
      'a range that is a number',
      () => slice(x, [1 as Wrong]),
      'slice: range of dimension 0 must be [begin, end, step], got 1',
    ],
    ['a step of 0', () => slice(x, [[0, 1, 0]]), 'slice: step of range of dimension 0 must not be 0, got 0'],
    ['a fraction', () => slice(x, [[0.5]]), 'slice: begin of range of dimension 0 must be an integer of at least'],
    [
      'nothing left',
      () => slice(x, [[], [2, 2]]),
      'slice: range of dimension 1 must leave at least one of the 3 elements, got [2, 2]',
    ],
    ['no tensors', () => concat([], 0), 'concat: inputs must be a list of tensors, got []'],
    [
      'a dimension that is not there',
      () => concat([x, x], 2),
      'concat: dimension must be below the 2 dimensions, got 2',
    ],
    [
      'a dimension too far from the end',
      () => concat([x, x], -3),
      'concat: dimension must be an integer of at least -2, got -3',
    ],
    [
      'shapes that do not fit',
      () => concat([x, counting(3, 3)], 1),
      'concat: input 1 must be as input 0 but for dimension 1, got [3, 3]',
    ],
    [
      'channels that are no blocks',
      () => depthToSpace(counting(1, 6, 2, 2), 2),
      'depthToSpace: channels must be a multiple of the 4 cells of a block, got 6',
    ],
    [
      'cells that are no blocks',
      () => spaceToDepth(counting(1, 1, 4, 5), 2),
      'spaceToDepth: block must divide the 5 cells of axis 1, got 2',
    ],
    [
      'another output',
      () => transpose(x, [1, 0], { output: x }),
      'transpose: output must have shape [3, 2], got [2, 3]',
    ],
    [
      'an output on its input',
      () => transpose(counting(2, 2), [1, 0], { output: x } as Wrong),
      'transpose: output must have shape [2, 2], got [2, 3]',
    ],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(SamepadError)
    expect(call).toThrow(message)
  })

  it('an output that overlaps an input', () => {
    const square = counting(2, 2)
    expect(() => transpose(square, [1, 0], { output: square })).toThrow(
      'transpose: output must not overlap input, got shared memory',
    )
    const all = { data: new Float32Array(8), shape: [4, 2] }
    const part = { data: all.data.subarray(4), shape: [2, 2] }
    expect(() => concat([square, part], 0, { output: all })).toThrow('concat: output must not overlap input 1')
  })
})
