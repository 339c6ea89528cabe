import { bytesField, integerField, join, textField, varint } from '../../../src/models/onnx/encode.ts'
import {
  applyEdits,
  type Edit,
  type Frame,
  type Graph,
  type Model,
  type Node,
  remove,
  setAttribute,
  setInput,
} from '../../../src/models.ts'
import { operators } from '../../../src/operators/index.ts'

/** Random numbers below 1 that are the same in every run (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The first nodes of a model's graphs and what they use: small enough to be read thousands of times. */
export function firstNodes(model: Model, bytes: Uint8Array, count: number): Promise<Uint8Array> {
  const edits: Edit[] = []
  const shorten = ({ nodes, initializers }: Graph): void => {
    const kept = nodes.filter(({ opType }) => opType !== 'Constant').slice(0, count)
    const used = new Set(kept.flatMap(({ inputs }) => inputs))
    const isKept = (node: Node): boolean => kept.includes(node) || used.has(node.outputs[0])
    edits.push(...nodes.filter((node) => !isKept(node)).map(remove))
    edits.push(...initializers.filter(({ name }) => !used.has(name)).map(remove))
    for (const { attributes } of kept) for (const { graph } of attributes) if (graph) shorten(graph)
  }
  shorten(model.graph)
  return applyEdits(bytes, edits)
}

/** Is thrown where a mutation needs what a model does not have, such as a node. */
export class NothingToMutate extends Error {}

/** Picks one of a list. */
export type Pick = <T>(list: readonly T[]) => T

/** What picks by these random numbers. */
export function pickBy(random: () => number): Pick {
  return (list) => {
    if (list.length === 0) throw new NothingToMutate()
    return list[Math.floor(random() * list.length)]
  }
}

/** What may be changed in a model. */
export interface Target {
  readonly bytes: Uint8Array
  readonly frames: readonly Frame[]
  readonly nodes: readonly Node[]
  readonly tensors: readonly Frame[]
  readonly names: readonly string[]
}

/** The parts of a model that mutations choose from. */
export function targetOf(model: Model, bytes: Uint8Array): Target {
  const [frames, nodes, tensors] = [[] as Frame[], [] as Node[], [] as Frame[]]
  const pass = (graph: Graph): void => {
    frames.push(graph.frame, ...[...graph.inputs, ...graph.outputs, ...graph.values].map(({ frame }) => frame))
    tensors.push(...graph.initializers.map(({ frame }) => frame))
    for (const node of graph.nodes) {
      nodes.push(node)
      frames.push(node.frame, ...node.inputFrames)
      for (const attribute of node.attributes) {
        frames.push(attribute.frame)
        if (attribute.tensor) tensors.push(attribute.tensor.frame)
        if (attribute.graph) pass(attribute.graph)
      }
    }
  }
  pass(model.graph)
  const names = nodes.flatMap(({ outputs }) => outputs)
  return { bytes, frames: [...frames, ...tensors], nodes, tensors, names: [...names, '', 'nobody'] }
}

const absurd = [0, -1, -2, 1, 2 ** 31, 2 ** 32, -(2 ** 31), 2 ** 52, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]
const attributes = [
  ...['pads', 'strides', 'dilations', 'kernel_shape', 'axes', 'perm', 'group', 'axis', 'output_shape', 'split'],
  ...['value_ints', 'output_padding', 'ceil_mode', 'count_include_pad', 'storage_order', 'blocksize', 'keepdims'],
  ...['start', 'end', 'allowzero', 'num_outputs', 'to', 'batch_dims', 'exclude_outside', 'hidden_size', 'value_int'],
]
/** Texts of attributes, right ones and wrong ones. */
const texts = {
  auto_pad: ['SAME_UPPER', 'SAME_LOWER', 'VALID', 'NOTSET', 'same', ''],
  mode: ['constant', 'reflect', 'edge', 'wrap', 'nearest', 'linear', 'DCR', 'none'],
  coordinate_transformation_mode: ['asymmetric', 'half_pixel', 'align_corners', 'none'],
}

type Mutation = (target: Target, pick: Pick, random: () => number) => Promise<Uint8Array> | Uint8Array

/** Other bytes in the place of some, without regard for any length. */
function spliced({ bytes }: Target, begin: number, end: number, by: Uint8Array | readonly number[]): Uint8Array {
  return join([bytes.subarray(0, begin), Uint8Array.from(by), bytes.subarray(end)])
}

const edited = ({ bytes }: Target, ...edits: Edit[]): Promise<Uint8Array> => applyEdits(bytes, edits)

/** Ways to spoil a file, by name. */
export const mutations: Readonly<Record<string, Mutation>> = {
  'cut short': ({ bytes, frames }, pick, random) =>
    bytes.subarray(0, random() < 0.5 ? pick(frames).begin : Math.floor(random() * bytes.length)),
  'a bit turned': (target, pick, random) => {
    const { start, begin } = pick(target.frames)
    const at =
      random() < 0.7 ? start + Math.floor(random() * (begin - start)) : Math.floor(random() * target.bytes.length)
    return spliced(target, at, at + 1, [target.bytes[at] ^ (1 << Math.floor(random() * 8))])
  },
  'another length': (target, pick) => {
    const { prefix, begin, end } = pick(target.frames)
    return spliced(
      target,
      prefix,
      begin,
      varint(pick([0, 1, end - begin + 1, end - begin - 1, 2 ** 31, 2 ** 40, 2 ** 53 - 1, -1])),
    )
  },
  'an endless integer': (target, pick, random) => {
    const { prefix, begin } = pick(target.frames)
    return spliced(target, prefix, begin, new Array(Math.floor(random() * 30)).fill(0xff))
  },
  'another kind of field': (target, pick) => {
    const { start } = pick(target.frames)
    return spliced(target, start, start + 1, [(target.bytes[start] & 0xf8) | pick([0, 1, 3, 4, 5, 6, 7])])
  },
  'another field': (target, pick) => {
    const { start } = pick(target.frames)
    return spliced(target, start, start + 1, [pick([...Array(26).keys()]) * 8 + pick([0, 1, 2, 5])])
  },
  'a circle of names': (target, pick) => {
    const node = pick(target.nodes.filter(({ inputs }) => inputs.length > 0))
    return edited(target, setInput(node, pick([...node.inputs.keys()]), pick([...target.names, ...node.outputs])))
  },
  'absurd sizes': (target, pick, random) => {
    const tensor = pick(target.tensors)
    const sizes = Array.from({ length: 1 + Math.floor(random() * 70) }, () => integerField(1, Math.abs(pick(absurd))))
    return edited(target, { begin: tensor.begin, end: tensor.begin, bytes: join(sizes), within: tensor })
  },
  'absurd attributes': (target, pick, random) => {
    const values = Array.from({ length: Math.floor(random() * 9) }, () => pick(absurd))
    return edited(target, setAttribute(pick(target.nodes), pick(attributes), random() < 0.3 ? pick(absurd) : values))
  },
  'a part twice': (target, pick) => {
    const { start, end } = pick(target.frames)
    const { begin } = pick(target.frames)
    return spliced(target, begin, begin, target.bytes.subarray(start, Math.min(end, start + 5000)))
  },
  'a graph within': (target, pick, random) => {
    let inner = bytesField(1, new Uint8Array(0))
    for (let depth = 1 + Math.floor(random() * 60); depth > 0; depth--)
      inner = bytesField(1, bytesField(5, bytesField(6, inner)))
    const [graph] = target.frames
    const { start } = pick(target.nodes.filter(({ frame }) => frame.parent === graph)).frame
    return edited(target, { begin: start, end: start, bytes: inner, within: graph })
  },
  // Of a field that comes twice the last one counts.
  'another operator': (target, pick) => {
    const { frame } = pick(target.nodes)
    const { name, domains } = pick(operators)
    const bytes = join([textField(4, name), textField(7, domains ? pick(domains) : '')])
    return edited(target, { begin: frame.end, end: frame.end, bytes, within: frame })
  },
  'a text of an attribute': (target, pick) => {
    const name = pick(Object.keys(texts) as (keyof typeof texts)[])
    return edited(target, setAttribute(pick(target.nodes), name, pick(texts[name])))
  },
  'small attributes': (target, pick, random) => {
    const values = Array.from({ length: Math.floor(random() * 7) }, () => Math.floor(random() * 12) - 3)
    return edited(target, setAttribute(pick(target.nodes), pick(attributes), random() < 0.3 ? pick(absurd) : values))
  },
  'a part many times': (target, pick, random) => {
    const { start, end } = pick(target.frames.filter((frame) => frame.end - frame.start < 500))
    const copies = new Array(Math.floor(random() * 60)).fill(target.bytes.subarray(start, end))
    const { parent } = pick(target.frames.filter((frame) => frame.start === start))
    return parent ? edited(target, { begin: end, end, bytes: join(copies), within: parent }) : target.bytes
  },
  'an input more': (target, pick) => {
    const node = pick(target.nodes)
    return edited(target, setInput(node, node.inputs.length, pick(target.names)))
  },
}
