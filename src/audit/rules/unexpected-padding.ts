import { padsText } from '../../words/network.ts'
import { contradictions, expectedPads } from '../expect.ts'
import type { AuditRule, RuleFinding } from '../finding.ts'
import { paddingRules } from '../follows.ts'

/** What somebody who knows the network expects of it. */
export const unexpectedPadding: AuditRule = {
  name: 'unexpected-padding',
  severity: 'error',
  what: 'a layer that is not padded as --expect says',
  why:
    'A port that is wrong in every layer contradicts nothing in itself: only somebody who knows where the network comes ' +
    'from can say that it should pad otherwise. That is what --expect, or expect in the config file, is for.',
  example:
    'A port of a TensorFlow network to PyTorch with padding=1 in each 3x3 layer of stride 2, and --expect tf-same.',
  fix:
    'Pad as the network was trained: samepad fix --to tf-same or --to symmetric rewrites the file, and samepad code writes ' +
    'a layer for any framework.',
  fixable: 'no',
  *check({ layers, expected }): Iterable<RuleFinding> {
    if (!expected) return
    for (const layer of layers) {
      const axes = contradictions(layer, expected)
      if (axes.length === 0) continue
      const [own, wanted] = [axes.map(({ pads }) => pads), axes.map((axis) => expectedPads(axis, expected))]
      const instead = wanted.every((pads) => pads !== undefined) ? `, which pads ${padsText(wanted)} here` : ''
      const said = own.every((pads) => pads !== undefined) ? `pads ${padsText(own)}` : 'pads otherwise'
      yield { layer, message: `${said} (${layer.family}), expected is ${paddingRules[expected].title}${instead}` }
    }
  },
}
