import { type ChainLayer, parseChains, SamepadError, Verbatim, type WrittenLayer } from '../geometry.ts'
import type { Chain } from './read-settings.ts'

/** Any rule that takes a stride with a dilation: it is left out again. */
const unsaid = { framework: 'onnx', padding: 'same-upper' }

/**
 * Layers whose padding is left open: `k3s2 x5`, `k7 s2 k3 s1 x2`, or as they stand in a program. What they say of
 * framework and padding makes no difference here.
 *
 * @throws SamepadError on what is not understood, and when there is no layer
 */
export function readOpenLayers(stage: string, words: readonly string[]): readonly WrittenLayer[] {
  const [chain, ...others] = parseChains(words.join(' '), unsaid)
  if (chain === undefined) {
    const must = 'a layer must be written as k3 s2, perhaps with d2, and x5 to repeat it'
    throw new SamepadError(stage, must, new Verbatim('nothing'))
  }
  if (others.length > 0) throw new SamepadError(stage, 'there must be one chain of layers', others.length + 1)
  const transposed = chain.find(({ settings }) => settings.some(({ op }) => op === 'convTranspose'))
  if (transposed) throw new SamepadError(stage, 'no layer must be transposed', transposed.text)
  return chain
}

/** The layers of a chain along one axis, without their padding. */
export function openLayers(chain: Chain): ChainLayer[] {
  return chain.map(({ setting: { kernel, stride, dilation } }) => ({ kernel, stride, dilation }))
}
