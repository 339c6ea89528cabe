import { Remembered } from '../analysis/remembered.ts'
import { isSameFunction } from '../analysis/same-function.ts'
import { chosen } from '../conventions/rows/chosen.ts'
import { type Setting, strideOf } from '../conventions/setting.ts'
import { isRejected, type Solved, solve } from '../conventions/solve.ts'
import { effectiveKernel } from '../geometry/index.ts'
import { attempt, compared } from './decide.ts'

/** A rule that names a layer's padding. */
export type RuleName = 'tf-same' | 'same-lower' | 'symmetric' | 'causal' | 'none'

/** What people call each rule, and the rows that stand for it: those that take stride with dilation. */
export const paddingRules: Readonly<
  Record<RuleName, { readonly title: string; readonly forward: string; readonly transposed?: string }>
> = {
  'tf-same': { title: 'TensorFlow SAME', forward: chosen.upper, transposed: 'onnx.transposed.same-upper' },
  symmetric: { title: 'PyTorch symmetric', forward: chosen.symmetric },
  'same-lower': { title: 'SAME_LOWER', forward: chosen.lower, transposed: 'onnx.transposed.same-lower' },
  causal: { title: 'causal', forward: 'keras.causal' },
  none: { title: 'no padding', forward: 'onnx.valid', transposed: chosen.croppedByNumbers },
}

const ruleNames = Object.keys(paddingRules) as RuleName[]

/** Which rules pad one axis as it is padded. */
export interface Follows {
  /** At its size, or at every size where that is not known. */
  readonly always: readonly RuleName[]
  /** Where the size is not known: those that do so at some sizes only. */
  readonly sometimes: readonly RuleName[]
  /**
   * Whether a layer of PyTorch can pad like this, with one number for both sides: a pool may round up, a transposed
   * convolution add cells at the end, and with stride 1 there is `padding='same'`. At its size, or at every size.
   */
  readonly alike: boolean
  /** Whether it can speak for symmetric padding: not with stride 1, nor where a last window may run past the end. */
  readonly tells: boolean
  /** Whether a last window may run past the end. */
  readonly roundsUp: boolean
}

const known = new Remembered<Follows>()

/**
 * Which rules put the windows of an axis where its setting puts them. Padding that no window reads makes no difference,
 * nor does what stands in the padding.
 *
 * @param input cells of the axis; undefined asks about every size
 * @returns undefined where the setting is not known
 */
export function follows(setting: Setting | undefined, input: number | undefined): Follows | undefined {
  if (!setting) return undefined
  return known.get(JSON.stringify([setting, input]), () => {
    const rules = input === undefined ? atEverySize(setting) : atSize(setting, input)
    const roundsUp = setting.ceilMode === true
    return { ...rules, tells: strideOf(setting) > 1 && !roundsUp, roundsUp }
  })
}

/** The setting of a rule for the windows of another one; undefined where the rule has none for them. */
export function ruleSetting(name: RuleName, setting: Setting): Setting | undefined {
  const { op, kernel, dilation } = setting
  const rule = paddingRules[name]
  const stride = strideOf(setting)
  if (op !== 'convTranspose') return { convention: rule.forward, op: 'conv', kernel, stride, dilation }
  const window: Omit<Setting, 'convention'> = { op, kernel, stride, dilation }
  if (name === 'symmetric') return symmetricTransposed(window)
  return rule.transposed === undefined ? undefined : { ...window, convention: rule.transposed }
}

/** What leads back from a symmetric convolution of the same window: an output of input * stride. */
function symmetricTransposed(window: Omit<Setting, 'convention'>): Setting | undefined {
  const size = effectiveKernel(window)
  const crop = Math.floor((size - 1) / 2)
  const outputPadding = 2 * crop - size + window.stride
  return outputPadding < 0 ? undefined : { ...window, convention: TRANSPOSED, pads: [crop, crop], outputPadding }
}

/** The rows of PyTorch's own layers. */
const [FORWARD, TRANSPOSED] = ['pytorch.explicit', 'pytorch.transposed.explicit']

/** Forward operations are compared as convolutions: the same windows, whatever is made of them. */
const windowsOnly = (op: Setting['op']): Pick<Setting, 'op'> => ({ op: op === 'convTranspose' ? op : 'conv' })

const asWindows = (setting: Setting): Setting => ({ ...setting, ...windowsOnly(setting.op), fill: undefined })

type Rules = Pick<Follows, 'always' | 'sometimes' | 'alike'>

function atSize(setting: Setting, input: number): Rules {
  const own = asWindows(setting)
  const outcome = solve(own, input)
  if (isRejected(outcome)) return { always: [], sometimes: [], alike: false }
  const isLike = (rule: Setting | undefined): boolean =>
    rule !== undefined && isSameFunction(own, outcome, rule, solve(rule, input))
  const always = ruleNames.filter((name) => isLike(sizedRule(name, setting, outcome)))
  return { always, sometimes: [], alike: isAlike(setting, always) || pytorchSettings(setting, outcome).some(isLike) }
}

/** TensorFlow's transposed SAME is asked for an output, any of those that lead back to the input. */
function sizedRule(name: RuleName, setting: Setting, { axis: { input, output, stride } }: Solved): Setting | undefined {
  const rule = ruleSetting(name, setting)
  const isAsked = name === 'tf-same' && setting.op === 'convTranspose' && Math.ceil(output / stride) === input
  return rule && isAsked ? { ...rule, outputShape: output } : rule
}

/** Whether nothing is padded, however large it all is. */
function isBare({ op, pads, padded, ceilMode, drop, cut, every }: Setting): boolean {
  if (drop || cut || every) return false
  return op !== 'convTranspose' && pads?.join() === '0,0' && (padded?.join() ?? '0,0') === '0,0' && !ceilMode
}

function atEverySize(setting: Setting): Rules {
  const own = asWindows(setting)
  const [always, sometimes]: RuleName[][] = [[], []]
  for (const name of ruleNames) {
    if (name === 'none' && isBare(setting)) {
      always.push(name)
      continue
    }
    const rule = ruleSetting(name, setting)
    if (!rule) continue
    const found = compared(own, rule)
    if (found?.equal) always.push(name)
    else if (found?.residues.some((residue) => residue.equal)) sometimes.push(name)
  }
  if (isAlike(setting, always)) return { always, sometimes, alike: true }
  const { pads = [0, 0], padded = [0, 0] } = setting
  const probe = [...pads, ...padded].reduce((sum, cells) => sum + Math.abs(cells), effectiveKernel(own))
  const outcome = attempt(() => solve(own, probe))
  const settings = outcome && !isRejected(outcome) ? pytorchSettings(setting, outcome) : []
  return { always, sometimes, alike: settings.some((one) => compared(own, one)?.equal) }
}

/** Whether the rules alone tell that PyTorch can pad like this. */
function isAlike(setting: Setting, always: readonly RuleName[]): boolean {
  const isDense = strideOf(setting) === 1
  return always.some((name) => name === 'none' || name === 'symmetric' || (name === 'tf-same' && isDense))
}

/** The layers of PyTorch that begin where a solved one begins. */
function pytorchSettings(setting: Setting, { axis: { padBegin, padEnd } }: Solved): Setting[] {
  const { op, kernel, dilation } = setting
  const stride = strideOf(setting)
  if (padBegin < 0) return []
  const layer = { ...windowsOnly(op), kernel, stride, dilation, pads: [padBegin, padBegin] as const }
  if (op === 'convTranspose') {
    return padEnd > padBegin ? [] : [{ ...layer, convention: TRANSPOSED, outputPadding: padBegin - padEnd }]
  }
  const plain = { ...layer, convention: FORWARD }
  return op === 'conv' ? [plain] : [plain, { ...plain, ceilMode: true }]
}

/**
 * Whether a convolution pads at every size as diffusion models do by hand: `F.pad(x, (0, 1, 0, 1))`, then a 3x3
 * convolution of stride 2. On even sizes that is SAME, and yet nobody meant SAME.
 */
export function isDownsample(setting: Setting): boolean {
  const { kernel, stride, dilation } = setting
  const rule = { op: 'conv', kernel, stride, dilation, convention: chosen.downsample } as const
  return compared(asWindows(setting), rule)?.equal ?? false
}
