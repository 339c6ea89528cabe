import { Finding } from '../geometry/error.ts'
import type { Call } from './call.ts'
import { complaint } from './complain.ts'
import { common, type Fact, fact } from './fact.ts'
import { type Attribute, attributeOf, type Dimension, type Graph, type Model, type Node, type Shape } from './model.ts'
import { rules } from './operators/index.ts'
import { factOf } from './operators/making.ts'
import { Scope } from './scope.ts'
import { type Described, describe, slidesWindow } from './window.ts'

/** The most nodes that calls of functions come to: a few functions that call each other twice could have any number. */
const MOST_CALLED = 100_000

/** Hears of each node that slides a window, in the order of the graph. */
type Visit = (call: Call, described: Described, scope: Scope) => void

/**
 * Walks through a model's nodes in their order, subgraphs and called functions included, and learns of every value what
 * can be known before the model runs. Sizes that follow from those of the inputs win over what the file says of a value.
 *
 * @param inputs shapes of the model's inputs by name, which win over those of the file
 * @returns the scope of the model's graph
 */
export function walk(model: Model, inputs: Readonly<Record<string, Shape>>, visit: Visit): Scope {
  return new Walk(model, inputs, visit).main()
}

class Walk {
  readonly #model: Model
  readonly #inputs: Readonly<Record<string, Shape>>
  readonly #visit: Visit
  /** Numbers of sizes that the file only names. */
  readonly #symbols: ReadonlyMap<string, number>
  /** Whether what the file says of values still holds: not with an input of another size than it says. */
  readonly #trusts: boolean
  readonly #functions: ReadonlyMap<string, Model['functions'][number]>
  /** Functions that are being called. */
  readonly #active = new Set<Model['functions'][number]>()
  #called = 0

  constructor(model: Model, inputs: Readonly<Record<string, Shape>>, visit: Visit) {
    this.#model = model
    this.#inputs = inputs
    this.#visit = visit
    this.#functions = new Map(model.functions.map((one) => [keyOf(one.domain, one.name, one.overload), one]))
    const symbols = new Map<string, number>()
    let trusts = true
    for (const { name, shape } of model.graph.inputs) {
      shape?.forEach((size, axis) => {
        const given = Object.hasOwn(inputs, name) ? inputs[name][axis] : undefined
        if (typeof size === 'string' && typeof given === 'number') symbols.set(size, given)
        if (typeof size === 'number' && given !== undefined && given !== size) trusts = false
      })
    }
    this.#symbols = symbols
    this.#trusts = trusts
  }

  main(): Scope {
    const { graph, opsets } = this.#model
    const scope = new Scope(graph, 'main', opsets)
    this.#graph(graph, scope, (name, declared) => {
      return Object.hasOwn(this.#inputs, name) ? fact(this.#inputs[name], declared?.elementType) : undefined
    })
    return scope
  }

  /** A graph from its inputs on, of which `given` may know more than the file. */
  #graph(
    graph: Graph,
    scope: Scope,
    given: (name: string, declared: Fact | undefined, index: number) => Fact | undefined,
  ): void {
    graph.inputs.forEach(({ name, shape, elementType }, index) => {
      const declared = fact(this.#sizes(shape), elementType)
      scope.learn(name, given(name, declared, index) ?? declared)
    })
    for (const tensor of graph.initializers) scope.learn(tensor.name, factOf(tensor))
    this.#nodes(scope)
  }

  #nodes(scope: Scope): void {
    const declared = new Map<string, Shape | undefined>()
    const { values, outputs } = scope.body
    for (const value of this.#trusts ? [...values, ...outputs] : []) {
      if (typeof value !== 'string') declared.set(value.name, this.#sizes(value.shape))
    }
    for (const node of scope.body.nodes) {
      if (this.#active.size > 0) this.#count(node)
      const facts = this.#apply(node, scope)
      node.outputs.forEach((name, index) => {
        scope.learn(name, merge(facts[index], declared.get(name)), node)
      })
    }
  }

  #apply(node: Node, scope: Scope): readonly (Fact | undefined)[] {
    const called = this.#functions.get(keyOf(node.domain, node.opType, node.overload))
    if (called) return this.#function(called, node, scope)
    const call = scope.call(node)
    if (slidesWindow(node)) {
      const described = describe(call)
      this.#visit(call, described, scope)
      return node.outputs.map(() => fact(described.outputShape))
    }
    const graphs = node.attributes.filter(({ graph }) => graph)
    if (graphs.length > 0) return this.#subgraphs(node, graphs, scope)
    const rule = node.domain === '' || node.domain === 'com.microsoft' ? rules.get(node.opType) : undefined
    return rule ? rule(call) : []
  }

  #subgraphs(node: Node, attributes: readonly Attribute[], scope: Scope): readonly (Fact | undefined)[] {
    const inputs = node.inputs.map((name) => scope.fact(name))
    const scans = attributeOf(node, 'num_scan_inputs')?.int ?? 0
    const states = inputs.length - scans
    const results = attributes.map(({ name, graph }) => {
      const inner = scope.inner(graph as Graph, `${labelOf(node)}.${name}`)
      this.#graph(graph as Graph, inner, (_, __, index) => {
        // States of a Scan keep their shape, and what it scans loses its first axis. A Loop's may change.
        if (node.opType !== 'Scan' || (scope.opsets.get('') ?? 1) < 9 || inputs[index] === undefined) return undefined
        const { shape, elementType } = inputs[index]
        return fact(
          index < states ? shape : attributeOf(node, 'scan_input_axes') ? undefined : shape?.slice(1),
          elementType,
        )
      })
      return (graph as Graph).outputs.map((output) => inner.fact(output.name))
    })
    if (node.opType === 'If') {
      const taken = inputs[0]?.values?.[0]
      const branch = (name: string): readonly (Fact | undefined)[] =>
        results[attributes.findIndex((one) => one.name === name)] ?? []
      if (typeof taken === 'number') return branch(taken ? 'then_branch' : 'else_branch')
      return branch('then_branch').map((one, index) => common(one, branch('else_branch')[index]))
    }
    return []
  }

  #function(called: Model['functions'][number], node: Node, scope: Scope): readonly (Fact | undefined)[] {
    if (this.#active.has(called)) throw complaint('a function must not call itself', called.name, called.frame.start)
    this.#called += called.nodes.length
    if (this.#called > MOST_CALLED) {
      throw complaint(
        `calls of functions must come to at most ${MOST_CALLED} nodes`,
        new Finding('more'),
        node.frame.start,
      )
    }
    const find = (inside: Node, name: string): Attribute | undefined => {
      const attribute = attributeOf(inside, name)
      if (attribute?.reference === undefined) return attribute
      const value = scope.attribute(node, attribute.reference)
      return value ?? called.defaults.find((one) => one.name === attribute.reference)
    }
    const inner = new Scope(called, `${scope.path} / ${labelOf(node)}`, called.opsets, undefined, find)
    called.inputs.forEach((name, index) => {
      inner.learn(name, scope.fact(node.inputs[index] ?? ''))
    })
    this.#active.add(called)
    this.#nodes(inner)
    this.#active.delete(called)
    return called.outputs.map((name) => inner.fact(name))
  }

  /** Counts a node within a function that is called. */
  #count(node: Node): void {
    if (++this.#called <= MOST_CALLED) return
    throw complaint(
      `calls of functions must come to at most ${MOST_CALLED} nodes`,
      new Finding('more'),
      node.frame.start,
    )
  }

  /** Sizes with what is known of their names. */
  #sizes(shape: Shape | undefined): Shape | undefined {
    return shape?.map((size) => (typeof size === 'string' ? (this.#symbols.get(size) ?? size) : size))
  }
}

const keyOf = (...parts: readonly string[]): string => parts.join('\0')

/** A node in a path: by its name, or by what it is. */
export function labelOf({ name, opType, outputs }: Node): string {
  return name || `${opType} '${outputs[0] ?? ''}'`
}

/** What was found out, completed with what the file says. */
function merge(own: Fact | undefined, declared: Shape | undefined): Fact | undefined {
  if (!declared || own?.values) return own
  if (!own?.shape) return fact(declared, own?.elementType)
  if (own.shape.length !== declared.length) return own
  const pick = (size: Dimension, said: Dimension): Dimension => (typeof size === 'number' ? size : (said ?? size))
  return fact(
    own.shape.map((size, axis) => pick(size, declared[axis])),
    own.elementType,
  )
}
