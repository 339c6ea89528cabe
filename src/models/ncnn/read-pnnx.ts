import { fileError } from '../../bytes/file-error.ts'
import type { ByteSource } from '../../bytes/source.ts'
import type { Model, Shape } from '../../network/model.ts'
import { ModelBuilder } from '../builder.ts'
import { respellText } from '../respell-text.ts'
import { modules, unknown } from '../torch/modules.ts'
import { type NcnnLayer, readText } from './param.ts'
import { spellPnnx } from './spell-pnnx.ts'

/** The most bytes of a parameter file: it has no weights. */
const LARGEST = 2 ** 26

/** Operators of pnnx that only join values, under ONNX's name. */
const joining: Readonly<Record<string, string>> = {
  'torch.cat': 'Concat',
  'torch.flatten': 'Flatten',
  'pnnx.Expression': 'Add',
}

/** Reads a text of pnnx: PyTorch's own words, with shapes. */
export async function readPnnx(source: ByteSource): Promise<Model> {
  const { size, path } = source
  if (size > LARGEST) throw fileError('pnnx', `a parameter file must have at most ${LARGEST} bytes`, size)
  const bytes = await source.read(0, size)
  const builder = new ModelBuilder(bytes)
  for (const layer of readText(bytes)) add(layer, builder)
  return builder.model({
    size,
    path,
    producerName: 'pnnx',
    framework: 'pytorch',
    respell: respellText(bytes, spellPnnx),
  })
}

function add(layer: NcnnLayer, builder: ModelBuilder): void {
  const { type, name, inputs, outputs, words, place } = layer
  for (const output of outputs) builder.value(output, shapeOf(words.get(`#${output}`)))
  if (type === 'pnnx.Input') for (const output of outputs) builder.input(output, shapeOf(words.get(`#${output}`)))
  else if (type === 'pnnx.Output') for (const input of inputs) builder.output(input)
  else {
    const opType = joining[type]
    if (opType) {
      const axis = opType === 'Concat' ? { axis: Number(words.get('dim') ?? 0) } : {}
      builder.node(opType, inputs, outputs, axis, { name, span: place })
      return
    }
    const [input = '', ...rest] = inputs
    const short = type.replace(/^nn\./, '')
    const module = {
      type: short,
      name,
      arguments: words,
      input,
      inputs: rest,
      output: outputs[0] ?? '',
      place,
      builder,
    }
    ;((type.startsWith('nn.') && modules[short]) || unknown)(module)
  }
}

/** `(1,3,224,224)f32`; sizes that are no numbers are open. */
function shapeOf(text: string | undefined): Shape | undefined {
  const [, inside] = /^\(([^)]*)\)/.exec(text ?? '') ?? []
  return inside?.split(',').map((size) => (/^\d+$/.test(size) ? Number(size) : undefined))
}
