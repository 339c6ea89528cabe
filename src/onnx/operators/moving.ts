import type { Call, Rule } from '../call.ts'
import { elementsOf, type Fact, fact, MOST_VALUES, numbersOf, ofRank } from '../fact.ts'
import type { Dimension, Shape } from '../model.ts'
import { stretch } from './elementwise.ts'

// Operators that bring the elements of their input elsewhere: the shape, and of small tensors the values.

/** An axis counted from the last one when negative; undefined where there is none such. */
export function axisOf(axis: number, rank: number): number | undefined {
  const index = axis < 0 ? axis + rank : axis
  return Number.isInteger(index) && index >= 0 && index < rank ? index : undefined
}

/** Axes of a list; undefined where one is none. */
export function axesOf(axes: readonly number[], rank: number): readonly number[] | undefined {
  const list = axes.map((axis) => axisOf(axis, rank))
  return list.includes(undefined) ? undefined : (list as number[])
}

/** The elements of a shape, each brought from the place that `from` says; nothing where the values are not known. */
function brought(input: Fact, shape: Shape, from: (place: readonly number[]) => readonly number[]): Fact {
  const { values, shape: old, elementType } = input
  const length = elementsOf(shape)
  if (!values || !old || length === undefined || length > MOST_VALUES) return fact(shape, elementType)
  const place = new Array(shape.length).fill(0)
  const list = Array.from({ length }, () => {
    const value = values[from(place).reduce((index, at, axis) => index * (old[axis] as number) + at, 0)]
    for (let axis = shape.length - 1; axis >= 0 && ++place[axis] === shape[axis]; axis--) place[axis] = 0
    return value
  })
  return fact(shape, elementType, list)
}

/** The same elements in another shape. */
const reshaped = ({ elementType, values }: Fact, shape: Shape): Fact => fact(shape, elementType, values)

const transpose: Rule = (call) => {
  const [input] = call.inputs
  if (!input?.shape) return []
  const { shape } = input
  const order = call.ints('perm') ?? shape.map((_, axis) => shape.length - 1 - axis)
  if (order.length !== shape.length || !order.every((axis) => axis in shape)) return []
  const back = shape.map((_, axis) => order.indexOf(axis))
  return [
    brought(
      input,
      order.map((axis) => shape[axis]),
      (place) => back.map((at) => place[at]),
    ),
  ]
}

const squeeze: Rule = (call) => {
  const [input] = call.inputs
  if (!input?.shape) return []
  const { shape } = input
  const given = call.list('axes', 1, null)
  if (given === null && shape.some((size) => typeof size !== 'number')) return []
  const axes = given ? axesOf(given, shape.length) : given
  if (axes === undefined) return []
  return [
    reshaped(
      input,
      shape.filter((size, axis) => (axes ? !axes.includes(axis) : size !== 1)),
    ),
  ]
}

const unsqueeze: Rule = (call) => {
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

const flatten: Rule = (call) => {
  const [input] = call.inputs
  if (!input?.shape) return []
  const at = call.int('axis') ?? 1
  const axis = at < 0 ? at + input.shape.length : at
  return [reshaped(input, [product(input.shape.slice(0, axis)), product(input.shape.slice(axis))])]
}

const product = (sizes: Shape): Dimension => (sizes.length === 1 ? sizes[0] : elementsOf(sizes))

const reshape: Rule = (call) => {
  const [input, target] = call.inputs
  const wanted = call.ints('shape') ?? target?.values
  if (!wanted) {
    const rank = target?.shape?.[0]
    return [typeof rank === 'number' ? ofRank(rank, input?.elementType) : undefined]
  }
  const copies = call.int('allowzero') !== 1
  const sizes = wanted.map((size, axis) => (size === 0 && copies ? input?.shape?.[axis] : size))
  const open = wanted.indexOf(-1)
  if (open >= 0) sizes[open] = input?.shape && remaining(input.shape, sizes.toSpliced(open, 1))
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

const concat: Rule = (call) => {
  const { inputs } = call
  const first = inputs.find((input) => input?.shape)
  if (!first?.shape) return []
  const axis = axisOf(call.int('axis') ?? 1, first.shape.length)
  const parts = inputs.map((input) => input?.shape)
  if (axis === undefined || parts.some((part) => part && part.length !== first.shape?.length)) return []
  const along = parts.map((part) => part?.[axis])
  const isKnown = along.every((size): size is number => typeof size === 'number')
  const shape = first.shape.map((_, at) => {
    if (at === axis) return isKnown ? along.reduce((sum, size) => sum + size, 0) : undefined
    return parts.map((part) => part?.[at]).reduce((a, b) => (typeof a === 'number' ? a : (b ?? a)))
  })
  // Only vectors are computed with.
  const lists = shape.length === 1 ? inputs.map((input) => input?.values) : []
  const values = lists.length > 0 && lists.every((list) => list !== undefined) ? lists.flat() : undefined
  return [fact(shape, first.elementType, values)]
}

const gather: Rule = (call) => {
  const [input, indices] = call.inputs
  if (!input?.shape || !indices?.shape) return []
  const { shape } = input
  const axis = axisOf(call.int('axis') ?? 0, shape.length)
  if (axis === undefined) return []
  const output = [...shape.slice(0, axis), ...indices.shape, ...shape.slice(axis + 1)]
  const taken = numbersOf(indices)?.map((index) => axisOf(index, (shape[axis] as number) ?? 0))
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

const slice: Rule = (call) => {
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

/** What a slice takes of an axis, as Python counts it. */
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
  const [low, high] = step > 0 ? [0, size] : [-1, size - 1]
  const place = (at: number): number => Math.min(Math.max(at < 0 ? at + size : at, low), high)
  const [from, to] = [place(start), place(end)]
  return { size: Math.max(0, Math.ceil((to - from) / step)), start: from, step }
}

const split: Rule = (call) => {
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

const expand: Rule = (call) => {
  const [input, target] = call.inputs
  const shape = target?.values && input?.shape && stretch([input.shape, target.values])
  if (!input?.shape || !shape) return [input && fact(undefined, input.elementType)]
  const [old, missing] = [input.shape, shape.length - input.shape.length]
  return [brought(input, shape, (place) => old.map((size, axis) => (size === 1 ? 0 : place[axis + missing])))]
}

const tile: Rule = (call) => {
  const [input, repeats] = call.inputs
  if (!input?.shape) return []
  const { shape } = input
  const times = (size: Dimension, axis: number): Dimension => {
    const count = repeats?.values?.[axis]
    return count === 1 ? size : typeof size === 'number' && typeof count === 'number' ? size * count : undefined
  }
  return [brought(input, shape.map(times), (place) => place.map((at, axis) => at % (shape[axis] as number)))]
}

/** Rules for operators that move elements. */
export const moving: Readonly<Record<string, Rule>> = {
  Transpose: transpose,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Flatten: flatten,
  Reshape: reshape,
  Concat: concat,
  Gather: gather,
  Slice: slice,
  Split: split,
  Expand: expand,
  Tile: tile,
}

/** Whether a call pads and by how much, in ONNX's order, as an attribute or an input says it. */
export function padsOf(call: Call): readonly Dimension[] | undefined {
  return call.ints('pads') ?? call.ints('paddings') ?? (call.has(1) ? call.inputs[1]?.values : undefined)
}
