import type { Message } from '../../bytes/protobuf.ts'
import type { Shape } from '../../network/model.ts'
import { type ModelBuilder, openSize } from '../builder.ts'
import { addBy } from '../file-operator.ts'
import { type MilConstant, operations } from './mil.ts'
import {
  argumentFields,
  bindingFields,
  blockFields,
  constantFields,
  dimensionFields,
  entry,
  functionFields,
  immediateFields,
  listFields,
  namedFields,
  operationFields,
  programFields,
  tensorFields,
  tensorTypeFields,
  valueFields,
} from './program-schema.ts'

/** Adds the first function of a program, whose block is the model. */
export function addProgram(program: Message, builder: ModelBuilder): void {
  const named = program.messages(programFields.functions)
  const main = (named.find((one) => one.text(entry.key) === 'main') ?? named[0])?.message(entry.value)
  const block = main?.messages(functionFields.blocks)[0]?.message(entry.value)
  const shapes = new Map<string, Shape | undefined>()
  const constants = new Map<string, MilConstant>()
  for (const input of main?.messages(functionFields.inputs) ?? []) {
    const name = input.text(namedFields.name) ?? ''
    shapes.set(name, shapeOf(input))
    builder.input(name, shapeOf(input))
  }
  for (const operation of block?.messages(blockFields.operations) ?? []) add(operation, shapes, constants, builder)
  for (const name of block?.texts(blockFields.outputs) ?? []) builder.output(name)
}

function shapeOf(named: Message): Shape | undefined {
  const tensor = named.message(namedFields.type)?.message(tensorTypeFields.tensor)
  return tensor?.messages(tensorTypeFields.dimensions).map((dimension) => {
    const constant = dimension.message(dimensionFields.constant)
    return constant ? openSize(constant.integer(constantFields.size)) : undefined
  })
}

function add(
  operation: Message,
  shapes: Map<string, Shape | undefined>,
  constants: Map<string, MilConstant>,
  builder: ModelBuilder,
): void {
  const type = operation.text(operationFields.type) ?? ''
  const outputs = operation.messages(operationFields.outputs).map((one) => {
    const name = one.text(namedFields.name) ?? ''
    shapes.set(name, shapeOf(one))
    return name
  })
  const attributes = new Map(
    operation.messages(operationFields.attributes).map((one) => [one.text(entry.key) ?? '', one.message(entry.value)]),
  )
  if (type === 'const') {
    const value = constantOf(attributes.get('val'))
    for (const name of outputs) if (value) constants.set(name, value)
    return
  }
  const parameters = new Map<string, string[]>()
  const written = new Map<string, MilConstant | undefined>()
  for (const one of operation.messages(operationFields.inputs)) {
    const key = one.text(entry.key) ?? ''
    const bindings = one.message(entry.value)?.messages(argumentFields.bindings) ?? []
    parameters.set(
      key,
      bindings.flatMap((binding) => binding.text(bindingFields.name) ?? []),
    )
    written.set(key, constantOf(bindings[0]?.message(bindingFields.value)))
  }
  for (const name of outputs) builder.value(name, shapes.get(name))
  const name = constantOf(attributes.get('name'))?.texts?.[0] ?? outputs[0] ?? type
  const inputs = [...parameters.values()].flat()
  addBy(operations, {
    ...{ type, domain: 'coreml', name, place: operation, inputs, outputs, builder, parameters },
    constant: (argument) => written.get(argument) ?? constants.get(parameters.get(argument)?.[0] ?? ''),
    shapeOf: (argument) => shapes.get(parameters.get(argument)?.[0] ?? ''),
  })
}

function constantOf(value: Message | undefined): MilConstant | undefined {
  const tensor = value?.message(valueFields.immediate)?.message(immediateFields.tensor)
  const texts = tensor?.message(tensorFields.texts)?.texts(listFields.values)
  if (texts) return { texts }
  const list = [tensorFields.ints, tensorFields.longs, tensorFields.bools]
    .map((field) => tensor?.message(field))
    .find((one) => one)
  return list && { numbers: list.integers(listFields.values) }
}
