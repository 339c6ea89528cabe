import { integersOf } from '../../bytes/bytes.ts'
import { fileError } from '../../bytes/file-error.ts'
import type { ByteSource } from '../../bytes/source.ts'
import { readWhole } from '../../bytes/whole.ts'
import { readXml, type XmlElement } from '../../bytes/xml.ts'
import { Verbatim } from '../../geometry/error.ts'
import type { Model } from '../../network/model.ts'
import { ModelBuilder } from '../builder.ts'
import { addBy, rowOf } from '../file-operator.ts'
import type { Companion } from '../format.ts'
import { keptValues, largest } from '../limits.ts'
import { respellText } from '../respell-text.ts'
import { childrenOf, listOf, type OpenvinoLayer, portsOf } from './layer.ts'
import { layers } from './layers.ts'
import { spell } from './spell.ts'

/** The most bytes of a network's description; its weights are another file. */
const LARGEST = largest.openvino
/** The most bytes of a constant whose values are read: pads, sizes, axes. */
const SMALL = keptValues.openvino
/** Types of elements that such constants have, with their bytes and ONNX's number. */
const integers: Readonly<Record<string, { readonly bytes: 4 | 8; readonly onnx: number }>> = {
  i64: { bytes: 8, onnx: 7 },
  u64: { bytes: 8, onnx: 7 },
  i32: { bytes: 4, onnx: 6 },
}

/** Reads a network's description (`.xml`), and of its weights (`.bin`) the small constants, where it lies beside. */
export async function readOpenvino(source: ByteSource, companion?: Companion): Promise<Model> {
  const bytes = await readWhole(source, 'openvino', 'a description', LARGEST)
  const root = readXml(bytes)
  if (root.name !== 'net') throw fileError('openvino', 'the document must be a <net>', new Verbatim(`<${root.name}>`))
  const elements = childrenOf(childrenOf(root, 'layers')[0], 'layer')
  const name = (source.path ?? '').replace(/\.xml$/i, '.bin').replace(/^.*[/\\]/, '')
  const weights = elements.some(isSmall) ? await companion?.(name) : undefined
  const constants = new Map<XmlElement, readonly number[]>()
  if (weights) for (const element of elements) if (isSmall(element)) await readConstant(element, weights, constants)
  const builder = new ModelBuilder(bytes)
  const wires = wiresOf(root)
  for (const element of elements) addLayer(element, wires, constants, builder)
  const version = root.attributes.get('version')?.value ?? ''
  return builder.model(source, {
    producerName: 'OpenVINO',
    producerVersion: version,
    framework: 'openvino',
    respell: respellText(bytes, spell),
  })
}

const attribute = (element: XmlElement | undefined, name: string): string => element?.attributes.get(name)?.value ?? ''
const dataOf = (element: XmlElement): XmlElement | undefined => childrenOf(element, 'data')[0]

function isSmall(element: XmlElement): boolean {
  const data = dataOf(element)
  const size = Number(attribute(data, 'size'))
  const isInteger = rowOf(integers, attribute(data, 'element_type')) !== undefined
  return attribute(element, 'type') === 'Const' && size > 0 && size <= SMALL && isInteger
}

async function readConstant(
  element: XmlElement,
  weights: ByteSource,
  into: Map<XmlElement, readonly number[]>,
): Promise<void> {
  const data = dataOf(element)
  const [offset, size] = ['offset', 'size'].map((name) => Number(attribute(data, name)))
  const width = integers[attribute(data, 'element_type')].bytes
  if (!Number.isSafeInteger(offset) || offset < 0 || offset + size > weights.size || size % width !== 0) return
  into.set(element, integersOf(await weights.read(offset, offset + size), width))
}

/** From which port of which layer each input comes, by `layer:port`. */
function wiresOf(root: XmlElement): ReadonlyMap<string, string> {
  return new Map(
    childrenOf(childrenOf(root, 'edges')[0], 'edge').map((edge) => [
      `${attribute(edge, 'to-layer')}:${attribute(edge, 'to-port')}`,
      `${attribute(edge, 'from-layer')}:${attribute(edge, 'from-port')}`,
    ]),
  )
}

function addLayer(
  element: XmlElement,
  wires: ReadonlyMap<string, string>,
  constants: ReadonlyMap<XmlElement, readonly number[]>,
  builder: ModelBuilder,
): void {
  const [id, type] = [attribute(element, 'id'), attribute(element, 'type')]
  const [inputs, outputs] = [portsOf(element, 'input'), portsOf(element, 'output')]
  const data = dataOf(element)
  const layer: OpenvinoLayer = {
    ...{ type, domain: 'openvino', name: attribute(element, 'name') || `layer ${id}`, place: element.place, builder },
    inputs: inputs.map((port) => wires.get(`${id}:${port.id}`) ?? ''),
    outputs: outputs.map((port) => `${id}:${port.id}`),
    inputShapes: inputs.map(({ shape }) => shape),
    outputShapes: outputs.map(({ shape }) => shape),
    data: (name) => data?.attributes.get(name)?.value,
    numbers: (name) => listOf(data?.attributes.get(name)?.value),
  }
  const [output = ''] = layer.outputs
  const [shape] = layer.outputShapes
  if (type === 'Parameter') builder.input(output, shape)
  else if (type === 'Result') builder.output(layer.inputs[0] ?? '', layer.inputShapes[0])
  else if (type === 'Const') {
    const values = constants.get(element)
    const elementType = rowOf(integers, attribute(data, 'element_type'))?.onnx
    builder.constant(output, listOf(attribute(data, 'shape')) ?? [], () => values, elementType)
  } else {
    layer.outputs.forEach((name, index) => {
      builder.value(name, layer.outputShapes[index])
    })
    addBy(layers, layer)
  }
}
