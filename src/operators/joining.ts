import { stretch } from './broadcast.ts'
import type { Call } from './call.ts'
import { type Dimension, type Fact, fact } from './fact.ts'
import type { Infer, Operator } from './operator.ts'
import { axisOf, brought } from './places.ts'
import { anySign, keepsSign, keepsSigns } from './sign.ts'

// Operators that join, repeat and take apart.

/** Values side by side along an axis. */
function joined(inputs: Call['inputs'], along: number): readonly Fact[] {
  const first = inputs.find((input) => input?.shape)
  if (!first?.shape) return []
  const axis = axisOf(along, first.shape.length)
  const parts = inputs.map((input) => input?.shape)
  if (axis === undefined || parts.some((part) => part && part.length !== first.shape?.length)) return []
  const sizes = parts.map((part) => part?.[axis])
  const isKnown = sizes.every((size): size is number => typeof size === 'number')
  const shape = first.shape.map((_, at) => {
    if (at === axis) return isKnown ? sizes.reduce((sum, size) => sum + size, 0) : undefined
    return parts.map((part) => part?.[at]).reduce((a, b) => (typeof a === 'number' ? a : (b ?? a)))
  })
  // Only vectors are computed with.
  const lists = shape.length === 1 ? inputs.map((input) => input?.values) : []
  const values = lists.length > 0 && lists.every((list) => list !== undefined) ? lists.flat() : undefined
  return [fact(shape, first.elementType, values)]
}

const concat: Infer = (call) => joined(call.inputs, call.int('axis') ?? 1)

/** The output's scale and zero point come first, then each input with its own. */
const quantizedConcat: Infer = (call) =>
  joined(
    call.inputs.filter((_, index) => index % 3 === 2),
    call.int('axis') ?? 1,
  )

const split: Infer = (call) => {
  const [input] = call.inputs
  const count = call.node.outputs.length
  if (!input?.shape) return []
  const { shape } = input
  const axis = axisOf(call.int('axis') ?? 0, shape.length)
  if (axis === undefined) return []
  const size = shape[axis]
  const given = call.list('split', 1, null)
  const even = typeof size === 'number' ? Math.ceil(size / count) : undefined
  let start: number | undefined = 0
  return call.node.outputs.map((_, index) => {
    const last = typeof size === 'number' && even !== undefined ? size - even * (count - 1) : undefined
    const part: number | undefined = given
      ? given[index]
      : given === undefined
        ? undefined
        : index < count - 1
          ? even
          : last
    const output = shape.map((old, at) => (at === axis ? part : old))
    const from = start
    start = from === undefined || part === undefined ? undefined : from + part
    if (from === undefined) return fact(output, input.elementType)
    return brought(input, output, (place) => place.map((at, dimension) => (dimension === axis ? at + from : at)))
  })
}

const expand: Infer = (call) => {
  const [input, target] = call.inputs
  const shape = target?.values && input?.shape && stretch([input.shape, target.values])
  if (!input?.shape || !shape) return [input && fact(undefined, input.elementType)]
  const [old, missing] = [input.shape, shape.length - input.shape.length]
  return [brought(input, shape, (place) => old.map((size, axis) => (size === 1 ? 0 : place[axis + missing])))]
}

const tile: Infer = (call) => {
  const [input, repeats] = call.inputs
  if (!input?.shape) return []
  const { shape } = input
  const times = (size: Dimension, axis: number): Dimension => {
    const count = repeats?.values?.[axis]
    return count === 1 ? size : typeof size === 'number' && typeof count === 'number' ? size * count : undefined
  }
  return [brought(input, shape.map(times), (place) => place.map((at, axis) => at % (shape[axis] as number)))]
}

/** Rows of operators that join, repeat and take apart. */
export const joining: readonly Operator[] = [
  { name: 'Concat', infer: concat, cells: 'stay', sign: keepsSigns },
  { name: 'QLinearConcat', infer: quantizedConcat, cells: 'stay', sign: anySign },
  { name: 'Split', infer: split, cells: 'stay', sign: keepsSign },
  { name: 'Expand', infer: expand, cells: 'move', sign: keepsSign },
  { name: 'Tile', infer: tile, cells: 'move', sign: keepsSign },
]
