import { expect, it } from 'vitest'
import { emitReduce } from '../../src/emit/reduce.ts'
import { planReduce } from '../../src/plan/reduce.ts'
import { type FoldName, type Pass, type ReduceProblem, reduce } from '../../src/reference/reduce.ts'
import { broadcastSteps } from '../../src/run/between/broadcast.ts'
import { probeFeatures } from '../../src/wasm/engine.ts'
import fc from '../fast-check.ts'
import { sizeOf } from '../run/tensors.ts'
import { integers } from './layers.ts'
import { runPieces } from './run-plan.ts'

const { relaxed } = probeFeatures()
const folds: readonly FoldName[] = ['sum', 'maximum', 'minimum', 'atLeast']

/** Shapes of some 5,000 elements at most, and which of their axes lie within groups. */
const shapes = fc
  .array(fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 40 })), { minLength: 1, maxLength: 6 })
  .filter((shape) => sizeOf(shape) < 5000)
  .chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      isReduced: fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }),
    }),
  )

/** A problem on tensors that are broadcast to a shape, of which the first has it. */
function problemOf(
  shape: readonly number[],
  isReduced: readonly boolean[],
  inputs: readonly (readonly number[])[],
  output: readonly number[],
  passes: readonly Pass[],
): ReduceProblem {
  const steps = [output, ...inputs].map((own) => broadcastSteps(own, shape))
  const axes = shape.map((size, axis) => ({ size, steps: steps.map((list) => list[axis]) }))
  const [kept, reduced] = [false, true].map((is) => axes.filter((_, axis) => isReduced[axis] === is))
  return { kept, reduced, passes, numbers: [3, -2] }
}

/** Runs a problem on its program and by its definition, and says whether the innermost axis lies within groups. */
function equalsReference(problem: ReduceProblem, values: readonly Float32Array[], length: number): boolean {
  const expected = new Float32Array(length).fill(Number.NaN)
  reduce(problem, values, expected)
  const plan = planReduce(problem, relaxed)
  if (!plan) throw new Error('there must be a plan')
  const tables = Int32Array.from(plan.tables)
  const result = runPieces(
    [
      { name: 'output', bytes: 4 * length, content: new Float32Array(0), shift: 4, written: true },
      { name: 'tables', bytes: 4 * tables.length, content: tables },
      ...values.map((content, index) => ({ name: `input ${index}`, bytes: 4 * content.length, content, shift: 8 })),
    ],
    emitReduce(plan),
  )
  expect(result).toEqual(expected)
  return plan.structure.isInner
}

it('reductions along any axes equal the reference bit for bit on small integers, over 1,000 problems', {
  timeout: 300_000,
}, () => {
  let inner = 0
  const spoilt = fc.option(fc.tuple(fc.nat(5000), fc.constantFrom(Number.NaN, Infinity, -Infinity)), { freq: 4 })
  fc.assert(
    fc.property(
      shapes,
      fc.constantFrom(...folds),
      fc.boolean(),
      spoilt,
      ({ shape, isReduced }, fold, halves, spoilt) => {
        const finish = halves ? [{ name: 'divide', operands: [{ number: 1 }] } as const] : []
        const output = shape.map((size, axis) => (isReduced[axis] ? 1 : size))
        const problem = problemOf(shape, isReduced, [shape], output, [{ from: 'input', steps: [], fold, finish }])
        const input = integers(sizeOf(shape), 1)
        if (spoilt) input[spoilt[0] % input.length] = spoilt[1]
        if (equalsReference(problem, [input], sizeOf(output))) inner++
      },
    ),
    { numRuns: 1000 },
  )
  expect(inner).toBeGreaterThan(200)
  expect(inner).toBeLessThan(800)
})

/** A chain of functions that are exact on integers, of inputs, numbers and results of this many passes. */
const chainOf = (inputs: number, results: number): fc.Arbitrary<Pass['steps']> =>
  fc.array(
    fc.record({
      name: fc.constantFrom('add', 'subtract', 'maximum', 'minimum'),
      operands: fc
        .oneof(
          fc.record({ number: fc.nat(1) }),
          ...(inputs > 0 ? [fc.record({ input: fc.integer({ min: 1, max: inputs }) })] : []),
          ...(results > 0 ? [fc.record({ result: fc.nat(results - 1) })] : []),
        )
        .map((operand) => [operand]),
    }),
    { maxLength: 3 },
  )

/** Two results of each group, then elements that are written; or the second pass writes what the last one takes. */
const passesOf = (inputs: number): fc.Arbitrary<readonly Pass[]> =>
  fc
    .record({
      chains: fc.tuple(chainOf(inputs, 0), chainOf(inputs, 1), chainOf(inputs, 2)),
      finishes: fc.tuple(chainOf(0, 0), chainOf(0, 1)),
      folds: fc.tuple(fc.constantFrom(...folds), fc.constantFrom(...folds)),
      again: fc.boolean(),
    })
    .map(({ chains, finishes, folds, again }) => [
      { from: 'input', steps: chains[0], fold: folds[0], finish: finishes[0] },
      { from: 'input', steps: chains[1], fold: folds[1], finish: finishes[1], isWritten: again },
      { from: again ? 'output' : 'input', steps: chains[2], isWritten: true },
    ])

it('passes that use what others found, with tensors that are broadcast, do too', { timeout: 300_000 }, () => {
  const inner = { true: 0, false: 0 }
  const problems = shapes
    // Sums of sums stay exact.
    .filter(({ shape, isReduced }) => sizeOf(shape.filter((_, axis) => isReduced[axis])) < 200)
    .chain(({ shape, isReduced }) =>
      fc
        .array(fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }), { maxLength: 2 })
        .chain((others) =>
          fc.record({
            shape: fc.constant(shape),
            isReduced: fc.constant(isReduced),
            inputs: fc.constant([shape, ...others.map((has) => shape.map((size, axis) => (has[axis] ? size : 1)))]),
            passes: passesOf(others.length),
          }),
        ),
    )
  fc.assert(
    fc.property(problems, ({ shape, isReduced, inputs, passes }) => {
      const values = inputs.map((own, index) => integers(sizeOf(own), index + 1))
      const problem = problemOf(shape, isReduced, inputs, shape, passes)
      inner[`${equalsReference(problem, values, sizeOf(shape))}`]++
    }),
    { numRuns: 500 },
  )
  expect(Math.min(inner.true, inner.false)).toBeGreaterThan(75)
})

it('nothing is planned that addresses cannot reach', () => {
  const axis = { size: 2 ** 29, steps: [0, 1] }
  const problem = { kept: [], reduced: [axis], passes: [], numbers: [] }
  expect(planReduce(problem, false)).toBeUndefined()
  expect(planReduce({ ...problem, reduced: [{ ...axis, size: 2 ** 29 - 1 }] }, false)).toBeDefined()
  expect(planReduce({ ...problem, reduced: [] }, false)).toBeUndefined()
})
