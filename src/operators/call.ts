import type { Conflict } from './conflict.ts'
import { type Dimension, type Fact, numbersOf, withoutValues } from './fact.ts'

/** The value of an attribute, as rows ask for it; one of them is there. */
export interface ResolvedAttribute {
  readonly int?: number | undefined
  readonly float?: number | undefined
  readonly string?: string | undefined
  readonly ints?: readonly number[] | undefined
  readonly floats?: readonly number[] | undefined
  readonly tensor?: ConstantTensor | undefined
}

/** A tensor that the file holds. */
export interface ConstantTensor {
  readonly dims: readonly number[]
  /** ONNX's number for the type of its elements. */
  readonly elementType: number
  /** In row-major order; undefined where there are many of them, or they are no real numbers. */
  values(): readonly number[] | undefined
}

/** An application of an operator: its name, and the names of its inputs and outputs (`''` is one that is left out). */
export interface Application {
  readonly opType: string
  readonly domain: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
}

/** What a row sees of a node: its inputs as far as they are known, and its attributes. */
export class Call<Node extends Application = Application> {
  readonly node: Node
  /** Version of the operator set. */
  readonly opset: number
  readonly inputs: readonly (Fact | undefined)[]
  /** Finds an attribute; within a function, where it refers to, so that it has a value. */
  readonly attribute: (name: string) => ResolvedAttribute | undefined
  #conflict: Conflict | undefined

  constructor(
    node: Node,
    opset: number,
    inputs: readonly (Fact | undefined)[],
    attribute: (name: string) => ResolvedAttribute | undefined,
  ) {
    this.node = node
    this.opset = opset
    this.inputs = inputs
    this.attribute = attribute
  }

  /** The same call where no elements of inputs are known. */
  withoutValues(): Call<Node> {
    return new Call(this.node, this.opset, this.inputs.map(withoutValues), this.attribute)
  }

  /** Sizes that its row found to be such that the call cannot work: the first ones. */
  get conflict(): Conflict | undefined {
    return this.#conflict
  }

  /** Says that the call cannot work with its sizes. */
  refuse(must: string, sizes: Conflict['sizes'], inputs?: Conflict['inputs']): void {
    this.#conflict ??= { must, sizes, inputs }
  }

  /** Whether two sizes may be one; where both are numbers and differ, the call cannot work. */
  meet(must: string, a: Dimension, b: Dimension, inputs?: Conflict['inputs']): boolean {
    if (typeof a !== 'number' || typeof b !== 'number' || a === b) return true
    this.refuse(must, [a, b], inputs)
    return false
  }

  int(name: string): number | undefined {
    return this.attribute(name)?.int
  }

  ints(name: string): readonly number[] | undefined {
    return this.attribute(name)?.ints
  }

  /** Whether an input was given at all. */
  has(index: number): boolean {
    return this.node.inputs[index] !== undefined && this.node.inputs[index] !== ''
  }

  /**
   * A list that is an attribute in early operator sets and an input in later ones: `absent` where it is neither,
   * undefined where it is not known.
   */
  list<T>(name: string, index: number, absent: T): readonly number[] | T | undefined {
    const attribute = this.attribute(name)
    if (attribute) return attribute.ints ?? (attribute.int === undefined ? undefined : [attribute.int])
    return this.has(index) ? numbersOf(this.inputs[index]) : absent
  }

  /** A number that is an attribute in early operator sets and an input of one element in later ones. */
  number(name: string, index: number, absent: number): Dimension {
    const attribute = this.attribute(name)
    if (attribute) return attribute.float ?? attribute.int
    return this.has(index) ? this.inputs[index]?.values?.[0] : absent
  }
}
