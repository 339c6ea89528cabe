import type { Node, Refused, Rewrite } from '../../network/model.ts'
import { alike } from '../respell-text.ts'

/** A padding in PyTorch's words, `(1, 1)` or `same`, where a layer has one: a number for both sides of an axis. */
export function torchPadding({ opType }: Node, padding: Rewrite['padding']): string | Refused {
  if (padding === 'SAME_LOWER') return { refused: "PyTorch's 'same' gives the odd cell to the end" }
  if (padding === 'SAME_UPPER')
    return opType === 'Conv' ? 'same' : { refused: 'only convolutions of PyTorch have a word for it' }
  const sides = alike(padding)
  if (!sides)
    return { refused: 'a layer of PyTorch pads both sides of an axis alike; F.pad before it does not have to' }
  return `(${sides.join(', ')}${sides.length === 1 ? ',' : ''})`
}
