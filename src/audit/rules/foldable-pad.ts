import { padsText } from '../../words/network.ts'
import type { AuditRule, RuleFinding } from '../finding.ts'
import { foldOf } from '../fold.ts'

/** A Pad that its node could do itself. */
export const foldablePad: AuditRule = {
  name: 'foldable-pad',
  severity: 'note',
  what: 'a Pad that the node behind it could do itself',
  why:
    'A Pad writes a copy of its input. Convolutions pad with zeros by themselves, unevenly too, and maxima and averages ' +
    'can be told to. Exporters of frameworks whose layers pad both sides alike leave such nodes.',
  example: 'Pad [0, 1] on height and width, then Conv 3x3 with stride 2 and no pads: the same as Conv with pads 0,1.',
  fix: 'samepad fix works it into the node and takes it out of the graph.',
  fixable: 'safe',
  only: 'onnx',
  *check({ layers }): Iterable<RuleFinding> {
    for (const layer of layers) {
      const fold = foldOf(layer)
      if (fold === undefined || typeof fold === 'string' || !fold.safe) continue
      const what = `fold the Pad into pads ${padsText(fold.pads)}`
      const message = `Pad ${padsText(fold.pad.pads ?? [])} before it copies its input, and could be pads ${padsText(fold.pads)}`
      yield { layer, message, fix: { action: 'fold', safe: true, what } }
    }
  },
}
