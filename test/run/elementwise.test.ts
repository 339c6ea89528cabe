import { describe, expect, it } from 'vitest'
import {
  activate,
  add,
  divide,
  elementwise,
  lastEngine,
  maximum,
  minimum,
  multiply,
  programTensor,
  releaseMemory,
  SamepadError,
  scale,
  subtract,
  type Tensor,
} from '../../src/index.ts'
import fc from '../fast-check.ts'
import { within } from './calls.ts'
import { counting, repeating, sizeOf, toChannelsLast } from './tensors.ts'

/** Elements from which an operation is a program. */
const WORTH_A_PROGRAM = 4096

const definitions = {
  add: [add, (x: number, y: number) => x + y],
  subtract: [subtract, (x: number, y: number) => x - y],
  multiply: [multiply, (x: number, y: number) => x * y],
  divide: [divide, (x: number, y: number) => x / y],
  minimum: [minimum, Math.min],
  maximum: [maximum, Math.max],
} as const

describe.each(Object.entries(definitions))('%s', (_, [operation, definition]) => {
  it.each([
    [[3, 4], 'reference'],
    [[7, 5, 119], 'program'],
  ] as const)('of tensors of shape %j, or of one and a number, by the %s', (shape, engine) => {
    const [a, b] = [repeating(shape, 11), repeating(shape, 7)]
    const expected = { shape: [...shape], data: a.data.map((x, index) => definition(x, b.data[index])) }
    expect(operation(a, b)).toEqual(expected)
    expect(lastEngine()).toBe(engine)
    expect(operation(a, 3).data).toEqual(a.data.map((x) => definition(x, 3)))
    expect(operation(-2, b).data).toEqual(b.data.map((y) => definition(-2, y)))
    const output = programTensor(shape)
    expect(operation(a, programTensor(shape, b.data), { output })).toBe(output)
    expect(output.data).toEqual(expected.data)
    const inPlace = { data: a.data.slice(), shape }
    expect(operation(inPlace, b, { output: inPlace })).toBe(inPlace)
    expect(inPlace.data).toEqual(expected.data)
    expect(operation(inPlace, inPlace, { output: inPlace }).data).toEqual(expected.data.map((x) => definition(x, x)))
  })
})

it('a tensor without dimensions has one element, and so has what two numbers make', () => {
  const x = { data: Float32Array.of(3), shape: [] }
  expect(add(x, 2)).toEqual({ data: Float32Array.of(5), shape: [] })
  expect(subtract(7, x)).toEqual({ data: Float32Array.of(4), shape: [] })
  expect(divide(1, 2)).toEqual({ data: Float32Array.of(0.5), shape: [] })
  expect(activate({ data: Float32Array.of(-3), shape: [] }, 'relu')).toEqual({ data: Float32Array.of(0), shape: [] })
  expect(multiply(x, x, { output: x }).data).toEqual(Float32Array.of(9))
  const many = Array.from({ length: WORTH_A_PROGRAM }, () => ({ add: 1 }))
  expect(elementwise(x, many).data).toEqual(Float32Array.of(9 + WORTH_A_PROGRAM))
  expect(lastEngine()).toBe('program')
})

describe('a chain', () => {
  const shape = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 6 })
  const part = (shape: readonly number[]) =>
    fc
      .tuple(fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }), fc.nat(shape.length))
      .map(([keeps, from]) => repeating(shape.map((size, axis) => (keeps[axis] ? size : 1)).slice(from), 9))

  it('is what its steps are one after the other, on integers, for shapes to rank 6 that are broadcast', () => {
    const seen = { program: 0, reference: 0 }
    const any = shape.chain((shape) =>
      fc.tuple(fc.constant(repeating(shape, 13)), part(shape), part(shape), part(shape)),
    )
    fc.assert(
      fc.property(any, ([x, s, b, r]) => {
        const steps = [{ multiply: s }, { add: b }, { clip: [-9, 9] }, { maximum: r }] as const
        const one = maximum(activate(add(multiply(x, s), b), { clip: [-9, 9] }), r)
        expect(elementwise(x, steps)).toEqual(one)
        seen[lastEngine() as 'program' | 'reference']++
      }),
      {
        numRuns: 400,
        examples: [[[repeating([9, 9, 64], 13), repeating([9, 1], 9), repeating([64], 9), repeating([9, 9, 1], 9)]]],
      },
    )
    expect(seen.program).toBeGreaterThan(0)
    expect(seen.reference).toBeGreaterThan(0)
  })

  it('touches nothing around its tensors', () => {
    const [x, y] = [repeating([5, 900], 11), repeating([900], 7)]
    for (const shift of [1, 2, 3, 5]) {
      const output = within({ data: new Float32Array(4500), shape: [5, 900] }, shift)
      elementwise(within(x, shift), [{ add: within(y, 4) }], { output })
      expect(output.data).toEqual(add(x, y).data)
      expect(new Float32Array(output.data.buffer).filter(Number.isNaN).length).toBe(2 * shift)
    }
  })

  it('tells numbers apart that look alike', () => {
    const x = counting(WORTH_A_PROGRAM)
    for (const [number, first] of [
      [Number.POSITIVE_INFINITY, 1],
      [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
      [Number.NaN, Number.NaN],
      [0, 0],
      [-0, -0],
    ]) {
      expect(minimum(x, number).data[0]).toBe(first)
      expect(lastEngine()).toBe('program')
    }
  })

  it('of no step is a copy', () => {
    const x = counting(70, 70)
    expect(elementwise(x, [])).toEqual(x)
    expect(elementwise(x, []).data).not.toBe(x.data)
  })

  it('takes functions with what they take, or with their defaults', () => {
    const x = { data: Float32Array.of(-2, -0.5, 0, 3), shape: [4] }
    expect([...activate(x, 'leakyRelu').data]).toEqual([-0.02, -0.005, 0, 3].map(Math.fround))
    expect([...activate(x, { leakyRelu: 0.5 }).data]).toEqual([-1, -0.25, 0, 3])
    expect([...activate(x, { prelu: { data: Float32Array.of(1, 2, 3, 4), shape: [4] } }).data]).toEqual([-2, -1, 0, 3])
    expect([...activate(x, { clip: [-1, 2] }).data]).toEqual([-1, -0.5, 0, 2])
    expect([...activate(x, { hardSigmoid: [0.25, 0.5] }).data]).toEqual([0, 0.375, 0.5, 1])
  })
})

describe.each([
  [9, 'reference'],
  [40, 'program'],
] as const)('scale of images of %i x %i, by the %s', (size, engine) => {
  it('multiplies and shifts channels, in either layout', () => {
    const x = repeating([2, 5, size, size], 11)
    const [factor, shift] = [Float32Array.of(1, -2, 3, 0, 5), Float32Array.of(5, 4, 3, 2, 1)]
    const channel = (index: number): number => Math.floor(index / size ** 2) % 5
    const expected: Tensor = {
      shape: x.shape,
      data: x.data.map((value, index) => Math.max(0, value * factor[channel(index)] + shift[channel(index)])),
    }
    const options = { shift: { data: shift, shape: [5] }, activation: 'relu' } as const
    expect(scale(x, factor, options)).toEqual(expected)
    expect(lastEngine()).toBe(engine)
    expect(scale(toChannelsLast(x), factor, { ...options, layout: 'nhwc' })).toEqual(toChannelsLast(expected))
    expect(scale(x, factor).data).toEqual(x.data.map((value, index) => value * factor[channel(index)]))
  })
})

it.each([
  [WORTH_A_PROGRAM, 'program'],
  [WORTH_A_PROGRAM - 1, 'reference'],
] as const)('%i elements are computed by the %s', (length, engine) => {
  activate(counting(length), 'relu')
  expect(lastEngine()).toBe(engine)
})

describe('a chain that comes again in program memory', () => {
  const shape = [70, 60]
  const fresh = () => {
    const [x, y] = [repeating(shape, 11), repeating([60], 7)]
    return { x: programTensor(shape, x.data), y: programTensor([60], y.data), output: programTensor(shape) }
  }

  it('is what it was, with other values, numbers, operands and functions', () => {
    const { x, y, output } = fresh()
    const steps = (number: number, operand: Tensor) =>
      [{ multiply: operand }, { clip: [-number, number] }, 'relu'] as const
    const expected = (number: number, operand: Tensor): Float32Array =>
      elementwise({ data: x.data.slice(), shape }, steps(number, { ...operand, data: operand.data.slice() })).data
    for (const [number, operand] of [
      [9, y],
      [9, y],
      [0.1, y],
      [0.1, y],
      [9, x],
      [9, y],
    ] as const) {
      output.data.fill(Number.NaN)
      elementwise(x, steps(number, operand), { output })
      expect(lastEngine()).toBe('program')
      expect(output.data).toEqual(expected(number, operand))
      x.data[5] += 1
    }
    expect(activate(x, 'relu', { output }).data).toEqual(x.data.map((value) => Math.max(0, value)))
    expect(activate(x, 'relu6', { output }).data[5]).toBe(Math.min(6, Math.max(0, x.data[5])))
    add(x, x, { output })
    const before = x.data.slice()
    expect(add(x, x, { output: x })).toBe(x)
    expect(x.data).toEqual(before.map((value) => 2 * value))
  })

  it('is checked like one that is new', () => {
    const { x, y, output } = fresh()
    for (let times = 0; times < 2; times++) add(x, y, { output })
    const call = (step: unknown, given = output) => elementwise(x, [step] as unknown as [], { output: given })
    for (let times = 0; times < 2; times++) call({ add: y })
    expect(() => add(x, y, { output: programTensor([60, 70]) })).toThrow('output must have shape [70, 60]')
    expect(() => call({ add: y, multiply: y })).toThrow('step 0 must be a function')
    expect(() => call({ add: [y, y] })).toThrow('add of step 0 must take addend')
    expect(() => call({ add: programTensor([59]) })).toThrow('dimensions of addend')
    expect(() => call({ add: null })).toThrow('addend of step 0 must be a tensor')
    const part = { data: x.data.subarray(0, 60), shape: [60] }
    expect(() => call({ add: part }, x)).toThrow('output must not overlap addend of step 0')
    y.release()
    expect(() => add(x, y, { output })).toThrow('must not be used after its memory')
    output.release()
    expect(() => add(x, x, { output })).toThrow('must not be used after its memory')
  })

  it('works on after all of program memory was dropped', () => {
    const first = fresh()
    for (let times = 0; times < 2; times++) add(first.x, first.y, { output: first.output })
    releaseMemory()
    const { x, y, output } = fresh()
    for (let times = 0; times < 2; times++) {
      output.data.fill(Number.NaN)
      add(x, y, { output })
      expect(output.data).toEqual(x.data.map((value, index) => value + y.data[index % 60]))
    }
  })
})

describe('errors', () => {
  const x = counting(2, 3)
  // biome-ignore lint/suspicious/noExplicitAny: these calls are wrong on purpose, some of them in their types.
  type Wrong = any
  it.each([
    ['no tensor', () => add('x' as Wrong, 1), "add: input must be a tensor { data, shape }, got 'x'"],
    ['no operand', () => (add as Wrong)(x), 'add: addend of step 0 must be a tensor { data, shape }, got undefined'],
    [
      'shapes that do not fit',
      () => multiply(x, counting(2)),
      'multiply: dimensions of factor of step 0 must, from the last on, be 1 or those of [2, 3], got [2]',
    ],
    ['a misspelt option', () => add(x, 1, { out: x } as Wrong), "add: the option is called output, got 'out'"],
    [
      'an output of another shape',
      () => add(x, 1, { output: counting(3, 2) }),
      'add: output must have shape [2, 3], got [3, 2]',
    ],
    [
      'an unknown function',
      () => activate(x, 'swish' as Wrong),
      `activate: step 0 must be a function or an object with one (${'add, subtract, multiply, divide, minimum, maximum, '}${'exp, sqrt, square, reciprocal, relu, relu6, clip, leakyRelu, prelu, sigmoid, tanh, silu, hardSigmoid, hardSwish, gelu, geluTanh, elu, mish, below, equal'}), got 'swish'`,
    ],
    [
      'too few operands',
      () => activate(x, { clip: 1 } as Wrong),
      'activate: clip of step 0 must take least and most, got 1',
    ],
    ['operands of none', () => activate(x, { silu: 1 } as Wrong), 'activate: silu of step 0 must take nothing, got 1'],
    [
      'operands that are missing',
      () => activate(x, 'clip' as Wrong),
      'activate: clip of step 0 must take least and most, got nothing',
    ],
    [
      'two functions at once',
      () => elementwise(x, [{ add: 1, multiply: 2 } as Wrong]),
      'elementwise: step 0 must be a function',
    ],
    ['steps that are no list', () => elementwise(x, 'relu' as Wrong), "elementwise: steps must be a list, got 'relu'"],
    [
      'too few factors',
      () => scale(counting(1, 2, 3), Float32Array.of(1)),
      'scale: factor must have one element for each of the 2 channels, got 1',
    ],
    [
      'a chain that is no activation of scale',
      () => scale(counting(1, 2, 3), Float32Array.of(1, 2), { activation: 'swish' as Wrong }),
      'scale: step 1 must be a function',
    ],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(SamepadError)
    expect(call).toThrow(message)
  })

  it('an output that overlaps an operand, unless it is all of it', () => {
    const data = new Float32Array(12)
    const [first, second] = [
      { data: data.subarray(0, 8), shape: [8] },
      { data: data.subarray(4, 12), shape: [8] },
    ]
    const row = { data: data.subarray(0, 4), shape: [4] }
    const must = 'add: output must not overlap input, or be all of it, got shared memory'
    expect(() => add(first, 1, { output: second })).toThrow(must)
    expect(() => add(row, counting(2, 4), { output: { data: data.subarray(0, 8), shape: [2, 4] } })).toThrow(must)
    const beside = { data: data.subarray(4, 8), shape: [4] }
    expect(add(row, beside, { output: { data: data.subarray(8), shape: [4] } }).shape).toEqual([4])
    expect(sizeOf(add(row, beside, { output: beside }).shape)).toBe(4)
  })
})
