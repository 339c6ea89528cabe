import { describe, expect, it } from 'vitest'
import {
  activate,
  groupNorm,
  instanceNorm,
  lastEngine,
  layerNorm,
  type NormOptions,
  programTensor,
  reduce,
  SamepadError,
  type Tensor,
} from '../../src/index.ts'
import fc from '../fast-check.ts'
import { within } from './calls.ts'
import { counting, sizeOf, toChannelsLast } from './tensors.ts'

/** Values without a pattern, about a mean. */
const waves = (shape: readonly number[], about = 0): Tensor => ({
  data: Float32Array.from({ length: sizeOf(shape) }, (_, index) => about + 3 * Math.sin(index * index + 1)),
  shape,
})

/** By the definition, in float64: `groupOf` tells which elements belong together. */
function defined(
  { data }: Tensor,
  groupOf: (index: number) => number,
  { epsilon = 1e-5, scale = (_: number): number => 1, shift = (_: number): number => 0 } = {},
): number[] {
  const groups = new Map<number, number[]>()
  data.forEach((value, index) => {
    const group = groupOf(index)
    const members = groups.get(group)
    if (members) members.push(value)
    else groups.set(group, [value])
  })
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  const found = new Map(
    [...groups].map(([group, values]) => {
      const middle = mean(values)
      return [group, [middle, mean(values.map((value) => (value - middle) ** 2))]]
    }),
  )
  return Array.from(data, (value, index) => {
    const [middle, variance] = found.get(groupOf(index)) as number[]
    return ((value - middle) / Math.sqrt(variance + epsilon)) * scale(index) + shift(index)
  })
}

function near(result: Tensor, expected: readonly number[], tolerance = 2e-6): void {
  expect(result.data).toHaveLength(expected.length)
  const off = expected.map((value, index) => Math.abs(value - result.data[index]) / Math.max(1, Math.abs(value)))
  expect(Math.max(...off)).toBeLessThan(tolerance)
}

describe.each([
  [[4, 6], [-1], 'reference'],
  [[3, 5, 7], [1, 2], 'reference'],
  [[40, 129], [-1], 'program'],
  [[129, 40], [0], 'program'],
  [[2, 12, 15, 17], [1], 'program'],
  [[2, 12, 15, 17], [3, 1], 'program'],
  [[3, 2, 5, 2, 14, 10], [-1, -2, -3], 'program'],
] as const)('layerNorm of shape %j along %j, by the %s', (shape, axes, engine) => {
  const x = waves(shape)
  const steps = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)))
  const isReduced = shape.map((_, axis) =>
    (axes as readonly number[]).some((other) => other === axis || other === axis - shape.length),
  )
  /** Which element of a tensor with only some of the dimensions belongs to one of the input. */
  const within = (index: number, has: (axis: number) => boolean): number =>
    shape.reduce((at, size, axis) => (has(axis) ? at * size + (Math.floor(index / steps[axis]) % size) : at), 0)
  const groupOf = (index: number): number => within(index, (axis) => !isReduced[axis])

  it('is its definition', () => {
    near(layerNorm(x, { axes }), defined(x, groupOf))
    expect(lastEngine()).toBe(engine)
  })

  it('multiplies and adds what is broadcast, then activates', () => {
    const own = shape.map((size, axis) => (isReduced[axis] ? size : 1))
    const [scale, shift] = [waves(own, 2), waves([shape[shape.length - 1]], -1)]
    const options = {
      epsilon: 0.5,
      scale: (index: number) => scale.data[within(index, (axis) => isReduced[axis])],
      shift: (index: number) => shift.data[index % shift.data.length],
    }
    const expected = defined(x, groupOf, options)
    near(layerNorm(x, { axes, epsilon: 0.5, scale, shift }), expected)
    const relu = expected.map((value) => Math.max(0, value))
    const output = programTensor(shape)
    expect(layerNorm(x, { axes, epsilon: 0.5, scale, shift, activation: 'relu', output })).toBe(output)
    near(output, relu)
    const inPlace = programTensor(shape, x.data)
    near(layerNorm(inPlace, { axes, epsilon: 0.5, scale, shift, activation: 'relu', output: inPlace }), relu)
  })
})

describe.each([
  [[2, 6, 5], 3, 'reference'],
  [[2, 12, 15, 17], 4, 'program'],
  [[3, 8, 5, 6, 7], 2, 'program'],
  [[1, 6, 29, 31], 6, 'program'],
] as const)('images of shape %j in %i groups, by the %s', (shape, groups, engine) => {
  const x = waves(shape)
  const [, channels] = shape
  const cells = sizeOf(shape.slice(2))
  const channelOf = (index: number): number => Math.floor(index / cells) % channels
  const [scale, shift] = [waves([channels], 2), waves([channels], -1)]
  const numbers = { scale: (at: number) => scale.data[channelOf(at)], shift: (at: number) => shift.data[channelOf(at)] }
  const ofGroup = Math.floor(channels / groups) * cells

  it('groupNorm and instanceNorm are their definitions, in either layout', () => {
    const grouped = defined(x, (index) => Math.floor(index / ofGroup), numbers)
    const alone = defined(x, (index) => Math.floor(index / cells), numbers)
    const options = { scale, shift: shift.data }
    near(groupNorm(x, groups, options), grouped)
    expect(lastEngine()).toBe(engine)
    near(instanceNorm(x, options), alone)
    const last = toChannelsLast(x)
    const expected = (list: readonly number[]) => [...toChannelsLast({ data: Float32Array.from(list), shape }).data]
    near(groupNorm(last, groups, { ...options, layout: 'nhwc' }), expected(grouped))
    near(instanceNorm(last, { ...options, layout: 'nhwc', output: last }), expected(alone))
    expect(lastEngine()).toBe(engine)
  })
})

it('of random shapes to rank 6 along random axes, layerNorm is its definition', () => {
  const shapes = fc
    .array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 })
    .filter((shape) => sizeOf(shape) < 9000)
    .chain((shape) => fc.tuple(fc.constant(shape), fc.subarray([...shape.keys()], { minLength: 1 })))
  const examples: [[number[], number[]]][] = [
    [
      [
        [9, 8, 9, 8],
        [1, 3],
      ],
    ],
    [
      [
        [9, 8, 9, 8],
        [0, 2],
      ],
    ],
  ]
  fc.assert(
    fc.property(shapes, ([shape, axes]) => {
      const x = waves(shape)
      const groupOf = (index: number): number =>
        shape.reduceRight(
          ([at, rest], size, axis) =>
            axes.includes(axis) ? [at, Math.floor(rest / size)] : [at * size + (rest % size), Math.floor(rest / size)],
          [0, index],
        )[0]
      // Differences are divided by 0.3 at least, so that rounded means make no large ones.
      near(layerNorm(x, { axes, epsilon: 0.1 }), defined(x, groupOf, { epsilon: 0.1 }), 2e-5)
    }),
    { numRuns: 150, examples },
  )
})

it('a large mean takes no digits of a small variance', () => {
  const x = waves([8, 1024], 4096)
  near(
    layerNorm(x),
    defined(x, (index) => index >> 10),
    2e-3,
  )
  expect(lastEngine()).toBe('program')
  const constant = { data: new Float32Array(8192).fill(1e4), shape: [8, 1024] }
  expect(layerNorm(constant).data.every((value) => value === 0)).toBe(true)
})

it('touches nothing around its tensors', () => {
  const x = waves([70, 90])
  for (const shift of [1, 2, 3, 5]) {
    const output = within({ data: new Float32Array(6300), shape: [70, 90] }, shift)
    layerNorm(within(x, shift), { scale: within(waves([90]), 4), output })
    expect(output.data).toEqual(layerNorm(x, { scale: waves([90]) }).data)
    expect(new Float32Array(output.data.buffer).filter(Number.isNaN).length).toBe(2 * shift)
  }
})

// What an activation takes is broadcast to the input, whatever groups its channels are in.
describe.each([
  ['instanceNorm', undefined],
  ['groupNorm', 1],
  ['groupNorm', 2],
  ['groupNorm', 3],
  ['groupNorm', 6],
] as const)('%s of %s groups with slopes', (name, groups) => {
  it.each([
    ['nchw', [2, 6, 5, 7], [[6, 1, 1], [1, 1, 1], [5, 7], [7], [1], [], [2, 6, 1, 7], [2, 1, 1, 1]]],
    ['nhwc', [2, 5, 7, 6], [[6], [1], [7, 1], [5, 7, 6], [], [2, 1, 1, 6], [1, 1, 7, 1]]],
    [
      'nchw',
      [2, 6, 50, 70],
      [
        [6, 1, 1],
        [50, 1],
        [2, 6, 1, 1],
      ],
    ],
    ['nhwc', [2, 50, 70, 6], [[6], [70, 1], [2, 1, 1, 6]]],
  ] as const)('%s %j', (layout, shape, shapes) => {
    const x = waves(shape)
    const norm = (activation?: NormOptions['activation']): Tensor =>
      name === 'instanceNorm'
        ? instanceNorm(x, { layout, activation })
        : groupNorm(x, groups as number, { layout, activation })
    for (const own of shapes) {
      const slopes = waves(own)
      for (const activation of [{ prelu: slopes }, { clip: [slopes, waves(shape, 4)] }] as const) {
        near(norm(activation), [...activate(norm(), activation).data])
      }
    }
  })
})

// biome-ignore lint/suspicious/noExplicitAny: these calls are wrong on purpose, some of them in their types.
type Wrong = any
const x = counting(2, 4, 3)
it.each([
  [
    'no dimensions',
    () => layerNorm(counting()),
    'layerNorm: axes[0] must be a dimension, and a tensor of shape [] has none, got -1',
  ],
  ['axes that are none', () => layerNorm(x, { axes: null as Wrong }), 'layerNorm: axes must be a list, got null'],
  ['epsilon of 0', () => layerNorm(x, { epsilon: 0 }), 'layerNorm: epsilon must be a number above 0, got 0'],
  [
    'another option',
    () => layerNorm(x, { gamma: x } as Wrong),
    "layerNorm: options are axes, epsilon, activation, scale, shift, output, got 'gamma'",
  ],
  [
    'a scale that is larger',
    () => layerNorm(counting(1, 3), { scale: counting(2, 1) }),
    'layerNorm: scale and shift must be broadcast to [1, 3], got [2, 3]',
  ],
  [
    'a scale that does not fit',
    () => layerNorm(x, { scale: counting(2) }),
    'layerNorm: dimensions of factor of scale must, from the last on, be 1 or those of [2, 4, 3], got [2]',
  ],
  [
    'too few numbers',
    () => instanceNorm(x, { scale: counting(3) }),
    'instanceNorm: scale must have one element for each of the 4 channels, got 3',
  ],
  ['groups that do not divide', () => groupNorm(x, 3), 'groupNorm: groups must divide the 4 channels, got 3'],
  ['no groups', () => (groupNorm as Wrong)(x), 'groupNorm: groups must be an integer of at least 1, got undefined'],
  [
    'an unknown activation',
    () => groupNorm(x, 2, { activation: 'swish' as Wrong }),
    'groupNorm: activation must be a function',
  ],
  [
    'slopes that are larger',
    () => groupNorm(counting(1, 4, 3), 2, { activation: { prelu: counting(2, 4, 1) } }),
    'groupNorm: slope of activation must be broadcast to [1, 4, 3], got [2, 4, 1]',
  ],
  [
    'slopes that do not fit',
    () => groupNorm(x, 2, { activation: { prelu: counting(2, 1) } }),
    'groupNorm: dimensions of slope of activation must, from the last on, be 1 or those of [2, 4, 3], got [2, 1]',
  ],
  [
    'another output',
    () => layerNorm(x, { output: counting(4, 6) }),
    'layerNorm: output must have shape [2, 4, 3], got [4, 6]',
  ],
  [
    'an output on a part',
    () =>
      layerNorm({ data: x.data.subarray(0, 6), shape: [6] }, { output: { data: x.data.subarray(3, 9), shape: [6] } }),
    'layerNorm: output must not overlap input, or be all of it, got shared memory',
  ],
])('%s is an error', (_, call, message) => {
  expect(call).toThrow(SamepadError)
  expect(call).toThrow(message)
})

it('a mean over the cells of a channels-last picture adds row by row, so that rounding stays small', () => {
  const [rows, columns, channels] = [120, 130, 5]
  const data = Float32Array.from({ length: rows * columns * channels }, (_, at) => 0.5 + ((at * 7919) % 1000) / 1000)
  const mean = reduce({ data, shape: [1, rows, columns, channels] }, 'mean', { axes: [1, 2] })
  for (let channel = 0; channel < channels; channel++) {
    let sum = 0
    for (let cell = 0; cell < rows * columns; cell++) sum += data[cell * channels + channel]
    const exact = sum / rows / columns
    // One after the other, 15,600 terms are up to 5e-6 off.
    expect(Math.abs(mean.data[channel] - exact)).toBeLessThan(2e-6 * exact)
  }
})
