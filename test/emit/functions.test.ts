import { describe, expect, it } from 'vitest'
import { emitElementwise } from '../../src/emit/elementwise.ts'
import { type AnyFunctionName, type FunctionName, functions, rowOf } from '../../src/functions/rows.ts'
import { planElementwise } from '../../src/plan/elementwise.ts'
import { probeFeatures } from '../../src/wasm/engine.ts'
import { runPieces } from './run-plan.ts'

/** Units in the last place. */
const MOST = 2

const names = Object.keys(functions) as FunctionName[]

/** A function's values, by its program: of each element of a list, with the elements of others as operands. */
function computed(name: AnyFunctionName, isRelaxed: boolean, inputs: readonly Float32Array[]): Float32Array {
  const line = { offset: 0, steps: [1] }
  const [{ length }] = inputs
  const operands = rowOf(name).operands.map((_, index) => ({ input: index + 1 }))
  const problem = {
    sizes: [length],
    output: line,
    inputs: inputs.map(() => line),
    steps: [{ name, operands }],
    numbers: [],
  }
  const plan = planElementwise(problem, isRelaxed)
  if (!plan) throw new Error('there must be a plan')
  const content = Int32Array.from(plan.tables)
  return runPieces(
    [
      { name: 'output', bytes: 4 * length, content: new Float32Array(0), written: true },
      { name: 'tables', bytes: 4 * content.length, content },
      ...inputs.map((content, index) => ({ name: `input ${index}`, bytes: 4 * length, content })),
    ],
    emitElementwise(plan),
  )
}

/** The distance between float32 numbers about a value. */
function unit(value: number): number {
  const size = Math.abs(value)
  return size < 2 ** -126 ? 2 ** -149 : 2 ** (Math.floor(Math.log2(size)) - 23)
}

/** How many units in the last place a result is off; infinite where NaN, infinity or a zero's sign is not as it must be. */
function error(result: number, exact: number): number {
  const rounded = Math.fround(exact)
  if (Object.is(result, rounded)) return 0
  if (!Number.isFinite(result) || !Number.isFinite(rounded) || result === rounded) return Number.POSITIVE_INFINITY
  return Math.abs(result - exact) / unit(exact)
}

/** float32 numbers all over their range, each so many from the one before it. */
function sample(every: number): Float32Array {
  const bits = Uint32Array.from({ length: Math.floor(2 ** 32 / every) }, (_, index) => index * every)
  return new Float32Array(bits.buffer)
}

const isNumber = Math.fround
const special = Float32Array.from(
  [
    0,
    2 ** -149,
    2 ** -127,
    2 ** -126,
    1e-30,
    2 ** -24,
    0.5,
    1,
    1.5,
    2,
    3,
    6,
    7,
    16777217,
    1e30,
    3.4028234e38,
    1 / 0,
  ].flatMap((value) => [isNumber(value), -isNumber(value)]),
)
const all = Float32Array.of(...special, Number.NaN)

describe.each(probeFeatures().relaxed ? [false, true] : [false])('relaxed %s', (isRelaxed) => {
  it.each(names.filter((name) => rowOf(name).operands.length === 0))(
    '%s is at most 2 units in the last place off, over all of float32',
    (name) => {
      const x = new Float32Array([...all, ...sample(4099)])
      const results = computed(name, isRelaxed, [x])
      const wrong = x.filter((value, index) => !(error(results[index], rowOf(name).reference(value)) <= MOST))
      expect(wrong).toEqual(new Float32Array(0))
    },
  )

  it.each(names.filter((name) => rowOf(name).operands.length > 0))(
    '%s is at most 2 units in the last place off, over all of float32 and all kinds of operands',
    (name) => {
      const { operands, reference } = rowOf(name)
      const values = new Float32Array([...all, ...sample(70001)])
      const others = operands.reduce<number[][]>(
        (lists) => lists.flatMap((list) => [...all].map((value) => [...list, value])),
        [[]],
      )
      // Every value with some of the operands, and the special values with all of them.
      const rows = [
        ...[...values].map((value, index) => [value, ...others[(index * 7) % others.length]]),
        ...[...all].flatMap((value) => others.map((list) => [value, ...list])),
      ]
      const inputs = [0, ...operands.keys()].map((_, at) => Float32Array.from(rows, (row) => row[at]))
      const results = computed(name, isRelaxed, inputs)
      const wrong = rows.filter((row, index) => !(error(results[index], reference(row[0], ...row.slice(1))) <= MOST))
      expect(wrong).toEqual([])
    },
  )
})

describe('derivatives', () => {
  const differentiable = names.filter((name) => rowOf(name).derivative)
  /** Each function with each of some operands. */
  const cases = differentiable.flatMap((name): (readonly [FunctionName, readonly number[]])[] => {
    const operands = { clip: [[-1, 2]], hardSigmoid: [[0.2, 0.5]] }[name as 'clip'] ?? [[0.25], [-0.5], [2]]
    return rowOf(name).operands.length === 0 ? [[name, []]] : operands.map((list) => [name, list])
  })

  it('are there for what layers take as activations', () => {
    expect(differentiable).toEqual(
      expect.arrayContaining([
        'relu',
        'relu6',
        'clip',
        'leakyRelu',
        'prelu',
        'sigmoid',
        'tanh',
        'silu',
        'gelu',
        'geluTanh',
      ]),
    )
    expect(differentiable).toEqual(expect.arrayContaining(['elu', 'mish', 'hardSigmoid', 'hardSwish']))
  })

  it.each(cases)('of %s with %s are how its definition changes', (name, operands) => {
    const { reference } = rowOf(name)
    for (let x = 0.0123; x < 12; x += 0.0377) {
      for (const at of name === 'sqrt' ? [x] : [x, -x]) {
        const step = 1e-6 * Math.max(1, at)
        const change = (reference(at + step, ...operands) - reference(at - step, ...operands)) / (2 * step)
        const derivative = rowOf(`${name}'`).reference(at, ...operands)
        expect(Math.abs(derivative - change)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(change)))
      }
    }
  })

  it.each(cases)('of %s with %s are computed to a millionth, over all of float32', (name, operands) => {
    const x = new Float32Array([...special, ...sample(65537)]).filter((value) => !Number.isNaN(value))
    const inputs = [x, ...operands.map((value) => new Float32Array(x.length).fill(value))]
    const { reference } = rowOf(`${name}'`)
    for (const isRelaxed of probeFeatures().relaxed ? [false, true] : [false]) {
      const results = computed(`${name}'`, isRelaxed, inputs)
      const wrong = x.filter((value, index) => {
        const exact = reference(value, ...operands)
        if (Object.is(Math.fround(exact), results[index]) || (Number.isNaN(exact) && Number.isNaN(results[index])))
          return false
        return !(Math.abs(results[index] - exact) <= 1e-6 * Math.max(1, Math.abs(exact)))
      })
      expect(wrong).toEqual(new Float32Array(0))
    }
  })

  it.each(cases)('of %s with %s follow from results where they say so', (name, operands) => {
    const { reference, derivative } = rowOf(name)
    if (!derivative?.isOfResult?.(...operands)) return
    for (const x of [-7, -1, -0.5, -0, 0, 0.5, 1, 2, 5.5, 6, 7]) {
      expect(derivative.reference(reference(x, ...operands), ...operands)).toBe(derivative.reference(x, ...operands))
    }
  })
})
