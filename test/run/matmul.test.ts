import { describe, expect, it } from 'vitest'
import { lastEngine, matmul, prepareMatmul, programTensor, SamepadError, type Tensor } from '../../src/index.ts'
import fc from '../fast-check.ts'
import { within } from './calls.ts'
import { counting, repeating, sizeOf, transpose } from './tensors.ts'

/** By the definition: sums of products over stacks that are broadcast. */
function defined(a: Tensor, b: Tensor): Tensor {
  const [rows, inner, columns] = [...a.shape.slice(-2), ...b.shape.slice(-1)]
  const [left, right] = [a.shape.slice(0, -2), b.shape.slice(0, -2)]
  const rank = Math.max(left.length, right.length)
  const [whole, other] = [left, right].map((own) => [...new Array<number>(rank - own.length).fill(1), ...own])
  const stack = whole.map((size, axis) => Math.max(size, other[axis]))
  const matrixOf = (own: readonly number[], index: number): number =>
    own.reduce((at, size, axis) => {
      const place = Math.floor(index / sizeOf(stack.slice(axis + 1))) % stack[axis]
      return at * size + (size === 1 ? 0 : place)
    }, 0)
  const data = Float32Array.from({ length: sizeOf(stack) * rows * columns }, (_, index) => {
    const [matrix, row, column] = [
      Math.floor(index / rows / columns),
      Math.floor(index / columns) % rows,
      index % columns,
    ]
    let sum = 0
    for (let k = 0; k < inner; k++) {
      const x = a.data[(matrixOf(whole, matrix) * rows + row) * inner + k]
      sum += x * b.data[(matrixOf(other, matrix) * inner + k) * columns + column]
    }
    return sum
  })
  return { data, shape: [...stack, rows, columns] }
}

/** The last two dimensions exchanged. */
const turned = (x: Tensor): Tensor => {
  const order = [...x.shape.keys()]
  return transpose(x, [...order.slice(0, -2), ...order.slice(-2).reverse()])
}

/** Comparing long arrays by `toEqual` takes seconds. */
function same(result: Tensor, { data, shape }: Tensor): void {
  expect(result.shape).toEqual(shape)
  expect(result.data.length).toBe(data.length)
  expect(result.data.findIndex((value, index) => !Object.is(value, data[index]))).toBe(-1)
}

const size = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 40 }))
const stacks = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.constantFrom('both', 'a', 'b')), { maxLength: 4 })
  .chain((axes) =>
    fc.record({
      a: fc.constant(axes.map(([size, who]) => (who === 'b' ? 1 : size))),
      b: fc.constant(axes.map(([size, who]) => (who === 'a' ? 1 : size))),
      dropA: fc.nat(axes.length),
      dropB: fc.nat(axes.length),
    }),
  )
  // Leading dimensions of 1 may be missing.
  .map(({ a, b, dropA, dropB }) => {
    const drop = (own: number[], count: number): number[] =>
      own.slice(0, count).every((size) => size === 1) ? own.slice(count) : own
    return [drop(a, dropA), drop(b, dropB)]
  })

it('of stacks to rank 6 that are broadcast, transposed or not, exact on integers', () => {
  const seen = { program: 0, reference: 0 }
  const problems = fc.record({
    stacks,
    sides: fc.tuple(size, size, size),
    transposeA: fc.boolean(),
    transposeB: fc.boolean(),
  })
  type Problem = typeof problems extends fc.Arbitrary<infer P> ? P : never
  const large = { sides: [40, 50, 60] as [number, number, number], transposeA: false, transposeB: false }
  const examples: [Problem][] = [
    [
      [2, 3],
      [2, 3],
    ],
    [[2, 3], []],
    [[], [2, 3]],
    [
      [2, 1],
      [1, 3],
    ],
  ].flatMap((stacks) =>
    [0, 1, 2, 3].map((bits): [Problem] => [{ ...large, stacks, transposeA: bits > 1, transposeB: bits % 2 === 1 }]),
  )
  fc.assert(
    fc.property(problems, ({ stacks: [left, right], sides: [rows, inner, columns], transposeA, transposeB }) => {
      const [a, b] = [repeating([...left, rows, inner], 7), repeating([...right, inner, columns], 5)]
      const expected = defined(a, b)
      const result = matmul(transposeA ? turned(a) : a, transposeB ? turned(b) : b, { transposeA, transposeB })
      same(result, expected)
      seen[lastEngine() as 'program' | 'reference']++
    }),
    { numRuns: 200, examples },
  )
  expect(seen.program).toBeGreaterThan(0)
  expect(seen.reference).toBeGreaterThan(0)
})

it.each([
  [1, 300, 400],
  [300, 400, 1],
  [70, 2, 800],
  [130, 40, 50],
  [50, 40, 130],
])('%i x %i times %i columns, in program memory too, with a bias and an activation', (rows, inner, columns) => {
  const [a, b, bias] = [repeating([rows, inner], 5), repeating([inner, columns], 7), repeating([columns], 11)]
  const shape = [rows, columns]
  const product = defined(a, b)
  const data = product.data.map((value, index) => Math.max(0, value + bias.data[index % columns]))
  const options = { bias, activation: 'relu' } as const
  same(matmul(a, b), product)
  expect(lastEngine()).toBe('program')
  same(matmul(a, b, options), { data, shape })
  const output = programTensor(shape)
  const [x, y] = [programTensor(a.shape, a.data), programTensor(b.shape, b.data)]
  expect(matmul(x, y, { ...options, output })).toBe(output)
  same(output, { data, shape })
  for (const [matrix, transposeB] of [
    [b, false],
    [turned(b), true],
  ] as const) {
    const layer = prepareMatmul(matrix, { ...options, transposeB })
    same(layer.run(a), { data, shape })
    output.data.fill(0)
    expect(layer.run(x, output)).toBe(output)
    same(output, { data, shape })
    expect(layer.engine).toBe('program')
    same(layer.run(a, { data: new Float32Array(data.length), shape }), { data, shape })
    layer.release()
  }
})

it('a tensor of one dimension is a row on the left, a column on the right', () => {
  const [row, matrix, column] = [counting(3), counting(3, 2), counting(2)]
  expect(matmul(row, matrix)).toEqual({ data: Float32Array.of(22, 28), shape: [2] })
  expect(matmul(matrix, column)).toEqual({ data: Float32Array.of(5, 11, 17), shape: [3] })
  expect(matmul(row, row)).toEqual({ data: Float32Array.of(14), shape: [] })
  expect(matmul(row, counting(2, 3, 2)).shape).toEqual([2, 2])
  expect(prepareMatmul(matrix).run(row)).toEqual({ data: Float32Array.of(22, 28), shape: [2] })
  expect(prepareMatmul(matrix).run(counting(4, 1, 5, 3)).shape).toEqual([4, 1, 5, 2])
})

it('a prepared product is made ready for what it takes', async () => {
  const layer = prepareMatmul(repeating([64, 48], 7))
  for (const shape of [[8, 64], [64], [2, 3, 4, 64]]) {
    await layer.ready(shape)
    expect(layer.run(repeating(shape, 5)).shape).toEqual(shape.with(-1, 48))
  }
  await expect(layer.ready([8, 48])).rejects.toThrow(
    'prepareMatmul: input must have 64 as its last dimension, got [8, 48]',
  )
  await expect(layer.ready([8, 0])).rejects.toThrow('prepareMatmul: input.shape[1] must be')
  layer.release()
})

it('touches nothing around its tensors', () => {
  const [a, b] = [repeating([50, 60], 5), repeating([60, 70], 7)]
  for (const shift of [1, 2, 3]) {
    const output = within({ data: new Float32Array(3500), shape: [50, 70] }, shift)
    matmul(within(a, shift), within(b, 4), { output })
    same(output, defined(a, b))
    expect(new Float32Array(output.data.buffer).filter(Number.isNaN).length).toBe(2 * shift)
  }
})

describe('errors', () => {
  const [a, b] = [counting(2, 3), counting(3, 4)]
  // biome-ignore lint/suspicious/noExplicitAny: these calls are wrong on purpose, some of them in their types.
  type Wrong = any
  it.each([
    ['sides that do not fit', () => matmul(a, a), 'matmul: b must have 3 rows, as a has columns, got 2'],
    ['no dimensions', () => matmul(a, counting()), 'matmul: b must have at least one dimension, got []'],
    [
      'stacks that do not fit',
      () => matmul(counting(2, 2, 3), counting(3, 3, 4)),
      'matmul: dimensions of the stack of b must, from the last on, be 1 or those of [2], got [3]',
    ],
    [
      'a word for true',
      () => matmul(a, b, { transposeA: 'yes' as Wrong }),
      "matmul: transposeA must be true or false, got 'yes'",
    ],
    [
      'another output',
      () => matmul(a, b, { output: counting(4, 2) }),
      'matmul: output must have shape [2, 4], got [4, 2]',
    ],
    [
      'an output on an operand',
      () => matmul(a, counting(3, 3), { output: a }),
      'matmul: output must not overlap a, got shared memory',
    ],
    [
      'what would fill all memory',
      () => matmul(counting(40000, 1), counting(1, 40000)),
      'matmul: output must have at most 536870912 elements (2 GiB), got [40000, 40000]',
    ],
    [
      'a stack to prepare',
      () => prepareMatmul(counting(2, 3, 4)),
      'prepareMatmul: b must have two dimensions, got [2, 3, 4]',
    ],
    [
      'a bias of another size',
      () => prepareMatmul(b, { bias: counting(3) }),
      'prepareMatmul: bias must have one element for each of the 4 output channels, got 3',
    ],
    [
      'another input',
      () => prepareMatmul(b).run(b),
      'prepareMatmul: input must have 3 as its last dimension, got [3, 4]',
    ],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(SamepadError)
    expect(call).toThrow(message)
  })
})
