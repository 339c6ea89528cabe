import type { Pads } from '../geometry/index.ts'
import { counted, listed } from './numbers.ts'

// A network in sentences.

/** What is said of a network's padding as a whole; an audit has all of it. */
interface PaddedNetwork {
  readonly style: 'tf-same' | 'symmetric' | 'mixed' | 'either'
  /** How many layers speak for each family. */
  readonly votes: Readonly<Record<'tf-same' | 'symmetric', number>>
  /** Every node that slides a window. */
  readonly nodes: readonly { readonly isSameAtSome: boolean }[]
  /** Operators that may hide windows. */
  readonly unknownOperators: readonly unknown[]
}

/** How a network is padded. */
export function paddedText({ style, votes, nodes, unknownOperators }: PaddedNetwork): string {
  if (nodes.length === 0 && unknownOperators.length > 0) return 'No window of it can be seen.'
  if (nodes.length === 0) return 'No node of it slides a window: there is nothing to pad.'
  const [same, both] = [counted(votes['tf-same'], 'layer'), counted(votes.symmetric, 'layer')]
  const some = nodes.filter(({ isSameAtSome }) => isSameAtSome).length
  const rest = some > 0 ? `; ${counted(some, 'layer')} ${some === 1 ? 'is' : 'are'} SAME at some sizes only` : ''
  const sentences: Readonly<Record<PaddedNetwork['style'], string>> = {
    mixed: `Padded in two ways: ${same} as TensorFlow SAME, ${both} on both sides alike.`,
    'tf-same': `Padded as TensorFlow SAME: ${same} can tell, and none contradicts.`,
    symmetric: `Padded on both sides alike, as PyTorch does: ${both} can tell, and none contradicts.`,
    either: `No layer of it tells TensorFlow SAME from symmetric padding${rest}.`,
  }
  return sentences[style]
}

/** Files that are named before the rest is counted. */
const MOST_FILES = 3

/** What is not known for want of files that should lie beside a model; undefined where none is missing. */
export function missingText(names: readonly string[] = []): string | undefined {
  if (names.length === 0) return undefined
  const more = names.length - MOST_FILES
  const files = more > 0 ? [...names.slice(0, MOST_FILES), counted(more, 'other')] : names
  const them = names.length === 1 ? 'it' : 'them'
  return `Beside the file, ${listed(files)} could not be read: pads, axes and sizes that are constants in ${them} are not known`
}

/** One pair for all axes that are alike, else one for each: `0,1`, `1,1 0,0`; `?` where it is not known. */
export function padsText(pads: readonly (Pads | undefined)[]): string {
  const each = pads.map((pair) => pair?.join(',') ?? '?')
  return new Set(each).size === 1 ? each[0] : each.join(' ')
}

/** Names without what all of them begin with, up to a separator: exporters put the whole module before each. */
export function shortNames(names: readonly string[]): string[] {
  if (new Set(names).size < 2) return [...names]
  let common = 0
  while (names.every((name) => name[common] !== undefined && name[common] === names[0][common])) common++
  const cut = names[0].slice(0, common).search(/[/.:][^/.:]*$/) + 1
  return names.map((name) => name.slice(cut))
}
