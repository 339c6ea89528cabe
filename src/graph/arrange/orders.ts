import { isSameShape } from '../../run/memory/result.ts'
import { denseSteps } from '../../tensor/dense.ts'
import { type GraphStep, type GraphValue, type MoveOperation, rootOf, sizeOf } from '../lower/operation.ts'

// In which order the axes of values lie in memory. A value may have several forms; each is made where a step first asks for it.

/** Axes of a value as they lie in memory, the outermost first. */
export type AxisOrder = readonly number[]

/** A value as it lies in memory: its shape has the axes in their order there. */
interface Form {
  readonly order: AxisOrder
  readonly value: GraphValue
}

/** The order of the model itself: each axis in its place. */
export const plainOrder = (rank: number): AxisOrder => Array.from({ length: rank }, (_, axis) => axis)

/** Channels behind all spatial axes. */
export const channelsLast = (rank: number): AxisOrder => [0, ...plainOrder(rank).slice(2), 1]

/** The forms of values, and the steps that make one of another. */
export class Orders {
  readonly #forms = new Map<GraphValue, Form[]>()
  readonly #add: (step: GraphStep) => void

  /** @param add takes a step that brings a value into another order */
  constructor(add: (step: GraphStep) => void) {
    this.#add = add
  }

  /** Notes how a value lies. */
  note(value: GraphValue, order: AxisOrder, lying: GraphValue): void {
    this.#forms.set(value, [...(this.#forms.get(value) ?? []), { order, value: lying }])
  }

  /** The order in which a value lies already, or can be seen without a step; the model's own where there is none. */
  of(value: GraphValue): AxisOrder {
    const plain = plainOrder(value.shape.length)
    if (value.constant) return plain
    const [own] = this.#forms.get(value) ?? []
    if (own) return own.order
    const [form] = this.#forms.get(rootOf(value)) ?? []
    const cut = form && partsOf(rootOf(value).shape, value.shape)
    if (!cut) return plain
    const lying = form.order.flatMap((axis) => cut.from[axis])
    const place = (axis: number): number => {
      const part = cut.to[axis].find((one) => cut.sizes[one] > 1)
      return part === undefined ? -1 : lying.indexOf(part)
    }
    // Axes of one element lie anywhere: behind the one before them.
    const places = plain.map(place)
    const filled = places.map((at, axis) => (at < 0 ? (places.slice(0, axis).findLast((one) => one >= 0) ?? -1) : at))
    const order = plain.toSorted((a, b) => filled[a] - filled[b] || a - b)
    return this.#seen(form, cut, order) ? order : plain
  }

  /** A value with its axes in an order. */
  bring(value: GraphValue, order: AxisOrder): GraphValue {
    if (value.constant) return turnedConstant(value, order)
    const known = this.#forms.get(value)?.find((form) => isSameShape(form.order, order))
    if (known) return known.value
    const made = this.#seenOrMade(value, order)
    this.note(value, order, made)
    return made
  }

  #seenOrMade(value: GraphValue, order: AxisOrder): GraphValue {
    const root = rootOf(value)
    const shape = order.map((axis) => value.shape[axis])
    for (const whole of [value, root]) {
      const cut = partsOf(whole.shape, value.shape)
      const forms = this.#forms.get(whole)
      if (!cut || !forms) continue
      const seen = forms.find((form) => this.#seen(form, cut, order))
      if (seen) return viewOf(seen.value, shape)
      return this.#moved(value, forms[0], cut, order)
    }
    // The shapes have nothing in common: through the model's own order.
    const plain = viewOf(this.bring(root, plainOrder(root.shape.length)), value.shape)
    this.note(value, plainOrder(shape.length), plain)
    return this.bring(value, order)
  }

  /** Whether a form has the elements as they are to lie. */
  #seen({ order }: Form, { sizes, from, to }: Parts, wanted: AxisOrder): boolean {
    const [lying, asked] = [order.flatMap((axis) => from[axis]), wanted.flatMap((axis) => to[axis])]
    const say = (part: number): boolean => sizes[part] > 1
    return isSameShape(lying.filter(say), asked.filter(say))
  }

  #moved(value: GraphValue, form: Form, { sizes, from, to }: Parts, order: AxisOrder): GraphValue {
    const [lying, asked] = [form.order.flatMap((axis) => from[axis]), order.flatMap((axis) => to[axis])]
    const input = viewOf(
      form.value,
      lying.map((part) => sizes[part]),
    )
    const output = { name: value.name, shape: order.map((axis) => value.shape[axis]) }
    const along = asked.map((part) => ({ axis: lying.indexOf(part), step: 1 }))
    const begin = lying.map(() => 0)
    const operation: MoveOperation = {
      ...{ kind: 'move', name: 'order', detail: `axes [${order}]` },
      ...{ sizes: asked.map((part) => sizes[part]), along, begin },
    }
    this.#add({ node: value.name, operation, inputs: [input], outputs: [output] })
    return output
  }
}

/** Two shapes of the same elements as parts of axes that both are made of. */
interface Parts {
  readonly sizes: readonly number[]
  /** The parts of each axis, the outermost first. */
  readonly from: readonly (readonly number[])[]
  readonly to: readonly (readonly number[])[]
}

/** Undefined where an axis of one shape begins within a part of the other. */
function partsOf(from: readonly number[], to: readonly number[]): Parts | undefined {
  const sizes: number[] = []
  const [ours, theirs] = [from.map((): number[] => []), to.map((): number[] => [])]
  let [a, b, restA, restB] = [-1, -1, 1, 1]
  const take = (): void => {
    while (restA === 1 && a < from.length - 1) restA = from[++a]
    while (restB === 1 && b < to.length - 1) restB = to[++b]
  }
  for (take(); restA > 1 && restB > 1; take()) {
    const size = Math.min(restA, restB)
    if (restA % size !== 0 || restB % size !== 0) return undefined
    ours[a].push(sizes.length)
    theirs[b].push(sizes.length)
    sizes.push(size)
    restA /= size
    restB /= size
  }
  return restA === 1 && restB === 1 ? { sizes, from: ours, to: theirs } : undefined
}

const viewOf = (value: GraphValue, shape: readonly number[]): GraphValue =>
  isSameShape(value.shape, shape) ? value : { name: value.name, shape, of: value }

/** Constants in other orders, by their elements: the same arrays each time. */
const turned = new WeakMap<Float32Array, Map<string, Float32Array>>()

function turnedConstant(value: GraphValue, order: AxisOrder): GraphValue {
  const constant = value.constant as Float32Array
  const shape = order.map((axis) => value.shape[axis])
  const saying = order.filter((axis) => value.shape[axis] > 1)
  if (saying.every((axis, at) => at === 0 || axis > saying[at - 1])) return { ...value, shape }
  const known = turned.get(constant) ?? new Map<string, Float32Array>()
  turned.set(constant, known)
  const key = `${value.shape};${order}`
  const data = known.get(key) ?? inOrder(constant, value.shape, order)
  known.set(key, data)
  return { ...value, shape, constant: data }
}

function inOrder(data: Float32Array, shape: readonly number[], order: AxisOrder): Float32Array {
  const steps = denseSteps(shape)
  const result = new Float32Array(sizeOf(shape))
  let at = 0
  const nest = (depth: number, from: number): void => {
    if (depth === order.length) {
      result[at++] = data[from]
      return
    }
    const axis = order[depth]
    for (let index = 0; index < shape[axis]; index++) nest(depth + 1, from + index * steps[axis])
  }
  nest(0, 0)
  return result
}
