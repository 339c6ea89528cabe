import { attributeOf, type Node } from '../../network/model.ts'
import type { WeightedModel } from './load.ts'
import { type GraphPattern, patterns } from './patterns.ts'

// Finds patterns in a model, and puts the operators that they are in their place.

/** A pattern as a tree: an operator with what it takes, a letter, or a number. */
type Tree = { readonly operator: string; readonly operands: readonly Tree[] } | string | number

interface WrittenPattern {
  readonly nodes: Tree
  readonly operator: string
  readonly letters: readonly string[]
}

/** Reads `Mul(x, Add(x, 3))`. */
function parse(text: string): Tree {
  const tokens = text.match(/[A-Za-z]\w*|-?[\d.]+(?:e-?\d+)?|[(),]/g) ?? []
  let at = 0
  const tree = (): Tree => {
    const token = tokens[at++]
    if (/^-?\d/.test(token)) return Number(token)
    if (tokens[at] !== '(') return token
    const operands: Tree[] = []
    while (tokens[at] !== ')') {
      at++
      operands.push(tree())
    }
    at++
    return { operator: token, operands }
  }
  return tree()
}

function read({ nodes, becomes }: GraphPattern): WrittenPattern {
  const { operator, operands } = parse(becomes) as Exclude<Tree, string | number>
  return { nodes: parse(nodes), operator, letters: operands.map(String) }
}

const written: readonly WrittenPattern[] = patterns.map(read)
const commutative: readonly string[] = ['Add', 'Mul']

/** The same model with every pattern as one node. What lies within a pattern must be read by nothing else. */
export function fusePatterns({ model, constants }: WeightedModel): WeightedModel {
  const { nodes, outputs } = model.graph
  const producers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)))
  const uses = new Map<string, number>()
  for (const name of [...nodes.flatMap(({ inputs }) => inputs), ...outputs.map(({ name }) => name)]) {
    uses.set(name, (uses.get(name) ?? 0) + 1)
  }
  const constant = (name: string): number | undefined => {
    // One with more dimensions would give the result more of them.
    const { data, shape } = constants.get(name) ?? {}
    return data?.length === 1 && shape && shape.length <= 1 ? data[0] : undefined
  }
  const made = new Map<Node, Node | undefined>()
  for (const node of nodes) {
    for (const { nodes: tree, operator, letters } of written) {
      const found = new Match(producers, uses, constant).of(node, tree)
      if (!found) continue
      for (const inner of found.within) made.set(inner, undefined)
      const inputs = letters.map((letter) => found.letters.get(letter) ?? '')
      const one = { ...node, opType: operator, inputs, inputFrames: inputs.map(() => node.frame), attributes: [] }
      made.set(node, one)
      for (const name of node.outputs) producers.set(name, one)
      break
    }
  }
  const rest = nodes.flatMap((node) => (made.has(node) ? (made.get(node) ?? []) : node))
  return { model: { ...model, graph: { ...model.graph, nodes: rest } }, constants }
}

/** What a pattern was found to be. */
interface Found {
  readonly letters: ReadonlyMap<string, string>
  readonly within: readonly Node[]
}

class Match {
  readonly #producers: ReadonlyMap<string, Node>
  readonly #uses: ReadonlyMap<string, number>
  readonly #constant: (name: string) => number | undefined

  constructor(
    producers: ReadonlyMap<string, Node>,
    uses: ReadonlyMap<string, number>,
    constant: (name: string) => number | undefined,
  ) {
    this.#producers = producers
    this.#uses = uses
    this.#constant = constant
  }

  of(node: Node, tree: Tree): Found | undefined {
    return this.#node(node, tree, { letters: new Map(), within: [] })
  }

  #node(node: Node, tree: Tree, found: Found): Found | undefined {
    if (typeof tree !== 'object' || node.opType !== tree.operator || node.domain !== '') return undefined
    const operands = operandsOf(node)
    const orders = commutative.includes(node.opType) ? [operands, operands.toReversed()] : [operands]
    for (const order of orders) {
      if (order.length !== tree.operands.length) continue
      const all = tree.operands.reduce<Found | undefined>(
        (so, operand, index) => so && this.#operand(order[index], operand, so),
        found,
      )
      if (all) return all
    }
    return undefined
  }

  #operand(value: string | number, tree: Tree, found: Found): Found | undefined {
    if (typeof tree === 'number') {
      const number = typeof value === 'number' ? value : this.#constant(value)
      return number !== undefined && Math.abs(number - tree) <= 1e-5 * Math.abs(tree) ? found : undefined
    }
    if (typeof value === 'number') return undefined
    if (typeof tree === 'string') {
      const known = found.letters.get(tree)
      if (known !== undefined) return known === value ? found : undefined
      return { ...found, letters: new Map([...found.letters, [tree, value]]) }
    }
    const node = this.#producers.get(value)
    if (!node || this.#uses.get(value) !== 1) return undefined
    const inner = this.#node(node, tree, found)
    return inner && { ...inner, within: [...inner.within, node] }
  }
}

/** Attributes that stand for operands, with what they are where they are left out. */
const numbered: Readonly<Record<string, readonly (readonly [name: string, absent: number])[]>> = {
  HardSigmoid: [
    ['alpha', 0.2],
    ['beta', 0.5],
  ],
}

/** What a node takes: names of values, and numbers that are attributes. */
function operandsOf(node: Node): readonly (string | number)[] {
  const numbers = numbered[node.opType]
  if (numbers) return [node.inputs[0], ...numbers.map(([name, absent]) => attributeOf(node, name)?.float ?? absent)]
  if (node.opType !== 'Clip' || node.inputs.length > 1) return node.inputs
  return [node.inputs[0], ...['min', 'max'].map((name) => attributeOf(node, name)?.float ?? Number.NaN)]
}
