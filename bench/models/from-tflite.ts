import { readFileSync } from 'node:fs'
import { dataView } from '../../src/bytes/bytes.ts'
import { rootTable, type Table } from '../../src/bytes/flatbuffer.ts'
import {
  bufferSlots,
  modelSlots,
  operatorCodeSlots,
  operatorSlots,
  subgraphSlots,
  tensorSlots,
} from '../../src/models/tflite/schema.ts'
import { fromHalf } from '../../src/tensor/half.ts'
import { type AttributeOf, type ConstantOf, modelBytes, type NodeOf } from '../../test/graph/onnx-bytes.ts'
import { activations, FIRST, LAST, translations } from './tflite-operators.ts'

/** A tensor of the file: channels last. */
interface FileTensor {
  readonly shape: readonly number[]
  readonly type: number
  readonly buffer: number
}

/** TensorType. */
const [FLOAT32, FLOAT16, INT32] = [0, 1, 2]
/** The operator that only says that a constant of float16 is float32 from here on. */
const DEQUANTIZE = 6

/** One operator of the file, as its translation sees it. */
export interface FileOperation {
  readonly inputs: readonly number[]
  readonly output: readonly number[]
  readonly options: Table | undefined
  readonly custom: Uint8Array | undefined
}

/**
 * The network of a .tflite file as a model of ONNX with the same inputs and outputs, channels first in between: what an exporter
 * makes of it.
 *
 * @throws Error on an operator without a translation
 */
export function onnxOf(path: string): Uint8Array {
  return new FromTflite(readFileSync(path)).bytes()
}

/** Writes the nodes of a file one by one. */
export class FromTflite {
  readonly #file: Uint8Array
  readonly #root: Table
  readonly #graph: Table
  readonly #buffers: readonly Table[]
  readonly #tensors: readonly FileTensor[]
  readonly #nodes: NodeOf[] = []
  readonly #constants: Record<string, ConstantOf> = {}
  /** Names of values by the numbers of their tensors; those of four axes have their channels first. */
  readonly #names = new Map<number, string>()
  /** Constants that others stand for. */
  readonly #sources = new Map<number, number>()
  #count = 0

  constructor(file: Uint8Array) {
    this.#file = file
    this.#root = rootTable({ size: file.length, range: (begin, end) => file.subarray(begin, end) })
    const [graph] = this.#root.tables(modelSlots.subgraphs)
    this.#graph = graph
    this.#buffers = [...this.#root.tables(modelSlots.buffers)]
    this.#tensors = [...graph.tables(subgraphSlots.tensors)].map((table) => ({
      shape: table.int32s(tensorSlots.shape),
      type: table.int8(tensorSlots.type),
      buffer: table.int32(tensorSlots.buffer),
    }))
  }

  bytes(): Uint8Array {
    const [inputs, outputs] = [subgraphSlots.inputs, subgraphSlots.outputs].map((slot) => this.#graph.int32s(slot))
    const given = inputs.map((tensor, index) => {
      this.#names.set(tensor, this.node('Transpose', [`x${index}`], { perm: FIRST }))
      return [`x${index}`, this.#tensors[tensor].shape] as const
    })
    const codes = [...this.#root.tables(modelSlots.operatorCodes)].map((table) => {
      const custom = table.text(operatorCodeSlots.custom)
      return custom ?? Math.max(table.int8(operatorCodeSlots.byte), table.int32(operatorCodeSlots.code))
    })
    for (const table of this.#graph.tables(subgraphSlots.operators)) {
      this.#operator(codes[table.int32(operatorSlots.code)], table)
    }
    const named = outputs.map((tensor, index) => {
      this.#nodes.push(['Identity', [this.lastOf(tensor)], [`y${index}`]])
      return `y${index}`
    })
    return modelBytes({
      ...{ inputs: Object.fromEntries(given), outputs: named, nodes: this.#nodes, constants: this.#constants },
    })
  }

  #operator(code: number | string, table: Table): void {
    const [inputs, output] = [operatorSlots.inputs, operatorSlots.outputs].map((slot) => table.int32s(slot))
    if (code === DEQUANTIZE) {
      this.#sources.set(output[0], inputs[0])
      return
    }
    const translation = translations[code]
    if (!translation) throw new Error(`no translation of TFLite's operator ${code}`)
    const options = table.table(operatorSlots.options)
    const vector = table.vector(operatorSlots.custom, 1)
    const custom = vector && this.#file.subarray(vector.begin, vector.end)
    const made = translation.of(this, { inputs, output, options, custom })
    const activation = translation.activation === undefined ? 0 : (options?.int8(translation.activation) ?? 0)
    this.#names.set(output[0], activations[activation](this, made))
  }

  /** A node with one output, whose name it gives. */
  node(opType: string, inputs: readonly string[], attributes: Readonly<Record<string, AttributeOf>> = {}): string {
    const name = `v${++this.#count}`
    this.#nodes.push([opType, inputs, [name], attributes])
    return name
  }

  constant(shape: readonly number[], data: readonly number[] | Float32Array, type?: number): string {
    const name = `v${++this.#count}`
    this.#constants[name] = { shape, data, ...(type !== undefined && { type }) }
    return name
  }

  integers(data: readonly number[]): string {
    return this.constant([data.length], data, 7)
  }

  shape(tensor: number): readonly number[] {
    return this.#tensors[tensor].shape
  }

  /** A value by its tensor; a constant that is to have four axes gets its channels first. */
  value(tensor: number, rank = this.shape(tensor).length): string {
    const known = this.#names.get(tensor)
    if (known) return known
    return rank === 4 ? this.turned(tensor, FIRST) : this.constant(this.shape(tensor), this.numbers(tensor))
  }

  /** A value as the file has it. */
  lastOf(tensor: number): string {
    const value = this.value(tensor)
    return this.shape(tensor).length === 4 ? this.node('Transpose', [value], { perm: LAST }) : value
  }

  /** A constant with its axes in another order, and axes of one element before those that it has. */
  turned(tensor: number, order: readonly number[]): string {
    const own = this.shape(tensor)
    const shape = [...new Array<number>(order.length - own.length).fill(1), ...own]
    const data = this.numbers(tensor)
    const steps = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1))
    const sizes = order.map((axis) => shape[axis])
    const turned = Float32Array.from({ length: data.length }, (_, index) => {
      let [rest, at] = [index, 0]
      for (let axis = sizes.length - 1; axis >= 0; axis--) {
        at += (rest % sizes[axis]) * steps[order[axis]]
        rest = Math.floor(rest / sizes[axis])
      }
      return data[at]
    })
    return this.constant(sizes, turned)
  }

  /** The elements of a constant. */
  numbers(tensor: number): Float32Array {
    const { type, buffer } = this.#tensors[this.#sources.get(tensor) ?? tensor]
    const vector = this.#buffers[buffer].vector(bufferSlots.data, 1)
    if (!vector) throw new Error(`tensor ${tensor} is no constant`)
    const view = dataView(this.#file.subarray(vector.begin, vector.end))
    const read: Readonly<Record<number, readonly [width: number, at: (place: number) => number]>> = {
      [FLOAT32]: [4, (place) => view.getFloat32(place, true)],
      [FLOAT16]: [2, (place) => fromHalf(view.getUint16(place, true))],
      [INT32]: [4, (place) => view.getInt32(place, true)],
    }
    const [width, at] = read[type]
    return Float32Array.from({ length: view.byteLength / width }, (_, index) => at(index * width))
  }
}
