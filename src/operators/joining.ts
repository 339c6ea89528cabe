import { type AxisSource, eachAxis, type FollowAxes, own, staying } from './axes.ts'
import { stretch, stretches } from './broadcast.ts'
import type { Call } from './call.ts'
import { type Dimension, type Fact, fact, numbersOf, type Shape } from './fact.ts'
import type { Infer, Operator } from './operator.ts'
import { axisOf, brought } from './places.ts'
import { anySign, keepsSign, keepsSigns } from './sign.ts'

// Operators that join, repeat and take apart.

/** Inputs side by side along an axis; the other axes have one size. */
function joined(call: Call, indices: readonly number[], along: number): readonly Fact[] {
  const inputs = indices.map((index) => call.inputs[index])
  const start = inputs.findIndex((input) => input?.shape)
  const first = inputs[start]
  const axis = first?.shape && axisOf(along, first.shape.length)
  if (!first?.shape || axis === undefined) return []
  const shape: Dimension[] = [...first.shape]
  const isSpread = inputs.every((input, at) => {
    if (!input?.shape || at === start) return true
    const pair = [indices[start], indices[at]] as const
    return side(call, shape, input.shape, axis, pair)
  })
  if (!isSpread) return []
  const sizes = inputs.map((input) => input?.shape?.[axis])
  const isKnown = sizes.every((size): size is number => typeof size === 'number')
  shape[axis] = isKnown ? sizes.reduce((sum, size) => sum + size, 0) : undefined
  // Only vectors are computed with.
  const lists = shape.length === 1 ? inputs.map((input) => input?.values) : []
  const values = lists.length > 0 && lists.every((list) => list !== undefined) ? lists.flat() : undefined
  return [fact(shape, first.elementType, values)]
}

/** Whether a part fits beside what there is, whose sizes it may make known. */
function side(call: Call, shape: Dimension[], part: Shape, along: number, inputs: readonly [number, number]): boolean {
  if (!call.meet('what is joined must have as many axes', shape.length, part.length, inputs)) return false
  for (let axis = 0; axis < part.length; axis++) {
    if (axis === along) continue
    call.meet(`what is joined must be equal along axis ${axis}`, shape[axis], part[axis], inputs)
    if (typeof shape[axis] !== 'number') shape[axis] = part[axis] ?? shape[axis]
  }
  return true
}

const concat: Infer = (call) => joined(call, [...call.inputs.keys()], call.int('axis') ?? 1)

/** The output's scale and zero point come first, then each input with its own. */
const quantizedConcat: Infer = (call) => {
  const data = [...call.inputs.keys()].filter((index) => index % 3 === 2)
  return joined(call, data, call.int('axis') ?? 1)
}

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
  if (given === null && call.opset < 18 && typeof size === 'number' && size % count !== 0) {
    call.refuse(`axis ${axis} must divide into ${count} parts`, [size, count])
  }
  const sum = given?.reduce((total, part) => total + part, 0)
  call.meet(`the parts must add up to axis ${axis}`, size, sum)
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
  const shape =
    target?.values &&
    input?.shape &&
    stretch([input.shape, target.values], (sizes, _, axis) => call.refuse(stretches(axis), sizes, [0, 1]))
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

/** Along their axis cells of one are beside those of another; `isPicture` says which inputs have cells. */
export const sideBySide =
  (absent: number, isPicture: (input: number) => boolean): FollowAxes =>
  (given) => {
    const { call } = given
    const ranks = given.ranks.map((rank, input) => (isPicture(input) ? rank : undefined))
    const rank = ranks.find((one) => one !== undefined) ?? 0
    const axis = axisOf(call.int('axis') ?? absent, rank)
    const end = (source: AxisSource | undefined): AxisSource | undefined =>
      source && { ...source, ends: 'joins or divides cells along this axis' }
    return staying()({ ...given, ranks }).map((sources) =>
      sources?.map((source, at) => (at === axis ? end(source) : source)),
    )
  }

/** What has one cell is repeated, and the rest stays. */
export const spread: FollowAxes = (given) => {
  const { call, output } = given
  const [made] = staying(undefined, true)(given)
  return [
    made?.map((source, axis) => {
      const [place] = source?.from ?? []
      const isSpread = place && call.inputs[0]?.shape?.[place.axis] === 1 && output?.[axis] !== 1
      return isSpread ? { from: [place], ends: 'spreads one cell' } : source
    }),
  ]
}

export const repeated: FollowAxes = (given) => {
  const times = numbersOf(given.call.inputs[1])
  return eachAxis((axis) => (times?.[axis] === 1 ? own(axis) : { ...own(axis), ends: 'repeats all cells' }))(given)
}

/** Rows of operators that join, repeat and take apart. */
export const joining: readonly Operator[] = [
  { name: 'Concat', infer: concat, cells: 'stay', sign: keepsSigns },
  { name: 'QLinearConcat', infer: quantizedConcat, cells: 'stay', sign: anySign },
  { name: 'Split', infer: split, cells: 'stay', sign: keepsSign },
  { name: 'Expand', infer: expand, cells: 'move', sign: keepsSign },
  { name: 'Tile', infer: tile, cells: 'move', sign: keepsSign },
]
