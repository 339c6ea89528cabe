import { type AxisSource, eachAxis, type FollowAxes, own, stepped, unfollowed } from './axes.ts'
import { sliceStep } from './axis-step.ts'
import { alike } from './elementwise.ts'
import { type Dimension, fact, INT64, numbersOf, ofRank } from './fact.ts'
import type { Infer, Operator } from './operator.ts'
import { axesFrom, axesOf, axisOf, brought } from './places.ts'
import { anySign, keepsSign, nonNegative } from './sign.ts'

// Operators that take or put elements by their place.

const gather: Infer = (call) => {
  const [input, indices] = call.inputs
  if (!input?.shape || !indices?.shape) return []
  const { shape } = input
  const axis = axisOf(call.int('axis') ?? 0, shape.length)
  if (axis === undefined) return []
  const output = [...shape.slice(0, axis), ...indices.shape, ...shape.slice(axis + 1)]
  const size = shape[axis]
  const numbers = typeof size === 'number' ? numbersOf(indices) : undefined
  const taken = numbers?.map((index) => axisOf(index, size as number))
  const outside = taken?.indexOf(undefined) ?? -1
  if (outside >= 0) call.refuse('an index must be below the size', [numbers?.[outside] ?? 0, size as number], [1, 0])
  const rank = indices.shape.length
  if (!taken || taken.includes(undefined)) return [fact(output, input.elementType)]
  const sizes = indices.shape as readonly number[]
  return [
    brought(input, output, (place) => {
      const index = place.slice(axis, axis + rank).reduce((at, step, dimension) => at * sizes[dimension] + step, 0)
      return [...place.slice(0, axis), taken[index] as number, ...place.slice(axis + rank)]
    }),
  ]
}

const slice: Infer = (call) => {
  const [input] = call.inputs
  if (!input?.shape) return []
  const { shape } = input
  const starts = call.list('starts', 1, undefined)
  const ends = call.list('ends', 2, undefined)
  const given = call.list('axes', 3, null)
  const steps = call.list('steps', 4, null)
  const axes = given === null ? starts?.map((_, axis) => axis) : given
  const list = axes && axesOf(axes, shape.length)
  // Which axes are cut is known more often than where: the others keep their size.
  if (!list) return [ofRank(shape.length, input.elementType)]
  const cuts = new Map(list.map((axis, at) => [axis, cutOf(shape[axis], starts?.[at], ends?.[at], steps?.[at], steps)]))
  const output = shape.map((size, axis) => (cuts.has(axis) ? cuts.get(axis)?.size : size))
  return [
    brought(input, output, (place) =>
      place.map((at, axis) => {
        const { start = 0, step = 1 } = cuts.get(axis) ?? {}
        return start + at * step
      }),
    ),
  ]
}

interface Cut {
  readonly size: Dimension
  readonly start?: number
  readonly step?: number
}

/** What a slice takes of an axis. Unlike Python's, one that goes back from before the first cell begins at the first cell. */
function cutOf(
  size: Dimension,
  start: number | undefined,
  end: number | undefined,
  given: number | undefined,
  steps: readonly number[] | null | undefined,
): Cut {
  const step = steps === null ? 1 : given
  if (start === undefined || end === undefined || !step) return { size: undefined }
  const isAll = start === 0 && end >= 2 ** 31 - 1 && step === 1
  if (typeof size !== 'number') return { size: isAll ? size : undefined }
  const high = step > 0 ? size : size - 1
  const place = (at: number, low: number): number => Math.min(Math.max(at < 0 ? at + size : at, low), high)
  const [from, to] = [place(start, 0), place(end, step > 0 ? 0 : -1)]
  return { size: Math.max(0, Math.ceil((to - from) / step)), start: from, step }
}

const oneHot: Infer = (call) => {
  const [indices, depth, values] = call.inputs
  if (!indices?.shape) return []
  const axis = axisOf(call.int('axis') ?? -1, indices.shape.length + 1)
  return axis === undefined ? [] : [fact(indices.shape.toSpliced(axis, 0, depth?.values?.[0]), values?.elementType)]
}

/** The indices' shape. */
const gatherElements: Infer = ({ inputs: [input, indices] }) => [indices && fact(indices.shape, input?.elementType)]

/** [rank, elements that are not zero]. */
const nonZero: Infer = ({ inputs: [input] }) => [fact([input?.shape?.length, undefined], INT64)]

/** Each index is a vector that names a place in the first axes behind those of the batch. */
const gatherND: Infer = (call) => {
  const [input, indices] = call.inputs
  const named = indices?.shape?.at(-1)
  if (!input?.shape || !indices?.shape || typeof named !== 'number') return []
  const rest = input.shape.slice((call.int('batch_dims') ?? 0) + named)
  return [fact([...indices.shape.slice(0, -1), ...rest], input.elementType)]
}

/** What a condition leaves of an axis, or of all elements. */
const compress: Infer = (call) => {
  const [input] = call.inputs
  const given = call.int('axis')
  if (given === undefined) return [fact([undefined], input?.elementType)]
  const axis = input?.shape && axisOf(given, input.shape.length)
  if (!input?.shape || axis === undefined) return []
  return [fact(input.shape.toSpliced(axis, 1, undefined), input.elementType)]
}

/** Values without those that occur again, then three lists of places. */
const unique: Infer = (call) => {
  const list = fact([undefined], INT64)
  return [...compress(call), list, list, list]
}

/** Sizes that some axes are cropped or padded to. */
const centerCropPad: Infer = (call) => {
  const [input, target] = call.inputs
  if (!input?.shape) return []
  const { shape } = input
  const given = call.ints('axes')
  const axes = given ? axesOf(given, shape.length) : shape.map((_, axis) => axis)
  if (!axes) return []
  const sizes = shape.map((size, axis) => (axes.includes(axis) ? target?.values?.[axes.indexOf(axis)] : size))
  return [fact(sizes, input.elementType)]
}

export const sliced: FollowAxes = (given) => {
  const { call, isConstant, ranks } = given
  const [rank] = ranks
  const shape = call.inputs[0]?.shape
  const [starts, ends] = [call.list('starts', 1, undefined), call.list('ends', 2, undefined)]
  const [list, steps] = [call.list('axes', 3, null), call.list('steps', 4, null)]
  if (rank === undefined || !starts || !ends) return unfollowed(given)
  const axes = list === null ? starts.map((_, axis) => axis) : list && axesOf(list, rank)
  if (!axes) return unfollowed(given)
  const isWritten = [1, 2].every((index) => !call.has(index) || isConstant(index))
  const source = (_: unknown, axis: number): AxisSource => {
    const at = axes.indexOf(axis)
    if (at < 0) return own(axis)
    const [start, end, step, size] = [starts[at], ends[at], steps?.[at] ?? 1, shape?.[axis]]
    const begin = start >= 0 ? start : typeof size === 'number' ? Math.max(0, size + start) : undefined
    const isTail = isWritten && start >= 0 && (end < 0 || end >= 2 ** 31 - 1)
    return stepped(axis, step > 0 ? sliceStep(begin, step, !isTail) : undefined, 'turns cells round')
  }
  return [Array.from({ length: rank }, source)]
}

/** Of one axis elements are picked, the others stay. */
export const gathered: FollowAxes = (given) => {
  const { call, ranks, isConstant } = given
  const [rank, indices] = ranks
  const at = rank === undefined ? undefined : axisOf(call.int('axis') ?? 0, rank)
  if (rank === undefined || at === undefined || indices === undefined || !isConstant(1)) return unfollowed(given)
  const picked = new Array<AxisSource>(indices).fill({ ...own(at), ends: 'picks cells by their number' })
  return [Array.from({ length: rank }, (_, axis) => own(axis)).toSpliced(at, 1, ...picked)]
}

/** Cells add up along one axis. */
export const summed: FollowAxes = (given) => {
  const list = numbersOf(given.call.inputs[1])
  const [rank] = given.ranks
  const at = list?.length === 1 && rank !== undefined ? axisOf(list[0], rank) : undefined
  if (at === undefined) return unfollowed(given)
  return eachAxis((axis) => (axis === at ? { ...own(axis), ends: 'adds up all cells before' } : own(axis)))(given)
}

/** Rows of operators that take or put elements. */
export const picking: readonly Operator[] = [
  { name: 'Gather', infer: gather, cells: 'move', sign: keepsSign },
  { name: 'Slice', infer: slice, cells: 'move', sign: keepsSign },
  { name: 'GatherElements', infer: gatherElements, cells: 'move', sign: keepsSign },
  { name: 'Scatter', infer: alike, cells: 'move', sign: anySign },
  { name: 'ScatterElements', infer: alike, cells: 'move', sign: anySign },
  { name: 'ScatterND', infer: alike, cells: 'move', sign: anySign },
  { name: 'ReverseSequence', infer: alike, cells: 'move', sign: keepsSign },
  // Which elements it keeps depends on their places among all.
  { name: 'Trilu', infer: alike, cells: 'stay', takesWhole: (_, rank) => axesFrom(rank - 2, rank), sign: keepsSign },
  { name: 'CumSum', infer: alike, cells: 'mix', sign: keepsSign },
  { name: 'CumProd', infer: alike, cells: 'mix', sign: keepsSign },
  { name: 'GatherND', infer: gatherND, cells: 'move', sign: keepsSign },
  { name: 'TensorScatter', infer: alike, cells: 'move', sign: anySign },
  { name: 'Compress', infer: compress, cells: 'move', sign: keepsSign },
  { name: 'Unique', infer: unique, cells: 'mix', sign: keepsSign },
  { name: 'CenterCropPad', infer: centerCropPad, cells: 'move', sign: keepsSign },
  { name: 'OneHot', infer: oneHot, cells: 'none', sign: anySign },
  { name: 'NonZero', infer: nonZero, cells: 'none', sign: nonNegative },
]
