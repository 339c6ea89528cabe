import { describe, expect, it } from 'vitest'
import {
  type Activation,
  conv,
  convGradient,
  convTranspose,
  convTransposeGradient,
  elu,
  gelu,
  prepareConv,
  prepareConvTranspose,
  prepareGradient,
  resolve,
  silu,
} from '../../src/index.ts'
import fc from '../fast-check.ts'
import { channelsOf, type Float64Layer, sumsOf } from './float64-layer.ts'
import { does, layerOf, layers, type Setting, tried } from './gradient-layers.ts'

/** An activation in float64; where it bends, outputs near by are given no part in the loss. */
interface Case {
  readonly activation: Activation | undefined
  readonly apply: (x: number, slope: number) => number
  readonly bends: readonly number[]
}

const clamp = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most)

/** With slopes where they are learned. */
const cases = (slopes: Float32Array): readonly Case[] => [
  { activation: undefined, apply: (x) => x, bends: [] },
  { activation: 'relu', apply: (x) => Math.max(x, 0), bends: [0] },
  { activation: { clip: [-0.5, 0.75] }, apply: (x) => clamp(x, -0.5, 0.75), bends: [-0.5, 0.75] },
  { activation: { leakyRelu: 0.1 }, apply: (x) => (x > 0 ? x : Math.fround(0.1) * x), bends: [0] },
  { activation: { prelu: slopes }, apply: (x, slope) => (x > 0 ? x : slope * x), bends: [0] },
  { activation: 'hardSwish', apply: (x) => x * clamp(x / 6 + 0.5, 0, 1), bends: [-3, 3] },
  { activation: silu, apply: (x) => x / (1 + Math.exp(-x)), bends: [] },
  { activation: [elu, 0.5], apply: (x) => (x > 0 ? x : 0.5 * Math.expm1(x)), bends: [0] },
  { activation: gelu, apply: (x) => gelu.reference(x), bends: [] },
]
const PRELU = 4
const BEND = 1e-3

/** Numbers between -1 and 1, the same for the same seed. */
function noise(length: number, seed: number): Float32Array<ArrayBuffer> {
  let state = seed
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  })
}

const names = ['input', 'weights', 'bias', 'scale', 'shift', 'slopes'] as const
type Name = (typeof names)[number]
type Numbers = Readonly<Record<Name, Float32Array<ArrayBuffer>>>

/** Products of a definition in float64. */
const MOST = 300_000

const drawn = fc.record({ setting: layers, which: fc.nat(8), seed: fc.nat(2 ** 31) })

function definitionOf(setting: Setting, transposed: boolean): Float64Layer {
  const { axes, inGroup, outGroup, groups, batch, layout, weightsLayout, paddingMode } = setting
  const geometry = resolve({
    op: transposed ? 'convTranspose' : 'conv',
    input: axes.map(({ input }) => input),
    kernel: axes.map(({ kernel }) => kernel),
    strides: axes.map(({ stride }) => stride),
    dilations: axes.map(({ dilation }) => dilation),
    padding: axes.map(({ padding }) => padding),
  })
  const orders = transposed ? ['iohw', 'hwoi', 'ohwi'] : ['oihw', 'hwio', 'ohwi', 'ihwo']
  const order = orders[weightsLayout % orders.length]
  const mode = transposed ? 'zeros' : paddingMode
  return { geometry, batch, groups, inGroup, outGroup, layout, weightsLayout: order, paddingMode: mode }
}

function productsOf({ geometry, batch, groups, inGroup, outGroup }: Float64Layer): number {
  const side = geometry.op === 'conv' ? 'output' : 'input'
  return geometry.axes.reduce(
    (product, axis) => product * axis[side] * axis.kernel,
    batch * groups * inGroup * outGroup,
  )
}

/** Whether a layer is there and small enough. */
const isTried =
  (transposed: boolean) =>
  (setting: Setting): boolean => {
    const { x, w, options } = layerOf(setting, transposed)
    if (!does(() => (transposed ? convTranspose : conv)(x, w, options))) return false
    return productsOf(definitionOf(setting, transposed)) <= MOST
  }

// The loss is the sum of outputs times dy. All that the layer is made of moves together in one direction, by steps to both sides in
// float64; the gradients must foretell how the loss changes.
describe.each([
  ['conv', false],
  ['convTranspose', true],
] as const)('gradients of %s', (_, transposed) => {
  it('are differences of finite steps, through activations, scale and shift', { timeout: 600_000 }, () => {
    let prepared = 0
    fc.assert(
      fc.property(
        drawn.filter(({ setting }) => isTried(transposed)(setting)),
        ({ setting, which, seed }) => {
          const { x, w, options } = layerOf(setting, transposed)
          const definition = definitionOf(setting, transposed)
          const channels = setting.outGroup * setting.groups
          const lengths = { input: x.data.length, weights: w.data.length }
          const draw = (seed: number): Numbers =>
            Object.fromEntries(
              names.map((name, index) => {
                const length = name === 'input' || name === 'weights' ? lengths[name] : channels
                return [name, noise(length, seed + index)]
              }),
            ) as unknown as Numbers
          const [at, along] = [draw(seed), draw(seed + 100)]
          const { activation, apply, bends } = cases(at.slopes)[which]
          const before = linear(definition, at, along, 0)
          const isNear = (value: number): boolean => bends.some((bend) => Math.abs(value - bend) < BEND)
          const dy = noise(before.length, seed + 200).map((value, index) => (isNear(before[index]) ? 0 : value))

          const ofChannels = channelsOf(definition)
          const loss = (step: number): number => {
            const values = linear(definition, at, along, step)
            return values.reduce((sum, value, index) => {
              const channel = ofChannels[index]
              return sum + dy[index] * apply(value, at.slopes[channel] + step * along.slopes[channel])
            }, 0)
          }
          const STEP = 1e-6
          const change = (loss(STEP) - loss(-STEP)) / (2 * STEP)

          const of = names.filter((name) => name !== 'slopes' || which === PRELU)
          const { bias, scale, shift } = at
          const all = { ...options, bias, scale, shift, activation }
          const [input, weights] = [
            { ...x, data: at.input },
            { ...w, data: at.weights },
          ]
          const run = transposed ? convTranspose : conv
          const outputGradient = { data: dy, shape: run(input, weights, all).shape }
          const found =
            seed % 2 === 0
              ? (transposed ? convTransposeGradient : convGradient)(input, weights, outputGradient, { ...all, of })
              : byPrepared(transposed, input, weights, outputGradient, all, of)
          if (seed % 2 === 1) prepared++
          let [sum, most] = [0, 1]
          for (const name of of) {
            found[name].data.forEach((value, index) => {
              sum += value * along[name][index]
              most += Math.abs(value * along[name][index])
            })
          }
          expect(Math.abs(sum - change)).toBeLessThanOrEqual(2e-6 * most)
        },
      ),
      tried,
    )
    expect(prepared).toBeGreaterThan(0)
  })
})

/** What an activation is given, so many steps away along a direction. */
function linear(definition: Float64Layer, at: Numbers, along: Numbers, step: number): Float64Array {
  const moved = (name: Name): Float64Array =>
    Float64Array.from(at[name], (value, index) => value + step * along[name][index])
  const [bias, scale, shift] = [moved('bias'), moved('scale'), moved('shift')]
  const channels = channelsOf(definition)
  return sumsOf(definition, moved('input'), moved('weights')).map((sum, index) => {
    const channel = channels[index]
    return (sum + bias[channel]) * scale[channel] + shift[channel]
  })
}

/** By a prepared gradient, which runs small layers on programs too. */
function byPrepared(
  transposed: boolean,
  input: Parameters<typeof conv>[0],
  weights: Parameters<typeof conv>[1],
  outputGradient: Parameters<typeof conv>[0],
  options: object,
  of: readonly Name[],
): Readonly<Record<Name, { readonly data: Float32Array }>> {
  const layer = (transposed ? prepareConvTranspose : prepareConv)(weights, options)
  const gradient = prepareGradient(layer)
  try {
    return gradient.run(input, outputGradient, { of })
  } finally {
    gradient.release()
    layer.release()
  }
}
