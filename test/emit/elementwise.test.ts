import { expect, it } from 'vitest'
import { emitElementwise } from '../../src/emit/elementwise.ts'
import { type FunctionName, rowOf } from '../../src/functions/rows.ts'
import { planElementwise } from '../../src/plan/elementwise.ts'
import { type ElementwiseProblem, elementwise, type View } from '../../src/reference/elementwise.ts'
import { probeFeatures } from '../../src/wasm/engine.ts'
import fc from '../fast-check.ts'
import { tries } from '../machines/tries.ts'
import { integers } from './layers.ts'
import { runPieces } from './run-plan.ts'

const { relaxed } = probeFeatures()

/** How many elements a view spans, and the one at which it begins, so that no step leads in front of the first one. */
function spanOf(steps: readonly number[], sizes: readonly number[]): { offset: number; length: number } {
  const reach = (sign: number): number =>
    steps.reduce((sum, step, axis) => sum + Math.max(0, sign * step) * (sizes[axis] - 1), 0)
  return { offset: reach(-1), length: reach(-1) + reach(1) + 1 }
}

/** Steps of a dense tensor whose axes lie in some order, some of them backwards, with elements left out. */
const dense = (sizes: readonly number[]): fc.Arbitrary<number[]> =>
  fc
    .record({
      order: fc.shuffledSubarray([...sizes.keys()], { minLength: sizes.length }),
      isTurned: fc.boolean(),
      gaps: fc.array(fc.constantFrom(1, 1, 1, 2, 3), { minLength: sizes.length, maxLength: sizes.length }),
      backwards: fc.array(fc.constantFrom(1, 1, 1, -1), { minLength: sizes.length, maxLength: sizes.length }),
    })
    .map(({ order, isTurned, gaps, backwards }) => {
      const steps: number[] = []
      let step = 1
      for (const axis of isTurned ? order : [...sizes.keys()].toReversed()) {
        step *= isTurned ? gaps[axis] : 1
        steps[axis] = step * (isTurned ? backwards[axis] : 1)
        step *= sizes[axis]
      }
      return steps
    })

/** The same, repeated along some axes. */
const repeated = (sizes: readonly number[]): fc.Arbitrary<number[]> =>
  fc
    .tuple(dense(sizes), fc.array(fc.boolean(), { minLength: sizes.length, maxLength: sizes.length }))
    .map(([steps, same]) => steps.map((step, axis) => (same[axis] ? 0 : step)))

/** Functions that are exact on small integers. */
const exact: readonly FunctionName[] = [
  ...(['add', 'subtract', 'multiply', 'minimum', 'maximum', 'clip', 'leakyRelu', 'prelu', 'relu', 'relu6'] as const),
]

const problems: fc.Arbitrary<ElementwiseProblem> = fc
  .array(fc.integer({ min: 1, max: 5 }), { minLength: 0, maxLength: 5 })
  .chain((outer) => fc.integer({ min: 1, max: 19 }).map((inner) => [...outer, inner]))
  .filter((sizes) => sizes.reduce((product, size) => product * size, 1) < 4000)
  .chain((sizes) =>
    fc.record({
      sizes: fc.constant(sizes),
      output: dense(sizes),
      inputs: fc.array(repeated(sizes), { minLength: 1, maxLength: 4 }),
      names: fc.array(fc.constantFrom(...exact), { maxLength: 3 }),
      picks: fc.array(fc.nat(5), { minLength: 6, maxLength: 6 }),
    }),
  )
  .map(({ sizes, output, inputs, names, picks }) => {
    const view = (steps: readonly number[]): View => ({ offset: spanOf(steps, sizes).offset, steps })
    let next = 0
    const steps = names.map((name) => ({
      name,
      operands: rowOf(name).operands.map(() => {
        const pick = picks[next++ % picks.length]
        return pick < inputs.length ? { input: pick } : { number: pick % 2 }
      }),
    }))
    return { sizes, output: view(output), inputs: inputs.map(view), steps, numbers: [2, -3] }
  })

/** NaN wherever a view has no element. */
function sparse(values: Float32Array, { offset, steps }: View, sizes: readonly number[]): Float32Array {
  const used = new Set<number>()
  const nest = (axis: number, at: number): void => {
    if (axis === sizes.length) used.add(at)
    else for (let index = 0; index < sizes[axis]; index++) nest(axis + 1, at + index * steps[axis])
  }
  nest(0, offset)
  return values.map((value, index) => (used.has(index) ? value : Number.NaN))
}

/** Tensors of which the first has its last two axes exchanged in memory, and others have or have not, or are repeated. */
const turned: fc.Arbitrary<ElementwiseProblem> = fc
  .record({
    outer: fc.integer({ min: 1, max: 3 }),
    inner: fc.tuple(fc.integer({ min: 8, max: 21 }), fc.integer({ min: 8, max: 21 })),
    others: fc.array(fc.constantFrom('turned', 'straight', 'row', 'column', 'number'), { maxLength: 2 }),
    name: fc.constantFrom('add', 'maximum', 'multiply'),
  })
  .map(({ outer, inner: [height, width], others, name }) => {
    const steps: Readonly<Record<string, number[]>> = {
      turned: [height * width, 1, height],
      straight: [height * width, width, 1],
      row: [0, 0, 1],
      column: [0, 1, 0],
      number: [0, 0, 0],
    }
    const views = ['turned', ...others].map((kind): View => ({ offset: 0, steps: steps[kind] }))
    const chain = others.map((_, index) => ({ name, operands: [{ input: index + 1 }] }) as const)
    const output = { offset: 0, steps: steps.straight }
    return {
      sizes: [outer, height, width],
      output,
      inputs: views,
      steps: chain as ElementwiseProblem['steps'],
      numbers: [],
    }
  })

/**
 * Tensors of which one has two to four strands between each other, or spaced so that others are left out, and another side by
 * side; or the other way round.
 */
const strands: fc.Arbitrary<ElementwiseProblem> = fc
  .record({
    outer: fc.integer({ min: 1, max: 3 }),
    count: fc.constantFrom(2, 3, 4),
    along: fc.integer({ min: 4, max: 21 }),
    isOutput: fc.boolean(),
    room: fc.constantFrom(0, 0, 1, 3),
    others: fc.array(fc.constantFrom('between', 'spaced', 'beside', 'strand', 'cell', 'number'), { maxLength: 2 }),
    name: fc.constantFrom('add', 'maximum', 'multiply'),
  })
  .map(({ outer, count, along, isOutput, room, others, name }) => {
    const wide = count === 3 ? 3 : count + room
    const steps: Readonly<Record<string, number[]>> = {
      between: [along * count, count, 1],
      spaced: [along * wide, wide, 1],
      beside: [along * count, 1, along],
      strand: [0, 0, 1],
      cell: [0, 1, 0],
      number: [0, 0, 0],
    }
    const view = (kind: string): View => ({ offset: 0, steps: steps[kind] })
    const [to, from] = isOutput ? ['spaced', 'beside'] : ['beside', 'spaced']
    const chain = others.map((_, index) => ({ name, operands: [{ input: index + 1 }] }) as const)
    return {
      sizes: [outer, along, count],
      output: view(to),
      inputs: [from, ...others].map(view),
      steps: chain as ElementwiseProblem['steps'],
      numbers: [],
    }
  })

/** Runs a problem on its program, and gives what the plan says of how tensors lie. */
function equalsReference(problem: ElementwiseProblem, isRelaxed: boolean, shift: number): readonly string[] {
  const { sizes, output, inputs } = problem
  const plan = planElementwise(problem, isRelaxed && relaxed)
  if (!plan) throw new Error('there must be a plan')
  const values = inputs.map((view, index) => sparse(integers(spanOf(view.steps, sizes).length, index + 1), view, sizes))
  const { length } = spanOf(output.steps, sizes)
  const expected = new Float32Array(length).fill(Number.NaN)
  elementwise(problem, values, expected)
  const tables = Int32Array.from(plan.tables)
  const place = (length: number, { offset }: View) => ({ bytes: 4 * length, offset: 4 * offset })
  const pieces = [
    { name: 'output', content: new Float32Array(0), shift, written: true, ...place(length, output) },
    { name: 'tables', bytes: 4 * tables.length, content: tables },
    ...values.map((content, index) => {
      return { name: `input ${index}`, content, shift: 4, ...place(content.length, inputs[index]) }
    }),
  ]
  expect(runPieces(pieces, emitElementwise(plan))).toEqual(expected)
  return plan.structure.lies
}

const shifts = fc.constantFrom(0, 4, 8, 12)

it('chains over tensors that lie anyhow equal the reference bit for bit on small integers, over lopsided problems', {
  timeout: 300_000,
}, () => {
  fc.assert(
    fc.property(problems, fc.boolean(), shifts, (problem, isRelaxed, shift) => {
      equalsReference(problem, isRelaxed, shift)
    }),
    tries(2000),
  )
})

it('tensors that are turned are taken in tiles, with others that are not', () => {
  fc.assert(
    fc.property(turned, shifts, (problem, shift) => {
      expect(equalsReference(problem, false, shift)).toContain('turned')
    }),
    { numRuns: 300 },
  )
})

it('strands that lie between each other are taken together', () => {
  fc.assert(
    fc.property(strands, shifts, (problem, shift) => {
      const lies = equalsReference(problem, false, shift)
      expect(lies.includes('between') || lies.includes('spaced')).toBe(true)
    }),
    { numRuns: 400 },
  )
})
