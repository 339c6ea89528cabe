import { describe, expect, it } from 'vitest'
import { lastEngine, programTensor, type ResizeOptions, resize, SamepadError, type Tensor } from '../../src/index.ts'
import fc from '../fast-check.ts'
import { within } from './calls.ts'
import { counting, repeating, sizeOf, toChannelsLast, transpose } from './tensors.ts'

const ramp = (cells: number): Tensor => ({
  data: Float32Array.from({ length: cells }, (_, cell) => cell),
  shape: [1, 1, cells],
})
/** The places of outputs on an axis of so many cells: what linear interpolation makes of 0, 1, 2, ... */
const places = (cells: number, options: ResizeOptions): number[] => [
  ...resize(ramp(cells), { ...options, mode: 'linear', output: undefined }).data,
]

// The values are what PyTorch, TensorFlow and ONNX's definition give.
describe('where outputs lie, and what is nearest', () => {
  it.each([
    ['half_pixel', { sizes: 4 }, [0, 0.25, 0.75, 1]],
    ['half_pixel', { sizes: 1 }, [0.5]],
    ['pytorch_half_pixel', { sizes: 4 }, [0, 0.25, 0.75, 1]],
    ['pytorch_half_pixel', { sizes: 1 }, [0]],
    ['align_corners', { sizes: 4 }, [0, 1 / 3, 2 / 3, 1]],
    ['align_corners', { sizes: 1 }, [0]],
    ['align_corners', { scales: 1.7 }, [0, 1 / 2.4, 2 / 2.4]],
    ['align_corners', { scales: 0.6 }, [0]],
    ['asymmetric', { sizes: 4 }, [0, 0.5, 1, 1]],
    ['tf_half_pixel_for_nn', { sizes: 4 }, [0.25, 0.75, 1, 1]],
    ['half_pixel_symmetric', { scales: 1.75 }, [0, 0.5, 1]],
  ] as const)('%s of 2 cells with %j', (coordinates, options, expected) => {
    expect(places(2, { ...options, coordinates })).toEqual(expected.map(Math.fround))
  })

  it.each([
    ['round_prefer_floor', [0, 0, 1, 2, 2]],
    ['round_prefer_ceil', [0, 1, 1, 2, 2]],
    ['floor', [0, 0, 1, 1, 2]],
    ['ceil', [0, 1, 1, 2, 2]],
  ] as const)('%s of the places 0, 1/2, 1, 3/2, 2', (nearest, expected) => {
    const found = resize(ramp(3), { sizes: 5, coordinates: 'align_corners', nearest })
    expect([...found.data]).toEqual(nearest === 'round_prefer_floor' ? [0, 0, 1, 1, 2] : expected)
  })

  it('a place in the middle is told as it is, however the sizes divide', () => {
    for (let cells = 1; cells < 40; cells++) {
      for (let outputs = 1; outputs < 40; outputs++) {
        const nearest = resize(ramp(cells), { sizes: outputs, nearest: 'round_prefer_ceil' })
        const expected = Array.from({ length: outputs }, (_, output) =>
          // floor((output + 1/2) cells / outputs), in integers
          Math.floor(((2 * output + 1) * cells) / (2 * outputs)),
        )
        expect([...nearest.data]).toEqual(expected)
      }
    }
  })
})

it('cubic takes four cells, with weights that are made anew without those outside if so asked', () => {
  const line = { data: Float32Array.of(0, 0, 1, 0, 0), shape: [1, 1, 5] }
  const a = -0.75
  const weights = [1.75, 0.75, 0.25, 1.25].map((d) =>
    d <= 1 ? (a + 2) * d ** 3 - (a + 3) * d ** 2 + 1 : a * d ** 3 - 5 * a * d ** 2 + 8 * a * d - 4 * a,
  )
  const cubic = resize(line, { scales: 2, mode: 'cubic' }).data
  expect([...cubic].slice(2, 5)).toEqual([weights[3], weights[1], weights[2]].map(Math.fround))
  const ones = { data: new Float32Array(5).fill(1), shape: [1, 1, 5] }
  for (const excludeOutside of [false, true]) {
    const sums = resize(ones, { sizes: 13, mode: 'cubic', excludeOutside, cubicCoefficient: -0.5 }).data
    for (const sum of sums) expect(sum).toBeCloseTo(1, 6)
  }
  const [first] = resize(counting(1, 1, 5), { scales: 2, mode: 'cubic', excludeOutside: true }).data
  const [w0, w1] = [0.25, 1.25].map((d) =>
    d <= 1 ? (a + 2) * d ** 3 - (a + 3) * d ** 2 + 1 : a * d ** 3 - 5 * a * d ** 2 + 8 * a * d - 4 * a,
  )
  expect(first).toBeCloseTo((w0 + 2 * w1) / (w0 + w1), 6)
})

it('antialias takes all cells that an output covers, and makes nothing of enlarging', () => {
  const line = counting(1, 1, 8)
  const options = { mode: 'linear', antialias: true, excludeOutside: true } as const
  // A triangle of width 4 around 3/2, 7/2, ...: weights 1/8, 3/8, 3/8, 1/8.
  const [, second] = resize(line, { ...options, sizes: 4 }).data
  expect(second).toBeCloseTo((2 * 1 + 3 * 3 + 4 * 3 + 5 * 1) / 8, 6)
  expect(resize(line, { ...options, sizes: 19 })).toEqual(resize(line, { ...options, sizes: 19, antialias: false }))
})

describe.each(['nearest', 'linear', 'cubic'] as const)('%s', (mode) => {
  const shapes = fc.record({
    shape: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 3, maxLength: 5 }),
    scales: fc.tuple(...[1, 2, 3].map(() => fc.constantFrom(0.5, 1, 1.5, 2, 3, 0.7))),
  })

  it('is the same in either layout, whichever axes are resized, by programs and without', () => {
    const seen = { program: 0, reference: 0 }
    fc.assert(
      fc.property(shapes, ({ shape, scales }) => {
        const x = repeating(shape, 13)
        const spatial = shape.slice(2)
        const options = { mode, sizes: spatial.map((size, axis) => Math.max(1, Math.floor(size * scales[axis]))) }
        const first = resize(x, options)
        seen[lastEngine() as 'program' | 'reference']++
        expect(first.shape).toEqual([...shape.slice(0, 2), ...options.sizes])
        const last = resize(toChannelsLast(x), { ...options, layout: 'nhwc' })
        near(last, toChannelsLast(first))
        // Axes may be exchanged.
        const order = [0, 1, ...spatial.map((_, axis) => 1 + spatial.length - axis)]
        near(resize(transpose(x, order), { mode, sizes: options.sizes.toReversed() }), transpose(first, order))
      }),
      {
        numRuns: 120,
        examples: [[{ shape: [2, 3, 20, 30], scales: [2, 2, 2] }], [{ shape: [1, 2, 9, 9, 9], scales: [2, 1.5, 3] }]],
      },
    )
    expect(seen.program).toBeGreaterThan(0)
    expect(seen.reference).toBeGreaterThan(0)
  })

  it('of a picture in program memory, into an output, touches nothing around it', () => {
    const x = repeating([2, 3, 21, 35], 11)
    const expected = resize(x, { mode, scales: 2 })
    expect(lastEngine()).toBe('program')
    const output = programTensor([2, 3, 42, 70])
    expect(resize(programTensor(x.shape, x.data), { mode, scales: [2, 2], output })).toBe(output)
    expect(output.data).toEqual(expected.data)
    for (const shift of [1, 2, 3, 5]) {
      const around = within({ data: new Float32Array(expected.data.length), shape: expected.shape }, shift)
      expect(resize(within(x, shift), { mode, scales: 2, output: around }).data).toEqual(expected.data)
      expect(new Float32Array(around.data.buffer).filter(Number.isNaN).length).toBe(2 * shift)
    }
  })
})

function near(result: Tensor, expected: Tensor): void {
  expect(result.shape).toEqual(expected.shape)
  const off = result.data.map((value, index) => Math.abs(value - expected.data[index]))
  expect(off.reduce((most, value) => Math.max(most, value), 0)).toBeLessThan(2e-5)
}

it('sizes as they were are a copy', () => {
  const x = repeating([2, 3, 40, 35], 11)
  for (const mode of ['nearest', 'linear', 'cubic'] as const) expect(resize(x, { mode, scales: 1 })).toEqual(x)
  expect(sizeOf(x.shape)).toBe(x.data.length)
})

// biome-ignore lint/suspicious/noExplicitAny: these calls are wrong on purpose, some of them in their types.
type Wrong = any
const x = counting(1, 1, 4, 3)
it.each([
  ['neither sizes nor scales', () => resize(x, {}), 'resize: one of sizes and scales must be given, got neither'],
  ['both', () => resize(x, { sizes: 2, scales: 2 }), 'resize: one of sizes and scales must be given, got both'],
  [
    'too few sizes',
    () => resize(x, { sizes: [2] }),
    'resize: sizes must have one entry for each of the 2 axes, got [2]',
  ],
  [
    'a size of 0',
    () => resize(x, { sizes: [2, 0] }),
    'resize: sizes of axis 1 must be an integer of at least 1, got 0',
  ],
  [
    'a scale that leaves nothing',
    () => resize(x, { scales: 0.3 }),
    'resize: scale of axis 1 must leave at least one of 3 cells, got 0.3',
  ],
  [
    'a scale that is none',
    () => resize(x, { scales: [2, Number.NaN] }),
    'resize: scale of axis 1 must leave at least one of 3 cells, got NaN',
  ],
  [
    'null',
    () => resize(x, { sizes: 2, mode: null as Wrong }),
    'resize: mode must be one of nearest, linear, cubic, got null',
  ],
  [
    'another rounding',
    () => resize(x, { sizes: 2, nearest: 'round' as Wrong }),
    'resize: nearest must be one of round_prefer_floor, round_prefer_ceil, floor, ceil, got',
  ],
  [
    'a coefficient that is none',
    () => resize(x, { sizes: 2, cubicCoefficient: Number.NaN }),
    'resize: cubicCoefficient must be a number, got NaN',
  ],
  [
    'what would fill all memory',
    () => resize(x, { scales: 1e5 }),
    'resize: output must have at most 536870912 elements (2 GiB), got [1, 1, 400000, 300000]',
  ],
  [
    'another output',
    () => resize(x, { sizes: 2, output: counting(2, 2) }),
    'resize: output must have shape [1, 1, 2, 2], got [2, 2]',
  ],
  [
    'an output on the input',
    () => resize(x, { sizes: [4, 3], output: x }),
    'resize: output must not overlap input, got shared memory',
  ],
])('%s is an error', (_, call, message) => {
  expect(call).toThrow(SamepadError)
  expect(call).toThrow(message)
})

// onnxruntime's answers. 5.5 / 1.1 is 5 in float32, and a little less in float64: 4.5 lies between cell 4 and cell 5.
it.each([
  [1.1, 33, 'half_pixel', 'round_prefer_floor', [5, 16, 27], [4, 14, 24]],
  [1.1, 11, 'asymmetric', 'floor', [11], [10]],
] as const)('scale %f of %d cells, %s, %s: divides in float32', (scales, cells, coordinates, nearest, at, expected) => {
  const x = { data: Float32Array.from({ length: cells }, (_, cell) => cell), shape: [1, 1, cells] }
  const { data } = resize(x, { scales, coordinates, nearest })
  expect(at.map((output) => data[output])).toEqual(expected)
})

describe('an axis that is too long to be listed as a whole', () => {
  it.each([
    ['nhwc', [1, 644_000, 2], 1.75, { mode: 'linear' }],
    ['nchw', [1, 1, 2_100_000], 0.5, { mode: 'linear', antialias: true }],
  ] as const)('is resized part by part: %s %j times %f', (layout, shape, step, how) => {
    const axis = layout === 'nchw' ? 2 : 1
    const channels = layout === 'nchw' ? 1 : 2
    const resized = (x: Tensor) => resize(x, { ...how, layout, sizes: Math.round(x.shape[axis] * step) }).data
    const x: Tensor = { shape, data: Float32Array.from({ length: sizeOf(shape) }, (_, index) => (index * 7) % 1009) }
    const inMemory = programTensor(shape, x.data)
    const result = resized(x)
    expect(lastEngine()).toBe('program')
    expect(resized(inMemory).every((value, index) => value === result[index])).toBe(true)
    inMemory.release()
    // The same outputs of an axis that is short, around the places where parts begin.
    const outputs = result.length / channels
    const off: number[] = []
    for (const begin of [0, 131_000, 262_100, 654_000, outputs - 400]) {
      // A multiple of 4 cells and outputs before those that are compared, so that places differ by as much.
      const first = Math.max(0, 28 * (Math.floor(begin / step / 28) - 2))
      const part = x.data.slice(first * channels, (first + 2800) * channels)
      const sizes = shape.map((size, dimension) => (dimension === axis ? part.length / channels : size))
      const near = resized({ data: part, shape: sizes })
      for (let index = 0; index < 300 * channels; index++) {
        off.push(Math.abs(result[begin * channels + index] - near[(begin - first * step) * channels + index]))
      }
    }
    expect(Math.max(...off)).toBeLessThan(1e-3)
  })
})

it('what counts for a cell at the edge is infinite if that is, however many cells an output covers', () => {
  const x: Tensor = { data: new Float32Array(5000), shape: [1, 1, 5000] }
  x.data[0] = Number.POSITIVE_INFINITY
  const { data } = resize(x, { sizes: 10, mode: 'linear', antialias: true })
  expect([...data]).toEqual([Number.POSITIVE_INFINITY, ...new Array(9).fill(0)])
})
