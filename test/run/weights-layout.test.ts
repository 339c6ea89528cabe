import { describe, expect, it } from 'vitest'
import { conv, convTranspose, prepareConv, prepareConvTranspose, type Tensor } from '../../src/index.ts'
import { type Plan, planProgram } from '../../src/plan/choose.ts'
import { packWinograd } from '../../src/plan/pack-winograd.ts'
import { planTiles } from '../../src/plan/winograd.ts'
import { conv as referenceConv } from '../../src/reference/conv.ts'
import { convTranspose as referenceTransposed } from '../../src/reference/conv-transpose.ts'
import { inputOf, outputOf, type Problem } from '../../src/reference/problem.ts'
import { emitPlan, packFilter } from '../../src/run/programs/strategies.ts'
import { inLayout } from '../../src/tensor/tensor.ts'
import { weightsLayouts } from '../../src/tensor/weights.ts'
import { probeFeatures } from '../../src/wasm/engine.ts'
import { writtenOf } from '../emit/epilogues.ts'
import { type Bounds, filterOf, layers, solved } from '../emit/layers.ts'
import { runPlan } from '../emit/run-plan.ts'
import { winogradLayers } from '../emit/winograd-layers.ts'
import fc from '../fast-check.ts'
import { counting, repeating } from './tensors.ts'

type Layout = (typeof weightsLayouts)[keyof typeof weightsLayouts][number]

const cases = [
  ...weightsLayouts.conv.map((layout) => ['conv', layout] as const),
  ...weightsLayouts.convTranspose.map((layout) => ['convTranspose', layout] as const),
]

/** Weights in the default order brought into another one, element by element, by the meaning of its letters. */
function reordered(
  { geometry, inChannels, outChannels, groups }: Problem,
  from: Float32Array,
  layout: Layout,
): Float32Array {
  const transposed = geometry.op === 'convTranspose'
  const taps = geometry.axes.reduce((product, { kernel }) => product * kernel, 1)
  const [inputs, outputs] = transposed ? [inChannels, outChannels / groups] : [inChannels / groups, outChannels]
  const sizes: Record<string, number> = { i: inputs, o: outputs, h: taps, c: groups, m: outChannels / groups }
  const letters = layout.replace('w', '')
  const to = new Float32Array(from.length)
  for (let input = 0; input < inputs; input++) {
    for (let output = 0; output < outputs; output++) {
      for (let tap = 0; tap < taps; tap++) {
        const multiplier = outChannels / groups
        const at: Record<string, number> = {
          i: input,
          o: output,
          h: tap,
          c: Math.floor(output / multiplier),
          m: output % multiplier,
        }
        const place = [...letters].reduce((sum, letter) => sum * sizes[letter] + at[letter], 0)
        const first = transposed ? input * outputs + output : output * inputs + input
        to[place] = from[first * taps + tap]
      }
    }
  }
  return to
}

const oneTap = { kernel: 1, stride: 1, dilation: 1 }
const oneEach = { depthwise: true, inGroup: 1, outGroup: 3, groups: 5 }

/** Layers whose weights may lie so. */
const boundsOf = (op: 'conv' | 'convTranspose', layout: Layout): Bounds[] => [
  ...(layout === 'hwcm' ? [] : [{ op, input: op === 'conv' ? 12 : 5, stride: 4, outGroup: 13 }]),
  ...(op === 'conv' ? [{ op, ...oneEach }, { op, ...oneEach, outGroup: 1, layouts: ['nhwc'] } as const] : []),
  ...(layout === 'hwcm'
    ? []
    : [
        { op, ...oneTap, inGroup: 9, outGroup: 9 },
        { op, ...oneTap, inGroup: 17, groups: 1 },
      ]),
]

describe.each(cases)('%s with weights %s', (op, layout) => {
  it('equals the default order bit for bit: reference, programs and calls', { timeout: 300_000 }, () => {
    const strategies = new Map<string, number>()
    const ranks = new Set<number>()
    for (const bounds of boundsOf(op, layout)) {
      fc.assert(
        fc.property(layers(bounds), (problem) => {
          const { geometry, groups, layout: order } = problem
          const { activation } = writtenOf(problem).options
          const { input, filter, expected } = solved(problem)
          const weights = reordered(problem, filter.weights, layout)
          const other = filterOf(problem, weights, filter.bias, layout)
          ranks.add(geometry.axes.length)
          const result = new Float32Array(expected.length)
          const reference = op === 'conv' ? referenceConv : referenceTransposed
          reference(problem, input, other, result)
          expect(result).toEqual(expected)
          const plan = planProgram(problem, probeFeatures(), true)
          if (plan) {
            strategies.set(plan.strategy, (strategies.get(plan.strategy) ?? 0) + 1)
            expect(runPlan(plan, emitPlan(plan), input, packFilter(plan, other))).toEqual(expected)
          }
          const x = { data: input, shape: inLayout(inputOf(problem), order) }
          const w = { data: weights, shape: other.shape }
          const { axes } = geometry
          const moves = { strides: axes.map(({ stride }) => stride), dilations: axes.map(({ dilation }) => dilation) }
          const options = { ...moves, groups, activation, bias: filter.bias, layout: order, weightsLayout: layout }
          const padding = axes.map(({ padBegin, padEnd }) => [padBegin, padEnd] as const)
          const wanted = { data: expected, shape: inLayout(outputOf(problem), order) }
          expect(called(op, x, w, { ...options, padding, outputShape: axes.map(({ output }) => output) })).toEqual(
            wanted,
          )
        }),
        { numRuns: 16, seed: 1 }, // so that each strategy is met as often as is counted below
      )
    }
    expect([...ranks].sort()).toEqual([1, 2, 3])
    const wanted: Plan['strategy'][] = op === 'conv' ? ['width', 'channels'] : ['dense']
    if (op === 'conv' && layout !== 'hwcm') wanted.push('dense', 'pointwise')
    for (const strategy of wanted) expect(strategies.get(strategy), strategy).toBeGreaterThan(2)
  })
})

// There are no groups with Winograd's algorithm, and so no depthwise weights.
it.each(cases.filter(([, layout]) => layout !== 'hwcm'))(
  "%s with weights %s is packed alike for Winograd's algorithm",
  (op, layout) => {
    fc.assert(
      fc.property(winogradLayers, (problem) => {
        fc.pre(problem.geometry.op === op)
        const plan = planTiles(problem, probeFeatures())
        if (!plan) throw new Error('there must be a plan')
        const { filter } = solved(problem)
        const other = filterOf(problem, reordered(problem, filter.weights, layout), filter.bias, layout)
        expect(packWinograd(plan, other)).toEqual(packWinograd(plan, filter))
      }),
      { numRuns: 15 },
    )
  },
)

function called(
  op: 'conv' | 'convTranspose',
  x: Tensor,
  w: Tensor,
  { outputShape, ...options }: Record<string, unknown>,
): unknown {
  const transposed = { ...options, outputShape } as never
  const plain = options as never
  const once = op === 'conv' ? conv(x, w, plain) : convTranspose(x, w, transposed)
  const layer = op === 'conv' ? prepareConv(w, plain) : prepareConvTranspose(w, transposed)
  expect(layer.run(x)).toEqual(once)
  layer.release()
  return once
}

describe('weights in other orders', () => {
  const x = counting(1, 6, 5, 7)

  it('depthwise ones tell how many groups there are', () => {
    const w = repeating([3, 2, 6, 2], 5)
    expect(conv(x, w, { weightsLayout: 'hwcm' })).toEqual(conv(x, w, { weightsLayout: 'hwcm', groups: 6 }))
    expect(conv(x, w, { weightsLayout: 'hwcm' }).shape).toEqual([1, 12, 3, 6])
    expect(() => conv(x, w, { weightsLayout: 'hwcm', groups: 3 })).toThrow(
      'conv: groups must be the 6 channels of depthwise weights, got 3',
    )
    expect(() => conv(counting(1, 4, 5, 7), w, { weightsLayout: 'hwcm' })).toThrow(
      'conv: input must have weights.shape[2] = 6 channels, got 4',
    )
  })

  it.each([
    [
      () => conv(x, repeating([3, 2, 5, 4], 5), { weightsLayout: 'hwio' }),
      'weights.shape[2] * groups = 5 channels, got 6',
    ],
    [
      () => conv(x, repeating([4, 3, 2, 5], 5), { weightsLayout: 'ohwi' }),
      'weights.shape[3] * groups = 5 channels, got 6',
    ],
    [
      () => conv(x, repeating([5, 3, 2, 4], 5), { weightsLayout: 'ihwo' }),
      'weights.shape[0] * groups = 5 channels, got 6',
    ],
    [
      () => convTranspose(x, repeating([3, 2, 4, 5], 5), { weightsLayout: 'hwoi' }),
      'convTranspose: input must have weights.shape[3] = 5 channels, got 6',
    ],
    [
      () => conv(x, repeating([3, 2, 6, 4], 5), { weightsLayout: 'hwoi' as never }),
      "conv: weightsLayout must be one of oihw, hwio, ohwi, ihwo, hwcm, got 'hwoi'",
    ],
    [
      () => prepareConvTranspose(repeating([3, 2, 6, 4], 5), { weightsLayout: 'oihw' as never }),
      "prepareConvTranspose: weightsLayout must be one of iohw, hwoi, ohwi, got 'oihw'",
    ],
    [
      () => conv(x, repeating([3, 2, 6, 4], 5), { weightsLayout: 'hwio', groups: 3 }),
      'groups must divide the 4 output channels, got 3',
    ],
  ])('say what does not fit, %#', (call, message) => {
    expect(call).toThrow(message)
  })
})
