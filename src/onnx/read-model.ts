import { Finding } from '../geometry/error.ts'
import { complaint } from './complain.ts'
import { fileKindOf, HEAD } from './file-kinds.ts'
import type { Frame, FunctionDefinition, Model } from './model.ts'
import { readFunction, readGraph, readOpset } from './read-graph.ts'
import { skim } from './skim.ts'
import { type ByteSource, openSource, type SourceLike } from './source.ts'
import { Wire } from './wire.ts'

/**
 * Reads a model without its weights: only what stands between them is loaded, from files of any size. The source must
 * not change while the model is in use. External data is never opened.
 *
 * @param source a path or a `file:` URL (in Node), a Blob or File, or bytes; a source of one's own is left open
 * @throws SamepadError with the place in the file when it is no ONNX model: messages that reach beyond their end or lie
 * more than 100 deep, integers of more than 64 bits, fields of a wrong kind, sizes that are negative, more than
 * 2^20 parts, external data outside of the model's folder; a file whose first bytes tell what it is instead, such as a
 * Git LFS pointer, is called that
 */
export async function readModel(source: SourceLike): Promise<Model> {
  const opened = openSource(source)
  try {
    const wire = new Wire(await skim(opened))
    return readWire(wire, opened.size, opened.path)
  } catch (error) {
    throw (await otherKind(opened)) ?? error
  } finally {
    if (opened !== source) opened.close()
  }
}

/** What to say of a file that could not be read, where its first bytes tell that it is no ONNX model at all. */
async function otherKind(source: ByteSource): Promise<Error | undefined> {
  const kind = fileKindOf(await source.read(0, Math.min(HEAD, source.size)))
  if (!kind) return undefined
  const { is, advice } = kind
  return complaint('the file must be an ONNX model', new Finding(advice ? `${is}; ${advice}` : is))
}

function readWire(wire: Wire, size: number, path: string | undefined): Model {
  const frame: Frame = { start: 0, prefix: 0, begin: 0, end: size }
  const opsets = new Map<string, number>()
  const functions: FunctionDefinition[] = []
  let [irVersion, producerName, producerVersion] = [0, '', '']
  let graph: Model['graph'] | undefined
  while (wire.next(size)) {
    const { number, start, at } = wire
    if (number === 1) irVersion = wire.integer('the IR version')
    else if (number === 2) producerName = wire.text("the producer's name")
    else if (number === 3) producerVersion = wire.text("the producer's version")
    else if (number === 7) {
      if (graph) throw complaint('a model must have one graph', new Finding('a second one'), start)
      graph = readGraph(wire, wire.message('the graph', frame), 1)
    } else if (number === 8) readOpset(wire, wire.message('an operator set', frame), opsets)
    else if (number === 25) functions.push(readFunction(wire, wire.message('a function', frame), 1))
    wire.at = at
  }
  if (!graph) throw complaint('a model must have a graph', new Finding('none'), size)
  return { size, path, frame, irVersion, producerName, producerVersion, opsets, graph, functions }
}
