import { readBytes } from '../../bytes/bytes.ts'
import { fileError } from '../../bytes/file-error.ts'
import { Message } from '../../bytes/protobuf.ts'
import type { ByteSource } from '../../bytes/source.ts'
import { Verbatim } from '../../geometry/error.ts'
import type { Model, Shape } from '../../network/model.ts'
import { ModelBuilder, openSize } from '../builder.ts'
import { addBy } from '../file-operator.ts'
import { deepest } from '../limits.ts'
import { layers } from './layers.ts'
import { addProgram } from './program.ts'
import {
  arrayFields,
  descriptionFields,
  featureFields,
  imageFields,
  kinds,
  layerFields,
  modelFields,
  networkFields,
  otherKinds,
  pipelineFields,
  typeFields,
} from './schema.ts'

/** The deepest that pipelines lie within each other. */
const DEEPEST = deepest.coreml

/** Reads a Core ML model (`.mlmodel`): a neural network, an ML Program, or a pipeline of them. */
export function readCoreml(source: ByteSource): Promise<Model> {
  return readBytes(source, (bytes) => {
    const builder = new ModelBuilder()
    const root = new Message(bytes)
    if (!addModel(root, builder, 0)) {
      throw fileError(
        'coreml',
        'a model must be a neural network, an ML Program or a pipeline',
        new Verbatim('another kind'),
      )
    }
    const producerVersion = String(root.integer(modelFields.version))
    return builder.model(source, { producerName: 'Core ML', producerVersion, framework: 'coreml' })
  })
}

function addModel(model: Message, builder: ModelBuilder, depth: number): boolean {
  if (depth > DEEPEST) throw fileError('coreml', `pipelines must lie at most ${DEEPEST} deep`, depth)
  const network = modelFields.networks.map((field) => model.message(field)).find((one) => one !== undefined)
  const program = model.message(modelFields.program)
  const pipeline = modelFields.pipelines.map((field) => model.message(field)).find((one) => one !== undefined)
  if (network) addNetwork(model, network, builder)
  else if (program) addProgram(program, builder)
  else if (pipeline) {
    // A classifier or regressor holds its pipeline within.
    const stages = [
      ...pipeline.messages(pipelineFields.models),
      ...pipeline.messages(pipelineFields.models).flatMap((one) => one.messages(pipelineFields.models)),
    ]
    return stages.filter((stage) => addModel(stage, builder, depth + 1)).length > 0
  } else return false
  return true
}

/** What a layer is, and the field that says so. */
const kindNames = Object.entries({ ...kinds, ...otherKinds })

function addNetwork(model: Message, network: Message, builder: ModelBuilder): void {
  for (const input of model.message(modelFields.description)?.messages(descriptionFields.input) ?? []) {
    builder.input(input.text(featureFields.name) ?? '', shapeOf(input.message(featureFields.type)))
  }
  const [used, made] = [new Set<string>(), new Set<string>()]
  for (const layer of network.messages(networkFields.layers)) {
    const [inputs, outputs] = [layer.texts(layerFields.input), layer.texts(layerFields.output)]
    for (const name of inputs) used.add(name)
    for (const name of outputs) made.add(name)
    const [type, kind = 0] = kindNames.find(([, field]) => layer.message(field)) ?? ['layer']
    const [name = '', parameters = layer] = [layer.text(layerFields.name), layer.message(kind)]
    addBy(layers, { type, domain: 'coreml', name, place: layer, inputs, outputs, builder, parameters })
  }
  for (const name of made) if (!used.has(name)) builder.output(name)
}

/** Pictures have three channels; arrays their own shape, with the batch of one that older models leave out. */
function shapeOf(type: Message | undefined): Shape | undefined {
  const image = type?.message(typeFields.image)
  if (image)
    return [1, undefined, openSize(image.integer(imageFields.height)), openSize(image.integer(imageFields.width))]
  const dims = type?.message(typeFields.array)?.integers(arrayFields.shape).map(openSize)
  return dims?.length === 3 ? [1, ...dims] : dims
}
