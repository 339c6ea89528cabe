import type { AuditRule, RuleFinding } from '../finding.ts'
import { outliers } from './mixed-conventions.ts'

/** TensorFlow's padding where the rest of the network is symmetric. */
export const sameAmongSymmetric: AuditRule = {
  name: 'same-among-symmetric',
  severity: 'warning',
  what: 'a few TensorFlow SAME layers in a network with symmetric padding',
  why:
    'In a network of PyTorch a strided layer with pads 0,1 was either padded by hand, and is right, or a converter ' +
    'took padding=1 for SAME, and the grid lies a cell off from here on.',
  example: 'One downsampling of stride 2 with pads 0,1 where the others pad 1,1.',
  fix: 'If the original pads both sides here, samepad fix --to symmetric writes it; it changes what the model computes.',
  fixable: 'unsafe',
  check: (network): Iterable<RuleFinding> => outliers(network, 'tf-same', 'that pad both sides alike'),
}
