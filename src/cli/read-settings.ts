import {
  conventions,
  effectiveKernel,
  parseChains,
  parseSettings,
  SamepadError,
  type Setting,
  type Unsaid,
  Verbatim,
  type WrittenLayer,
} from '../geometry.ts'
import { MOST_CELLS } from './read-numbers.ts'

/** A setting along one axis, and the words that it was written in. */
export interface WrittenSetting {
  readonly text: string
  readonly setting: Setting
}

/** Layers that run one after the other, along one axis. */
export type Chain = readonly WrittenSetting[]

/** The paragraph on settings that every help shows. */
export const aboutSettings =
  'A setting is one layer, with or without quotes: a framework, then in any order the operation ' +
  '(conv, transposed, maxpool, averagepool; the default is conv), k kernel, s stride, d dilation, and the ' +
  "framework's word for the padding (same, SAME_LOWER, valid, ...) or p for numbers (p1 or p0,1); or, in quotes, as " +
  'it stands in a program: "nn.Conv2d(3, 64, 7, stride=2, padding=3)".'

/** The words of a setting besides framework, operation and the framework's word for the padding, and what they say. */
export const settingWords: readonly (readonly [words: string, about: string])[] = [
  ['k3 s2 d2', 'kernel; stride (default 1, of pools the kernel); dilation'],
  ['k3x5 s2x1', 'different for each axis, outermost first; also p1,0x0,2'],
  ['p1, p0,1', 'padding on both sides, or begin and end; transposed: crop'],
  ['reflect', 'padding holds cells, not zeros; also replicate, circular'],
  ['ceil', 'pools: the last window may run past the end'],
  ['include, exclude', 'averages: padding counts in the divisor, or does not'],
  ['op1, out7', 'transposed: output_padding; the output asked for'],
  ['pad0,1', 'padding written before the layer, as by F.pad'],
  ['drop1, cut1', 'cut off after it: the first output; the last one'],
  ['g4, depthwise', 'groups of channels, for code: four; each channel by itself'],
  ['trim, every2', 'outputs beyond ⌈n/s⌉ cut off; every second one kept'],
]

/**
 * Reads settings from words, as `parseChains` does.
 *
 * @returns one list of layers for each part between `vs`; where there is none, one for each run of the same framework
 */
export function readChains(words: readonly string[], unsaid?: Unsaid): readonly (readonly WrittenLayer[])[] {
  const chains = parseChains(words.join(' '), unsaid)
  return chains.length === 1 ? byFramework(chains[0]) : chains
}

/** Reads so many layers. */
export function readLayers(
  stage: string,
  words: readonly string[],
  count: number,
  unsaid?: Unsaid,
): readonly WrittenLayer[] {
  const text = words.join(' ').trim()
  // One setting is read as such, so that what is wrong with it is told in the same words as elsewhere.
  if (count === 1 && text !== '') return [{ text: text.replaceAll(/\s+/g, ' '), settings: parseSettings(text, unsaid) }]
  const list = readChains(words, unsaid).flat()
  if (list.length === count) return list
  const must = count === 1 ? 'there must be one setting' : 'there must be two settings'
  throw new SamepadError(stage, must, list.length ? list.map(({ text }) => text).join(' vs ') : new Verbatim('none'))
}

/** Reads so many layers whose windows are then looked at tap by tap. */
export function readWindows(stage: string, words: readonly string[], count: number): readonly WrittenLayer[] {
  const list = readLayers(stage, words, count)
  for (const setting of list.flatMap(({ settings }) => settings)) {
    const sizes = { 'effective kernel': effectiveKernel(setting), stride: setting.stride }
    for (const [name, size] of Object.entries(sizes)) {
      if (size > MOST_CELLS) throw new SamepadError(stage, `the ${name} must be at most ${MOST_CELLS} cells`, size)
    }
  }
  return list
}

/** Nobody runs one network in two frameworks: where the framework changes, another chain begins. */
function byFramework(chain: readonly WrittenLayer[]): readonly (readonly WrittenLayer[])[] {
  const chains: WrittenLayer[][] = []
  for (const written of chain) {
    const current = chains.at(-1)
    if (current && frameworkIn(current[0]) === frameworkIn(written)) current.push(written)
    else chains.push([written])
  }
  return chains
}

const frameworkIn = ({ settings: [{ convention }] }: WrittenLayer): string | undefined =>
  conventions.find(({ id }) => id === convention)?.framework
