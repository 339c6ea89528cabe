import { type FileBytes, readBytes } from '../../bytes/bytes.ts'
import { fileError } from '../../bytes/file-error.ts'
import { rootTable, type Table } from '../../bytes/flatbuffer.ts'
import type { ByteSource } from '../../bytes/source.ts'
import { Verbatim } from '../../geometry/error.ts'
import type { Model, Shape } from '../../network/model.ts'
import { ModelBuilder, openSize } from '../builder.ts'
import { type AtenArgument, addCall, argumentNames } from '../torch/aten.ts'
import {
  BOOL,
  backendSlots,
  chainSlots,
  constantSlots,
  DELEGATE,
  DOUBLE,
  delegateCallSlots,
  INT,
  INTS,
  instructionSlots,
  KERNEL,
  kernelSlots,
  operatorSlots,
  planSlots,
  programSlots,
  TENSOR,
  TEXT,
  tensorSlots,
  valueSlots,
} from './schema.ts'

/** Reads an ExecuTorch program (`.pte`). What was handed to a backend is a piece of bytes that only the backend can read. */
export function readExecutorch(source: ByteSource): Promise<Model> {
  return readBytes(source, (bytes) => modelOf(bytes, source))
}

function modelOf(bytes: FileBytes, source: ByteSource): Model {
  const [plan] = rootTable(bytes).tables(programSlots.plans)
  if (!plan) throw fileError('executorch', 'a program must have a plan', new Verbatim('none'))
  const builder = new ModelBuilder()
  const reader = new PlanReader(plan, builder)
  for (const index of plan.int32s(planSlots.inputs)) builder.input(nameOf(index), reader.shapeOf(index))
  for (const chain of plan.tables(planSlots.chains)) {
    for (const instruction of chain.tables(chainSlots.instructions)) reader.add(instruction)
  }
  for (const index of plan.int32s(planSlots.outputs)) builder.output(nameOf(index))
  return builder.model(source, { producerName: 'ExecuTorch', framework: 'pytorch' })
}

/** Values have numbers and no names. */
const nameOf = (index: number): string => `value ${index}`

class PlanReader {
  readonly #builder: ModelBuilder
  readonly #values: readonly Table[]
  readonly #operators: readonly Table[]
  readonly #delegates: readonly Table[]

  constructor(plan: Table, builder: ModelBuilder) {
    this.#builder = builder
    this.#values = [...plan.tables(planSlots.values)]
    this.#operators = [...plan.tables(planSlots.operators)]
    this.#delegates = [...plan.tables(planSlots.delegates)]
  }

  shapeOf(index: number): Shape | undefined {
    const value = this.#values[index]
    if (value?.uint8(valueSlots.kind) !== TENSOR) return undefined
    return value.table(valueSlots.value)?.int32s(tensorSlots.sizes).map(openSize)
  }

  add(table: Table): void {
    const kind = table.uint8(instructionSlots.kind)
    const instruction = table.table(instructionSlots.instruction)
    if (kind === KERNEL && instruction) this.#kernel(instruction)
    else if (kind === DELEGATE && instruction) this.#delegate(instruction)
  }

  /** The last argument of an out variant is where its result goes. */
  #kernel(instruction: Table): void {
    const operator = this.#operators[instruction.int32(kernelSlots.operator)]
    const op = (operator?.text(operatorSlots.name) ?? '').replace(/^.*::/, '')
    const given = instruction.int32s(kernelSlots.arguments)
    const output = given.at(-1) ?? -1
    const names = argumentNames(op) ?? ['self', 'other']
    const found = new Map(
      names.map((name, index) => [name, index < given.length ? this.#argument(given[index]) : undefined]),
    )
    this.#builder.value(nameOf(output), this.shapeOf(output))
    const shapes = new Map(given.map((index) => [nameOf(index), this.shapeOf(index)]))
    addCall({
      ...{ op, name: `${op} ${output}`, outputs: [nameOf(output)], builder: this.#builder },
      place: { begin: instruction.at, end: instruction.at + 4 },
      argument: (name) => found.get(name),
      shapeOf: (value) => shapes.get(value),
    })
  }

  #argument(index: number): AtenArgument | undefined {
    const value = this.#values[index]
    const kind = value?.uint8(valueSlots.kind)
    const content = value?.table(valueSlots.value)
    if (kind === TENSOR) return { value: nameOf(index) }
    if (!content) return undefined
    if (kind === INT) return { number: content.int64(constantSlots.value) }
    if (kind === BOOL) return { bool: content.bool(constantSlots.value) }
    if (kind === DOUBLE) return { number: content.float64(constantSlots.value) }
    if (kind === TEXT) return { text: content.text(constantSlots.value) ?? '' }
    // Lists have the numbers of the values that hold their integers.
    return kind === INTS
      ? {
          numbers: content
            .int64s(constantSlots.value)
            .map((at) => this.#values[at]?.table(valueSlots.value)?.int64(constantSlots.value) ?? 0),
        }
      : undefined
  }

  #delegate(instruction: Table): void {
    const delegate = this.#delegates[instruction.int32(delegateCallSlots.delegate)]
    const backend = delegate?.text(backendSlots.id) ?? 'a backend'
    const given = instruction.int32s(delegateCallSlots.arguments).map(nameOf)
    const remark = `${backend} has this part of the network as a piece of bytes; its windows cannot be read`
    const place = { name: backend, domain: 'executorch', span: { begin: instruction.at, end: instruction.at + 4 } }
    this.#builder.node('delegate', given.slice(0, -1), given.slice(-1), { remark }, place)
  }
}
