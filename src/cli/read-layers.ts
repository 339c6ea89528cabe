import { Finding, type Layer, SamepadError } from '../geometry.ts'

const parts: Readonly<Record<string, keyof Layer>> = { k: 'kernel', s: 'stride', d: 'dilation' }

/**
 * Layers without a framework: `k3s2 x5`, `k7 s2 k3 s1 x2`. A kernel begins the next one.
 *
 * @throws SamepadError on another word, and when there is no layer
 */
export function readLayers(stage: string, words: readonly string[]): Layer[] {
  const must = 'a layer must be written as k3 s2, perhaps with d2, and x5 to repeat it'
  const layers: Layer[] = []
  for (const word of words.flatMap((text) => text.split(/[\s,]+/)).filter(Boolean)) {
    if (!/^(?:(?:[ksd][1-9]\d*)+|x[1-9]\d{0,2})$/i.test(word)) throw new SamepadError(stage, must, word)
    for (const [part] of word.toLowerCase().matchAll(/[ksdx]\d+/g)) add(part, stage, layers)
  }
  if (layers.length === 0) throw new SamepadError(stage, must, new Finding('nothing'))
  return layers
}

function add(part: string, stage: string, layers: Layer[]): void {
  const [letter, value] = [part[0], Number(part.slice(1))]
  if (letter === 'k') layers.push({ kernel: value, stride: 1, dilation: 1 })
  const last = layers.pop()
  if (!last) throw new SamepadError(stage, 'a layer must begin with its kernel, such as k3', part)
  if (letter === 'x') layers.push(...new Array<Layer>(value).fill(last))
  else layers.push({ ...last, [parts[letter]]: value })
}
