import type { Body, Edit, Graph, Model, NewPad, Refused, RewriteSite } from '../../network/model.ts'
import { addInitializer, insertNode, type NewNode, setInput } from './edits.ts'

const FLOAT = 1
/** Minus infinity, or the least value, by ONNX's number of the type: its bytes. Of uint8 the least is zero. */
const least: Readonly<Record<number, readonly number[]>> = {
  1: [0, 0, 0x80, 0xff],
  2: [0],
  3: [0x80],
  10: [0, 0xfc],
  11: [0, 0, 0, 0, 0, 0, 0xf0, 0xff],
  16: [0x80, 0xff],
}
/** The first operator sets whose Pad has these attributes, and takes them as inputs. */
const [PADS_ATTRIBUTE, PADS_INPUT] = [2, 11]

function refusalOf({ body, opset, elementType }: RewriteSite, { holds: { kind } }: NewPad): string | undefined {
  if (!('initializers' in body)) return 'it lies in a function, which holds no constants'
  if (opset < PADS_ATTRIBUTE) return `operator set ${opset} has another Pad`
  if (kind === 'least' && !Object.hasOwn(least, elementType)) return 'the type of its elements is not known'
  const isPlain = elementType === FLOAT || elementType === 0
  if (opset < PADS_INPUT && (kind === 'named' || !isPlain)) return `Pad of operator set ${opset} takes floats alone`
  return undefined
}

/** The edits that write it: the Pad, its constants, and the input of the node. */
export function padNodeEdits(model: Model, site: RewriteSite, pad: NewPad): Edit[] | Refused {
  const refused = refusalOf(site, pad)
  if (refused !== undefined) return { refused }
  const { node, body, opset, elementType } = site
  const { pads, holds } = pad
  const graph = body as Graph
  const fresh = (word: string): string => freshName(model, `${node.outputs[0]}_${word}`)
  const [padded, amounts, value] = [fresh('padded'), fresh('pads'), fresh('pad_value')]
  const all = [0, 0, ...pads.map(([begin]) => begin), 0, 0, ...pads.map(([, end]) => end)]
  const isLeast = holds.kind === 'least'
  const common = { opType: 'Pad', name: padded, outputs: [padded] }
  if (opset < PADS_INPUT) {
    const attributes = { mode: 'constant', pads: all, ...(isLeast && { value: { float: Number.NEGATIVE_INFINITY } }) }
    const early: NewNode = { ...common, inputs: [node.inputs[0]], attributes }
    return [insertNode(body, node, early), setInput(node, 0, padded)]
  }
  const held = isLeast ? value : holds.name
  const late: NewNode = {
    ...common,
    inputs: [node.inputs[0], amounts, ...(held ? [held] : [])],
    attributes: { mode: 'constant' },
  }
  const constant = { name: value, type: { elementType, bytes: least[elementType] }, values: 0 }
  return [
    insertNode(body, node, late),
    setInput(node, 0, padded),
    addInitializer(graph, { name: amounts, type: 'int64', values: all }),
    ...(isLeast ? [addInitializer(graph, constant)] : []),
  ]
}

const known = new WeakMap<Model, Set<string>>()

/** A name that no value of a model has, anywhere; it is taken from then on. */
export function freshName(model: Model, wanted: string): string {
  const names = known.get(model) ?? new Set(namesOf(model.graph, model.functions))
  known.set(model, names)
  let name = wanted
  for (let count = 2; names.has(name); count++) name = `${wanted}_${count}`
  names.add(name)
  return name
}

function* namesOf(graph: Graph, functions: readonly Body[]): Iterable<string> {
  const pending: Body[] = [graph, ...functions]
  for (let body = pending.pop(); body; body = pending.pop()) {
    if ('initializers' in body) {
      const { inputs, initializers } = body as Graph
      for (const { name } of [...inputs, ...initializers]) yield name
    }
    for (const { name, outputs, attributes } of body.nodes) {
      yield name
      yield* outputs
      for (const { graph: inner, graphs = [] } of attributes) pending.push(...(inner ? [inner, ...graphs] : graphs))
    }
  }
}
