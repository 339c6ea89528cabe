import { Call } from '../operators/call.ts'
import type { Fact } from '../operators/fact.ts'
import type { Attribute, Body, Node } from './model.ts'

/** What a scope is made of. */
export interface ScopeParts {
  readonly body: Body
  /** Graphs, subgraphs and functions that lead here. */
  readonly path: string
  readonly opsets: ReadonlyMap<string, number>
  /** The scope around a subgraph, whose values it sees. */
  readonly parent?: Scope | undefined
  /** Whether a condition that is known leads past it. */
  readonly isSkipped: boolean
  /** Whether every run comes by: not where a condition is not known, and not in a loop, which may have no turn. */
  readonly isSure: boolean
  /** Finds an attribute of a node; within a function where it refers to, so that it has a value. */
  readonly attribute: (node: Node, name: string) => Attribute | undefined
}

/** A body while it is walked through: what is known of its values so far. */
export class Scope {
  readonly parts: ScopeParts
  readonly #facts = new Map<string, Fact>()
  readonly #producers = new Map<string, Call<Node>>()
  #uses: ReadonlyMap<string, number> | undefined

  constructor(parts: ScopeParts) {
    this.parts = parts
  }

  /** What is known of a value here or around. */
  fact(name: string): Fact | undefined {
    return this.#facts.get(name) ?? this.parts.parent?.fact(name)
  }

  /** The call that makes a value, here or around, and where that is. */
  producer(name: string): Made | undefined {
    const call = this.#producers.get(name)
    if (call) return { call, scope: this }
    return this.#facts.has(name) ? undefined : this.parts.parent?.producer(name)
  }

  /** Remembers a value; the call that made it, if one did. */
  learn(name: string, fact: Fact | undefined, producer?: Call<Node>): void {
    if (name === '') return
    if (fact) this.#facts.set(name, fact)
    if (producer) this.#producers.set(name, producer)
  }

  /** A node with all that its rule asks for. */
  call(node: Node): Call<Node> {
    const inputs = node.inputs.map((name) => (name === '' ? undefined : this.fact(name)))
    return new Call(node, this.parts.opsets.get('') ?? 1, inputs, (name) => this.parts.attribute(node, name))
  }

  /** How often a value of this body is used: by nodes, those of subgraphs included, and as an output. */
  uses(name: string): number {
    this.#uses ??= countUses(this.parts.body)
    return this.#uses.get(name) ?? 0
  }
}

/** What makes a value, and where. */
export interface Made {
  readonly call: Call<Node>
  readonly scope: Scope
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
