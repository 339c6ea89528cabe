import type { ByteSource, SourceLike } from '../../bytes/source.ts'
import { Verbatim } from '../../geometry/error.ts'
import { SamepadError } from '../../geometry/index.ts'
import { companionOf } from '../../models/companion.ts'
import { readOnnx } from '../../models/onnx/read.ts'
import { type Elements, readElements } from '../../models/onnx/read-elements.ts'
import { attributeOf, type Frame, inputsOf, type Model, type StoredTensor } from '../../network/model.ts'
import { type Inlined, inlined } from './inline.ts'
import { ordered } from './order.ts'

/** A model with its constants: what the first stage makes, and each one after it makes again. */
export interface WeightedModel {
  readonly model: Model
  /** Initializers, and what `Constant` nodes hold, by the names of the values. */
  readonly constants: ReadonlyMap<string, Elements>
}

/** Files that constants lie in, by the names that the model has for them. */
export type ExternalFiles = Readonly<Record<string, SourceLike>>

/**
 * Reads a model and all constants that something in it uses, each by its range of the file.
 *
 * @param files where constants lie outside of it; what is not among them is looked for beside the model
 */
export async function loadWeighted(
  source: ByteSource,
  files: ExternalFiles = {},
): Promise<WeightedModel & Pick<Inlined, 'isOfFixedSizes'>> {
  const beside = companionOf(source.path, files)
  try {
    const { model, isOfFixedSizes } = inlined(await readModelOf(source))
    const { graph } = model
    const used = new Set([...graph.nodes.flatMap(({ inputs }) => inputs), ...graph.outputs.map(({ name }) => name)])
    const constants = new Map<string, Elements>()
    for (const tensor of graph.initializers) {
      if (used.has(tensor.name)) constants.set(tensor.name, await readElements(source, tensor, beside.open))
    }
    for (const node of graph.nodes) {
      const tensor = node.opType === 'Constant' ? attributeOf(node, 'value')?.tensor : undefined
      const [name] = node.outputs
      if (tensor && used.has(name)) constants.set(name, await readElements(source, tensor, beside.open))
    }
    const initializers = [...constants].map(([name, elements]) => storedAs(name, elements))
    const nodes = ordered(graph.nodes.filter(({ outputs }) => !constants.has(outputs[0])))
    return {
      model: { ...model, graph: { ...graph, inputs: inputsOf(model), nodes, initializers } },
      constants,
      isOfFixedSizes,
    }
  } finally {
    beside.close()
  }
}

/** Reads the file, of which the reader says what is wrong with it. */
async function readModelOf(source: ByteSource): Promise<Model> {
  try {
    return await readOnnx(source)
  } catch (error) {
    if (!(error instanceof SamepadError)) throw error
    throw new SamepadError('loadNetwork', 'the file must be a model of ONNX', new Verbatim(error.message))
  }
}

const nowhere: Frame = { start: 0, prefix: 0, begin: 0, end: 0 }
/** The most elements of a constant that a walk may compute with. */
const FEW = 1024

/** A constant as a walk through the model sees it. */
export function storedAs(name: string, { shape, elementType, data }: Elements): StoredTensor {
  return {
    ...{ frame: nowhere, name, dims: shape, elementType, data: undefined },
    values: () => (data.length <= FEW ? Array.from(data) : undefined),
  }
}
