import { counted } from '../../words/numbers.ts'
import type { AuditRule, RuleFinding } from '../finding.ts'
import type { NetworkLayer } from '../layer.ts'
import type { Network } from '../network.ts'
import { layerPads, windowText } from '../sentences.ts'

/** Below this share the smaller family is made of outliers, which are named one by one. */
const OUTLIERS = 0.25

/** The layers of the smaller family, where it is small beside the other one. */
function outliersOf({ layers, votes }: Network): {
  readonly lean: NetworkLayer['lean']
  readonly layers: NetworkLayer[]
} {
  const { 'tf-same': same, symmetric } = votes
  const lean = same < symmetric ? 'tf-same' : 'symmetric'
  const isFew = Math.min(same, symmetric) > 0 && Math.min(same, symmetric) / (same + symmetric) <= OUTLIERS
  return { lean, layers: isFew ? layers.filter((layer) => layer.lean === lean) : [] }
}

/** A network that is padded in two ways. */
export const mixedConventions: AuditRule = {
  name: 'mixed-conventions',
  severity: 'warning',
  what: 'a network in which both families of padding have many layers',
  why:
    'A network is trained in one framework. Where half of its strided layers pad as TensorFlow and half as PyTorch ' +
    'does, one half was probably converted without its padding. Two networks in one file are a good reason.',
  example: 'Two 3x3 layers of stride 2 with pads 0,1 and two with 1,1, all on even sizes.',
  fix: 'Compare with the network as it was trained; samepad fix --to tf-same or --to symmetric rewrites all of it.',
  fixable: 'unsafe',
  *check(network): Iterable<RuleFinding> {
    const { votes, layers } = network
    if (network.style !== 'mixed' || outliersOf(network).layers.length > 0) return
    const first = (lean: NetworkLayer['lean']): string => {
      const layer = layers.find((one) => one.lean === lean)
      return layer ? `${layer.spatial.name} (${windowText(layer)}, pads ${layerPads(layer)})` : ''
    }
    yield {
      message:
        `${counted(votes['tf-same'], 'layer')} as TensorFlow SAME, ${votes.symmetric} symmetric; ` +
        `the first are ${first('tf-same')} and ${first('symmetric')}`,
    }
  },
}

/** Finds the outliers of one kind. */
export function* outliers(network: Network, lean: 'tf-same' | 'symmetric', amid: string): Iterable<RuleFinding> {
  const found = outliersOf(network)
  if (found.lean !== lean) return
  const others = network.votes[lean === 'tf-same' ? 'symmetric' : 'tf-same']
  for (const layer of found.layers) {
    yield { layer, message: `${windowText(layer)}, pads ${layerPads(layer)}, amid ${counted(others, 'layer')} ${amid}` }
  }
}
