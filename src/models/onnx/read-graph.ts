import type {
  Attribute,
  Dimension,
  Frame,
  FunctionDefinition,
  Graph,
  Node,
  StoredTensor,
  ValueInfo,
} from '../../network/model.ts'
import { readTensor } from './read-tensor.ts'
import { attributeTypes, checkDepth, fields } from './schema.ts'
import { SMALL, VARINT, type Wire } from './wire.ts'

// Each function reads one kind of message, whose fields it knows (`fields`). What it does not know it
// passes by. Whoever reads a message within a message puts the wire back to where it was.

/** Reads a GraphProto. */
export function readGraph(wire: Wire, frame: Frame, depth: number): Graph {
  checkDepth(depth, frame.start)
  const graph = { frame, name: '', nodes: [] as Node[], values: [] as ValueInfo[] }
  const [initializers, inputs, outputs] = [[] as StoredTensor[], [] as ValueInfo[], [] as ValueInfo[]]
  wire.at = frame.begin
  while (wire.next(frame.end)) {
    const { number, at } = wire
    if (number === fields.graph.node) graph.nodes.push(readNode(wire, wire.message('a node', frame), depth + 1))
    else if (number === fields.graph.name) graph.name = wire.text('the name of a graph')
    else if (number === fields.graph.initializer)
      initializers.push(readTensor(wire, wire.message('an initializer', frame)))
    else if (number === fields.graph.input) inputs.push(readValue(wire, wire.message('an input', frame)))
    else if (number === fields.graph.output) outputs.push(readValue(wire, wire.message('an output', frame)))
    else if (number === fields.graph.value) graph.values.push(readValue(wire, wire.message('a value', frame)))
    else if (number === fields.graph.sparseInitializer)
      initializers.push(readSparse(wire, wire.message('a sparse initializer', frame)))
    wire.at = at
  }
  return { ...graph, initializers, inputs, outputs }
}

/** Reads a FunctionProto. */
export function readFunction(wire: Wire, frame: Frame, depth: number): FunctionDefinition {
  const definition = { frame, name: '', domain: '', overload: '', nodes: [] as Node[], values: [] as ValueInfo[] }
  const [inputs, outputs, defaults] = [[] as string[], [] as string[], [] as Attribute[]]
  const opsets = new Map<string, number>()
  wire.at = frame.begin
  while (wire.next(frame.end)) {
    const { number, at } = wire
    if (number === fields.function.name) definition.name = wire.text('the name of a function')
    else if (number === fields.function.input) inputs.push(wire.text('an input of a function'))
    else if (number === fields.function.output) outputs.push(wire.text('an output of a function'))
    else if (number === fields.function.node)
      definition.nodes.push(readNode(wire, wire.message('a node', frame), depth + 1))
    else if (number === fields.function.opset) readOpset(wire, wire.message('an operator set', frame), opsets)
    else if (number === fields.function.domain) definition.domain = normal(wire.text('the domain of a function'))
    else if (number === fields.function.default)
      defaults.push(readAttribute(wire, wire.message('an attribute', frame), depth + 1))
    else if (number === fields.function.value) definition.values.push(readValue(wire, wire.message('a value', frame)))
    else if (number === fields.function.overload) definition.overload = wire.text('the overload of a function')
    wire.at = at
  }
  return { ...definition, inputs, outputs, opsets, defaults }
}

/** Reads an OperatorSetIdProto. */
export function readOpset(wire: Wire, frame: Frame, opsets: Map<string, number>): void {
  let [domain, version] = ['', 0]
  wire.at = frame.begin
  while (wire.next(frame.end)) {
    if (wire.number === fields.opset.domain) domain = wire.text('the domain of an operator set')
    else if (wire.number === fields.opset.version) version = wire.integer('the version of an operator set')
  }
  opsets.set(normal(domain), version)
}

/** ONNX's own domain has two names. */
const normal = (domain: string): string => (domain === 'ai.onnx' ? '' : domain)

/** A list without entries: there are many, and one serves for all. */
const none: readonly never[] = []

/** Reads a NodeProto. */
function readNode(wire: Wire, frame: Frame, depth: number): Node {
  let name = ''
  let opType = ''
  let domain = ''
  let overload = ''
  let inputs: string[] | undefined
  let inputFrames: Frame[] | undefined
  let outputs: string[] | undefined
  let attributes: Attribute[] | undefined
  wire.at = frame.begin
  while (wire.next(frame.end)) {
    const { number, at } = wire
    if (number === fields.node.input) {
      inputs ??= []
      inputFrames ??= []
      inputs.push(wire.text('an input of a node'))
      inputFrames.push(wire.message('an input of a node', frame))
    } else if (number === fields.node.output) {
      outputs ??= []
      outputs.push(wire.text('an output of a node'))
    } else if (number === fields.node.name) name = wire.text('the name of a node')
    else if (number === fields.node.opType) opType = wire.text('the operator of a node')
    else if (number === fields.node.attribute) {
      attributes ??= []
      attributes.push(readAttribute(wire, wire.message('an attribute', frame), depth + 1))
    } else if (number === fields.node.domain) domain = normal(wire.text('the domain of a node'))
    else if (number === fields.node.overload) overload = wire.text('the overload of a node')
    wire.at = at
  }
  return {
    frame,
    name,
    opType,
    domain,
    overload,
    inputs: inputs ?? none,
    inputFrames: inputFrames ?? none,
    outputs: outputs ?? none,
    attributes: attributes ?? none,
  }
}

/** An attribute while it is read. */
type Attributes = { -readonly [Name in keyof Attribute]: Attribute[Name] }

/** By AttributeProto.type, the value of an attribute that says no more: proto3 leaves zeros out, and lists may be empty. */
const emptyOf: Readonly<Record<number, Partial<Attribute>>> = {
  [attributeTypes.float]: { float: 0 },
  [attributeTypes.int]: { int: 0 },
  [attributeTypes.string]: { string: '' },
  [attributeTypes.floats]: { floats: none },
  [attributeTypes.ints]: { ints: none },
  [attributeTypes.strings]: { strings: none },
}

/** Reads an AttributeProto. */
function readAttribute(wire: Wire, frame: Frame, depth: number): Attribute {
  checkDepth(depth, frame.start)
  const attribute: Attributes = { frame, name: '' }
  let type = 0
  let isLong = false
  let floats: number[] | undefined
  let ints: number[] | undefined
  let strings: string[] | undefined
  let tensors: StoredTensor[] | undefined
  let graphs: Graph[] | undefined
  /** A list with one more entry, while it is not too long. */
  const add = <T>(list: T[] | undefined, value: T): T[] => {
    if (!list) return [value]
    if (list.length < SMALL) list.push(value)
    else isLong = true
    return list
  }
  wire.at = frame.begin
  while (wire.next(frame.end)) {
    const { number, begin, end, at } = wire
    const isKept = wire.type === VARINT || end - begin <= SMALL
    if (number === fields.attribute.name) attribute.name = wire.text('the name of an attribute')
    else if (number === fields.attribute.float) attribute.float = wire.float('f')
    else if (number === fields.attribute.int) attribute.int = wire.integer('i')
    else if (number === fields.attribute.tensor) attribute.tensor = readTensor(wire, wire.message('t', frame))
    else if (number === fields.attribute.graph) attribute.graph = readGraph(wire, wire.message('g', frame), depth + 1)
    else if (number === fields.attribute.tensors)
      tensors = add(tensors, readTensor(wire, wire.message('tensors', frame)))
    else if (number === fields.attribute.graphs)
      graphs = add(graphs, readGraph(wire, wire.message('graphs', frame), depth + 1))
    else if (number === fields.attribute.type) type = wire.integer('the type of an attribute')
    else if (number === fields.attribute.reference)
      attribute.reference = wire.text('the name of an attribute that is referred to')
    else if (!isKept) isLong = true
    else if (number === fields.attribute.string) attribute.string = wire.text('s')
    else if (number === fields.attribute.floats) {
      wire.floats('floats', 4, (value) => {
        floats = add(floats, value)
      })
    } else if (number === fields.attribute.ints) {
      wire.integers('ints', (value) => {
        ints = add(ints, value)
      })
    } else if (number === fields.attribute.strings) strings = add(strings, wire.text('strings'))
    wire.at = at
  }
  if (isLong) return { frame, name: attribute.name }
  if (floats) attribute.floats = floats
  if (ints) attribute.ints = ints
  if (strings) attribute.strings = strings
  if (tensors) attribute.tensors = tensors
  if (graphs) attribute.graphs = graphs
  // A frame and a name are all that there is.
  return Object.keys(attribute).length === 2 ? { ...attribute, ...emptyOf[type] } : attribute
}

/** Reads a SparseTensorProto: its name is that of its values, and its shape is dense. */
function readSparse(wire: Wire, frame: Frame): StoredTensor {
  let values: StoredTensor | undefined
  const dims: number[] = []
  wire.at = frame.begin
  while (wire.next(frame.end)) {
    const { number, at } = wire
    if (number === fields.sparseTensor.values)
      values = readTensor(wire, wire.message('the values of a sparse tensor', frame))
    else if (number === fields.sparseTensor.dims)
      wire.integers('the dims of a sparse tensor', (size) => dims.length < 64 && dims.push(size))
    wire.at = at
  }
  const { name = '', elementType = 0, data } = values ?? {}
  return { frame, name, dims, elementType, data, values: () => undefined }
}

/** Reads a ValueInfoProto, of which only tensors have a shape. */
function readValue(wire: Wire, frame: Frame): ValueInfo {
  const value = { frame, name: '', elementType: 0, shape: undefined as Dimension[] | undefined }
  const pass = (at: number, end: number, visit: () => void): void => {
    wire.at = at
    while (wire.next(end)) {
      const after = wire.at
      visit()
      wire.at = after
    }
  }
  const into = (what: string, visit: () => void): void => {
    const { begin, end } = wire.content(what)
    pass(begin, end, visit)
  }
  const readShape = (): void => {
    if (wire.number !== fields.shape.dimension) return
    let dimension: Dimension
    into('a dimension', () => {
      if (wire.number === fields.dimension.size) dimension = sizeOf(wire.integer('the size of a dimension'))
      else if (wire.number === fields.dimension.name) dimension = wire.text('the name of a dimension') || undefined
    })
    value.shape?.push(dimension)
  }
  const readTensorType = (): void => {
    if (wire.number === fields.tensorType.elementType) value.elementType = wire.integer('the type of elements')
    else if (wire.number === fields.tensorType.shape) {
      value.shape = []
      into('a shape', readShape)
    }
  }
  pass(frame.begin, frame.end, () => {
    if (wire.number === fields.value.name) value.name = wire.text('the name of a value')
    else if (wire.number === fields.value.type)
      into('a type', () => wire.number === fields.type.tensor && into('a type of tensors', readTensorType))
  })
  return value
}

/** Exporters write -1 for a size that is not known. */
const sizeOf = (size: number): Dimension => (size >= 0 && Number.isSafeInteger(size) ? size : undefined)
