import { type Pads, SamepadError } from '../geometry/index.ts'
import { checkChoice, checkInteger } from '../geometry/options.ts'
import { type Layout, layouts } from '../tensor/tensor.ts'

/** Frameworks whose padding arguments can be read and written. */
export type ArgumentOrder =
  | 'torch'
  | 'onnx'
  | 'tensorflow'
  | 'jax'
  | 'webnn'
  | 'coreml'
  | 'openvino'
  | 'paddle'
  | 'nnapi'
  | 'ncnn'
  | 'burn'

/** How `[begin, end]` pairs, outermost axis first, are laid out as an argument, and back. */
interface Arrangement {
  readonly write: (pads: readonly Pads[], layout: Layout) => readonly number[] | readonly Pads[]
  readonly read: (list: readonly unknown[], rank: number, layout: Layout) => readonly unknown[]
}

/** `[b0, e0, b1, e1]`: begin and end side by side, outermost axis first. */
const interleaved: Arrangement = {
  write: (pads) => pads.flat(),
  read: (list) => pairUp(list),
}

/** `[b_last, e_last, ..., b0, e0]`: last axis first; axes left out are not padded. */
const lastAxisFirst: Arrangement = {
  write: (pads) => pads.toReversed().flat(),
  read: (list, rank) => {
    const pairs = pairUp(list).toReversed()
    return [...new Array(Math.max(0, rank - pairs.length)).fill([0, 0]), ...pairs]
  },
}

/** `[b0, b1, ..., e0, e1, ...]`: all begins, then all ends. */
const beginsThenEnds: Arrangement = {
  write: (pads) => [...pads.map(([begin]) => begin), ...pads.map(([, end]) => end)],
  read: (list) => {
    const half = list.length / 2
    return Array.from({ length: Math.ceil(half) }, (_, axis) => [list[axis], list[axis + half]])
  },
}

/** `[[b0, e0], [b1, e1]]`: what samepad itself uses. */
const pairs: Arrangement = { write: (pads) => pads, read: (list) => list }

/** `[[0, 0], [b0, e0], ..., [0, 0]]`: pairs for every dimension, channels where the layout has them. */
const everyDimension: Arrangement = {
  write: (pads, layout) => (layout === 'nchw' ? [none, none, ...pads] : [none, ...pads, none]),
  read: (list, rank, layout) => {
    const spatial = layout === 'nchw' ? list.slice(2) : list.slice(1, -1)
    const others = layout === 'nchw' ? list.slice(0, 2) : [list[0], list[rank + 1]]
    const unpadded = others.every((pair) => Array.isArray(pair) && pair[0] === 0 && pair[1] === 0)
    if (!unpadded) throw new SamepadError('padsFrom', 'batch and channels must not be padded', list)
    return spatial
  },
}

const none: Pads = [0, 0]

/** One row for each framework; sources in docs and in the frameworks' own references. */
const arrangements: Readonly<Record<ArgumentOrder, Arrangement>> = {
  torch: lastAxisFirst, // torch.nn.functional.pad
  onnx: beginsThenEnds, // attribute pads of Conv and the pools
  tensorflow: everyDimension, // explicit_paddings of tf.nn.conv2d; tf.js too
  jax: pairs, // padding of lax.conv_general_dilated
  webnn: interleaved, // MLConv2dOptions.padding
  coreml: interleaved, // pad of MIL conv
  openvino: beginsThenEnds, // pads_begin, then pads_end
  paddle: interleaved, // padding of four numbers
  nnapi: lastAxisFirst, // left, right, top, bottom
  ncnn: lastAxisFirst, // pad_left, pad_right, pad_top, pad_bottom
  burn: beginsThenEnds, // PaddingConfig2d::Explicit(top, left, bottom, right)
}

const orders = Object.keys(arrangements) as ArgumentOrder[]

/**
 * Writes padding in the order of a framework's own argument.
 *
 * @param pads `[begin, end]` for each spatial axis, outermost first
 * @param layout matters to TensorFlow alone, whose pairs include batch and channels. Default: `'nhwc'`, as there.
 * @returns flat numbers or pairs, as the framework has them: `padsTo('torch', [[1, 1], [0, 0]])` is `[0, 0, 1, 1]`
 */
export function padsTo(
  order: ArgumentOrder,
  pads: readonly Pads[],
  layout: Layout = 'nhwc',
): readonly number[] | readonly Pads[] {
  checkChoice('padsTo', 'the order', order, orders)
  checkChoice('padsTo', 'layout', layout, layouts)
  return arrangements[order].write(checkPairs('padsTo', pads, undefined), layout)
}

/**
 * Reads padding in the order of a framework's own argument.
 *
 * @param list the argument: flat numbers or pairs, as the framework has them
 * @param rank the number of spatial axes; PyTorch's order may name only the last ones
 * @param layout as for `padsTo`
 * @returns `[begin, end]` for each spatial axis, outermost first: `padsFrom('torch', [0, 0, 1, 1], 2)` is `[[1, 1], [0, 0]]`
 */
export function padsFrom(
  order: ArgumentOrder,
  list: readonly number[] | readonly Pads[],
  rank: number,
  layout: Layout = 'nhwc',
): readonly Pads[] {
  checkChoice('padsFrom', 'the order', order, orders)
  checkChoice('padsFrom', 'layout', layout, layouts)
  checkInteger('padsFrom', 'rank', rank, 1)
  if (!Array.isArray(list)) throw new SamepadError('padsFrom', 'pads must be a list', list)
  return checkPairs('padsFrom', arrangements[order].read(list, rank, layout), rank)
}

function pairUp(list: readonly unknown[]): unknown[][] {
  return Array.from({ length: Math.ceil(list.length / 2) }, (_, axis) => list.slice(2 * axis, 2 * axis + 2))
}

function checkPairs(stage: string, list: unknown, rank: number | undefined): readonly Pads[] {
  if (!Array.isArray(list) || (rank !== undefined && list.length !== rank)) {
    throw new SamepadError(stage, `there must be pads for ${rank ?? 'each'} spatial axes`, list)
  }
  return list.map((pair, axis) => {
    if (!Array.isArray(pair) || pair.length !== 2 || !pair.every(Number.isSafeInteger)) {
      throw new SamepadError(stage, `pads of axis ${axis} must be two integers, begin and end`, pair)
    }
    return [pair[0], pair[1]]
  })
}
