import { describe, expect, it } from 'vitest'
import { isSameFunction } from '../../src/analysis/same-function.ts'
import { readAlike, readings, type Surrounded } from '../../src/analysis/surrounded.ts'
import { evaluate } from '../../src/conventions/evaluate.ts'
import type { Setting } from '../../src/conventions/setting.ts'
import { isRejected, solve } from '../../src/conventions/solve.ts'
import { type Filling, isAdded, type Step, through } from '../../src/conventions/step.ts'
import { workIn } from '../../src/conventions/work-in.ts'
import type { Pads } from '../../src/geometry/index.ts'
import fc from '../fast-check.ts'

// Windows with Pads and Slices around them: what is said of them, held against what they compute, cell by cell.

const zero: Filling = { mode: 'constant', value: 0, isZeroPoint: undefined }
const side = fc.integer({ min: -2, max: 3 })
const pads: fc.Arbitrary<Pads> = fc.tuple(side, side)
const filling: fc.Arbitrary<Filling> = fc.oneof(
  fc.constantFrom(...[0, 0, 1, -2]).map((value): Filling => ({ ...zero, value })),
  fc.constantFrom<Filling['mode']>('reflect', 'edge', 'wrap').map((mode) => ({ ...zero, mode, value: undefined })),
)
const taken: fc.Arbitrary<Step> = fc.record({
  start: fc.integer({ min: 0, max: 2 }),
  stop: fc.constantFrom(undefined, -1, -2),
  step: fc.integer({ min: 1, max: 3 }),
})
const stepOf = (of: fc.Arbitrary<Filling>): fc.Arbitrary<Step> => fc.oneof(fc.record({ pads, filling: of }), taken)
const steps = (of: fc.Arbitrary<Filling>): fc.Arbitrary<Step[]> => fc.array(stepOf(of), { maxLength: 2 })
const window: fc.Arbitrary<Setting> = fc
  .record({
    op: fc.constantFrom<Setting['op']>('conv', 'convTranspose', 'averagePool'),
    kernel: fc.integer({ min: 1, max: 3 }),
    stride: fc.integer({ min: 1, max: 3 }),
    dilation: fc.integer({ min: 1, max: 2 }),
    pads: fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 })),
    countIncludePad: fc.boolean(),
  })
  .map(({ countIncludePad, ...rest }) => {
    const convention = rest.op === 'convTranspose' ? 'onnx.transposed.explicit' : 'onnx.explicit'
    return { ...rest, convention, ...(rest.op === 'averagePool' && { countIncludePad }) }
  })
const surroundedBy = (of: fc.Arbitrary<Filling>): fc.Arbitrary<Surrounded> =>
  fc.record({ setting: window, before: steps(of), behind: steps(of) }).map((parts): Surrounded => {
    return { ...parts, neutral: parts.setting.op === 'averagePool' ? undefined : 0 }
  })

/** What comes out for numbers, one operation after the other; undefined where one has no answer. */
function valuesOf({ setting, before, behind }: Surrounded, input: readonly number[], weights: number[]) {
  const pass = (cells: readonly number[] | undefined, list: readonly Step[]): readonly number[] | undefined =>
    list.reduce<readonly number[] | undefined>((values, step) => {
      if (!values || 'formula' in step) return undefined
      if (!isAdded(step)) return through(values, step, [0, 0], 0)
      return through(values, step, step.pads as Pads, step.filling.value ?? 0)
    }, cells)
  const inner = pass(input, before)
  const outcome = inner && inner.length > 0 ? solve(setting, inner.length) : undefined
  if (!inner || !outcome || isRejected(outcome)) return undefined
  return pass(biased(evaluate(setting, outcome, inner, weights)), behind)
}

/** A bias: an output that reads nothing is no cell that holds zero. */
const biased = (values: readonly number[]): number[] => values.map((value) => value + 7e6)

/** Numbers of which no two sums are the same by chance. */
const numbers = (count: number, seed: number): number[] =>
  Array.from({ length: count }, (_, index) => Math.round(1e6 * Math.sin(seed + 12.9898 * (index + 1))))

const areEqual = (a: readonly number[] | undefined, b: readonly number[] | undefined): boolean =>
  a !== undefined && b !== undefined && a.length === b.length && a.every((value, at) => Math.abs(value - b[at]) < 1e-3)

describe('windows with something around them', () => {
  it('read alike exactly where they compute the same', () => {
    let [alike, apart] = [0, 0]
    fc.assert(
      fc.property(
        surroundedBy(filling),
        surroundedBy(filling),
        fc.boolean(),
        fc.integer({ min: 1, max: 12 }),
        (a, other, isNear, size) => {
          // Two at random are never alike: a near one has the same window and what stands on one side of it.
          const b = isNear
            ? { ...a, behind: other.behind, neutral: a.neutral }
            : { ...other, setting: a.setting, neutral: a.neutral }
          const said = readAlike(a, b, size)
          if (typeof said !== 'boolean') return
          const [input, weights] = [numbers(size, 1), numbers(a.setting.kernel, 2)]
          const equal = areEqual(valuesOf(a, input, weights), valuesOf(b, input, weights))
          if (said) alike++
          else apart++
          // An average of nothing is 0 here, as that of a zero is; runtimes do not agree on it.
          if (a.setting.op === 'averagePool' && !said) return
          expect(equal, JSON.stringify([a, b, size])).toBe(said)
        },
      ),
      { numRuns: 20_000, seed: 1 },
    )
    expect(Math.min(alike, apart)).toBeGreaterThan(300)
  })

  it('are one setting where it is said so: the same windows of the same cells, at every size', () => {
    let found = 0
    fc.assert(
      fc.property(surroundedBy(fc.constant(zero)), fc.integer({ min: 1, max: 14 }), (surrounded, size) => {
        const setting = workIn(surrounded.setting, surrounded.before, surrounded.behind)
        if (!setting) return
        const read = readings(surrounded, size)
        const outcome = solve(setting, size)
        if (!Array.isArray(read)) return
        found++
        expect(isRejected(outcome), JSON.stringify([surrounded, size])).toBe(false)
        if (isRejected(outcome)) return
        const [input, weights] = [numbers(size, 3), numbers(setting.kernel, 4)]
        const values = evaluate(setting, outcome, input, weights)
        expect(areEqual(biased(values), valuesOf(surrounded, input, weights)), JSON.stringify([surrounded, size])).toBe(
          true,
        )
      }),
      { numRuns: 20_000, seed: 2 },
    )
    expect(found).toBeGreaterThan(2000)
  })

  it('are told apart by what stands in the padding alone', () => {
    const setting: Setting = {
      convention: 'onnx.explicit',
      op: 'conv',
      kernel: 3,
      stride: 1,
      dilation: 1,
      pads: [0, 0],
    }
    const held = (one: Filling): Surrounded => ({
      setting,
      before: [{ pads: [1, 1], filling: one }],
      behind: [],
      neutral: 0,
    })
    const own: Surrounded = { setting: { ...setting, pads: [1, 1] }, before: [], behind: [], neutral: 0 }
    expect(readAlike(held(zero), own, 9)).toBe(true)
    expect(readAlike(held({ ...zero, value: 1 }), own, 9)).toBe(false)
    expect(readAlike(held({ ...zero, mode: 'reflect' }), held({ ...zero, mode: 'edge' }), 9)).toBe(false)
    const [one, two] = [own.setting, { ...own.setting, padded: [0, 0] as const }]
    expect(isSameFunction(one, solve(one, 9), two, solve(two, 9))).toBe(true)
  })
})
