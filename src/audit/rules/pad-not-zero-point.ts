import { isAdded } from '../../conventions/step.ts'
import type { AuditRule, RuleFinding } from '../finding.ts'
import type { NetworkLayer } from '../layer.ts'
import { layerPads } from '../sentences.ts'

/** A Pad of quantised values that does not hold zero. */
export const padNotZeroPoint: AuditRule = {
  name: 'pad-not-zero-point',
  severity: 'warning',
  what: 'a Pad of quantised values whose value is not the zero point',
  why:
    'A quantised value q stands for scale * (q - zero point). Padding with zeros means to pad with the zero point; a Pad ' +
    'that holds 0 or another number pads with a value of its own, which the float network did not have.',
  example: 'uint8 with scale 0.1 and zero point 128: a Pad with 0 before a QLinearConv pads with -12.8.',
  fix: 'Give the Pad the zero point as its value, or pad in the attributes of the node, which hold the zero point.',
  fixable: 'no',
  *check({ layers }): Iterable<RuleFinding> {
    for (const layer of layers) {
      const values = layer.spatial.op === 'maxPool' ? [] : valuesOf(layer)
      if (values.length === 0) continue
      const { neutral } = layer.spatial
      // Behind a DequantizeLinear the window reads numbers, and the zero point is 0 for it.
      const zero =
        neutral === undefined || neutral === 0 ? 'what the zero point stands for' : `the zero point ${neutral}`
      yield { layer, message: `padded ${layerPads(layer)} with ${values.join(' and ')}, which is not ${zero}` }
    }
  },
}

/** What its Pads hold where that is known not to be the zero point. */
function valuesOf({ spatial }: NetworkLayer): number[] {
  const values = spatial.before.flatMap(({ steps }) =>
    steps.flatMap((step) => {
      if (!step || !isAdded(step) || step.filling.mode !== 'constant' || step.filling.isZeroPoint !== false) return []
      const isPadding = 'convention' in step.pads || Math.max(...step.pads) > 0
      return isPadding && step.filling.value !== undefined ? [step.filling.value] : []
    }),
  )
  return [...new Set(values)]
}
