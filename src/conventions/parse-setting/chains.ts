import type { Setting } from '../setting.ts'
import { fault } from './fault.ts'
import { readCall } from './read-call.ts'
import { joined, prepared, readLayer, type Unsaid } from './read-layer.ts'
import { settle } from './settle.ts'
import { type Item, itemsOf } from './syntax.ts'
import { isFirst, meaningOf, readWord } from './words.ts'

/** A layer as it was written. */
export interface WrittenLayer {
  /** Its words on one line, with the framework that it takes over from the layer before. */
  readonly text: string
  /** One setting for each axis, or one where it holds for any number of axes. */
  readonly settings: readonly Setting[]
}

const MOST_LAYERS = 1000

/**
 * Reads layers that run one after the other. A framework, a call or a second kernel begins a new layer, and so does a
 * comma before a layer that names its own kernel; `vs` begins another chain. A layer without a framework has that of
 * the one before it. `x5` stands for as many of the layer before it.
 *
 * @returns the chains between `vs`, without empty ones
 * @throws SamepadError on what is not understood
 */
export function parseChains(text: string, unsaid: Unsaid = {}): readonly (readonly WrittenLayer[])[] {
  const items = prepared(itemsOf(text))
  return splitAt(items, (item) => item.kind === 'word' && item.text.toLowerCase() === 'vs').map((part) =>
    chainOf(part, unsaid),
  )
}

function chainOf(items: readonly Item[], unsaid: Unsaid): readonly WrittenLayer[] {
  const chain: WrittenLayer[] = []
  let framework = unsaid.framework
  for (const part of layersIn(items)) {
    const repeat = /^x(\d+)$/i.exec(part.at(-1)?.text ?? '')
    const own = repeat ? part.slice(0, -1) : part
    const times = Number(repeat?.[1] ?? 1)
    if (own.length === 0 || times < 1 || chain.length + times > MOST_LAYERS) {
      throw fault(`x must follow a layer and repeat it 1 to ${MOST_LAYERS} times`, joined(part))
    }
    const said = readLayer(own, { ...unsaid, framework })
    const isSaid = framework === undefined || own.some((item) => item.kind === 'call') || isFirst(own[0].text)
    const words = isSaid || framework === unsaid.framework ? joined(own) : `${framework} ${joined(own)}`
    if (unsaid.framework === undefined) framework = said.framework
    chain.push(...new Array<WrittenLayer>(times).fill({ text: words, settings: settle(said, words) }))
  }
  return chain
}

/** The items of one layer after the other. */
function layersIn(items: readonly Item[]): Item[][] {
  const layers: Item[][] = []
  for (const segment of splitAt(items, ({ kind }) => kind === 'comma')) {
    let isFirstOfSegment = true
    for (const item of segment) {
      const current = layers.at(-1)
      const rest = isFirstOfSegment ? segment : []
      if (current && !begins(item, current, rest)) current.push(item)
      else layers.push([item])
      isFirstOfSegment = false
    }
  }
  return layers
}

/** Whether an item begins a new layer; `segment` is what follows where a comma stands before it. */
function begins(item: Item, current: readonly Item[], segment: readonly Item[]): boolean {
  if (isRepeat(current.at(-1))) return true
  if (isRepeat(item)) return false
  if (item.kind === 'word' && isFirst(item.text)) return true
  const hasKernel = current.some(namesKernel)
  if (item.kind === 'call') return hasKernel || current.some(({ kind }) => kind === 'call')
  if (!hasKernel) return false
  return namesKernel(item) || segment.some((one) => namesKernel(one) || namesOperation(one))
}

const isRepeat = (item: Item | undefined): boolean => item?.kind === 'word' && /^x\d+$/i.test(item.text)

function namesKernel(item: Item): boolean {
  if (item.kind === 'named') return meaningOf(item.name, undefined) === 'kernel'
  if (item.kind === 'word') return /^(?:k\d+|\d+x\d+)/i.test(item.text)
  if (item.kind !== 'call') return false
  try {
    return readCall(item.name, item.given).kernel !== undefined
  } catch {
    return true // what is wrong with it is said where it is read
  }
}

function namesOperation(item: Item): boolean {
  if (item.kind !== 'word') return false
  try {
    return readWord(item.text).op !== undefined
  } catch {
    return false
  }
}

function splitAt(items: readonly Item[], separates: (item: Item) => boolean): Item[][] {
  const parts: Item[][] = [[]]
  for (const item of items) {
    if (separates(item)) parts.push([])
    else parts[parts.length - 1].push(item)
  }
  return parts.filter((part) => part.length > 0)
}
