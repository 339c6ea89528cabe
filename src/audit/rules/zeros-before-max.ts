import type { Found, Rule } from '../finding.ts'
import { foldOf } from '../fold.ts'
import { padsText } from '../sentences.ts'

/** Zeros that a maximum sees. */
export const zerosBeforeMax: Rule = {
  name: 'zeros-before-max',
  severity: 'warning',
  what: 'a Pad with zeros before a max pool, where values can be negative',
  why:
    'Every framework ignores the padding of a max pool. A Pad with zeros is not ignored: at the edges zero wins over ' +
    'negative values. Behind a ReLU it makes no difference, and no finding.',
  example: 'x = [-1, -2, -3, -4, -5], kernel 3, stride 1: [0, -1, -2, -3, 0] instead of [-1, -1, -2, -3, -4].',
  fix: 'Pad with minus infinity, or fold the Pad into the pool: samepad fix --unsafe. Some networks were trained so.',
  fixable: 'unsafe',
  *check({ layers }): Iterable<Found> {
    for (const layer of layers) {
      if (layer.spatial.node.opType !== 'MaxPool' || layer.spatial.pad?.value !== 0) continue
      const { pad } = layer.spatial
      const fold = foldOf(layer)
      if (pad?.mode !== 'constant' || pad.pads?.every((pads) => Math.max(...pads) <= 0)) continue
      if (fold !== undefined && typeof fold !== 'string' && fold.safe) continue
      const message = `Pad ${padsText(pad.pads ?? [])} with zeros before it: at the edges they win over negative values`
      const what = 'fold the Pad into the pool, which ignores padding'
      const fix = typeof fold === 'object' ? ({ action: 'fold', safe: false, what } as const) : undefined
      yield { layer, message, fix }
    }
  },
}
