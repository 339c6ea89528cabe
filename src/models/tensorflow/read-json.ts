import { integersOf } from '../../bytes/bytes.ts'
import { checkedJson, type JsonKind } from '../../bytes/json.ts'
import { elementsOf, memberAt, valueIn } from '../../bytes/json-places.ts'
import type { ByteSource } from '../../bytes/source.ts'
import { parseJson, readWhole } from '../../bytes/whole.ts'
import type { Model, Span } from '../../network/model.ts'
import { openSize } from '../builder.ts'
import { rowOf } from '../file-operator.ts'
import type { Companion } from '../format.ts'
import { keptValues, largest } from '../limits.ts'
import { respellText } from '../respell-text.ts'
import { buildModel } from './build.ts'
import type { TfAttribute, TfFunction, TfGraph, TfNode, TfTensor } from './graph.ts'
import { spellJson } from './spell-json.ts'

/** The most bytes of a description; its weights are other files. */
const LARGEST = largest.tfjs
/** The most bytes of a constant whose values are read: pads, sizes, axes. */
const SMALL = keptValues.tfjs

/** Parts of a graph-model of TensorFlow.js, as far as they are read. Texts are base64, integers are texts. */
interface JsonAttribute {
  readonly s?: string
  readonly i?: string | number
  readonly b?: boolean
  readonly shape?: { readonly dim?: readonly { readonly size?: string | number }[] }
  readonly list?: { readonly i?: readonly (string | number)[]; readonly s?: readonly string[] }
  readonly func?: { readonly name?: string }
}
interface JsonNode {
  readonly name?: string
  readonly op?: string
  readonly input?: readonly string[]
  readonly attr?: Readonly<Record<string, JsonAttribute>>
}
interface JsonFunction {
  readonly signature?: {
    readonly name?: string
    readonly inputArg?: readonly { readonly name?: string }[]
    readonly outputArg?: readonly { readonly name?: string }[]
  }
  readonly nodeDef?: readonly JsonNode[]
  readonly ret?: Readonly<Record<string, string>>
}
interface JsonWeight {
  readonly name?: string
  readonly shape?: readonly number[]
  readonly dtype?: string
  readonly quantization?: { readonly dtype?: string }
}
interface JsonModel {
  readonly modelTopology?: {
    readonly node?: readonly JsonNode[]
    readonly library?: { readonly function?: readonly JsonFunction[] }
  }
  readonly weightsManifest?: readonly { readonly paths?: readonly string[]; readonly weights?: readonly JsonWeight[] }[]
  readonly convertedBy?: string
  readonly generatedBy?: string
}

const attributeKind: JsonKind = {
  ...{ s: 'string', i: 'text or number', b: 'boolean', func: { name: 'string' } },
  shape: { dim: [{ size: 'text or number' }] },
  list: { i: ['text or number'], s: ['string'] },
}
const nodeKind: JsonKind = { name: 'string', op: 'string', input: ['string'], attr: { '*': attributeKind } }
const argumentKind: JsonKind = [{ name: 'string' }]
const functionKind: JsonKind = {
  signature: { name: 'string', inputArg: argumentKind, outputArg: argumentKind },
  ...{ nodeDef: [nodeKind], ret: { '*': 'string' } },
}
const weightKind: JsonKind = { name: 'string', shape: ['number'], dtype: 'string', quantization: { dtype: 'string' } }
const modelKind: JsonKind = {
  modelTopology: { node: [nodeKind], library: { function: [functionKind] } },
  weightsManifest: [{ paths: ['string'], weights: [weightKind] }],
  ...{ convertedBy: 'string', generatedBy: 'string' },
}

/** Reads a graph-model of TensorFlow.js (`model.json`), and of its weights the small constants, where they lie beside. */
export async function readGraphModel(source: ByteSource, companion?: Companion): Promise<Model> {
  const bytes = await readWhole(source, 'tfjs', 'a description', LARGEST)
  const json = parse(bytes)
  const topology = memberAt(bytes, valueIn(bytes), 'modelTopology')?.value
  const places = placesIn(bytes, topology, 'node')
  const functions = placesIn(bytes, topology, 'library', 'function')
  const graph: TfGraph = {
    nodes: (json.modelTopology?.node ?? []).map((node, index) => nodeOf(node, places[index])),
    functions: (json.modelTopology?.library?.function ?? []).map((one, index) =>
      functionOf(one, placesIn(bytes, functions[index], 'nodeDef')),
    ),
    constants: await constantsOf(json, companion),
    producer: json.convertedBy ?? json.generatedBy ?? 'TensorFlow.js',
  }
  return buildModel(graph, source, respellText(bytes, spellJson), bytes)
}

function parse(bytes: Uint8Array): JsonModel {
  const json = parseJson(new TextDecoder().decode(bytes), 'tfjs', 'a description')
  return (checkedJson('tfjs', json, modelKind) ?? {}) as JsonModel
}

/** The places of a list's elements, in a part of the text. */
function placesIn(bytes: Uint8Array, within: Span | undefined, ...path: readonly string[]): Span[] {
  const list = within && memberAt(bytes, within, ...path)?.value
  return list ? elementsOf(bytes, list) : []
}

const nodeOf = (
  { name = '', op = '', input = [], attr = {} }: JsonNode,
  place: Span = { begin: 0, end: 0 },
): TfNode => ({
  ...{ name, op, inputs: input, place },
  attributes: new Map(Object.entries(attr).map(([key, value]) => [key, attributeOf(value)])),
})

function attributeOf({ s, i, b, shape, list, func }: JsonAttribute): TfAttribute {
  if (s !== undefined) return { text: fromBase64(s) }
  if (i !== undefined) return { int: Number(i) }
  if (b !== undefined) return { bool: b }
  if (shape) return { shape: shape.dim?.map(({ size }) => openSize(Number(size ?? 0))) }
  if (func) return { call: func.name }
  return { ints: (list?.i ?? []).map(Number) }
}

/** Texts are base64; some writers leave them as they are. */
function fromBase64(text: string): string {
  try {
    return atob(text)
  } catch {
    return text
  }
}

function functionOf({ signature, nodeDef = [], ret = {} }: JsonFunction, places: readonly Span[]): TfFunction {
  return {
    name: signature?.name ?? '',
    inputs: (signature?.inputArg ?? []).map(({ name = '' }) => name),
    outputs: (signature?.outputArg ?? []).map(({ name = '' }) => ret[name] ?? name),
    nodes: nodeDef.map((node, index) => nodeOf(node, places[index])),
  }
}

/** Bytes of an element by its type, as weights are stored. */
const widths: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  float16: 2,
  uint16: 2,
  uint8: 1,
  bool: 1,
  complex64: 8,
}

/** Every constant with its shape. The values of small ones of integers are read from the files of the weights. */
async function constantsOf({ weightsManifest = [] }: JsonModel, companion?: Companion): Promise<Map<string, TfTensor>> {
  const constants = new Map<string, TfTensor>()
  for (const { paths = [], weights = [] } of weightsManifest) {
    const shards = new Shards(paths, companion)
    let at = 0
    for (const { name = '', shape = [], dtype = '', quantization } of weights) {
      const width = rowOf(widths, quantization?.dtype ?? dtype)
      const bytes = shape.reduce((product, size) => product * size, 1) * (width ?? Number.NaN)
      const isSmall = dtype === 'int32' && !quantization && bytes <= SMALL
      const values = isSmall ? await shards.integers(at, bytes) : undefined
      constants.set(name, { dims: shape, values: () => values })
      at += bytes
    }
  }
  return constants
}

/** The files of one group of weights, one behind the other. */
class Shards {
  readonly #paths: readonly string[]
  readonly #companion: Companion | undefined
  #opened: Promise<(ByteSource | undefined)[]> | undefined

  constructor(paths: readonly string[], companion: Companion | undefined) {
    this.#paths = paths
    this.#companion = companion
  }

  /** Integers of four bytes at a place; undefined where the files cannot be had. */
  async integers(at: number, bytes: number): Promise<readonly number[] | undefined> {
    const open = this.#companion
    if (!open || !Number.isSafeInteger(at)) return undefined
    this.#opened ??= Promise.all(this.#paths.map((path) => open(path)))
    let begin = at
    for (const shard of await this.#opened) {
      if (!shard) return undefined
      if (begin + bytes <= shard.size) return integersOf(await shard.read(begin, begin + bytes), 4)
      if (begin < shard.size) return undefined // a constant over two files
      begin -= shard.size
    }
    return undefined
  }
}
