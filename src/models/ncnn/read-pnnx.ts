import type { ByteSource } from '../../bytes/source.ts'
import { readWhole } from '../../bytes/whole.ts'
import type { Model, Shape } from '../../network/model.ts'
import { ModelBuilder } from '../builder.ts'
import { add, addBy, rowOf } from '../file-operator.ts'
import { largest } from '../limits.ts'
import { respellText } from '../respell-text.ts'
import { modules } from '../torch/modules.ts'
import { type NcnnLayer, readText, remarkIfCut } from './param.ts'
import { spellPnnx } from './spell-pnnx.ts'

/** The most bytes of a parameter file: it has no weights. */
const LARGEST = largest.pnnx

/** Operators of pnnx that only join values, under ONNX's name. */
const joining: Readonly<Record<string, string>> = {
  'torch.cat': 'Concat',
  'torch.flatten': 'Flatten',
  'pnnx.Expression': 'Add',
}

/** Reads a text of pnnx: PyTorch's own words, with shapes. */
export async function readPnnx(source: ByteSource): Promise<Model> {
  const bytes = await readWhole(source, 'pnnx', 'a parameter file', LARGEST)
  const builder = new ModelBuilder(bytes)
  const layers = readText(bytes)
  for (const layer of layers) addLayer(layer, builder)
  remarkIfCut(bytes, layers, builder)
  return builder.model(source, { producerName: 'pnnx', framework: 'pytorch', respell: respellText(bytes, spellPnnx) })
}

function addLayer(layer: NcnnLayer, builder: ModelBuilder): void {
  const { type, name, inputs, outputs, words, place } = layer
  for (const output of outputs) builder.value(output, shapeOf(words.get(`#${output}`)))
  if (type === 'pnnx.Input') for (const output of outputs) builder.input(output, shapeOf(words.get(`#${output}`)))
  else if (type === 'pnnx.Output') for (const input of inputs) builder.output(input)
  else {
    const short = type.replace(/^nn\./, '')
    const call = { type: short, domain: 'torch', name, place, inputs, outputs, builder, arguments: words }
    const opType = rowOf(joining, type)
    if (opType) add(call, opType, opType === 'Concat' ? { axis: Number(words.get('dim') ?? 0) } : {})
    else addBy(type.startsWith('nn.') ? modules : {}, call)
  }
}

/** `(1,3,224,224)f32`; sizes that are no numbers are open. */
function shapeOf(text: string | undefined): Shape | undefined {
  const [, inside] = /^\(([^)]*)\)/.exec(text ?? '') ?? []
  return inside?.split(',').map((size) => (/^\d+$/.test(size) ? Number(size) : undefined))
}
