import { padsText } from '../../words/network.ts'
import type { AuditRule, RuleFinding } from '../finding.ts'
import { resolved, writing } from './automatic.ts'

/** Both kinds of padding on one node. */
export const autoPadWithPads: AuditRule = {
  name: 'auto-pad-with-pads',
  severity: 'error',
  what: 'auto_pad and pads on the same node',
  why:
    'The specification forbids it and runtimes disagree: onnxruntime refuses such a Conv and takes auto_pad of a pool, ' +
    'tract takes pads, rten and onnx2tf take auto_pad.',
  example: 'Conv with auto_pad=SAME_UPPER and pads=[0, 0, 0, 0], which is an export that was written over.',
  fix: 'Keep one of them. samepad fix --unsafe writes what auto_pad says as pads; whether that was meant only you know.',
  fixable: 'unsafe',
  only: 'onnx',
  *check({ layers, isOpen }): Iterable<RuleFinding> {
    for (const layer of layers) {
      const { autoPad = 'NOTSET', pads } = layer.spatial.written
      if (autoPad === 'NOTSET' || !pads) continue
      const rank = pads.length / 2
      const written = pads.slice(0, rank).map((begin, axis) => [begin, pads[axis + rank]] as const)
      const proposal = resolved(layer, isOpen)
      const isSame = proposal?.safe === true && proposal.what === writing(written)
      const message = `auto_pad ${autoPad} beside pads ${padsText(written)}`
      yield { layer, message, fix: proposal && { ...proposal, safe: isSame } }
    }
  },
}
