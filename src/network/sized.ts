import type { Pads } from '../geometry/index.ts'
import { Call } from '../operators/call.ts'
import { type Dimension, type Fact, fact, type Shape } from '../operators/fact.ts'
import { operatorOf } from '../operators/index.ts'
import { padding } from '../operators/resizing.ts'
import type { Node } from './model.ts'
import type { Made, Scope } from './scope.ts'

// Pads that a model works out from the size of what it pads: its own arithmetic, done for one size after another.

/** The most nodes of a formula. Exporters write some forty for two axes. */
const MOST_NODES = 512
/** The most nodes that are worked out for one body of nodes, over all sizes and Pads. */
const MOST_WORK = 200_000
/** The longest list that a formula writes out. */
const MOST_LISTED = 64
/** The most nodes back to a value whose size is that of the cells that are padded. */
const MOST_BACK = 8

/** Along one axis what a Pad adds to so many cells, 1 and more; undefined where that follows from something else. */
export function padsBySize(made: Made, axis: number, most: number): readonly Pads[] | undefined {
  const tables = known.get(made.call) ?? new Map<string, readonly Pads[] | undefined>()
  known.set(made.call, tables)
  const key = `${axis} ${most}`
  if (!tables.has(key)) tables.set(key, tableOf(made, axis, most))
  return tables.get(key)
}

/** What was worked out for a Pad, which many windows may read. */
const known = new WeakMap<Call, Map<string, readonly Pads[] | undefined>>()

function tableOf(made: Made, axis: number, most: number): readonly Pads[] | undefined {
  const shape = made.call.inputs[0]?.shape
  if (!shape || typeof shape[axis] === 'number') return undefined
  const names = aliasesOf(made)
  const sizes = (own: number, other: number): Shape =>
    shape.map((size, at) => (at === axis ? own : typeof size === 'number' ? size : other))
  const at = (own: number, other: number): Pads | undefined => {
    const [begin, end] = formulaAt(made, names, sizes(own, other))?.[axis] ?? []
    return typeof begin === 'number' && typeof end === 'number' ? [begin, end] : undefined
  }
  const table: Pads[] = []
  for (let size = 1; size <= most; size++) {
    const pads = at(size, OTHER[0])
    if (!pads) return undefined
    // It must not depend on the other axes.
    if (size <= MOST_AGAIN && OTHER.some((other) => at(size, other)?.join() !== pads.join())) return undefined
    table.push(pads)
  }
  return table
}

/** Sizes of the axes that are not asked about. */
const OTHER = [1, 6, 7]
/** As many sizes are tried beside each of those. */
const MOST_AGAIN = 8

/** Nodes that were worked out so far, by the scope of one walk. */
const worked = new WeakMap<Scope, number>()

/** The names of what a Pad pads, and of values with the same cells before it. */
function aliasesOf({ call, scope }: Made): ReadonlySet<string> {
  const names = new Set<string>([call.node.inputs[0] ?? ''])
  let name = call.node.inputs[0] ?? ''
  for (let back = 0; back < MOST_BACK; back++) {
    const made = scope.producer(name)
    if (!made || made.scope !== scope || made.call.node.inputs.length === 0) break
    const row = operatorOf(made.call.node)
    const isAlike =
      row?.cells === 'stay' && row.name !== 'Transpose' && made.call.node.inputs.slice(1).every(isConstantIn(scope))
    if (!isAlike) break
    name = made.call.node.inputs[0] ?? ''
    names.add(name)
  }
  return names
}

const isConstantIn =
  (scope: Scope) =>
  (name: string): boolean =>
    name === '' || scope.fact(name)?.values !== undefined

/** The cells that a Pad adds where the value that it pads has a shape. */
function formulaAt({ call, scope }: Made, names: ReadonlySet<string>, shape: Shape): ReturnType<typeof padding> {
  const values = new Map<string, Fact | undefined>()
  const padded = fact(shape, call.inputs[0]?.elementType)
  const before = worked.get(scope) ?? 0
  let count = 0
  const find = (name: string): Fact | undefined => {
    if (name === '') return undefined
    if (names.has(name)) return padded
    if (values.has(name)) return values.get(name)
    values.set(name, undefined) // a circle of names has no value
    const found = made(name)
    values.set(name, found)
    return found
  }
  const made = (name: string): Fact | undefined => {
    const maker = scope.producer(name)
    const whole = scope.fact(name)
    if (!maker || maker.scope !== scope || isKnown(whole)) return whole
    const { node, opset } = maker.call
    if (++count > MOST_NODES || before + count > MOST_WORK) return undefined
    const again = new Call<Node>(node, opset, node.inputs.map(find), maker.call.attribute)
    return operatorOf(node)?.infer?.(again)[node.outputs.indexOf(name)]
  }
  const inputs = call.node.inputs.map(find)
  worked.set(scope, before + count)
  return count > MOST_NODES ? undefined : padding(new Call<Node>(call.node, call.opset, inputs, call.attribute))
}

const isKnown = (known: Fact | undefined): boolean =>
  known?.values?.every((value: Dimension) => typeof value === 'number') ?? false

/**
 * A formula as a text, so that formulas that are the same have the same one. Names are not part of it.
 *
 * @returns undefined where it is too long
 */
export function formulaText(made: Made, index: number): string | undefined {
  const texts = formulas.get(made.call) ?? new Map<number, string | undefined>()
  formulas.set(made.call, texts)
  if (!texts.has(index)) texts.set(index, writtenOut(made, index))
  return texts.get(index)
}

const formulas = new WeakMap<Call, Map<number, string | undefined>>()

function writtenOut(made: Made, index: number): string | undefined {
  const names = aliasesOf(made)
  let count = 0
  const text = (name: string, depth: number): string => {
    if (name === '') return '-'
    if (names.has(name)) return 'x'
    const known = made.scope.fact(name)
    if (isKnown(known)) return listed(known?.values ?? [])
    const maker = made.scope.producer(name)
    if (!maker) return name
    if (++count > MOST_NODES || depth > MOST_DEPTH) return '...'
    const { node } = maker.call
    if (node.inputs.length > MOST_LISTED) return '...'
    const attributes = attributesText(node)
    return `${node.opType}${node.outputs.indexOf(name) || ''}(${[...node.inputs.map((one) => text(one, depth + 1)), attributes].join()})`
  }
  const whole = text(made.call.node.inputs[index] ?? '', 0)
  return whole.includes('...') ? undefined : whole
}

/** The deepest formula that is written out. */
const MOST_DEPTH = 64

const listed = (values: readonly unknown[]): string => (values.length > MOST_LISTED ? '...' : `[${values}]`)

/** The attributes of a node as a text, but for tensors and graphs; `...` where one is a long list. */
export function attributesText(node: Node): string {
  if (node.attributes.length > MOST_LISTED) return '...'
  return node.attributes
    .map(({ name, int, float, string, ints, floats }) => {
      const list = ints ?? floats
      return `${name}=${list ? listed(list) : (int ?? float ?? JSON.stringify(string))}`
    })
    .join()
}
