import { agreeingRules, isRejected, type Op, parseSetting, SamepadError, type Setting, solve } from 'samepad/geometry'
import { answersOf } from '../../layer/answers.ts'
import { operations } from '../../layer/state.ts'

// A chain of layers as a text, `k7 s2, maxpool k3 s2, k3 x3`: each layer in the words of a setting, without a framework
// and without its padding, which a rule adds.

/** A layer whose padding is left open. */
export interface ChainLayer {
  readonly op: Op
  readonly kernel: number
  readonly stride: number
  readonly dilation: number
}

/** A layer, and how often it comes in a row. */
export interface Run {
  readonly layer: ChainLayer
  readonly times: number
}

const MOST_LAYERS = 200
const MOST_STRIDE = 100_000

/** The runs of a chain's text. */
export function runsOf(text: string): Run[] {
  const runs = text.split(',').map(runOf)
  const layers = runs.reduce((sum, { times }) => sum + times, 0)
  if (layers > MOST_LAYERS) throw new SamepadError('explorer', `there must be at most ${MOST_LAYERS} layers`, layers)
  const step = runs.reduce((product, { layer, times }) => product * layer.stride ** times, 1)
  if (step <= MOST_STRIDE) return runs
  throw new SamepadError('explorer', `the product of the strides must be at most ${MOST_STRIDE}`, step)
}

function runOf(text: string): Run {
  const [, said = '', times = '1'] = /^\s*(.*?)(?:\s+x\s*(\d+))?\s*$/s.exec(text) ?? []
  const words = plainWords(said)
  const { op, kernel, stride, dilation, ...rest } = parseSetting(`onnx ${words} same_upper`)
  const strange = Object.keys(rest).find((name) => name !== 'convention')
  if (strange) throw new SamepadError('explorer', 'a layer of a chain must leave its padding to the convention', words)
  if (Number(times) < 1) throw new SamepadError('explorer', 'a layer must come at least once', times)
  return { layer: { op, kernel, stride, dilation }, times: Number(times) }
}

/** A layer as people write it: `3x3 s2` is `k3 s2`, `pool k2` is `maxpool k2`, `k3s2` is `k3 s2`. */
function plainWords(text: string): string {
  return text
    .replace(/\bpool\b/g, 'maxpool')
    .replace(/\bavg(?:-?pool)?\b/g, 'averagepool')
    .replace(/\b(\d+)x(\d+)\b/g, (whole, one: string, two: string) => (one === two ? `k${one}` : whole))
    .replace(/\b([ksd]\d+)(?=[ksd]\d)/g, '$1 ')
}

/** A chain as a text that `runsOf` reads again. */
export const textOf = (runs: readonly Run[]): string => runs.map(runText).join(', ')

/** One run in short. */
export function runText({ layer, times }: Run): string {
  const { op, kernel, stride, dilation } = layer
  const pool = op === 'maxPool' || op === 'averagePool'
  return [
    op === 'conv' ? '' : operations[op].word,
    `k${kernel}`,
    stride === (pool ? kernel : 1) ? '' : `s${stride}`,
    dilation === 1 ? '' : `d${dilation}`,
    times === 1 ? '' : `x${times}`,
  ]
    .filter(Boolean)
    .join(' ')
}

/** A run as it is read: `3 layers of k3`. */
export const runName = (text: string): string => text.replace(/^(.*) x(\d+)$/, '$2 layers of $1')

/** All layers in order. */
export const layersOf = (runs: readonly Run[]): ChainLayer[] =>
  runs.flatMap(({ layer, times }) => Array.from({ length: times }, () => layer))

/** A rule for a whole chain: ONNX takes stride with dilation, and padding as numbers, in every operation. */
interface ChainRule {
  readonly name: string
  readonly about: string
  readonly padding: (layer: ChainLayer) => string
  /** What its framework's users write. */
  readonly own: (layer: ChainLayer) => string
}

/** What SAME_UPPER adds before the first cell of a layer that moves by one: ⌊(K - 1)/2⌋, whatever the size. */
function keepingPad({ kernel, dilation }: ChainLayer): number {
  const outcome = solve({ convention: agreeingRules.upper, op: 'conv', kernel, stride: 1, dilation }, 1)
  return isRejected(outcome) ? 0 : outcome.axis.padBegin
}

/** The rules that a chain can follow throughout. */
export const chainRules = {
  upper: {
    name: 'tf same',
    about: 'TensorFlow’s SAME, ONNX’s SAME_UPPER; also of Keras and JAX',
    padding: () => 'same_upper',
    own: () => 'tf same',
  },
  lower: {
    name: 'onnx SAME_LOWER',
    about: 'the odd cell at the start instead; also of JAX',
    padding: () => 'same_lower',
    own: () => 'onnx SAME_LOWER',
  },
  symmetric: {
    name: 'pytorch symmetric',
    about: 'both sides alike, as a port to PyTorch pads: p1 for a kernel of 3',
    padding: (layer) => `p${keepingPad(layer)}`,
    own: (layer) => `pytorch p${keepingPad(layer)}`,
  },
  valid: { name: 'tf valid', about: 'no padding', padding: () => 'valid', own: () => 'tf valid' },
} as const satisfies Record<string, ChainRule>

export type ChainRuleName = keyof typeof chainRules
export const chainRuleNames = Object.keys(chainRules) as ChainRuleName[]

/** A rule in the words of a setting, for one layer: `onnx p1`. */
export function ruleText(rule: ChainRuleName, layer: ChainLayer): string {
  const padding = chainRules[rule].padding(layer)
  return `onnx ${layer.op === 'convTranspose' && padding === 'valid' ? 'p0' : padding}`
}

/** A rule for one layer of so many cells as its framework writes it, if that takes such a layer; else as ONNX does. */
export function ownText(rule: ChainRuleName, layer: ChainLayer, input: number): string {
  const own = chainRules[rule].own(layer)
  const [{ solved }] = answersOf([own], layer.op, { ...layer, input })
  return solved ? own : ruleText(rule, layer)
}

/** A layer under a rule, as the library takes it. */
export function settingUnder(rule: ChainRuleName, layer: ChainLayer): Setting {
  const { op, kernel, stride, dilation } = layer
  return parseSetting(`${ruleText(rule, layer)} ${operations[op].word} k${kernel} s${stride} d${dilation}`)
}
