import type { Pads } from '../../geometry/index.ts'
import {
  attributeOf,
  type Body,
  type Edit,
  type Graph,
  type Model,
  type Node,
  type Refused,
  type Rewrite,
  type RewriteSite,
  type StoredTensor,
  type ValueInfo,
} from '../../network/model.ts'
import { remove, removeAttribute, setAttribute, setInput } from './edits.ts'
import { padNodeEdits } from './pad-edits.ts'

/** The edits of a rewrite: everything that is not about padding stays as it is. */
export function respellOnnx(model: Model, site: RewriteSite, rewrite: Rewrite): readonly Edit[] | Refused {
  const { node } = site
  const { padding, outputPadding, countIncludePad, folded, inFront } = rewrite
  const put = inFront ? padNodeEdits(model, site, inFront) : []
  if ('refused' in put) return put
  const drop = (name: string): Edit[] => (attributeOf(node, name) ? [removeAttribute(node, name)] : [])
  const isSet = (name: string): boolean => (attributeOf(node, name)?.int ?? 0) !== 0
  const isSame = attributeOf(node, 'auto_pad')?.string?.startsWith('SAME') ?? false
  const edits =
    typeof padding === 'string'
      ? [setAttribute(node, 'auto_pad', padding), ...drop('pads')]
      : [setAttribute(node, 'pads', padsAttribute(padding)), ...drop('auto_pad'), ...drop('output_shape')]
  const isAdding = outputPadding?.some((cells) => cells > 0)
  if (outputPadding && (isAdding || attributeOf(node, 'output_padding'))) {
    edits.push(setAttribute(node, 'output_padding', outputPadding))
  }
  // Beside automatic padding rounding up means nothing; beside numbers it would.
  if (isSet('ceil_mode') && isSame) edits.push(...drop('ceil_mode'))
  if (countIncludePad && !isSet('count_include_pad')) edits.push(setAttribute(node, 'count_include_pad', 1))
  edits.push(...put)
  return folded ? [...edits, ...foldEdits(model, node, folded)] : edits
}

/** All begins, then all ends. */
const padsAttribute = (pads: readonly Pads[]): number[] => [
  ...pads.map(([begin]) => begin),
  ...pads.map(([, end]) => end),
]

/** Lets a node read what its `Pad` read, and takes the `Pad` out, with the constants that nobody else reads. */
function foldEdits(model: Model, node: Node, { node: pad, body, through }: NonNullable<Rewrite['folded']>): Edit[] {
  const uses = usesIn(model)
  const { inputs, initializers, values } = namesIn(body)
  const ours = pad.inputs.slice(1).filter((name) => uses.get(name) === 1 && !inputs.has(name))
  // What the file says of these values holds no longer.
  const stale = [pad, ...through].flatMap(({ outputs }) => outputs)
  return [
    setInput(through[0] ?? node, 0, pad.inputs[0]),
    remove(pad),
    ...ours.flatMap((name) => initializers.get(name) ?? []).map(remove),
    ...stale.flatMap((name) => values.get(name) ?? []).map(remove),
  ]
}

/** What a body says of its values, by their names. */
interface Names {
  readonly inputs: ReadonlySet<string>
  readonly initializers: ReadonlyMap<string, readonly StoredTensor[]>
  readonly values: ReadonlyMap<string, readonly ValueInfo[]>
}

const listed = new WeakMap<Body, Names>()

/** Made once for a body: a file may have a `Pad` before each of many nodes. */
function namesIn(body: Body): Names {
  const { inputs, initializers, values } = { inputs: [], initializers: [], ...body } as Pick<
    Graph,
    'inputs' | 'initializers' | 'values'
  >
  const names = listed.get(body) ?? {
    inputs: new Set(inputs.map(({ name }) => name)),
    initializers: byName(initializers),
    values: byName(values),
  }
  listed.set(body, names)
  return names
}

function byName<T extends { readonly name: string }>(list: readonly T[]): Map<string, T[]> {
  const lists = new Map<string, T[]>()
  for (const one of list) {
    const alike = lists.get(one.name)
    if (alike) alike.push(one)
    else lists.set(one.name, [one])
  }
  return lists
}

const known = new WeakMap<Model, ReadonlyMap<string, number>>()

/** How often each name is read, anywhere. */
function usesIn(model: Model): ReadonlyMap<string, number> {
  const counted = known.get(model)
  if (counted) return counted
  const uses = new Map<string, number>()
  const add = (name: string): void => void uses.set(name, (uses.get(name) ?? 0) + 1)
  const visit = (body: Body): void => {
    for (const { inputs, attributes } of body.nodes) {
      inputs.forEach(add)
      for (const { graph, graphs = [] } of attributes)
        for (const inner of graph ? [graph, ...graphs] : graphs) visit(inner)
    }
    for (const output of body.outputs) add(typeof output === 'string' ? output : output.name)
  }
  for (const body of [model.graph, ...model.functions]) visit(body)
  known.set(model, uses)
  return uses
}
