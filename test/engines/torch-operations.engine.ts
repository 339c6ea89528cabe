import { expect, it } from 'vitest'
import {
  groupNorm,
  instanceNorm,
  layerNorm,
  type ResizeOptions,
  resize,
  softmax,
  type Tensor,
} from '../../src/index.ts'
import { sizeOf } from '../run/tensors.ts'
import { runPython } from './python.ts'

/** PyTorch's call, and ours. */
interface Pair {
  readonly name: string
  readonly x: Tensor
  readonly arguments: readonly unknown[]
  readonly ours: (x: Tensor) => Tensor
}

const waves = (shape: readonly number[]): Tensor => ({
  data: Float32Array.from({ length: sizeOf(shape) }, (_, index) => Math.sin(index * index + 1)),
  shape,
})

/** The options of `resize` for PyTorch's modes, as docs/layers.md has them. */
const modes: readonly (readonly [mode: string, alignCorners: boolean, antialias: boolean, options: ResizeOptions])[] = [
  ['nearest', false, false, { coordinates: 'asymmetric', nearest: 'floor' }],
  ['nearest-exact', false, false, { nearest: 'round_prefer_ceil' }],
  ['bilinear', false, false, { mode: 'linear' }],
  ['bilinear', true, false, { mode: 'linear', coordinates: 'align_corners' }],
  ['bilinear', false, true, { mode: 'linear', antialias: true, excludeOutside: true }],
  ['bicubic', false, false, { mode: 'cubic' }],
  ['bicubic', true, false, { mode: 'cubic', coordinates: 'align_corners' }],
  ['bicubic', false, true, { mode: 'cubic', antialias: true, excludeOutside: true, cubicCoefficient: -0.5 }],
]

const resizes: readonly Pair[] = modes.flatMap(([mode, alignCorners, antialias, options]) =>
  [
    [
      [2, 3, 5, 7],
      [10, 14],
    ],
    [
      [2, 3, 5, 7],
      [9, 4],
    ],
    [
      [1, 2, 12, 9],
      [5, 3],
    ],
    [
      [1, 4, 33, 31],
      [47, 66],
    ],
    [
      [1, 4, 66, 62],
      [33, 31],
    ],
  ].map(([shape, sizes]): Pair => {
    const x = waves(shape)
    return {
      name: 'interpolate',
      x,
      arguments: [sizes, mode, alignCorners, antialias],
      ours: (x) => resize(x, { ...options, sizes }),
    }
  }),
)

const others: readonly Pair[] = [
  [2, 6, 5, 7],
  [3, 8, 30, 21],
].flatMap((shape): Pair[] => {
  const x = waves(shape)
  return [
    { name: 'layer_norm', x, arguments: [1], ours: (x) => layerNorm(x) },
    { name: 'layer_norm', x, arguments: [3], ours: (x) => layerNorm(x, { axes: [1, 2, 3] }) },
    { name: 'instance_norm', x, arguments: [], ours: (x) => instanceNorm(x) },
    { name: 'group_norm', x, arguments: [2], ours: (x) => groupNorm(x, 2) },
    { name: 'softmax', x, arguments: [1], ours: (x) => softmax(x, { axis: 1 }) },
  ]
})

it('operations between layers are those of PyTorch', () => {
  const pairs = [...resizes, ...others]
  const given = pairs.map(({ name, x, arguments: list }) => [name, [...x.data], x.shape, list])
  const answers = runPython('torch_operations.py', given) as { shape: number[]; data: number[] }[]
  expect(answers).toHaveLength(pairs.length)
  for (const [index, { name, x, arguments: list, ours }] of pairs.entries()) {
    const { shape, data } = answers[index]
    const result = ours(x)
    expect(result.shape).toEqual(shape)
    const off = result.data.reduce((most, value, at) => Math.max(most, Math.abs(value - data[at])), 0)
    expect(off, `${name} of [${x.shape}] with ${JSON.stringify(list)}`).toBeLessThan(1e-5)
  }
})
