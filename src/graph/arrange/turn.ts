import { Geometry } from '../../geometry/index.ts'
import { isSameShape } from '../../run/memory/result.ts'
import type { Layout } from '../../tensor/tensor.ts'
import type { LoweredGraph } from '../lower/lower.ts'
import type {
  CallOperation,
  ConcatOperation,
  DenseOperation,
  GraphStep,
  GraphValue,
  GroupsOperation,
  MoveOperation,
  WindowOperation,
} from '../lower/operation.ts'
import { sizeOf } from '../lower/operation.ts'
import { type AxisOrder, channelsLast, Orders, plainOrder } from './orders.ts'

/**
 * The same schedule on tensors that lie as its windows want them. A step that can work in any order of axes takes that of what
 * it reads; a transposition is no step then, and what lies otherwise than it is wanted is brought into order where it is read.
 */
export function turnSteps(graph: LoweredGraph, layout: Layout): LoweredGraph {
  const turning = new Turning(layout)
  for (const input of graph.inputs) turning.orders.note(input, plainOrder(input.shape.length), input)
  for (const step of graph.steps) turning.take(step)
  const outputs = graph.outputs.map((output) => turning.orders.bring(output, plainOrder(output.shape.length)))
  return { ...graph, outputs, steps: turning.steps }
}

class Turning {
  readonly steps: GraphStep[] = []
  readonly orders = new Orders((step) => void this.steps.push(step))
  readonly #layout: Layout

  constructor(layout: Layout) {
    this.#layout = layout
  }

  take(step: GraphStep): void {
    const { operation } = step
    if (operation.kind === 'window') this.#window(step, operation)
    else if (operation.kind === 'dense') this.#dense(step, operation)
    else if (operation.kind === 'concat') this.#concat(step, operation)
    else if (operation.kind === 'move') this.#move(step, operation)
    else if (operation.kind === 'call') this.#call(step, operation)
    else if (operation.kind === 'groups') this.#groups(step, operation)
    else this.#emit(step, this.#commonOrder(step))
  }

  #window(step: GraphStep, operation: WindowOperation): void {
    const [{ shape }] = step.outputs
    // One channel lies the same in both layouts, and vectors must run along the width then.
    if (shape[1] === 1 && step.inputs[0].shape[1] === 1) {
      this.#lone(step, operation)
      return
    }
    const order = this.#layout === 'nhwc' ? channelsLast(shape.length) : plainOrder(shape.length)
    this.#emit({ ...step, operation: { ...operation, layout: this.#layout } }, order)
  }

  /** Pools of one channel may go along their axes in any order, as those of LRN do, whose axes are channels and cells. */
  #lone(step: GraphStep, operation: WindowOperation): void {
    const plain = plainOrder(step.outputs[0].shape.length)
    const spatial = operation.weights ? plain.slice(2) : this.orders.of(step.inputs[0]).filter((axis) => axis > 1)
    const { op, axes } = operation.geometry
    const geometry = new Geometry(
      op,
      spatial.map((axis) => axes[axis - 2]),
    )
    this.#emit({ ...step, operation: { ...operation, geometry, layout: 'nchw' } }, [0, 1, ...spatial])
  }

  /** Rows may come in any order; what they are made of lies side by side. */
  #dense(step: GraphStep, operation: DenseOperation): void {
    const order = this.orders.of(step.inputs[0])
    const last = order.length - 1
    this.#emit({ ...step, operation }, order[last] === last ? order : plainOrder(order.length))
  }

  #concat(step: GraphStep, { axis }: ConcatOperation): void {
    const order = this.#commonOrder(step)
    this.#emit({ ...step, operation: { kind: 'concat', axis: order.indexOf(axis) } }, order)
  }

  #call(step: GraphStep, operation: CallOperation): void {
    const { axes, isBlock } = operation
    const [{ shape }] = step.outputs
    const common = axes ? this.#commonOrder(step) : plainOrder(shape.length)
    const at = (order: AxisOrder): readonly number[] | undefined => axes?.map((axis) => order.indexOf(axis))
    const places = at(common) ?? []
    const isTogether = !isBlock || places.every((place, index) => index === 0 || place === places[index - 1] + 1)
    const order = isTogether ? common : plainOrder(shape.length)
    const turned = { ...step, operation: { ...operation, axes: at(order) } }
    if (axes) this.#emit(turned, order)
    else {
      const inputs = step.inputs.map((input) => this.orders.bring(input, plainOrder(input.shape.length)))
      this.#push(
        turned,
        inputs,
        step.outputs.map(({ shape }) => plainOrder(shape.length)),
      )
    }
  }

  #groups(step: GraphStep, operation: GroupsOperation): void {
    const order = this.#commonOrder(step)
    this.#emit({ ...step, operation: { ...operation, axes: operation.axes.map((axis) => order.indexOf(axis)) } }, order)
  }

  #move(step: GraphStep, operation: MoveOperation): void {
    const [[input], [output]] = [step.inputs, step.outputs]
    const order = this.orders.of(input)
    const lying = this.orders.bring(input, order)
    const { sizes, along, begin } = operation
    const rank = output.shape.length
    const place = (loop: number): number => {
      const { axis } = along[loop]
      return axis === undefined ? -1 : order.indexOf(axis)
    }
    const loops = plainOrder(sizes.length)
    // Outputs lie as what they are made of does, so that both are gone through in order.
    const turned = sizes.length === rank ? loops.toSorted((a, b) => place(a) - place(b)) : loops
    const to = sizes.length === rank ? turned : plainOrder(rank)
    const moved: MoveOperation = {
      ...operation,
      sizes: turned.map((loop) => sizes[loop]),
      along: turned.map((loop) => ({ ...along[loop], axis: along[loop].axis === undefined ? undefined : place(loop) })),
      begin: order.map((axis) => begin[axis]),
    }
    if (isWhole(moved, lying)) {
      const shape = to.map((axis) => output.shape[axis])
      this.orders.note(output, to, { name: output.name, shape, of: lying })
    } else this.#push({ ...step, operation: moved }, [lying], [to])
  }

  /** The order in which most of what a step reads lies. */
  #commonOrder({ inputs, outputs }: GraphStep): AxisOrder {
    const rank = outputs[0].shape.length
    const orders = new Map<string, { readonly order: AxisOrder; elements: number }>()
    for (const input of inputs) {
      if (input.constant || input.shape.length !== rank) continue
      const order = this.orders.of(input)
      const found = orders.get(String(order)) ?? { order, elements: 0 }
      found.elements += sizeOf(input.shape)
      orders.set(String(order), found)
    }
    const [most] = [...orders.values()].sort((a, b) => b.elements - a.elements)
    return most?.order ?? plainOrder(rank)
  }

  /** Takes a step whose tensors all have the same order; what is broadcast has axes of one element before its own. */
  #emit(step: GraphStep, order: AxisOrder): void {
    const inputs = step.inputs.map((input) => {
      const missing = order.length - input.shape.length
      if (missing === 0) return this.orders.bring(input, order)
      const shape = [...new Array<number>(missing).fill(1), ...input.shape]
      const { name, constant } = input
      return this.orders.bring({ name, shape, constant, of: constant ? undefined : input }, order)
    })
    this.#push(
      step,
      inputs,
      step.outputs.map(() => order),
    )
  }

  #push(step: GraphStep, inputs: readonly GraphValue[], orders: readonly AxisOrder[]): void {
    const outputs = step.outputs.map((output, index) => {
      const shape = orders[index].map((axis) => output.shape[axis])
      const lying = isSameShape(shape, output.shape) ? output : { name: output.name, shape }
      this.orders.note(output, orders[index], lying)
      return lying
    })
    this.steps.push({ ...step, inputs, outputs })
  }
}

/** Whether a move reads all elements as they lie. */
function isWhole({ sizes, along, begin }: MoveOperation, { shape }: GraphValue): boolean {
  if (sizes.length !== shape.length || begin.some((cell) => cell !== 0)) return false
  return along.every(({ axis, step }, loop) => axis === loop && step === 1 && sizes[loop] === shape[loop])
}
