import { expect, it } from 'vitest'
import {
  type Activation,
  averagePool,
  averagePoolGradient,
  conv,
  convGradient,
  convTranspose,
  convTransposeGradient,
  elu,
  type GradientName,
  gelu,
  geluTanh,
  maxPool,
  maxPoolGradient,
  mish,
  sigmoid,
  silu,
  type Tensor,
  tanh,
} from '../../src/index.ts'
import { sizeOf } from '../run/tensors.ts'
import { runPython } from './python.ts'

const waves = (shape: readonly number[], seed: number): Tensor => ({
  data: Float32Array.from({ length: sizeOf(shape) }, (_, index) => Math.sin((index + seed) ** 2 + seed)),
  shape,
})

interface Case {
  readonly op: string
  readonly axes: number
  readonly options: Readonly<Record<string, unknown>>
  readonly activation: string
  readonly tensors: Readonly<Record<string, Tensor>>
  readonly ours: { readonly [Name in GradientName]?: Tensor }
}

const slopes = Float32Array.of(0.25, -0.5, 0.75, 2, 0, 0.125)
const activations: readonly (readonly [name: string, Activation | undefined])[] = [
  ...(['relu', 'relu6', 'hardSigmoid', 'hardSwish'] as const).map((name) => [name, name] as const),
  ...([sigmoid, tanh, silu, gelu, geluTanh, mish] as const).map((row) => [row.name, row] as const),
  ['clip', { clip: [-0.5, 0.75] }],
  ['leakyRelu', { leakyRelu: 0.1 }],
  ['elu', [elu, 0.5]],
  ['prelu', { prelu: slopes }],
  ['none', undefined],
]

const spatial = [9, 8, 7]

/** Convolutions over one to three axes through every activation. */
const convolutions: readonly Case[] = activations.flatMap(([activation, own], index): Case[] => {
  const axes = (index % 3) + 1
  const x = waves([2, 4, ...spatial.slice(0, axes)], 1)
  const w = waves([6, 2, ...[3, 2, 3].slice(0, axes)], 2)
  const across = waves([4, 3, ...[3, 2, 3].slice(0, axes)], 2)
  const bias = waves([6], 3)
  const window = { strides: 2, dilations: index % 2 === 0 ? 1 : 2, padding: 1, groups: 2, bias: bias.data }
  const options = { stride: 2, padding: 1, dilation: window.dilations, groups: 2 }
  const of: readonly GradientName[] = [
    'input',
    'weights',
    'bias',
    ...(activation === 'prelu' ? ['slopes' as const] : []),
  ]
  const made = (op: string, weights: Tensor, dy: Tensor, ours: Case['ours']): Case => {
    const tensors = { input: x, weights, bias, outputGradient: dy }
    const learned = activation === 'prelu' ? { ...tensors, slopes: { data: slopes, shape: [6] } } : tensors
    return { op, axes, options, activation, tensors: learned, ours }
  }
  const through = { ...window, activation: own, of }
  const dy = waves(conv(x, w, window).shape, 4)
  const dyAcross = waves(convTranspose(x, across, window).shape, 4)
  return [
    made('conv', w, dy, convGradient(x, w, dy, through)),
    made('conv_transpose', across, dyAcross, convTransposeGradient(x, across, dyAcross, through)),
  ]
})

/** Pools, among cells that are equal, infinite or NaN, and large ones, which run on programs. */
const pools: readonly Case[] = [
  { shape: [2, 3, 9, 8], kernel: 3, stride: 2, dilation: 1, padding: 1, special: true },
  { shape: [1, 5, 12], kernel: 3, stride: 1, dilation: 2, padding: 1, special: true },
  { shape: [1, 2, 5, 6, 7], kernel: 2, stride: 2, dilation: 1, padding: 0, special: true },
  { shape: [1, 16, 60, 61], kernel: 3, stride: 2, dilation: 1, padding: 1, special: false },
].flatMap(({ shape, kernel, stride, dilation, padding, special }): Case[] => {
  const axes = shape.length - 2
  const values = [0, 1, 1, -1, Number.NaN, -Infinity, 2, 2, Infinity, -0]
  const rough = waves(shape, 5).data.map((value) => Math.round(4 * value))
  const data = special ? rough.map((value, index) => values[Math.abs(value * 3 + index * index) % 10]) : rough
  const window = { kernel, strides: stride, padding }
  const dilated = { ...window, dilations: dilation }
  const [x, smooth] = [{ data, shape }, waves(shape, 6)]
  const dy = waves(maxPool(x, dilated).shape, 7)
  const dyOfMeans = waves(averagePool(smooth, window).shape, 8)
  const options = { kernel_size: kernel, stride, padding }
  return [
    {
      ...{ op: 'max_pool', axes, options: { ...options, dilation }, activation: 'none' },
      ...{ tensors: { input: x, outputGradient: dy }, ours: { input: maxPoolGradient(x, dy, dilated) } },
    },
    {
      ...{ op: 'avg_pool', axes, options: { ...options, count_include_pad: false }, activation: 'none' },
      tensors: { input: smooth, outputGradient: dyOfMeans },
      ours: { input: averagePoolGradient(smooth, dyOfMeans, window) },
    },
  ]
})

it('gradients are those of PyTorch, through every activation, and of pools with equal cells and NaN', () => {
  const cases = [...convolutions, ...pools]
  const given = cases.map(({ op, axes, options, activation, tensors }) => {
    const written = Object.entries(tensors).map(([name, { data, shape }]) => [name, [[...data].map(String), shape]])
    return { op, axes, options, activation, tensors: Object.fromEntries(written) }
  })
  const answers = runPython('torch_gradients.py', given) as Record<string, number[]>[]
  expect(answers).toHaveLength(cases.length)
  for (const [index, { op, axes, activation, ours }] of cases.entries()) {
    for (const [name, { data }] of Object.entries(ours)) {
      const theirs = answers[index][name]
      expect(data).toHaveLength(theirs.length)
      const most = theirs.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1)
      const off = data.reduce((worst, value, at) => Math.max(worst, Math.abs(value - theirs[at])), 0)
      expect(off / most, `${name} of ${op} over ${axes} axes through ${activation}`).toBeLessThan(1e-5)
    }
  }
})
