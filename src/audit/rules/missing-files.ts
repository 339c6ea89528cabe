import { missingText } from '../../words/network.ts'
import type { AuditRule, RuleFinding } from '../finding.ts'

/** Constants that lie in files beside the model. */
export const missingFiles: AuditRule = {
  name: 'missing-files',
  severity: 'note',
  what: 'files with constants that should lie beside the model and could not be read',
  why: 'Pads, the axes of a Squeeze or a mean and the sizes of a Reshape are constants, and some formats keep those with the weights.',
  example: 'A model.json of TensorFlow.js without its group1-shard1of1.bin: the amounts of every Pad are unknown.',
  fix: 'Put the file of the weights into the folder of the model.',
  fixable: 'no',
  *check({ model }): Iterable<RuleFinding> {
    const message = missingText(model.missing)
    if (message) yield { message }
  },
}
