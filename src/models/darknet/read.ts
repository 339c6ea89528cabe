import { fileError } from '../../bytes/file-error.ts'
import type { ByteSource } from '../../bytes/source.ts'
import { latin1, readWhole } from '../../bytes/whole.ts'
import { Verbatim } from '../../geometry/error.ts'
import type { Model } from '../../network/model.ts'
import { ModelBuilder } from '../builder.ts'
import { addBy, rowOf } from '../file-operator.ts'
import { largest } from '../limits.ts'
import { respellText } from '../respell-text.ts'
import { channelsMade, type DarknetLayer, layers } from './layers.ts'
import { readSections } from './sections.ts'
import { spell } from './spell.ts'

/** The most bytes of a network's text. */
const LARGEST = largest.darknet

/** Reads a network's text (`.cfg`), of which weights are no part. */
export async function readDarknet(source: ByteSource): Promise<Model> {
  const bytes = await readWhole(source, 'darknet', "a network's text", LARGEST)
  const [net, ...found] = readSections(latin1(bytes))
  if (net?.kind !== 'net' && net?.kind !== 'network') {
    throw fileError('darknet', 'a network must begin with [net]', new Verbatim(net ? `[${net.kind}]` : 'no section'))
  }
  if (found.length === 0) throw fileError('darknet', 'a network must have layers', new Verbatim('none'))
  const builder = new ModelBuilder(bytes)
  const [channels, height, width] = ['channels', 'height', 'width'].map((name) => net.number(name, 0) || undefined)
  const values = [builder.input('input', [1, channels ?? 3, height, width])]
  const made = new Map<string, number | undefined>([['input', channels ?? 3]])
  const used = new Set<string>()
  found.forEach((section, index) => {
    // The number last: where a name is cut, its end is kept.
    const output = `${section.kind} ${index}`
    /** The value of a layer by its number, or counted back from this one when negative. */
    const layerValue = (layer: number): string => {
      const value = values[(layer < 0 ? index + layer : layer) + 1]
      if (value === undefined || !Number.isInteger(layer)) {
        throw fileError(
          'darknet',
          `layer ${index} must take the value of a layer before it`,
          layer,
          section.place.begin,
        )
      }
      used.add(value)
      return value
    }
    const layer: DarknetLayer = {
      ...{ type: section.kind, domain: 'darknet', name: output, place: section.place, outputs: [output], builder },
      get inputs() {
        return [layerValue(-1)]
      },
      ...{ section, layerValue, channelsOf: (value) => made.get(value) },
    }
    made.set(output, rowOf(channelsMade, section.kind)?.(layer) ?? made.get(values[index]))
    addBy(layers, layer)
    values.push(output)
  })
  for (const value of values) if (!used.has(value)) builder.output(value)
  return builder.model(source, { producerName: 'darknet', framework: 'darknet', respell: respellText(bytes, spell) })
}
