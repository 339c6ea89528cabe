import { remarksOf } from '../../network/unknown.ts'
import { type AuditRule, nodePlace, type RuleFinding } from '../finding.ts'

/** What only the reader of a format can say. */
export const remark: AuditRule = {
  name: 'remark',
  severity: 'note',
  what: 'something of a layer that the file hides, or says in a way that no setting has',
  why: 'Formats leave out what others state. What is said of such a layer holds only as far as the remark allows.',
  example: 'The text of print(model) hides ceil_mode and count_include_pad of an AvgPool2d.',
  fix: 'Look it up where it is stated: in the code, or in another export of the same network.',
  fixable: 'no',
  *check({ model, layers }): Iterable<RuleFinding> {
    const known = new Map(layers.map((layer) => [layer.spatial.node, layer]))
    for (const { node, name, text } of remarksOf(model)) {
      const layer = known.get(node)
      yield layer ? { layer, message: text } : { place: nodePlace(node, name, 'main'), message: text }
    }
  },
}
