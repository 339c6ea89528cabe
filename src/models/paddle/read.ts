import { type FileBytes, readBytes } from '../../bytes/bytes.ts'
import { fileError } from '../../bytes/file-error.ts'
import { Message } from '../../bytes/protobuf.ts'
import type { ByteSource } from '../../bytes/source.ts'
import { Verbatim } from '../../geometry/error.ts'
import type { Model, Shape } from '../../network/model.ts'
import { ModelBuilder, openSize } from '../builder.ts'
import { addBy } from '../file-operator.ts'
import { operators, type PaddleOperator } from './operators.ts'
import {
  attributeFields,
  blockFields,
  denseTensor,
  dims,
  namedFields,
  operatorFields,
  programFields,
  tensor,
  variableFields,
} from './schema.ts'

/** Reads a program of Paddle (`.pdmodel`): its first block. */
export function readPaddle(source: ByteSource): Promise<Model> {
  return readBytes(source, (bytes) => modelOf(bytes, source))
}

function modelOf(bytes: FileBytes, file: ByteSource): Model {
  const [block] = new Message(bytes).messages(programFields.blocks)
  if (!block) throw fileError('paddle', 'a program must have a block', new Verbatim('none'))
  const shapes = new Map(
    block.messages(blockFields.variables).map((one) => [one.text(namedFields.name) ?? '', shapeOf(one)]),
  )
  const builder = new ModelBuilder()
  for (const [name, shape] of shapes) builder.value(name, shape)
  for (const message of block.messages(blockFields.operators)) {
    const operator = operatorOf(message, shapes, builder)
    const [output] = operator.outputs
    if (operator.type === 'feed' && output !== undefined) builder.input(output, shapes.get(output))
    else if (operator.type === 'fetch') for (const name of operator.parameters.get('X') ?? []) builder.output(name)
    else addBy(operators, operator)
  }
  return builder.model(file, { producerName: 'Paddle', framework: 'paddle' })
}

function shapeOf(variable: Message): Shape | undefined {
  return variable.message(namedFields.type)?.message(denseTensor)?.message(tensor)?.integers(dims).map(openSize)
}

function operatorOf(
  message: Message,
  shapes: ReadonlyMap<string, Shape | undefined>,
  builder: ModelBuilder,
): PaddleOperator {
  const attributes = new Map(
    message.messages(operatorFields.attributes).map((one) => [one.text(attributeFields.name) ?? '', one]),
  )
  const values = (field: number): Map<string, string[]> =>
    new Map(
      message
        .messages(field)
        .map((one) => [one.text(variableFields.parameter) ?? '', one.texts(variableFields.arguments)]),
    )
  const type = message.text(operatorFields.type) ?? ''
  const [parameters, results] = [values(operatorFields.inputs), values(operatorFields.outputs)]
  const main = ['Output', 'Out', 'Y'].flatMap((name) => results.get(name) ?? [])
  const outputs = main.length > 0 ? main : [...results.values()].flat()
  return {
    ...{ type, domain: 'paddle', name: `${type} ${outputs[0] ?? ''}`, place: message, builder },
    ...{ parameters, inputs: [...parameters.values()].flat(), outputs },
    number(name) {
      const found = attributes.get(name)
      const field = [attributeFields.integer, attributeFields.bool, attributeFields.long].find((one) => found?.has(one))
      return field === undefined ? undefined : found?.integer(field)
    },
    numbers(name) {
      const found = attributes.get(name)
      const list = [attributeFields.integers, attributeFields.longs].flatMap((field) => found?.integers(field) ?? [])
      return found && list
    },
    text: (name) => attributes.get(name)?.text(attributeFields.text),
    shapeOf: (value) => shapes.get(value),
  }
}
