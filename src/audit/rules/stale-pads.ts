import { attributeOf } from '../../network/model.ts'
import { padsText } from '../../words/network.ts'
import type { AuditRule, RuleFinding } from '../finding.ts'

/** Pads that the exporter left beside automatic padding. */
export const stalePads: AuditRule = {
  name: 'stale-pads',
  severity: 'note',
  what: 'pads beside automatic padding that say something else; the runtime ignores them',
  why: 'Exporters write the pads of one size beside auto_pad. Viewers show them, and people believe them.',
  example: 'OpenVINO: auto_pad="same_upper" pads_begin="1,1" pads_end="1,1" on 224 cells, where same_upper pads 0,1.',
  fix: 'Read auto_pad only. To change the padding change auto_pad too; pads alone change nothing.',
  fixable: 'no',
  *check({ layers }): Iterable<RuleFinding> {
    for (const layer of layers) {
      const pads = attributeOf(layer.spatial.node, 'ignored_pads')?.ints
      if (!pads || pads.length % 2 !== 0) continue
      const rank = pads.length / 2
      const written = pads.slice(0, rank).map((begin, axis) => [begin, pads[axis + rank]] as const)
      const own = layer.spatial.axes.map(({ pads }) => pads)
      if (own.some((pair) => pair === undefined)) continue
      if (own.every((pair, axis) => pair?.join() === written[axis]?.join())) continue
      yield { layer, message: `pads ${padsText(written)} are written and ignored; it pads ${padsText(own)}` }
    }
  },
}
