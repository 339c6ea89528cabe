import type { AuditRule, RuleFinding } from '../finding.ts'
import { outliers } from './mixed-conventions.ts'

/** Symmetric padding where the rest of the network is TensorFlow's. */
export const symmetricAmongSame: AuditRule = {
  name: 'symmetric-among-same',
  severity: 'warning',
  what: 'a few symmetric strided layers in a network with TensorFlow SAME',
  why:
    'The classic slip of a port: padding=1 for SAME. Shapes agree and scores stay high, but from this layer on the grid ' +
    'lies a cell off, which boxes and masks show.',
  example: 'The stem of a detector with pads 1,1 where all its other layers of stride 2 pad 0,1.',
  fix: 'If the original pads with SAME here, samepad fix --to tf-same writes it; it changes what the model computes.',
  fixable: 'unsafe',
  check: (network): Iterable<RuleFinding> => outliers(network, 'symmetric', 'that pad as TensorFlow SAME'),
}
