import type { Pads } from '../geometry/index.ts'
import { labelOf, type Node, type Refused, type Rewrite } from '../network/model.ts'
import { padsText } from '../words/network.ts'

// A Pad in front of a window, in formats from which no operator is taken and into which none is put.

/** What a Pad and the window behind it get, which together do what a rewrite asks of the window alone. */
export interface WithPad {
  readonly node: Node
  /** Along the axes of the window. */
  readonly pads: readonly Pads[]
  /** What it pads now. */
  readonly before: readonly Pads[]
  readonly window: Rewrite
}

/** The Pad gets the numbers, and the window pads nothing; or the window pads by a rule, and the Pad nothing. */
export function withPad({ folded, ...rewrite }: Rewrite): WithPad | Refused {
  const { node, pads: before, through = [] } = folded ?? {}
  if (!node || !before) return { refused: 'the Pad before it is not known' }
  if (through.length > 0) return { refused: `other operators stand between it and ${labelOf(node)} before it` }
  const none = before.map(() => [0, 0] as const)
  if (typeof rewrite.padding === 'string') return { node, before, pads: none, window: rewrite }
  return { node, before, pads: rewrite.padding, window: { ...rewrite, word: undefined, padding: none } }
}

/** What is to be done by hand, where a Pad is an operator of its own that is not edited. */
export function padRefused({ folded, inFront, padding }: Rewrite): Refused {
  if (inFront) return { refused: `put a Pad of ${padsText(inFront.pads)} before it where the model is made` }
  const pads = typeof padding === 'string' ? 'nothing' : padsText(padding)
  return { refused: `let ${folded ? labelOf(folded.node) : 'the Pad'} before it pad ${pads} where the model is made` }
}
