import { type FollowAxes, mixingRest, own } from './axes.ts'
import { type Dimension, elementsOf, type Fact, fact, ofRank, type Shape } from './fact.ts'
import type { Infer, Operator } from './operator.ts'
import { axesOf, brought } from './places.ts'
import { keepsSign } from './sign.ts'

// Operators that keep all elements and give them another shape.

/** The same elements in another shape. */
const reshaped = ({ elementType, values }: Fact, shape: Shape): Fact => fact(shape, elementType, values)

const transpose: Infer = (call) => {
  const [input] = call.inputs
  if (!input?.shape) return []
  const { shape } = input
  const order = call.ints('perm') ?? shape.map((_, axis) => shape.length - 1 - axis)
  if (!call.meet('the order must name every axis', shape.length, order.length)) return []
  if (!order.every((axis) => axis in shape)) return []
  const back = shape.map((_, axis) => order.indexOf(axis))
  return [
    brought(
      input,
      order.map((axis) => shape[axis]),
      (place) => back.map((at) => place[at]),
    ),
  ]
}

const squeeze: Infer = (call) => {
  const [input] = call.inputs
  if (!input?.shape) return []
  const { shape } = input
  const given = call.list('axes', 1, null)
  if (given === null && shape.some((size) => typeof size !== 'number')) return []
  const axes = given ? axesOf(given, shape.length) : given
  if (axes === undefined) return []
  for (const axis of axes ?? []) call.meet(`axis ${axis} must have one cell to be left out`, shape[axis], 1)
  return [
    reshaped(
      input,
      shape.filter((size, axis) => (axes ? !axes.includes(axis) : size !== 1)),
    ),
  ]
}

const unsqueeze: Infer = (call) => {
  const [input] = call.inputs
  const given = call.list('axes', 1, null)
  if (!input?.shape || !given) return []
  const rank = input.shape.length + given.length
  const axes = axesOf(given, rank)
  if (!axes || new Set(axes).size !== axes.length || rank > 64) return []
  const rest = input.shape.values()
  return [
    reshaped(
      input,
      Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? 1 : rest.next().value)),
    ),
  ]
}

const flatten: Infer = (call) => {
  const [input] = call.inputs
  if (!input?.shape) return []
  const at = call.int('axis') ?? 1
  const axis = at < 0 ? at + input.shape.length : at
  return [reshaped(input, [product(input.shape.slice(0, axis)), product(input.shape.slice(axis))])]
}

const product = (sizes: Shape): Dimension => (sizes.length === 1 ? sizes[0] : elementsOf(sizes))

const reshape: Infer = (call) => {
  const [input, target] = call.inputs
  const wanted = call.ints('shape') ?? target?.values
  if (!wanted) {
    const rank = target?.shape?.[0]
    return [typeof rank === 'number' ? ofRank(rank, input?.elementType) : undefined]
  }
  const copies = call.int('allowzero') !== 1
  const sizes = wanted.map((size, axis) => (size === 0 && copies ? input?.shape?.[axis] : size))
  const open = wanted.indexOf(-1)
  const others = open < 0 ? sizes : sizes.toSpliced(open, 1)
  const [elements, given] = [input?.shape && elementsOf(input.shape), elementsOf(others)]
  if (open < 0) call.meet('the elements must stay as many', elements, given)
  else if (elements !== undefined && given && elements % given !== 0) {
    call.refuse('the elements must divide among the other axes', [elements, given])
  }
  if (open >= 0) sizes[open] = input?.shape && remaining(input.shape, others)
  return [input ? reshaped(input, sizes) : fact(sizes)]
}

/** What is left of the elements of a shape beside other sizes; sizes of the same name cancel. */
function remaining(shape: Shape, others: Shape): Dimension {
  const rest = [...shape]
  const left = others.filter((size) => {
    const at = typeof size === 'string' ? rest.indexOf(size) : -1
    if (at >= 0) rest.splice(at, 1)
    return at < 0
  })
  const divisor = elementsOf(left)
  if (divisor === 1) return product(rest.filter((size) => size !== 1))
  const elements = elementsOf(rest)
  return divisor && elements !== undefined && elements % divisor === 0 ? elements / divisor : undefined
}

export const transposed: FollowAxes = ({ call, ranks: [rank] }) => {
  const reversed = rank === undefined ? undefined : Array.from({ length: rank }, (_, axis) => rank - 1 - axis)
  return [(call.ints('perm') ?? reversed)?.map(own)]
}

export const unsqueezed: FollowAxes = ({ call, ranks: [given] }) => {
  const list = call.list('axes', 1, undefined)
  const rank = (given ?? 0) + (list?.length ?? 0)
  const axes = given === undefined ? undefined : list && axesOf(list, rank)
  let next = 0
  return [axes && Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? undefined : own(next++)))]
}

export const squeezed: FollowAxes = ({ call, ranks: [rank] }) => {
  const list = call.list('axes', 1, undefined)
  const axes = rank === undefined ? undefined : list && axesOf(list, rank)
  return [axes && Array.from({ length: rank ?? 0 }, (_, axis) => own(axis)).filter((_, axis) => !axes.includes(axis))]
}

/**
 * Axes that a Reshape leaves as they are: as many cells of them lie as far apart in memory as before. What lies between such axes is
 * laid in other rows.
 */
export const laidOut: FollowAxes = (given) => {
  const mixed = mixingRest('lays cells in other rows')(given)
  const [from, to] = [given.call.inputs[0]?.shape, given.output].map((shape) => shape && distances(shape))
  if (!from || !to) return mixed
  const kept = to.map((one) => (one ? from.indexOf(one) : -1))
  return mixed.map((sources) =>
    sources?.map((source, axis) => {
      if (kept[axis] >= 0) return own(kept[axis])
      const left = source?.from.filter((place) => !kept.includes(place.axis))
      return source?.ends === undefined || !left ? source : { ...source, from: left }
    }),
  )
}

/** Of each axis with several cells how many there are and how far apart they lie, as a text; undefined where a size is not known. */
function distances(shape: Shape): (string | undefined)[] | undefined {
  if (!shape.every((size) => typeof size === 'number' && size > 0)) return undefined
  const sizes = shape as readonly number[]
  return sizes.map((size, axis) =>
    size === 1 ? undefined : `${size} ${sizes.slice(axis + 1).reduce((a, b) => a * b, 1)}`,
  )
}

/** Rows of operators that give elements another shape. */
export const reshaping: readonly Operator[] = [
  { name: 'Transpose', infer: transpose, cells: 'stay', sign: keepsSign },
  { name: 'Squeeze', infer: squeeze, cells: 'move', sign: keepsSign },
  { name: 'Unsqueeze', infer: unsqueeze, cells: 'move', sign: keepsSign },
  { name: 'Flatten', infer: flatten, cells: 'move', sign: keepsSign },
  { name: 'Reshape', infer: reshape, cells: 'move', sign: keepsSign },
]
