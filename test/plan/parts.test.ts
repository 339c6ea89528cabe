import { describe, expect, it } from 'vitest'
import { resolve } from '../../src/geometry/index.ts'
import { type Choice, chooseAny, type Plan } from '../../src/plan/choose.ts'
import { filterOfPart, type ProblemPart, partsOf } from '../../src/plan/parts.ts'
import { type Region, regions } from '../../src/plan/plan.ts'
import { planTiles } from '../../src/plan/winograd.ts'
import { type Filter, inputOf, outputOf, type Problem } from '../../src/reference/problem.ts'
import { emitPlan, packFilter } from '../../src/run/programs/strategies.ts'
import { probeFeatures } from '../../src/wasm/engine.ts'
import { epilogues, residualOf } from '../emit/epilogues.ts'
import { filterOf, layers, lengthOf } from '../emit/layers.ts'
import { runPieces } from '../emit/run-plan.ts'
import { winogradLayers } from '../emit/winograd-layers.ts'
import fc from '../fast-check.ts'

const ops = ['conv', 'convTranspose', 'maxPool', 'averagePool'] as const
const RED = 0x7fc0dead

/** Values whose sums show in which order they were added. */
function fractions(length: number, seed: number): Float32Array {
  let state = seed
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state >>> 8) / 2 ** 23 - 1
  })
}

function filterFor(problem: Problem): Filter {
  const { geometry, inChannels, outChannels, groups } = problem
  const taps = geometry.axes.reduce((product, axis) => product * axis.kernel, 1)
  return filterOf(problem, fractions((outChannels * inChannels * taps) / groups, 2), fractions(outChannels, 3))
}

/** Runs a plan of a part into an output that others fill too. */
function run(
  plan: Plan,
  filter: Filter,
  place: Pick<ProblemPart, 'input' | 'output'>,
  input: Float32Array,
  output: Float32Array,
) {
  const { weights, bias } = packFilter(plan, filter)
  const none = new Float32Array(0)
  const residual = plan.bytes.residual > 0 ? residualOf(output.length) : none
  const content = { input, output, weights, bias, tables: Int32Array.from(plan.tables), residual, scratch: none }
  const bytes = { ...plan.bytes, input: 4 * input.length, output: 4 * output.length, residual: 4 * residual.length }
  const offsets = { ...place, residual: place.output }
  const isTensor = (name: Region): name is keyof typeof offsets => name in offsets
  return runPieces(
    regions.map((name) => ({
      ...{ name, bytes: bytes[name], content: content[name] },
      ...(isTensor(name) ? { shift: 4, offset: 4 * offsets[name] } : {}),
      written: name === 'output' || name === 'scratch',
    })),
    emitPlan(plan),
  )
}

const isRed = (word: number): boolean => word === RED

/** All parts into one output, which they must fill once; then as bits. */
function together(choice: Choice, parts: readonly ProblemPart[], input: Float32Array, filter: Filter): Uint32Array {
  let output: Float32Array = new Float32Array(new Uint32Array(lengthOf(outputOf(choice.problem))).fill(RED).buffer)
  let [left, written] = [output.length, 0]
  for (const part of parts) {
    const plan = choice.planPart(part.problem)
    if (plan?.strategy !== choice.plan.strategy) throw new Error('a part must have a plan of the same strategy')
    output = run(plan, filterOfPart(part, filter), part, input, output)
    const red = new Uint32Array(output.buffer).filter(isRed).length
    written += lengthOf(outputOf(part.problem))
    if (left - red !== lengthOf(outputOf(part.problem))) throw new Error(`a part wrote ${left - red} outputs`)
    left = red
  }
  expect([left, written]).toEqual([0, output.length])
  return new Uint32Array(output.buffer)
}

const fitting = (problem: Problem): boolean =>
  lengthOf(outputOf(problem)) < 20_000 && lengthOf(inputOf(problem)) < 20_000

/** Holds the parts of random problems against the whole; how many there were, and of which strategies. */
function compare(any: fc.Arbitrary<Problem>, choose: (problem: Problem) => Choice | undefined) {
  const seen = new Map<string, number>()
  const property = fc.property(any.filter(fitting), fc.integer({ min: 2, max: 9 }), (problem, count) => {
    const choice = choose(problem)
    const parts = choice && partsOf(choice, count)
    if (!parts) return
    const { strategy } = choice.plan
    const cut = parts.some(({ problem: { geometry } }) => String(geometry) !== String(choice.problem.geometry))
    for (const name of [strategy, `${strategy} along ${cut ? 'cells' : 'others'}`])
      seen.set(name, (seen.get(name) ?? 0) + 1)
    const [input, filter] = [fractions(lengthOf(inputOf(problem)), 1), filterFor(problem)]
    const empty = new Float32Array(lengthOf(outputOf(problem)))
    const whole = run(choice.plan, filter, { input: 0, output: 0 }, input, empty)
    const bits = new Uint32Array(whole.buffer)
    const different = together(choice, parts, input, filter).findIndex((word, index) => word !== bits[index])
    if (different >= 0) throw new Error(`output ${different} of ${strategy} differs`)
  })
  fc.assert(property, { numRuns: 100, seed: 1 })
  return seen
}

describe.each(ops)('parts of %s', (op) => {
  const pools = op.endsWith('Pool')
  const any = layers({
    op,
    input: 19,
    kernel: 4,
    stride: 3,
    groups: pools ? 9 : 3,
    inGroup: 5,
    outGroup: 19,
    epilogues,
  })

  it.each([false, true])('make every output once, to the bits of the whole; deterministic: %s', (deterministic) => {
    const seen = compare(any, (problem) => chooseAny(problem, probeFeatures(), deterministic))
    for (const strategy of pools ? ['channels', 'width'] : ['dense']) {
      for (const along of ['cells', 'others']) expect(seen.get(`${strategy} along ${along}`)).toBeGreaterThan(2)
    }
  })
})

it("parts of Winograd's tiles make every output once, to the bits of the whole", () => {
  const seen = compare(winogradLayers, (problem) => {
    const plan = planTiles(problem, probeFeatures())
    return plan && { plan, problem, planPart: (part) => planTiles(part, probeFeatures(), plan.structure) }
  })
  for (const along of ['cells', 'others']) expect(seen.get(`winograd along ${along}`)).toBeGreaterThan(20)
})

it('are of about the same work, and cut where least is done twice', () => {
  const cut = (input: number, channels: number, kernel: number): string => {
    const geometry = resolve({ op: 'conv', input: [input, input], kernel: [kernel, kernel], padding: 'same' })
    const sizes = { batch: 1, inChannels: channels, outChannels: channels, groups: 1, layout: 'nchw' } as const
    const choice = chooseAny({ geometry, ...sizes }, { simd: true, relaxed: true, ordered: true }, false)
    const parts = (choice && partsOf(choice, 2)) ?? []
    expect(parts.length).toBe(2)
    return parts
      .map(({ problem }) => `${problem.geometry.axes.map(({ output }) => output).join('x')} of ${problem.outChannels}`)
      .join()
  }
  expect(cut(56, 64, 3)).toBe('28x56 of 64,28x56 of 64')
  expect(cut(7, 512, 3)).toBe('7x7 of 256,7x7 of 256')
  expect(cut(56, 64, 1)).toBe('1568 of 64,1568 of 64')
  expect(cut(7, 512, 1)).toBe('49 of 258,49 of 254')
})

it('of a problem in one piece there are none', () => {
  const geometry = resolve({ op: 'conv', input: [3, 40], kernel: [3, 3] })
  const sizes = { batch: 1, inChannels: 40, outChannels: 4, groups: 1, layout: 'nhwc' } as const
  const choice = chooseAny({ geometry, ...sizes }, probeFeatures(), false)
  expect(choice && partsOf(choice, 4)).toBeUndefined()
})

describe.each(ops)('%s on some channels of other tensors', (op) => {
  /** The places of a tensor's elements among those of one with more channels before and behind its own. */
  const placesIn = (
    problem: Problem,
    dimensions: ReturnType<typeof inputOf>,
    before: number,
    all: number,
  ): number[] => {
    const { batch, channels, spatial } = dimensions
    const cells = spatial.reduce((product, size) => product * size, 1)
    return Array.from({ length: batch * channels * cells }, (_, at) => {
      if (problem.layout === 'nhwc') return Math.floor(at / channels) * all + before + (at % channels)
      const [image, rest] = [Math.floor(at / channels / cells), at % (channels * cells)]
      return (image * all + before) * cells + rest
    })
  }

  it('makes the same bits there, reads nothing else and leaves all else alone', () => {
    const any = layers({
      op,
      input: 12,
      kernel: 3,
      stride: 2,
      groups: op.endsWith('Pool') ? 9 : 2,
      inGroup: 5,
      outGroup: 9,
    })
    let ran = 0
    const property = fc.property(any.filter(fitting), (problem) => {
      const [input, output] = [inputOf(problem), outputOf(problem)]
      const around = {
        input: { ...input, channels: input.channels + 5 },
        output: { ...output, channels: output.channels + 3 },
      }
      const [alone, part] = [problem, { ...problem, within: around }].map((one) =>
        chooseAny(one, probeFeatures(), false),
      )
      if (!alone || !part || alone.plan.strategy !== part.plan.strategy) return
      ran++
      const [data, filter] = [fractions(lengthOf(input), 1), filterFor(problem)]
      const wanted = run(alone.plan, filter, { input: 0, output: 0 }, data, new Float32Array(lengthOf(output)))
      const wide = new Float32Array(lengthOf(around.input)).fill(Number.NaN)
      placesIn(problem, input, 2, around.input.channels).forEach((place, at) => {
        wide[place] = data[at]
      })
      const red = new Float32Array(new Uint32Array(lengthOf(around.output)).fill(RED).buffer)
      // Where the tensors begin: two channels of the input and one of the output lie before.
      const begin = (dimensions: ReturnType<typeof inputOf>, channels: number): number =>
        channels * (problem.layout === 'nhwc' ? 1 : lengthOf({ ...dimensions, batch: 1, channels: 1 }))
      const place = { input: begin(input, 2), output: begin(output, 1) }
      const found = new Uint32Array(run(part.plan, filter, place, wide, red).buffer)
      const own = placesIn(problem, output, 1, around.output.channels)
      const bits = new Uint32Array(wanted.buffer)
      if (own.some((at, index) => found[at] !== bits[index])) throw new Error('an output differs')
      if (found.filter((word) => !isRed(word)).length > own.length) throw new Error('something else was written')
    })
    fc.assert(property, { numRuns: 60, seed: 2 })
    expect(ran).toBeGreaterThan(40)
  })
})
