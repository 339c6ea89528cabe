import { counted } from '../../words/numbers.ts'
import type { AuditRule, RuleFinding } from '../finding.ts'
import type { NetworkLayer } from '../layer.ts'
import { deviationsOf } from '../runtimes.ts'
import { layerPads } from '../sentences.ts'
import { isAutomatic } from './automatic.ts'

/** Pads that ONNX has and some readers of its files do not. */
export const padsRefusedElsewhere: AuditRule = {
  name: 'pads-refused-elsewhere',
  severity: 'note',
  what: 'pads that ONNX allows and some runtimes and converters refuse',
  why:
    'ONNX has a number for each side. Many frameworks have one for both, and what reads ONNX for them stops at pads that ' +
    'differ between begin and end: OpenCV before 4.5.4 (issue 19316), burn-onnx (issue 5; of three axes still), onnx2torch ' +
    'at averages, onnx-go at convolutions.',
  example: 'MaxPool 3x3 with stride 2 and pads 0,1: burn-onnx before 0.21 says "Asymmetric padding is not supported".',
  fix:
    'samepad fix --to pad-node writes such padding as a Pad in front: minus infinity before a maximum, the zero point ' +
    'where values are quantised, zero elsewhere.',
  fixable: 'no',
  only: 'onnx',
  *check({ layers, isOpen }): Iterable<RuleFinding> {
    // One finding for all layers that the same readers refuse: a network of TensorFlow has dozens.
    const alike = new Map<string, NetworkLayer[]>()
    for (const layer of layers) {
      const isWritten = !isAutomatic(layer) && layer.spatial.written.pads !== undefined
      const refusal = isWritten ? refusalOf(layer, isOpen) : undefined
      if (refusal === undefined) continue
      const list = alike.get(refusal)
      if (list) list.push(layer)
      else alike.set(refusal, [layer])
    }
    for (const [refusal, [layer, ...others]] of alike) {
      const more = others.length > 0 ? `, like those of ${counted(others.length, 'other layer')},` : ''
      yield { layer, message: `pads ${layerPads(layer)}${more} are refused by ${refusal}` }
    }
  },
}

/** Who refuses the pads of a layer, by reasons; undefined where nobody does. */
function refusalOf(layer: NetworkLayer, isOpen: boolean): string | undefined {
  const refusing = deviationsOf(layer, isOpen).filter(({ does, isCommon }) => does === 'refuses' && !isCommon)
  if (refusing.length === 0) return undefined
  const reasons = [...new Set(refusing.map(({ why }) => why))]
  const whoFor = (reason: string): string =>
    refusing
      .filter(({ why }) => why === reason)
      .map(({ runtime }) => runtime)
      .join(', ')
  return reasons.map((reason) => `${whoFor(reason)}: ${reason}`).join('; ')
}
