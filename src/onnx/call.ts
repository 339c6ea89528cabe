import { type Fact, numbersOf } from './fact.ts'
import type { Attribute, Node } from './model.ts'

/** What a rule sees of a node: its inputs as far as they are known, and its attributes. */
export class Call {
  readonly node: Node
  /** Version of the operator set. */
  readonly opset: number
  readonly inputs: readonly (Fact | undefined)[]
  readonly #attribute: (node: Node, name: string) => Attribute | undefined

  /** @param attribute finds an attribute; within a function, where it refers to, so that it has a value */
  constructor(
    node: Node,
    opset: number,
    inputs: readonly (Fact | undefined)[],
    attribute: (node: Node, name: string) => Attribute | undefined,
  ) {
    this.node = node
    this.opset = opset
    this.inputs = inputs
    this.#attribute = attribute
  }

  attribute(name: string): Attribute | undefined {
    return this.#attribute(this.node, name)
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
}

/** What is known of a node's outputs, in their order; those that are missing or undefined are unknown. */
export type Rule = (call: Call) => readonly (Fact | undefined)[]
