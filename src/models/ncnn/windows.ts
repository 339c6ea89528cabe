import type { AttributeInput } from '../builder.ts'
import type { NcnnLayer } from './param.ts'

type Numbers = Pick<NcnnLayer, 'numbers'>

/** What a window's parameters are numbered. Each list is for width, height, depth; what is left out is that of the width. */
export interface Keys {
  readonly kernel: readonly number[]
  readonly dilation?: readonly number[]
  readonly stride: readonly number[]
  readonly begin: readonly number[]
  readonly end: readonly number[]
}

/** 14 and 15 are top and right in a convolution, right and bottom in a pool. */
export const convolutionKeys: Keys = {
  ...{ kernel: [1, 11, 21], dilation: [2, 12, 22], stride: [3, 13, 23] },
  ...{ begin: [4, 14, 24], end: [15, 16, 17] },
}
export const poolKeys: Keys = { kernel: [1, 11, 21], stride: [2, 12, 22], begin: [3, 13, 23], end: [14, 15, 16] }

/** Written on all sides, they stand for SAME. Any other negative number counts as none. */
export const SAME_UPPER = -233
export const SAME_LOWER = -234

/** A number of a layer. */
export function numberOf({ numbers }: Numbers, key: number, absent: number): number {
  const value = numbers.get(key)
  return typeof value === 'number' && Number.isFinite(value) ? value : absent
}

/** Lists for the axes in the order depth, height, width. */
function axes(
  layer: Numbers,
  rank: number,
  keys: Keys,
): Record<'kernel' | 'dilation' | 'stride' | 'begin' | 'end', number[]> {
  const list = (numbers: readonly number[] | undefined, absent: number): number[] => {
    const width = numbers ? numberOf(layer, numbers[0], absent) : absent
    return Array.from({ length: rank }, (_, axis) =>
      numbers ? numberOf(layer, numbers[axis], width) : absent,
    ).reverse()
  }
  const begin = list(keys.begin, 0)
  // The end is by default what stands at the start of the same axis.
  const end = begin.map((cells, axis) => numberOf(layer, keys.end[rank - 1 - axis], cells))
  return { kernel: list(keys.kernel, 1), dilation: list(keys.dilation, 1), stride: list(keys.stride, 1), begin, end }
}

const padsOf = ({ begin, end }: { readonly begin: readonly number[]; readonly end: readonly number[] }): number[] =>
  [...begin, ...end].map((cells) => Math.max(0, cells))

/** SAME, if all sides ask for it. */
function automatic(sides: readonly number[]): string | undefined {
  if (sides.every((cells) => cells === SAME_UPPER)) return 'same-upper'
  return sides.every((cells) => cells === SAME_LOWER) ? 'same-lower' : undefined
}

/** A window in the words of the operators' rows. */
export interface NcnnWindow {
  readonly opType: string
  readonly attributes: Readonly<Record<string, AttributeInput>>
  /** The shape of the weights, [out, in / groups, ...kernel] (transposed [in, out / groups, ...kernel]). */
  readonly weights?: readonly number[]
}

/** Convolution, ConvolutionDepthWise and their kinds of one and three axes. */
export function convolution(layer: Numbers, rank: number): NcnnWindow {
  const { kernel, dilation, stride, begin, end } = axes(layer, rank, convolutionKeys)
  const [out, size, group] = [numberOf(layer, 0, 0), numberOf(layer, 6, 0), numberOf(layer, 7, 1)]
  const perGroup = Math.max(1, Math.round(size / Math.max(1, out * kernel.reduce((a, b) => a * b, 1))))
  const auto = automatic([...begin, ...end])
  return {
    opType: 'Conv',
    attributes: {
      ...{ strides: stride, dilations: dilation, group, auto_pad: auto },
      ...(auto === undefined && { pads: padsOf({ begin, end }) }),
    },
    weights: [out, perGroup, ...kernel],
  }
}

/** Deconvolution and its kinds. SAME counts only beside a size of the output; otherwise nothing is cropped. */
export function deconvolution(layer: Numbers, rank: number): NcnnWindow {
  const { kernel, dilation, stride, begin, end } = axes(layer, rank, convolutionKeys)
  const [out, size, group] = [numberOf(layer, 0, 0), numberOf(layer, 6, 0), numberOf(layer, 7, 1)]
  const taps = kernel.reduce((a, b) => a * b, 1)
  const input = Math.max(1, Math.round((size * group) / Math.max(1, out * taps)))
  const shape = [20, 21, 25]
    .slice(0, rank)
    .map((key) => numberOf(layer, key, 0))
    .reverse()
  const isSized = shape.every((cells) => cells > 0)
  const auto = isSized ? automatic([...begin, ...end]) : undefined
  const right = numberOf(layer, 18, 0)
  const added = [right, numberOf(layer, 19, right), numberOf(layer, 20, right)].slice(0, rank).reverse()
  return {
    opType: 'ConvTranspose',
    attributes: {
      ...{ strides: stride, dilations: dilation, group, auto_pad: auto },
      ...(auto === undefined && { pads: padsOf({ begin, end }) }),
      ...(isSized ? { output_shape: shape } : { output_padding: added.some((cells) => cells > 0) ? added : undefined }),
    },
    weights: [input, Math.max(1, Math.round(out / Math.max(1, group))), ...kernel],
  }
}

/** How the sides of a pool are padded, by parameter 5: rounded up, rounded down, SAME. */
const poolModes = ['full', 'valid', 'same-upper', 'same-lower'] as const

/** Pooling and its kinds; those over the whole picture have no window. */
export function pooling(layer: Numbers, rank: number): NcnnWindow {
  const isAverage = numberOf(layer, 0, 0) === 1
  if (numberOf(layer, 4, 0) === 1) return { opType: isAverage ? 'GlobalAveragePool' : 'GlobalMaxPool', attributes: {} }
  const { kernel, stride, begin, end } = axes(layer, rank, poolKeys)
  const mode = poolModes[numberOf(layer, 5, 0)] ?? 'full'
  const isSame = mode === 'same-upper' || mode === 'same-lower'
  return {
    opType: isAverage ? 'AveragePool' : 'MaxPool',
    attributes: {
      ...{ kernel_shape: kernel, strides: stride, ceil_mode: Number(mode === 'full') },
      ...(isSame ? { auto_pad: mode } : { pads: padsOf({ begin, end }) }),
      ...(isAverage && { count_include_pad: numberOf(layer, 6, 0) }),
    },
  }
}
