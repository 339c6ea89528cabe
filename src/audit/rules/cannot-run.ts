import { type AuditRule, nodePlace, type RuleFinding } from '../finding.ts'
import { shapeText } from '../sentences.ts'

/** Sizes that do not meet. */
export const cannotRun: AuditRule = {
  name: 'cannot-run',
  severity: 'error',
  what: 'sizes that do not meet, so that the model cannot run',
  why:
    'Two branches that halve a picture round an odd size in their own ways: one has 8 cells and the other 7, and the sum ' +
    'of them is refused. Runtimes say so at the first run, often of a node far from the padding that is the reason.',
  example:
    'A convolution 3x3 stride 2 with pads 1 makes 8 cells of 15, a max pool 2x2 stride 2 makes 7: Add refuses them.',
  fix: 'Give another size: samepad sizes MODEL tells which ones it takes. Or pad both branches alike.',
  fixable: 'no',
  *check({ conflicts, inputs }): Iterable<RuleFinding> {
    const given = Object.entries(inputs).map(([name, shape]) => `${name} ${shapeText(shape)}`)
    const at = given.length > 0 ? `cannot run at ${given.join(', ')}: ` : 'cannot run: '
    const told = new Set<object>()
    for (const { node, name, path, message } of conflicts) {
      // A function that is called often has one node.
      if (told.has(node)) continue
      told.add(node)
      yield { place: nodePlace(node, name, path), message: `${at}${message}` }
    }
  },
}
