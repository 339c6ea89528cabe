import {
  averagePool,
  conv,
  convTranspose,
  explicit,
  type Groups,
  groupsIn,
  maxPool,
  parseSettings,
  SamepadError,
  type Setting,
  spellable,
  type Tensor,
} from '../../src/index.ts'
import { sizeOf } from '../run/tensors.ts'

/** A layer for inputs of any size, and what samepad's own operation makes of inputs of many sizes. */
export interface AnySizeCase {
  readonly words: string
  readonly settings: readonly Setting[]
  readonly groups?: Groups | undefined
  /** How many that is. */
  readonly groupCount: number
  readonly weight?: Tensor
  readonly bias?: Tensor
  readonly runs: readonly { readonly x: Tensor; readonly expected: Tensor }[]
}

/** Forty settings: every operation and kind of rule, one to three axes, stride and dilation together. */
export const anySizeSettings: readonly string[] = [
  ...['onnx k3 s2 same_upper', 'onnx k4 s3 same_lower', 'onnx k5 s2 d3 same_upper', 'jax k2 s3 d2 same_lower'],
  ...['jax k1 s4 same', 'keras k4 s2 causal', 'pytorch k4 d2 same', 'pytorch k3 s2 p2', 'onnx k3 s2 p1,3'],
  ...['mmcv k4 s3 corner', 'jax k3 s4 same_lower', 'flux k4 s2 same-pad', 'jax k3 s2 valid'],
  ...['onnx k3x4 s2x3 same_upper', 'jax k3x5 s2x1 d1x2 same', 'onnx k2x3 s3x2 d2x3 same_lower', 'jax k5x1 s3x4 same'],
  ...[
    'onnx k3x2 s1x2 p1,0x0,2',
    'timm k7x3 s2x1 same',
    'onnx k3x2x4 s2x1x3 same_upper',
    'jax k2x3x2 s2x2x1 d1x2x3 same_lower',
  ],
  ...['onnx transposed k3 s2 same_upper', 'onnx transposed k4 s2 d2 same_lower', 'onnx transposed k2 s4 same_upper'],
  ...['pytorch transposed k3 s2 p1 op1', 'tf transposed k5x2 s2x3 same', 'onnx transposed k3x4 s3x2 d2x1 p2,0x1,1'],
  ...['jax transposed k3x2x2 s2x1x3 same'],
  ...['onnx maxpool k3 s2 same_upper', 'jax maxpool k2 s3 same_lower', 'onnx maxpool k3 s2 d2 same_upper'],
  ...['tf maxpool k3x2 s2x3 same', 'onnx maxpool k4x3 s1x2 p2,1x0,1', 'onnx maxpool k3x2x2 s2x1x3 d1x2x1 same_lower'],
  ...['tf averagepool k3 s2 same', 'onnx averagepool k4 s3 same_lower include', 'jax averagepool k3 s2 d2 same'],
  ...[
    'onnx averagepool k3x2 s2x3 same_upper',
    'pytorch averagepool k4x3 s2 p1x1',
    'onnx averagepool k2x3x2 s1x2x2 same_upper',
  ],
]

/** Channels in groups, and each by itself. */
const groupedSettings: readonly string[] = [
  ...[
    'onnx k3 s2 same_upper g2',
    'keras depthwise k3 s2 same',
    'tf depthwise k3x2 s2x1 same',
    'onnx depthwise k4 d2 same_lower',
  ],
  ...[
    'onnx depthwise k3 s2 d3 same_upper',
    'pytorch depthwise k3x2x2 s1x2x1 p1',
    'pytorch k3x2 s2 p1 g2',
    'tf depthwise k3x3 s2 same',
  ],
  ...[
    'onnx transposed k3 s2 same_upper g2',
    'onnx depthwise transposed k2x3 s2 same_lower',
    'jax depthwise k2x3 d2x1 same',
  ],
]

const SIZES = 50
const [IN, OUT] = [2, 3]

/** Small integers from a counter, on which float32 sums are exact. */
function integers(shape: readonly number[], seed: number): Tensor {
  return { data: Float32Array.from({ length: sizeOf(shape) }, (_, index) => (((index + seed) * 7919) % 9) - 4), shape }
}

/** Inputs of sizes 1 to 50 along each axis, the other axes short. */
function inputsOf(rank: number): number[][] {
  return Array.from({ length: rank }, (_, long) =>
    Array.from({ length: SIZES }, (_, index) =>
      Array.from({ length: rank }, (_, axis) => (axis === long ? index + 1 : ((index * (axis + 2)) % 5) + 1)),
    ),
  ).flat()
}

/** The cases, with tensors in the layout that the code takes. */
export function anySizeCases(layout: 'nchw' | 'nhwc', most = 3): AnySizeCase[] {
  return [...anySizeSettings, ...groupedSettings].flatMap((words, at) => {
    const settings = parseSettings(words)
    return settings.length > most ? [] : [caseOf(words, settings, layout, at)]
  })
}

function caseOf(words: string, settings: readonly Setting[], layout: 'nchw' | 'nhwc', seed: number): AnySizeCase {
  const [{ op }] = settings
  const kernel = settings.map((setting) => setting.kernel)
  const groups = groupsIn(words)
  const groupCount = groups === 'depthwise' ? IN : (groups ?? 1)
  const out = groupCount === 1 ? OUT : 2 * OUT
  const weight =
    op === 'conv'
      ? integers([out, IN / groupCount, ...kernel], seed)
      : op === 'convTranspose'
        ? integers([IN, out / groupCount, ...kernel], seed)
        : undefined
  const bias = weight && integers([out], seed + 5)
  const runs = inputsOf(settings.length).flatMap((input) => {
    const expected = answerOf(settings, input, layout, weight, bias, groupCount, seed)
    return expected ? [expected] : []
  })
  return { words, settings, groups, groupCount, weight, bias, runs }
}

/** An input of some sizes with samepad's answer, or undefined where the convention refuses that size. */
function answerOf(
  settings: readonly Setting[],
  input: readonly number[],
  layout: 'nchw' | 'nhwc',
  weight: Tensor | undefined,
  bias: Tensor | undefined,
  groups: number,
  seed: number,
): { x: Tensor; expected: Tensor } | undefined {
  const [{ op }] = settings
  const x = integers(layout === 'nchw' ? [1, IN, ...input] : [1, ...input, IN], seed + sizeOf(input))
  try {
    const { geometry, options } = spellable(settings, input)
    const { op: _, input: __, kernel, ...given } = explicit(geometry)
    if (op === 'conv') return { x, expected: conv(x, weight!, { ...given, bias, groups, layout }) }
    if (op === 'convTranspose') return { x, expected: convTranspose(x, weight!, { ...given, bias, groups, layout }) }
    const pool = op === 'maxPool' ? maxPool : averagePool
    return { x, expected: pool(x, { ...given, kernel, ...options, layout }) }
  } catch (error) {
    if (error instanceof SamepadError) return undefined
    throw error
  }
}
