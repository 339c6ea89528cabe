import type { Rulebook } from '../conventions/rulebook.ts'
import type { Call } from '../operators/call.ts'
import { common, type Fact, fact, INT64, MOST_VALUES, nonNegativeFact, withoutValues } from '../operators/fact.ts'
import { operatorOf } from '../operators/index.ts'
import { factOf } from '../operators/making.ts'
import type { Infer, Operator } from '../operators/operator.ts'
import { Budget } from './budget.ts'
import { complaint } from './complain.ts'
import { checkWindow, conflictOf, type Misdeclared, type SizeConflict } from './conflict.ts'
import {
  type Attribute,
  attributeOf,
  type Dimension,
  type Frame,
  type FunctionDefinition,
  frameworkOfModel,
  type Graph,
  labelOf,
  type Model,
  type Node,
  type Shape,
} from './model.ts'
import { Scope } from './scope.ts'
import { type Described, describe, inLayout } from './window.ts'

/** What hears of what a walk comes by, in the order of the graph. */
export interface WalkListener {
  /** A node that slides a window. */
  readonly window?: (call: Call<Node>, described: Described, scope: Scope) => void
  /** A node that cannot work with its sizes, on the way of every run. */
  readonly conflict?: (conflict: SizeConflict) => void
  /** A value that has another shape than the file declares. */
  readonly misdeclared?: (value: Misdeclared) => void
}

/**
 * Walks through a model's nodes in their order, subgraphs and called functions included, and learns of every value what
 * can be known before the model runs. Sizes that follow from those of the inputs win over what the file says of a value.
 *
 * @param inputs shapes of the model's inputs by name, which win over those of the file
 * @param rules by which the paddings of its windows are solved: those of the model's framework must be among them
 * @returns the scope of the model's graph
 */
export function walk(
  model: Model,
  inputs: Readonly<Record<string, Shape>>,
  rules: Rulebook,
  listener: WalkListener = {},
): Scope {
  return new Walk(model, inputs, rules, listener).main()
}

class Walk {
  readonly #model: Model
  readonly #inputs: Readonly<Record<string, Shape>>
  readonly #rules: Rulebook
  readonly #listener: WalkListener
  /** Numbers of sizes that the file only names. */
  readonly #symbols: ReadonlyMap<string, number>
  /** Whether what the file says of values still holds: not with an input of another size than it says. */
  readonly #trusts: boolean
  /** Whether the sizes of the inputs are those of the file: only then can it be wrong about what follows from them. */
  readonly #asDeclared: boolean
  readonly #functions: ReadonlyMap<string, FunctionDefinition>
  /** Functions that are being called. */
  readonly #active = new Set<FunctionDefinition>()
  readonly #budget: Budget

  constructor(model: Model, inputs: Readonly<Record<string, Shape>>, rules: Rulebook, listener: WalkListener) {
    this.#model = model
    this.#inputs = inputs
    this.#rules = rules
    this.#listener = listener
    this.#budget = new Budget(model.size)
    this.#functions = new Map(model.functions.map((one) => [keyOf(one.domain, one.name, one.overload), one]))
    const symbols = new Map<string, number>()
    let [trusts, asDeclared] = [true, true]
    for (const { name, shape } of model.graph.inputs) {
      shape?.forEach((size, axis) => {
        const given = Object.hasOwn(inputs, name) ? inputs[name][axis] : undefined
        if (typeof size === 'string' && typeof given === 'number') symbols.set(size, given)
        if (typeof size === 'number' && given !== undefined && given !== size) trusts = false
        if (given !== undefined && given !== size) asDeclared = false
      })
    }
    this.#symbols = symbols
    this.#trusts = trusts
    this.#asDeclared = asDeclared
  }

  main(): Scope {
    const { graph, opsets } = this.#model
    const scope = new Scope({
      body: graph,
      path: 'main',
      opsets,
      isSkipped: false,
      isSure: true,
      attribute: attributeOf,
    })
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
    this.#count(graph.inputs.length + graph.initializers.length, graph.frame)
    graph.inputs.forEach(({ name, shape, elementType }, index) => {
      const declared = fact(this.#sizes(shape), elementType)
      scope.learn(name, given(name, declared, index) ?? declared)
    })
    for (const tensor of graph.initializers) scope.learn(tensor.name, factOf(tensor))
    this.#nodes(scope)
  }

  #nodes(scope: Scope): void {
    const { nodes, values, outputs, frame } = scope.parts.body
    this.#count(values.length + outputs.length, frame)
    const declared = new Map<string, Shape | undefined>()
    for (const value of this.#trusts ? [...values, ...outputs] : []) {
      if (typeof value !== 'string') declared.set(value.name, value.shape)
    }
    const { misdeclared } = scope.parts.isSure && this.#asDeclared ? this.#listener : {}
    for (const node of nodes) {
      this.#count(1 + node.inputs.length + node.outputs.length, node.frame)
      const call = scope.call(node)
      const facts = this.#apply(call, scope)
      node.outputs.forEach((name, index) => {
        const [own, said] = [facts[index], declared.get(name)]
        if (misdeclared && own?.shape && said && !isPossible(own.shape, said)) {
          misdeclared({ node, path: scope.parts.path, value: name, declared: said, shape: own.shape })
        }
        scope.learn(name, merge(own, this.#sizes(said)), call)
      })
    }
  }

  #apply(call: Call<Node>, scope: Scope): readonly (Fact | undefined)[] {
    const { node } = call
    const called = this.#functions.get(keyOf(node.domain, node.opType, node.overload))
    if (called) return this.#function(called, call, scope)
    const operator = operatorOf(node)
    const outputs = this.#outputs(operator, call, scope)
    if (call.conflict && scope.parts.isSure)
      this.#listener.conflict?.(conflictOf(node, call.conflict, scope.parts.path))
    if (!operator?.sign(call)) return outputs
    return node.outputs.map((_, index) => nonNegativeFact(outputs[index]))
  }

  #outputs(operator: Operator | undefined, call: Call<Node>, scope: Scope): readonly (Fact | undefined)[] {
    const { node } = call
    if (operator?.window) {
      const described = describe(call, operator.window, frameworkOfModel(this.#model), this.#rules)
      if (this.#active.size > 0) this.#budget.window(node.frame.start)
      checkWindow(call, described, operator.window, this.#rules)
      this.#listener.window?.(call, described, scope)
      const others = operator.others?.(call)
      const { op, zeroPoint } = operator.window
      // A maximum is what it was found among; its place is an integer.
      const isKept = op === 'maxPool' && zeroPoint === undefined
      const output = fact(inLayout(call, described.outputShape), isKept ? described.elementType : 0)
      const places = fact(output.shape, INT64)
      return node.outputs.map((_, index) => (index === 0 ? output : others ? others[index - 1] : places))
    }
    const graphs = node.attributes.filter(({ graph }) => graph)
    if (graphs.length > 0) return this.#subgraphs(call, graphs, scope)
    return operator?.infer ? this.#infer(operator.infer, call) : []
  }

  /** What follows from the inputs, their values only as long as the budget lasts. */
  #infer(infer: Infer, call: Call<Node>): readonly (Fact | undefined)[] {
    if (!this.#budget.spend(stepsOf(call.inputs))) return infer(call.withoutValues()).map(withoutValues)
    const outputs = infer(call)
    const made = outputs.reduce((sum, one) => sum + (one?.values?.length ?? 0), 0)
    return this.#budget.spend(made) ? outputs : outputs.map(withoutValues)
  }

  #subgraphs(call: Call<Node>, attributes: readonly Attribute[], scope: Scope): readonly (Fact | undefined)[] {
    const { node, inputs, opset } = call
    const isChoice = node.opType === 'If'
    const condition = isChoice ? inputs[0]?.values?.[0] : undefined
    const taken = typeof condition !== 'number' ? undefined : condition ? 'then_branch' : 'else_branch'
    const states = inputs.length - (call.int('num_scan_inputs') ?? 0)
    // States of a Scan keep their shape, and what it scans loses its first axis. A Loop's may change.
    const given = (index: number): Fact | undefined => {
      if (node.opType !== 'Scan' || opset < 9 || inputs[index] === undefined) return undefined
      const { shape, elementType } = inputs[index]
      if (index < states) return fact(shape, elementType)
      return fact(call.attribute('scan_input_axes') ? undefined : shape?.slice(1), elementType)
    }
    const results = attributes.map(({ name, graph }) => {
      const body = graph as Graph
      const path = `${scope.parts.path} / ${labelOf(node)}.${name}`
      const isSkipped = scope.parts.isSkipped || (taken !== undefined && name !== taken)
      const isSure = scope.parts.isSure && name === taken
      const inner = new Scope({ ...scope.parts, body, path, parent: scope, isSkipped, isSure })
      this.#graph(body, inner, (_, __, index) => given(index))
      return { name, facts: body.outputs.map((output) => inner.fact(output.name)) }
    })
    if (!isChoice) return []
    const branch = (name: string): readonly (Fact | undefined)[] =>
      results.find((result) => result.name === name)?.facts ?? []
    if (taken !== undefined) return branch(taken)
    return branch('then_branch').map((one, index) => common(one, branch('else_branch')[index]))
  }

  #function(called: FunctionDefinition, { node, inputs }: Call<Node>, scope: Scope): readonly (Fact | undefined)[] {
    if (this.#active.has(called)) throw complaint('a function must not call itself', called.name, called.frame.start)
    const attribute = (inside: Node, name: string): Attribute | undefined => {
      const own = attributeOf(inside, name)
      if (own?.reference === undefined) return own
      return scope.parts.attribute(node, own.reference) ?? called.defaults.find((one) => one.name === own.reference)
    }
    const inner = new Scope({
      ...{ body: called, path: `${scope.parts.path} / ${labelOf(node)}`, attribute },
      ...{ isSkipped: scope.parts.isSkipped, isSure: scope.parts.isSure },
      opsets: new Map([...this.#model.opsets, ...called.opsets]),
    })
    called.inputs.forEach((name, index) => {
      inner.learn(name, inputs[index])
    })
    this.#active.add(called)
    this.#count(called.inputs.length, node.frame)
    this.#nodes(inner)
    this.#active.delete(called)
    return called.outputs.map((name) => inner.fact(name))
  }

  /** Counts what is walked through within functions. */
  #count(parts: number, { start }: Frame): void {
    if (this.#active.size > 0) this.#budget.call(parts, start)
  }

  /** Sizes with what is known of their names. */
  #sizes(shape: Shape | undefined): Shape | undefined {
    return shape?.map((size) => (typeof size === 'string' ? (this.#symbols.get(size) ?? size) : size))
  }
}

/** How long it takes to compute with the values of inputs, if they are known. */
function stepsOf(inputs: readonly (Fact | undefined)[]): number {
  let elements = 1
  for (const input of inputs) {
    const { values, shape } = input ?? {}
    if (!values) return 0
    elements = Math.min(elements * Math.max(1, values.length), MOST_VALUES)
    if (!shape) return 0
  }
  const ranks = inputs.reduce((sum, input) => sum + 1 + (input?.shape?.length ?? 0), 0)
  return elements * ranks
}

/** Whether a shape may be the one that is declared: open sizes may be any. */
function isPossible(shape: Shape, declared: Shape): boolean {
  const differ = (a: Dimension, b: Dimension): boolean => typeof a === 'number' && typeof b === 'number' && a !== b
  return shape.length === declared.length && !shape.some((size, axis) => differ(size, declared[axis]))
}

const keyOf = (...parts: readonly string[]): string => parts.join('\0')

/** What was found out, completed with what the file says. */
function merge(own: Fact | undefined, declared: Shape | undefined): Fact | undefined {
  if (!declared || own?.values) return own
  if (!own?.shape) return withSign(fact(declared, own?.elementType), own)
  if (own.shape.length !== declared.length) return own
  const pick = (size: Dimension, said: Dimension): Dimension => (typeof size === 'number' ? size : (said ?? size))
  const shape = own.shape.map((size, axis) => pick(size, declared[axis]))
  return withSign(fact(shape, own.elementType), own)
}

const withSign = (known: Fact, own: Fact | undefined): Fact => (own?.isNonNegative ? nonNegativeFact(known) : known)
