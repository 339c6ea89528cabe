import { labelOf } from '../../network/model.ts'
import { type AuditRule, nodePlace, type RuleFinding } from '../finding.ts'
import { shapeText } from '../sentences.ts'

/** A shape that the file declares and that is not so. */
export const declaredShape: AuditRule = {
  name: 'declared-shape',
  severity: 'warning',
  what: 'a value whose declared shape differs from the one that follows from its inputs',
  why:
    'Tools that read the declared shape plan for a picture of another size than the one that arrives. It often comes of a ' +
    'padding that was edited, or written in the order of another framework: [1, 0, 1, 0] pads the height alone.',
  example: 'A 3x3 stride 2 on 7x5 with pads [1, 0, 1, 0], declared to make 5x5: it makes 4x2.',
  fix: 'Correct the padding if the declared shape was meant; otherwise remove the declaration or infer shapes anew.',
  fixable: 'no',
  *check({ misdeclared }): Iterable<RuleFinding> {
    for (const { node, path, value, declared, shape } of misdeclared) {
      yield {
        place: nodePlace(node, labelOf(node), path),
        message: `the file declares ${shapeText(declared)} for '${value}', but it is ${shapeText(shape)}`,
      }
    }
  },
}
