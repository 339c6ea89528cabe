import { dataView } from '../../bytes/bytes.ts'
import type { ByteSource } from '../../bytes/source.ts'
import { readWhole } from '../../bytes/whole.ts'
import type { Model, Shape } from '../../network/model.ts'
import { ModelBuilder } from '../builder.ts'
import { addBy } from '../file-operator.ts'
import { largest } from '../limits.ts'
import { respellText } from '../respell-text.ts'
import { layers } from './layers.ts'
import { MAGIC, type NcnnLayer, readBinary, readText, remarkIfCut } from './param.ts'
import { spell, spellPad } from './spell.ts'
import { layerTypes } from './types.ts'
import { numberOf } from './windows.ts'

/** The most bytes of a parameter file: it has no weights. */
const LARGEST = largest.ncnn
/** Key of the shapes of a layer's outputs: four numbers for each, their count, width, height and channels. */
const HINTS = 30

/** Reads a parameter file of ncnn, as text or binary. */
export async function readNcnn(source: ByteSource): Promise<Model> {
  const bytes = await readWhole(source, 'ncnn', 'a parameter file', LARGEST)
  const isBinary = bytes.length >= 4 && dataView(bytes).getInt32(0, true) === MAGIC
  const found = isBinary ? readBinary(bytes, layerTypes) : readText(bytes)
  const builder = new ModelBuilder(isBinary ? undefined : bytes)
  const [used, made] = [new Set(found.flatMap(({ inputs }) => inputs)), new Set<string>()]
  for (const layer of found) {
    if (layer.type === 'Input') builder.input(layer.outputs[0] ?? layer.name, inputShape(layer))
    else addBy(layers, { ...layer, domain: 'ncnn', builder })
    for (const output of layer.outputs) made.add(output)
    hints(layer, builder)
  }
  if (!isBinary) remarkIfCut(bytes, found, builder)
  for (const name of made) if (!used.has(name)) builder.output(name)
  // A binary file is written by ncnn's own tool from its text.
  const respell = isBinary ? undefined : respellText(bytes, spell, 0, spellPad)
  return builder.model(source, { producerName: 'ncnn', framework: 'ncnn', respell })
}

const open = (cells: number): number | undefined => (cells > 0 ? cells : undefined)

function inputShape(layer: NcnnLayer): Shape {
  const [width, height, channels, depth] = [0, 1, 2, 11].map((key) => open(numberOf(layer, key, 0)))
  return depth === undefined ? [1, channels, height, width] : [1, channels, depth, height, width]
}

/** What the file says of the shapes of a layer's outputs. */
function hints({ numbers, outputs }: NcnnLayer, builder: ModelBuilder): void {
  const list = numbers.get(HINTS)
  if (!Array.isArray(list)) return
  outputs.forEach((name, index) => {
    const [dimensions, width, height, channels] = list.slice(4 * index, 4 * index + 4)
    const shapes: Record<number, Shape> = {
      1: [1, width, 1, 1],
      2: [1, height, width],
      3: [1, channels, height, width],
    }
    const shape = shapes[dimensions]
    if (shape) builder.value(name, shape)
  })
}
