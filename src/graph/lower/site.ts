import type { FunctionName } from '../../functions/rows.ts'
import { Verbatim } from '../../geometry/error.ts'
import { SamepadError } from '../../geometry/index.ts'
import { labelOf, type Node } from '../../network/model.ts'
import type { Described } from '../../network/window.ts'
import type { Call } from '../../operators/call.ts'
import { allNumbers, type Fact, FLOATING, MOST_VALUES } from '../../operators/fact.ts'
import { axesOf } from '../../operators/places.ts'
import { isSameShape } from '../../run/memory/result.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { fits } from './fits.ts'
import type { CallOperation, ChainLink, ChainOperand, GraphOperation, GraphStep, GraphValue } from './operation.ts'
import { NO_ELEMENTS, sizeOf } from './operation.ts'
import type { TakenPad } from './taken-pad.ts'

/** A function with what it takes, as rows write it: numbers, and values that are broadcast. */
export type WrittenLink = readonly [name: FunctionName, ...operands: (number | GraphValue)[]]

/** The window of a node. */
export interface SiteWindow {
  readonly described: Described
  /** The Pad before it, as far as the window can take it in. */
  readonly pad: TakenPad | undefined
}

/** What the rows of operators ask of a schedule while it is made. */
export interface SiteSurroundings {
  /** A value of the model by its name. */
  readonly value: (name: string) => GraphValue
  readonly fact: (name: string) => Fact | undefined
  /** Takes a step. */
  readonly add: (step: GraphStep) => void
  /** Computes a step of a node, whose inputs are all constants. */
  readonly compute: (step: GraphStep, node: Node) => readonly Float32Array[]
}

/** The most elements that a step may make of few, and how many times as many as it reads. */
const [MOST_MADE, MOST_GROWN] = [2 ** 24, 1024]

/** A node at which steps are made. */
export class Site {
  readonly call: Call<Node>
  readonly window: SiteWindow | undefined
  readonly #around: SiteSurroundings

  constructor(call: Call<Node>, around: SiteSurroundings, window?: SiteWindow) {
    this.call = call
    this.window = window
    this.#around = around
  }

  /** Why the model does not run here. */
  refusal(must: string, got: unknown): SamepadError {
    return new SamepadError('run', `${labelOf(this.call.node)} ${must}`, got)
  }

  /** An input that must be there. */
  input(index = 0): GraphValue {
    const name = this.call.node.inputs[index]
    if (!name) throw this.refusal(`must have input ${index}`, new Verbatim('none'))
    return this.#around.value(name)
  }

  /** An input that may be left out. */
  optional(index: number): GraphValue | undefined {
    return this.call.has(index) ? this.input(index) : undefined
  }

  /** A value by its name. */
  named(name: string): GraphValue {
    return this.#around.value(name)
  }

  /** All inputs, or the first ones, which must be there. */
  inputs(count = Math.max(1, this.call.node.inputs.length)): GraphValue[] {
    return Array.from({ length: count }, (_, index) => this.input(index))
  }

  /** The elements of an input that must be a constant. */
  constant(index: number): Float32Array {
    const { constant } = this.input(index)
    if (constant) return constant
    throw this.refusal(`must have a constant for input ${index}`, this.call.node.inputs[index])
  }

  /** The integers of an attribute, or of an input that must be known; what is left out is `absent`. */
  integers<T>(name: string, index: number, absent: T): readonly number[] | T {
    const list = this.call.list<T | null>(name, index, null)
    if (list === null) return absent
    const computed = list === undefined ? this.input(index).constant : undefined
    if (computed && computed.length <= MOST_VALUES) return [...computed]
    if (list !== undefined) return list as readonly number[]
    throw this.refusal(`must have ${name} that follow from the sizes of the inputs`, new Verbatim('computed values'))
  }

  /** The number of an attribute, or of an input that must be known. */
  number(name: string, index: number, absent: number): number {
    const value = this.call.number(name, index, absent) ?? this.input(index).constant?.[0]
    if (typeof value === 'number') return value
    throw this.refusal(`must have a constant ${name}`, new Verbatim('a computed value'))
  }

  /** The axis of an attribute, counted from the last one where it is below zero. */
  axis(absent: number, rank = this.input().shape.length): number {
    return this.axes([this.call.int('axis') ?? absent], rank)[0]
  }

  /** Axes of a tensor of so many. */
  axes(list: readonly number[], rank = this.input().shape.length): readonly number[] {
    const axes = axesOf(list, rank)
    if (axes) return axes
    throw this.refusal(`must have axes from ${-rank} to ${rank - 1}`, [...list])
  }

  /** The sizes of an output. */
  shape(index = 0): readonly number[] {
    const name = this.call.node.outputs[index]
    const shape = allNumbers(this.#around.fact(name)?.shape)
    if (!shape)
      throw this.refusal('must have outputs whose sizes follow from those of the inputs', new Verbatim('open sizes'))
    return shape
  }

  /** Whether the elements of an input are real numbers, as far as that is known. */
  isReal(index = 0): boolean {
    const type = this.call.inputs[index]?.elementType ?? 0
    return type === 0 || FLOATING.includes(type)
  }

  /** The same elements in another shape. */
  view(value: GraphValue, shape: readonly number[] = this.shape()): GraphValue {
    if (isSameShape(value.shape, shape)) return value
    if (sizeOf(value.shape) !== sizeOf(shape))
      throw this.refusal(`must be the elements of [${shape}]`, [...value.shape])
    return { name: this.#name(), shape, constant: value.constant, of: value.constant ? undefined : value }
  }

  /** A constant. */
  filled(shape: readonly number[], data: Float32Array): GraphValue {
    return { name: '', shape, constant: data }
  }

  /** Every element of a value, sent through functions; the shape to which all are broadcast is the output's. */
  chain(value: GraphValue, written: readonly WrittenLink[], shape = this.shape()): GraphValue {
    const inputs = [value]
    const operand = (one: number | GraphValue): ChainOperand => {
      if (typeof one === 'number') return one
      if (one.constant?.length === 1 && one.shape.length <= shape.length) return one.constant[0]
      const at = inputs.indexOf(one)
      return { input: at < 0 ? inputs.push(one) - 1 : at }
    }
    const links = written.map(([name, ...operands]): ChainLink => ({ name, operands: operands.map(operand) }))
    return this.emit({ kind: 'chain', links }, inputs, [shape])[0]
  }

  /** One output of a call; the axes that it works along, where tensors may lie in any order of axes. */
  emitCall(
    name: string,
    detail: string,
    inputs: readonly GraphValue[],
    run: (inputs: readonly Tensor[], output: Tensor, axes: readonly number[]) => unknown,
    shape = this.shape(),
    order: Pick<CallOperation, 'axes' | 'isBlock'> = {},
  ): GraphValue {
    const operation: CallOperation = {
      ...{ kind: 'call', name, detail, ...order },
      run: (from, [to], axes) => void run(from, to, axes),
    }
    return this.emit(operation, inputs, [shape])[0]
  }

  /** Takes a step, computes it at once where it reads constants alone, and leaves it out where it makes no elements. */
  emit(
    operation: GraphOperation,
    inputs: readonly GraphValue[],
    shapes: readonly (readonly number[])[],
  ): readonly GraphValue[] {
    if (shapes.every((shape) => sizeOf(shape) === 0)) {
      return shapes.map((shape) => ({ name: this.#name(), shape, constant: NO_ELEMENTS }))
    }
    const empty = inputs.find(({ shape }) => sizeOf(shape) === 0)
    if (empty) throw this.refusal('must read inputs with elements', [...empty.shape])
    const read = inputs.reduce((sum, { shape }) => sum + sizeOf(shape), 0)
    for (const shape of shapes) this.#checkGrowth(shape, Math.max(MOST_MADE, MOST_GROWN * read))
    if (!fits(operation, inputs, shapes[0])) {
      const got = inputs.map(({ shape }) => [...shape])
      throw this.refusal(`must make [${shapes[0]}] of inputs that fit it`, got)
    }
    const outputs = shapes.map((shape): GraphValue => ({ name: this.#name(), shape }))
    const step = { node: labelOf(this.call.node), operation, inputs, outputs }
    if (inputs.every(({ constant }) => constant !== undefined)) {
      const computed = this.#around.compute(step, this.call.node)
      return outputs.map((output, index) => ({ ...output, constant: computed[index] }))
    }
    this.#around.add(step)
    return outputs
  }

  /** A number in a file must not decide alone how much is computed. */
  #checkGrowth(shape: readonly number[], most: number): void {
    const elements = sizeOf(shape)
    if (elements > most) throw this.refusal(`must make at most ${most} elements of what it reads`, elements)
  }

  #name(): string {
    return this.call.node.outputs[0] ?? ''
  }
}
