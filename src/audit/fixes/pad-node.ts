import type { Pads } from '../../geometry/index.ts'
import type { Edit } from '../../onnx/edit.ts'
import { addInitializer, insertNode, type NewNode, setInput } from '../../onnx/edits.ts'
import type { Body, Graph, Model } from '../../onnx/model.ts'
import type { SpatialNode } from '../../onnx/spatial-node.ts'
import { operatorOf } from '../../operators/index.ts'
import { explicitPads } from '../explicit-pads.ts'
import type { Layer } from '../layer.ts'
import type { Plan } from './targets.ts'

/** What a written `Pad` holds: zeros, the least value of the type, or another value of the graph, by its name. */
interface Held {
  readonly kind: 'zeros' | 'least' | 'named'
  readonly name?: string
}

/** A `Pad` that is written in front of a node. */
export interface NewPad {
  readonly pads: readonly Pads[]
  readonly holds: Held
}

/** Minus infinity, or the least value, by ONNX's number of the type: its bytes. Of uint8 the least is zero. */
const least: Readonly<Record<number, readonly number[]>> = {
  1: [0, 0, 0x80, 0xff],
  2: [0],
  3: [0x80],
  10: [0, 0xfc],
  11: [0, 0, 0, 0, 0, 0, 0xf0, 0xff],
  16: [0x80, 0xff],
}
const FLOAT = 1
/** The first operator sets whose Pad has these attributes, and takes them as inputs. */
const [PADS_ATTRIBUTE, PADS_INPUT] = [2, 11]

/** Writes padding that differs between begin and end as a `Pad` in front, which computes the same. */
export function toPadNode({ spatial }: Layer, isOpen: boolean): Plan {
  const { written, op } = spatial
  if (op === 'convTranspose') return undefined
  const isWritten = written.autoPad === undefined || written.autoPad === 'NOTSET'
  if (isWritten && !isUneven(writtenPads(written.pads ?? []))) return undefined
  const explicit = explicitPads(spatial, isOpen)
  if (typeof explicit === 'string') return explicit
  const { pads, always } = explicit
  if (!isUneven(pads)) return undefined
  const holds = heldBy(spatial)
  if (typeof holds === 'string') return holds
  return unwritable(spatial, holds) ?? { padding: pads.map(() => [0, 0] as const), inFront: { pads, holds }, always }
}

const isUneven = (pads: readonly Pads[]): boolean => pads.some(([begin, end]) => begin !== end)
const writtenPads = (pads: readonly number[]): Pads[] => {
  const rank = pads.length / 2
  return pads.slice(0, rank).map((begin, axis) => [begin, pads[axis + rank]] as const)
}

/** What stands in the padding of a node, as something that a `Pad` can hold; else why it cannot, as a clause. */
function heldBy({ op, node, written }: SpatialNode): Held | string {
  const window = operatorOf(node)?.window
  if (node.outputs[1]) return 'the indices of the maxima count its cells'
  if (node.opType === 'MaxPool') return { kind: 'least' }
  if (op === 'averagePool' && !written.countIncludePad) return 'it does not count its padding, and would count a Pad'
  if (window?.zeroPoint !== undefined) {
    const zeroPoint = node.inputs[window.zeroPoint]
    return zeroPoint ? { kind: 'named', name: zeroPoint } : { kind: 'zeros' }
  }
  return window?.padsLikePad ? { kind: 'zeros' } : `${node.opType} has no such pads`
}

function unwritable({ body, opset, elementType }: SpatialNode, { kind }: Held): string | undefined {
  if (!('initializers' in body)) return 'it lies in a function, which holds no constants'
  if (opset < PADS_ATTRIBUTE) return `operator set ${opset} has another Pad`
  if (kind === 'least' && !Object.hasOwn(least, elementType)) return 'the type of its elements is not known'
  const isPlain = elementType === FLOAT || elementType === 0
  if (opset < PADS_INPUT && (kind === 'named' || !isPlain)) {
    return `Pad of operator set ${opset} takes floats alone`
  }
  return undefined
}

/** The edits that write it: the Pad, its constants, and the input of the node. */
export function padNodeEdits(model: Model, { node, body, opset, elementType }: SpatialNode, pad: NewPad): Edit[] {
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
function freshName(model: Model, wanted: string): string {
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
