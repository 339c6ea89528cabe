import {
  conventions,
  effectiveKernel,
  Finding,
  frameworkOf,
  parseSetting,
  SamepadError,
  type Setting,
} from '../geometry.ts'
import { nearest } from './nearest.ts'
import { MOST_CELLS } from './read-numbers.ts'

/** A setting, and the words that it was written in. */
export interface Written {
  readonly text: string
  readonly setting: Setting
}

/** Layers that run one after the other. */
export type Chain = readonly Written[]

/** The paragraph on settings that every help shows. */
export const aboutSettings =
  'A setting is written as people say it, with or without quotes: a framework, then in any order the operation ' +
  '(conv, transposed, maxpool, averagepool; conv unless said), k kernel, s stride, d dilation, and the ' +
  "framework's word for the padding (same, SAME_LOWER, valid, ...) or p for numbers (p1 or p0,1)."

/** The words of a setting besides framework, operation and the framework's word for the padding, and what they say. */
export const settingWords: readonly (readonly [words: string, about: string])[] = [
  ['k3 s2 d2', 'kernel; stride (of pools the kernel unless said); dilation'],
  ['p1, p0,1', 'padding on both sides, or begin and end; transposed: crop'],
  ['reflect', 'padding holds cells, not zeros; also replicate, circular'],
  ['ceil', 'pools: the last window may run past the end'],
  ['include, exclude', 'averages: padding counts in the divisor, or does not'],
  ['op1, out7', 'transposed: output_padding; the output asked for'],
  ['pad0,1', 'padding written before the layer, as by F.pad'],
  ['drop1, trim', 'cut off after it: the first output; those beyond ⌈n/s⌉'],
]

/** Words that were glued together, such as k3s2p1. */
const GLUED = /^(?:[ksdp]\d+){2,}$/i

/** The words of arguments that may have been quoted; commas are words of their own where they end one. */
function wordsOf(words: readonly string[]): string[] {
  return words
    .flatMap((word) => word.trim().split(/\s+/))
    .flatMap((word) => (/.,$/.test(word) ? [word.slice(0, -1), ','] : [word]))
    .flatMap((word) => (GLUED.test(word) ? (word.match(/[a-z]\d+/gi) ?? []) : [word]))
    .filter((word) => word !== '')
}

/** Whether a word begins a setting: a framework, perhaps with a version, or the id of a convention. */
function isFirst(word: string): boolean {
  const name = word.toLowerCase()
  return frameworkOf(name.split('@')[0]) !== undefined || conventions.some(({ id }) => id === name)
}

const isKernel = (word: string): boolean => /^k\d+$/i.test(word)

/**
 * Reads settings from words. A framework begins a new one, and so do `vs`, a comma, and a second kernel; a setting that
 * names no framework has that of the one before it. `x5` stands for as many of the setting before it.
 *
 * @returns one list of settings for each part between `vs`; where there is none, one for each run of the same framework
 */
export function readChains(stage: string, words: readonly string[]): Chain[] {
  const list = wordsOf(words)
  const chains = splitAt(list, (word) => word.toLowerCase() === 'vs').map((part) => readChain(stage, part))
  return chains.length === 1 ? byFramework(chains[0]) : chains
}

/** Reads so many settings. */
export function readSettings(stage: string, words: readonly string[], count: number): Written[] {
  const list = readChains(stage, words).flat()
  if (list.length === count) return list
  const must = count === 1 ? 'there must be one setting' : 'there must be two settings'
  throw new SamepadError(stage, must, list.length ? list.map(({ text }) => text).join(' vs ') : new Finding('none'))
}

/** Reads so many settings whose windows are then looked at tap by tap. */
export function readWindows(stage: string, words: readonly string[], count: number): Written[] {
  const list = readSettings(stage, words, count)
  for (const { setting } of list) {
    const sizes = { 'effective kernel': effectiveKernel(setting), stride: setting.stride }
    for (const [name, size] of Object.entries(sizes)) {
      if (size > MOST_CELLS) throw new SamepadError(stage, `the ${name} must be at most ${MOST_CELLS} cells`, size)
    }
  }
  return list
}

function readChain(stage: string, words: readonly string[]): Chain {
  const chain: Written[] = []
  let first = ''
  for (const part of partsOf(words)) {
    const repeat = /^x(\d+)$/i.exec(part.at(-1) ?? '')
    const own = repeat ? part.slice(0, -1) : part
    if (repeat && (own.length === 0 || Number(repeat[1]) < 1 || Number(repeat[1]) > 1000)) {
      throw new SamepadError(stage, 'x must follow a layer and repeat it 1 to 1000 times', part.join(' '))
    }
    if (first === '' && !isFirst(own[0])) throw unknownFramework(stage, own[0])
    const said = isFirst(own[0]) || first === '' ? own : [first, ...own]
    first = said[0]
    const written = { text: said.join(' '), setting: parseSetting(said.join(' ')) }
    chain.push(...new Array<Written>(Number(repeat?.[1] ?? 1)).fill(written))
  }
  return chain
}

function unknownFramework(stage: string, word: string): SamepadError {
  const meant = nearest(word.split('@')[0], [...new Set(conventions.map(({ framework }) => framework))])
  const must = 'a setting must begin with a framework, such as tf, pytorch or onnx'
  return new SamepadError(stage, meant ? `the framework is called ${meant}` : must, word)
}

/** The words of one setting after the other. */
function partsOf(words: readonly string[]): string[][] {
  return splitAt(words, (word) => word === ',').flatMap((part) => {
    const parts: string[][] = []
    for (const word of part) {
      const current = parts.at(-1)
      const begins = isFirst(word) || (isKernel(word) && current?.some(isKernel))
      if (current && !begins) current.push(word)
      else parts.push([word])
    }
    return parts
  })
}

function splitAt(words: readonly string[], separates: (word: string) => boolean): string[][] {
  const parts: string[][] = [[]]
  for (const word of words) {
    if (separates(word)) parts.push([])
    else parts[parts.length - 1].push(word)
  }
  return parts.filter((part) => part.length > 0)
}

/** Nobody runs one network in two frameworks: where the framework changes, another chain begins. */
function byFramework(chain: Chain): Chain[] {
  const chains: Written[][] = []
  for (const written of chain) {
    const current = chains.at(-1)
    if (current && frameworkIn(current[0]) === frameworkIn(written)) current.push(written)
    else chains.push([written])
  }
  return chains
}

const frameworkIn = ({ setting }: Written): string | undefined =>
  conventions.find(({ id }) => id === setting.convention)?.framework
