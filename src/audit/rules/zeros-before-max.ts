import { padsText } from '../../words/network.ts'
import type { AuditRule, RuleFinding } from '../finding.ts'
import { foldOf } from '../fold.ts'

/** Zeros that a maximum sees. */
export const zerosBeforeMax: AuditRule = {
  name: 'zeros-before-max',
  severity: 'warning',
  what: 'a Pad with zeros before a max pool, where values can be negative',
  why:
    'Every framework ignores the padding of a max pool. A Pad with zeros is not ignored: at the edges zero wins over ' +
    'negative values. Optimisers fold such a Pad into the pool nevertheless (onnxruntime from its level basic on, ' +
    'onnx/optimizer issue 269), so the same file computes one thing with them and another without. Behind a ReLU, and on ' +
    'unsigned integers, zero wins over nothing, and there is no finding. Where the cells of the Pad are computed by the ' +
    'model it may pad nothing, and the finding is a note.',
  example: 'x = [-1, -2, -3, -4, -5], kernel 3, stride 1: [0, -1, -2, -3, 0] instead of [-1, -1, -2, -3, -4].',
  fix:
    'Pad with minus infinity, or fold the Pad into the pool: samepad fix --unsafe. Some networks were trained so. ' +
    'samepad verify runs both without an optimiser.',
  fixable: 'unsafe',
  *check({ layers }): Iterable<RuleFinding> {
    for (const layer of layers) {
      const { node, pad, neutral } = layer.spatial
      if (node.opType !== 'MaxPool' || pad?.filling.mode !== 'constant' || pad.filling.value !== 0) continue
      // Of an unsigned type zero is the least value.
      if (neutral === 0 || pad.inputIsNonNegative) continue
      if (pad.pads?.every((pads) => Math.max(...pads) <= 0)) continue
      const wins = 'at the edges they win over negative values, unless an optimiser folds the Pad into the pool'
      const known = pad.pads && `Pad ${padsText(pad.pads)} with zeros before it: ${wins}`
      const message = known ?? `a Pad with zeros before it, of cells that are not known: where it pads, ${wins}`
      const fold = foldOf(layer)
      const what = 'fold the Pad into the pool, which ignores padding'
      const fix = typeof fold === 'object' ? ({ action: 'fold', safe: false, what } as const) : undefined
      yield { layer, message, severity: known ? undefined : 'note', fix }
    }
  },
}
