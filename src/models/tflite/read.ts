import { checkRange, dataView, type FileBytes, integersOf, readBytes } from '../../bytes/bytes.ts'
import { fileError } from '../../bytes/file-error.ts'
import { type RawTable, rootTable, type Table } from '../../bytes/flatbuffer.ts'
import type { ByteSource } from '../../bytes/source.ts'
import type { Model, Shape, Span } from '../../network/model.ts'
import { ModelBuilder, openSize } from '../builder.ts'
import { rowOf } from '../file-operator.ts'
import { keptValues } from '../limits.ts'
import { joinSpaceToBatch } from '../space-to-batch.ts'
import type { TfliteOperation } from './operation.ts'
import { customOperators, operators, otherNames } from './operators.ts'
import { type PadOperator, padPlaces } from './pad-places.ts'
import { type OptionsPlace, respellTflite } from './respell.ts'
import {
  bufferSlots,
  elementTypes,
  modelSlots,
  operatorCodeSlots,
  operatorSlots,
  subgraphSlots,
  tensorSlots,
  windowOptions,
} from './schema.ts'

/** Elements of a constant that is computed with. */
const MOST_VALUES = keptValues.tflite

/** Operators whose options have a padding: windows of two and three axes, transposed ones. */
const padded = [1, 3, 4, 12, 17, 67, 132]
/** The most bytes of a table of options. */
const LARGEST_OPTIONS = 256

/** Whether a file ends as an archive of ZIP does, in which labels stand. */
function endsAsArchive(bytes: FileBytes): boolean {
  const end = bytes.range(Math.max(0, bytes.size - 22), bytes.size)
  return String.fromCharCode(...end.subarray(0, 4)) === 'PK\x05\x06'
}

/** Reads a TFLite model without its weights. */
export function readTflite(source: ByteSource): Promise<Model> {
  return readBytes(source, (bytes) => new TfliteReader(bytes).model(source))
}

interface TensorInfo {
  readonly name: string
  readonly shape: Shape | undefined
  readonly type: number
  readonly buffer: number
}

/** A place in a table. */
interface OperatorCode {
  readonly code: number
  readonly custom: string | undefined
}

class TfliteReader {
  readonly #bytes: FileBytes
  readonly #root: Table
  readonly #builder = new ModelBuilder()
  readonly #buffers: readonly Table[]
  readonly #codes: readonly OperatorCode[]
  /** What the operators that slide a window have for options, by the place of their table; and these by theirs. */
  readonly #options = new Map<number, OptionsPlace>()
  readonly #tables = new Map<number, { readonly raw: RawTable | undefined; users: number }>()
  /** Its PAD operators, and the numbers of the tensors that operators read. */
  readonly #pads: PadOperator[] = []
  readonly #uses: number[] = []
  /** Names of the graphs, of which the first one is read. */
  #subgraphs: readonly string[] = []

  constructor(bytes: FileBytes) {
    this.#bytes = bytes
    this.#root = rootTable(bytes)
    this.#buffers = [...this.#root.tables(modelSlots.buffers)]
    this.#codes = [...this.#root.tables(modelSlots.operatorCodes)].map((table) => ({
      code: Math.max(table.int8(operatorCodeSlots.byte), table.int32(operatorCodeSlots.code)),
      custom: table.text(operatorCodeSlots.custom),
    }))
  }

  model(source: ByteSource): Model {
    const [main, ...others] = this.#root.tables(modelSlots.subgraphs)
    if (!main) throw fileError('tflite', 'a model must have a graph', 0)
    this.#subgraphs = ['main', ...others.map((graph) => graph.text(subgraphSlots.name) ?? '')]
    this.#graph(main)
    joinSpaceToBatch(this.#builder)
    const producerName = this.#root.text(modelSlots.description)
    const isArchive = endsAsArchive(this.#bytes)
    const pads = padPlaces(this.#pads, [main, ...others], this.#uses, (buffer) => this.#data(buffer))
    const respelling = respellTflite({ options: this.#options, pads }, { size: this.#bytes.size, isArchive })
    return this.#builder.model(source, { producerName, framework: 'tflite', ...respelling })
  }

  #graph(graph: Table): void {
    const tensors = named([...graph.tables(subgraphSlots.tensors)].map((table, index) => tensorOf(table, index)))
    const inputs = graph.int32s(subgraphSlots.inputs)
    for (const index of inputs) {
      const tensor = tensors[index]
      if (tensor) this.#builder.input(tensor.name, tensor.shape, elementTypes[tensor.type]?.onnx)
    }
    for (const tensor of tensors) this.#value(tensor)
    for (const table of graph.tables(subgraphSlots.operators)) this.#node(table, tensors)
    for (const index of graph.int32s(subgraphSlots.outputs)) {
      const tensor = tensors[index]
      if (tensor) this.#builder.output(tensor.name, tensor.shape)
    }
  }

  /** A tensor with data is a constant; of any other the file says the shape. */
  #value({ name, shape, type, buffer }: TensorInfo): void {
    const data = this.#data(buffer)
    const isConstant = data !== undefined && shape?.every((size) => typeof size === 'number')
    if (!isConstant) this.#builder.value(name, shape, elementTypes[type]?.onnx)
    else {
      const values = (): readonly number[] | undefined => this.#numbers(data, type)
      this.#builder.constant(name, shape as readonly number[], values, elementTypes[type]?.onnx, data)
    }
  }

  /** Where a buffer's bytes lie: in its vector, or behind the tables in models above 2 GB. */
  #data(buffer: number): Span | undefined {
    const table = buffer > 0 ? this.#buffers[buffer] : undefined
    if (!table) return undefined
    const vector = table.vector(bufferSlots.data, 1)
    if (vector && vector.length > 0) return vector
    const [begin, size] = [table.uint64(bufferSlots.offset), table.uint64(bufferSlots.size)]
    if (begin <= 1 || size === 0) return undefined
    checkRange('tflite', this.#bytes, begin, begin + size)
    return { begin, end: begin + size }
  }

  #numbers({ begin, end }: Span, type: number): readonly number[] | undefined {
    const width = elementTypes[type]?.bytes
    if (!width || end - begin > width * MOST_VALUES || (end - begin) % width !== 0) return undefined
    const bytes = this.#bytes.range(begin, end)
    if (!elementTypes[type]?.isFloat) return integersOf(bytes, width)
    const view = dataView(bytes)
    return Array.from({ length: bytes.length / width }, (_, index) => view.getFloat32(index * width, true))
  }

  /** The options of an operator that is not built in. */
  #custom(table: Table): Uint8Array | undefined {
    const vector = table.vector(operatorSlots.custom, 1)
    return vector && this.#bytes.range(vector.begin, Math.min(vector.end, vector.begin + MOST_VALUES))
  }

  /** The options of an operator that slides a window: all of them have their padding in the same slot. */
  #keepOptions(table: Table, code: number): void {
    const options = table.table(operatorSlots.options)
    const field = table.place(operatorSlots.options)
    if (!options || field === undefined || !padded.includes(code)) return
    const kept = this.#tables.get(options.at) ?? { raw: options.raw(LARGEST_OPTIONS), users: 0 }
    kept.users++
    this.#tables.set(options.at, kept)
    this.#options.set(table.at, {
      field,
      padding: options.place(windowOptions.padding),
      value: options.int8(windowOptions.padding),
      table: kept,
    })
  }

  #node(table: Table, tensors: readonly TensorInfo[]): void {
    const { code, custom } = this.#codes[table.int32(operatorSlots.code)] ?? { code: -1, custom: undefined }
    const known = operators[code] ?? rowOf(customOperators, custom ?? '')
    this.#keepOptions(table, code)
    const [inputs, outputs] = [operatorSlots.inputs, operatorSlots.outputs].map((slot) => table.int32s(slot))
    for (const index of inputs) this.#uses.push(index)
    if (known?.isPad) this.#pads.push({ at: table.at, amounts: inputs[1], output: outputs[0] })
    const nameOf = (index: number): string => tensors[index]?.name ?? ''
    const operation: TfliteOperation = {
      inputs: inputs.map(nameOf),
      outputs: outputs.map(nameOf),
      shapes: inputs.map((index) => tensors[index]?.shape),
      options: table.table(operatorSlots.options),
      custom: this.#custom(table),
      subgraphs: this.#subgraphs,
      values: (input) => {
        const tensor = tensors[inputs[input]]
        const data = tensor && this.#data(tensor.buffer)
        return data && this.#numbers(data, tensor.type)
      },
      constant: (values) => this.#builder.made([values.length], values),
      flatPads: (rows) => this.#builder.flatPads(rows),
      weights: (dims) => this.#builder.made(dims),
    }
    const opType = known?.name ?? custom ?? otherNames[code] ?? `builtin ${code}`
    const translated = known?.translate(operation) ?? { opType }
    const span = { begin: table.at, end: table.at + 4 }
    this.#builder.node(
      translated.opType,
      translated.inputs ?? operation.inputs,
      operation.outputs,
      translated.attributes,
      // Operators without a row keep the domain of the format, so that no name of ONNX is taken for them.
      { name: operation.outputs[0], span, domain: known && !known.isOpaque ? '' : 'tflite' },
    )
  }
}

/** Names may be missing or stand twice; a number makes them one's own. */
function named(tensors: readonly TensorInfo[]): TensorInfo[] {
  const taken = new Set<string>()
  return tensors.map((tensor, index) => {
    let { name } = tensor
    while (taken.has(name)) name += ` (tensor ${index})`
    taken.add(name)
    return { ...tensor, name }
  })
}

function tensorOf(table: Table, index: number): TensorInfo {
  const signature = table.int32s(tensorSlots.signature)
  const shape = (signature.length > 0 ? signature : table.int32s(tensorSlots.shape)).map(openSize)
  const hasShape = table.place(tensorSlots.shape) !== undefined
  return {
    name: table.text(tensorSlots.name) || `tensor ${index}`,
    shape: hasShape ? shape : undefined,
    type: table.int8(tensorSlots.type),
    buffer: table.int32(tensorSlots.buffer),
  }
}
