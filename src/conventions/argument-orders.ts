import { type Pads, SamepadError } from '../geometry/index.ts'
import { checkChoice, checkRank } from '../geometry/options.ts'
import { fromLayout, inLayout, type Layout, layouts } from '../tensor/tensor.ts'

/** Frameworks whose padding arguments can be read and written. */
export type ArgumentOrder =
  | 'pytorch'
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
  /** The length of the argument for so many axes. */
  readonly length: (rank: number) => number
  /** Whether the argument may leave out axes that are not padded. */
  readonly mayBeShorter?: boolean
  readonly write: (pads: readonly Pads[], layout: Layout) => readonly number[] | readonly Pads[]
  /** Reads a list of the right length, whose entries may still be anything. */
  readonly read: (list: readonly unknown[], rank: number, layout: Layout) => readonly unknown[]
}

const twoForEachAxis = (rank: number): number => 2 * rank

/** `[b0, e0, b1, e1]`: begin and end side by side, outermost axis first. */
const interleaved: Arrangement = {
  length: twoForEachAxis,
  write: (pads) => pads.flat(),
  read: (list) => pairUp(list),
}

/** `[b_last, e_last, ..., b0, e0]`: last axis first. */
const lastAxisFirst: Arrangement = {
  length: twoForEachAxis,
  write: (pads) => pads.toReversed().flat(),
  read: (list) => pairUp(list).toReversed(),
}

/** The same, and the first axes may be left out. */
const onlyLastAxes: Arrangement = {
  ...lastAxisFirst,
  mayBeShorter: true,
  read: (list, rank) => lastAxisFirst.read([...list, ...new Array(2 * rank - list.length).fill(0)], rank, 'nchw'),
}

/** `[b0, b1, ..., e0, e1, ...]`: all begins, then all ends. */
const beginsThenEnds: Arrangement = {
  length: twoForEachAxis,
  write: (pads) => [...pads.map(([begin]) => begin), ...pads.map(([, end]) => end)],
  read: (list, rank) => Array.from({ length: rank }, (_, axis) => [list[axis], list[rank + axis]]),
}

/** `[[b0, e0], [b1, e1]]`: what samepad itself uses. */
const pairs: Arrangement = { length: (rank) => rank, write: (pads) => pads, read: (list) => list }

/** `[[0, 0], [b0, e0], ..., [0, 0]]`: pairs for every dimension, channels where the layout has them. */
const everyDimension: Arrangement = {
  length: (rank) => rank + 2,
  write: (pads, layout) => inLayout({ batch: [0, 0], channels: [0, 0], spatial: pads }, layout),
  read: (list, _, layout) => {
    const { batch, channels, spatial } = fromLayout(checkPairs('padsFrom', 'dimension', list), layout)
    if ([...batch, ...channels].every((cells) => cells === 0)) return spatial
    throw new SamepadError('padsFrom', 'batch and channels must not be padded', list)
  },
}

/** One row for each framework; sources in docs and in the frameworks' own references. */
const arrangements: Readonly<Record<ArgumentOrder, Arrangement>> = {
  pytorch: onlyLastAxes, // torch.nn.functional.pad
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
 * The orders in which four numbers for height and width are written, each with the frameworks that have it: `'t,l,b,r'`
 * (top, left, bottom, right) is ONNX's.
 */
export const orders2d: ReadonlyMap<string, readonly ArgumentOrder[]> = orders.reduce((found, order) => {
  const list = arrangements[order].write([[0, 1], [2, 3]], 'nchw').flat() // biome-ignore format: one line
  if (list.length !== 4) return found // pairs for every dimension
  const letters = list.map((place) => 'tblr'[place]).join()
  return found.set(letters, [...(found.get(letters) ?? []), order])
}, new Map<string, ArgumentOrder[]>())

/** The order with the two numbers of each axis side by side, outermost first. */
const SIDE_BY_SIDE: ArgumentOrder = 'webnn'

/** One whose argument is flat numbers, of orders that write the same; pairs, laid flat, have theirs side by side. */
export const flatOrder = (same: readonly ArgumentOrder[]): ArgumentOrder =>
  same.find((one) => arrangements[one] !== pairs) ?? SIDE_BY_SIDE

/** Frameworks whose argument is a list of pairs; the others' are flat numbers. */
export type OrderOfPairs = 'tensorflow' | 'jax'

/**
 * Writes padding in the order of a framework's own argument.
 *
 * @param pads `[begin, end]` for each of 1 to 16 spatial axes, outermost first; negative numbers crop
 * @param layout matters to TensorFlow alone, whose pairs include batch and channels. Default: `'nhwc'`, as there.
 * @returns flat numbers or pairs, as the framework has them: `padsTo('pytorch', [[1, 1], [0, 0]])` is `[0, 0, 1, 1]`
 * @throws SamepadError on anything that is not a list of pairs of integers
 */
export function padsTo(order: OrderOfPairs, pads: readonly Pads[], layout?: Layout): readonly Pads[]
export function padsTo(
  order: Exclude<ArgumentOrder, OrderOfPairs>,
  pads: readonly Pads[],
  layout?: Layout,
): readonly number[]
export function padsTo(
  order: ArgumentOrder,
  pads: readonly Pads[],
  layout?: Layout,
): readonly number[] | readonly Pads[]
export function padsTo(
  order: ArgumentOrder,
  pads: readonly Pads[],
  layout: Layout = 'nhwc',
): readonly number[] | readonly Pads[] {
  checkChoice('padsTo', 'the order', order, orders)
  checkChoice('padsTo', 'layout', layout, layouts)
  checkRank('padsTo', checkList('padsTo', pads).length)
  return arrangements[order].write(checkPairs('padsTo', 'axis', pads), layout)
}

/**
 * Reads padding in the order of a framework's own argument.
 *
 * @param list the argument: flat numbers or pairs, as the framework has them; PyTorch's may name only the last axes
 * @param rank the number of spatial axes, 1 to 16
 * @param layout as for `padsTo`
 * @returns `[begin, end]` for each spatial axis, outermost first: `padsFrom('pytorch', [0, 0, 1, 1], 2)` is `[[1, 1], [0, 0]]`
 * @throws SamepadError on a list of another length, on anything in it that is no integer, and on padded channels
 */
export function padsFrom(
  order: ArgumentOrder,
  list: readonly number[] | readonly Pads[],
  rank: number,
  layout: Layout = 'nhwc',
): readonly Pads[] {
  checkChoice('padsFrom', 'the order', order, orders)
  checkChoice('padsFrom', 'layout', layout, layouts)
  checkRank('padsFrom', rank)
  const { length, mayBeShorter, read } = arrangements[order]
  const most = length(rank)
  const fits = mayBeShorter ? (some: number) => some <= most && some % 2 === 0 : (some: number) => some === most
  if (!fits(checkList('padsFrom', list).length)) {
    const entries = mayBeShorter ? `an even number of entries, at most ${most},` : `${most} entries`
    throw new SamepadError('padsFrom', `pads must have ${entries} for ${rank} axes in the order of ${order}`, list)
  }
  return checkPairs('padsFrom', 'axis', read(list, rank, layout))
}

function pairUp(list: readonly unknown[]): unknown[][] {
  return Array.from({ length: list.length / 2 }, (_, axis) => [list[2 * axis], list[2 * axis + 1]])
}

function checkList(stage: string, list: unknown): readonly unknown[] {
  if (Array.isArray(list)) return list
  throw new SamepadError(stage, 'pads must be an array', list)
}

/** Checks pairs of integers and gives copies; `of` is what there is one for each of. */
function checkPairs(stage: string, of: string, list: readonly unknown[]): readonly Pads[] {
  return Array.from(list, (pair, index): Pads => {
    if (Array.isArray(pair) && pair.length === 2 && [pair[0], pair[1]].every(Number.isSafeInteger)) {
      return [pair[0] + 0, pair[1] + 0] // + 0 turns -0 into 0
    }
    throw new SamepadError(stage, `pads of ${of} ${index} must be two integers, begin and end`, pair)
  })
}
