import type { Node } from '../../network/model.ts'
import type { Scope } from '../../network/scope.ts'
import type { Call } from '../../operators/call.ts'
import { allNumbers, MOST_VALUES, numbersOf } from '../../operators/fact.ts'
import { type GraphValue, sizeOf } from './operation.ts'
import { runRowOf } from './operators/index.ts'

/** Nodes whose sizes depend on what is computed before them: a network of their own, lowered when that is known. */
export interface LoweredRest {
  readonly nodes: readonly Node[]
  /** What they read of the model's inputs and of nodes before them. */
  readonly reads: ReadonlySet<string>
  /** Those of them whose elements must be known before the nodes are lowered. */
  readonly known: ReadonlySet<string>
  /** ONNX's number for the type of a value, 0 where it is not known. */
  readonly typeOf: (name: string) => number
}

/** Collects the nodes that cannot be lowered yet. */
export class Waiting {
  readonly #scope: Scope
  readonly #find: (name: string) => GraphValue | undefined
  /** Whether it is a constant of the model. */
  readonly #isFixed: (name: string) => boolean
  readonly #nodes: Node[] = []
  readonly #made = new Set<string>()
  readonly #known = new Set<string>()

  constructor(scope: Scope, find: (name: string) => GraphValue | undefined, isFixed: (name: string) => boolean) {
    this.#scope = scope
    this.#find = find
    this.#isFixed = isFixed
  }

  /** Whether a node has to wait; it is kept then. */
  takes({ node }: Call<Node>): boolean {
    const waits = node.inputs.some((name) => this.#made.has(name))
    const isThere = node.inputs.every((name) => name === '' || this.#made.has(name) || this.#find(name))
    const open = waits ? [] : this.#open(node)
    // What is nowhere is an error when the node is lowered.
    if (!isThere || (!waits && open.length === 0 && !runRowOf(node)?.between)) return false
    this.#nodes.push(node)
    for (const name of node.outputs) this.#made.add(name)
    for (const name of open) this.#known.add(name)
    return true
  }

  /** Whether a value is an output of a node that waits. */
  makes(name: string): boolean {
    return this.#made.has(name)
  }

  /** What waits, if anything does. */
  rest(): LoweredRest | undefined {
    if (this.#nodes.length === 0) return undefined
    const reads = new Set<string>()
    for (const name of this.#nodes.flatMap(({ inputs }) => inputs)) {
      if (name === '' || this.#made.has(name) || this.#isFixed(name)) continue
      reads.add(name)
      if (this.#find(name)?.constant) this.#known.add(name)
    }
    const typeOf = (name: string): number => this.#scope.fact(name)?.elementType ?? 0
    return { nodes: this.#nodes, reads, known: this.#known, typeOf }
  }

  /** The inputs that a node must know and does not. */
  #open({ inputs, outputs, ...node }: Node): readonly string[] {
    const isOpen = (name: string): boolean => name !== '' && !this.#isFixed(name) && !numbersOf(this.#scope.fact(name))
    const row = runRowOf(node)
    const needed = inputs.filter((name, index) => row?.constants?.includes(index) && isOpen(name))
    // A choice is made before its nodes are lowered: also what was computed of constants is known too late for it.
    const computed = row?.lower ? needed.filter((name) => !this.#find(name)?.constant) : needed
    if (computed.length > 0) return computed
    if (outputs.every((name) => name === '' || allNumbers(this.#scope.fact(name)?.shape))) return []
    // What the sizes of an output depend on is among the small inputs.
    return inputs.filter((name) => isOpen(name) && sizeOf(this.#find(name)?.shape ?? []) <= MOST_VALUES)
  }
}
