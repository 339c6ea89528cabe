import { type FileBytes, readBytes } from '../../bytes/bytes.ts'
import { fileError } from '../../bytes/file-error.ts'
import { rootTable, type Table } from '../../bytes/flatbuffer.ts'
import type { ByteSource } from '../../bytes/source.ts'
import { Verbatim } from '../../geometry/error.ts'
import type { Model } from '../../network/model.ts'
import { ModelBuilder, openSize } from '../builder.ts'
import { addBy } from '../file-operator.ts'
import { keptValues } from '../limits.ts'
import { operators } from './operators.ts'
import { CONSTANT, constantSlots, INPUT, inputSlots, netSlots, operatorSlots, sources } from './schema.ts'

/** Elements of a constant that is computed with. */
const MOST_VALUES = keptValues.mnn

/** Reads an MNN network without its weights. */
export function readMnn(source: ByteSource): Promise<Model> {
  return readBytes(source, (bytes) => modelOf(bytes, source))
}

function modelOf(bytes: FileBytes, file: ByteSource): Model {
  const net = rootTable(bytes)
  const builder = new ModelBuilder()
  const names = net.texts(netSlots.tensors)
  // Values without a name are known by their number.
  const nameOf = (index: number): string => `${names[index] ?? ''}#${index}`
  const used = new Set<number>()
  const made = new Set<number>()
  let count = 0
  for (const table of net.tables(netSlots.operators)) {
    count++
    const [inputs, outputs] = [operatorSlots.inputs, operatorSlots.outputs].map((slot) => table.int32s(slot))
    for (const index of inputs) used.add(index)
    for (const index of outputs) made.add(index)
    addOperator(table, inputs.map(nameOf), outputs.map(nameOf), builder)
  }
  if (count === 0) throw fileError('mnn', 'a network must have operators', new Verbatim('none'))
  for (const index of made) if (!used.has(index)) builder.output(nameOf(index))
  const source = sources[net.int8(netSlots.source)] ?? 'unknown'
  return builder.model(file, { producerName: `MNN, from ${source}`, framework: 'mnn' })
}

function addOperator(table: Table, inputs: readonly string[], outputs: readonly string[], builder: ModelBuilder): void {
  const type = table.int32(operatorSlots.type)
  const main = table.table(operatorSlots.main)
  if (type === INPUT) for (const name of outputs) builder.input(name, main?.int32s(inputSlots.dims).map(openSize))
  else if (type === CONSTANT && outputs[0] !== undefined) {
    const dims = main?.int32s(constantSlots.dims) ?? []
    const isSmall = dims.reduce((product, size) => product * size, 1) <= MOST_VALUES
    builder.constant(outputs[0], dims, () => (isSmall ? main?.int32s(constantSlots.ints) : undefined), 6)
  } else {
    const name = table.text(operatorSlots.name) ?? ''
    const place = { begin: table.at, end: table.at + 4 }
    addBy(operators, { type: `MNN ${type}`, domain: 'mnn', name, place, inputs, outputs, builder, main }, String(type))
  }
}
