import type { ByteSource } from '../../bytes/source.ts'
import { Verbatim } from '../../geometry/error.ts'
import type { Frame, FunctionDefinition, Model } from '../../network/model.ts'
import { complaint } from './complain.ts'
import { readFunction, readGraph, readOpset } from './read-graph.ts'
import { fields } from './schema.ts'
import { skim } from './skim.ts'
import { Wire } from './wire.ts'

/**
 * Reads an ONNX model, not how it writes padding. External data is never opened.
 *
 * @throws SamepadError with the place in the file when it is no ONNX model: messages that reach beyond their end or lie
 * more than 100 deep, integers of more than 64 bits, fields of a wrong kind, sizes that are negative, more than
 * 2^20 parts, external data outside of the model's folder
 */
export async function readOnnx(source: ByteSource): Promise<Model> {
  return readWire(new Wire(await skim(source)), source.size, source.path)
}

function readWire(wire: Wire, size: number, path: string | undefined): Model {
  const frame: Frame = { start: 0, prefix: 0, begin: 0, end: size }
  const opsets = new Map<string, number>()
  const functions: FunctionDefinition[] = []
  let [irVersion, producerName, producerVersion] = [0, '', '']
  let graph: Model['graph'] | undefined
  while (wire.next(size)) {
    const { number, start, at } = wire
    if (number === fields.model.irVersion) irVersion = wire.integer('the IR version')
    else if (number === fields.model.producerName) producerName = wire.text("the producer's name")
    else if (number === fields.model.producerVersion) producerVersion = wire.text("the producer's version")
    else if (number === fields.model.graph) {
      if (graph) throw complaint('a model must have one graph', new Verbatim('a second one'), start)
      graph = readGraph(wire, wire.message('the graph', frame), 1)
    } else if (number === fields.model.opset) readOpset(wire, wire.message('an operator set', frame), opsets)
    else if (number === fields.model.function) functions.push(readFunction(wire, wire.message('a function', frame), 1))
    wire.at = at
  }
  if (!graph) throw complaint('a model must have a graph', new Verbatim('none'), size)
  return { size, path, frame, irVersion, producerName, producerVersion, opsets, graph, functions }
}
