import { Call } from './call.ts'
import type { Fact } from './fact.ts'
import { type Attribute, attributeOf, type Body, type Graph, type Node } from './model.ts'

/** A body while it is walked through: what is known of its values so far. */
export class Scope {
  readonly body: Body
  /** Graphs, subgraphs and functions that lead here. */
  readonly path: string
  readonly opsets: ReadonlyMap<string, number>
  /** The scope around a subgraph, whose values it sees. */
  readonly parent: Scope | undefined
  readonly #facts = new Map<string, Fact>()
  readonly #producers = new Map<string, Node>()
  readonly #attribute: (node: Node, name: string) => Attribute | undefined
  #uses: ReadonlyMap<string, number> | undefined

  constructor(
    body: Body,
    path: string,
    opsets: ReadonlyMap<string, number>,
    parent?: Scope,
    attribute: (node: Node, name: string) => Attribute | undefined = attributeOf,
  ) {
    this.body = body
    this.path = path
    this.opsets = opsets
    this.parent = parent
    this.#attribute = attribute
  }

  /** The body of a node's graph attribute. */
  inner(graph: Graph, name: string): Scope {
    return new Scope(graph, `${this.path} / ${name}`, this.opsets, this, this.#attribute)
  }

  /** What is known of a value here or around. */
  fact(name: string): Fact | undefined {
    return this.#facts.get(name) ?? this.parent?.fact(name)
  }

  /** The node that makes a value, here or around, and where that is. */
  producer(name: string): { readonly node: Node; readonly scope: Scope } | undefined {
    const node = this.#producers.get(name)
    if (node) return { node, scope: this }
    return this.#facts.has(name) ? undefined : this.parent?.producer(name)
  }

  /** Remembers a value; the node that made it, if one did. */
  learn(name: string, fact: Fact | undefined, producer?: Node): void {
    if (name === '') return
    if (fact) this.#facts.set(name, fact)
    if (producer) this.#producers.set(name, producer)
  }

  /** An attribute of a node here; within a function one that refers to the call's has its value. */
  attribute(node: Node, name: string): Attribute | undefined {
    return this.#attribute(node, name)
  }

  /** A node with all that its rule asks for. */
  call(node: Node): Call {
    const inputs = node.inputs.map((name) => (name === '' ? undefined : this.fact(name)))
    return new Call(node, this.opsets.get('') ?? 1, inputs, this.#attribute)
  }

  /** How often a value of this body is used: by nodes, those of subgraphs included, and as an output. */
  uses(name: string): number {
    this.#uses ??= countUses(this.body)
    return this.#uses.get(name) ?? 0
  }
}

function countUses(body: Body): ReadonlyMap<string, number> {
  const uses = new Map<string, number>()
  const use = (name: string): void => void uses.set(name, (uses.get(name) ?? 0) + 1)
  const pass = ({ nodes, outputs }: Body): void => {
    for (const output of outputs) use(typeof output === 'string' ? output : output.name)
    for (const { inputs, attributes } of nodes) {
      inputs.forEach(use)
      for (const { graph, graphs = [] } of attributes) [...(graph ? [graph] : []), ...graphs].forEach(pass)
    }
  }
  pass(body)
  return uses
}
