import { isSameFunction } from '../analysis/same-function.ts'
import type { Setting } from '../conventions/setting.ts'
import { isRejected, solve } from '../conventions/solve.ts'
import { compared } from './decide.ts'

/** A rule that names a layer's padding. */
export type RuleName = 'tf-same' | 'same-lower' | 'symmetric' | 'causal' | 'none'

/** What people call each rule, and the rows that stand for it: those that take stride with dilation. */
export const paddingRules: Readonly<
  Record<RuleName, { readonly title: string; readonly forward: string; readonly transposed?: string }>
> = {
  'tf-same': { title: 'TensorFlow SAME', forward: 'onnx.same-upper', transposed: 'onnx.transposed.same-upper' },
  symmetric: { title: 'PyTorch symmetric', forward: 'pytorch.symmetric' },
  'same-lower': { title: 'SAME_LOWER', forward: 'onnx.same-lower', transposed: 'onnx.transposed.same-lower' },
  causal: { title: 'causal', forward: 'keras.causal' },
  none: { title: 'no padding', forward: 'onnx.valid', transposed: 'onnx.transposed.explicit' },
}

const ruleNames = Object.keys(paddingRules) as RuleName[]

/** Which rules pad one axis as it is padded. */
export interface Follows {
  /** At its size, or at every size where that is not known. */
  readonly always: readonly RuleName[]
  /** Where the size is not known: those that do so at some sizes only. */
  readonly sometimes: readonly RuleName[]
  /**
   * Whether it can tell TensorFlow from PyTorch: not with stride 1, at which PyTorch has TensorFlow's SAME, and not where
   * a last window may run past the end.
   */
  readonly tells: boolean
}

const nothing: Follows = { always: [], sometimes: [], tells: false }
const canTell = ({ stride, ceilMode }: Setting): boolean => stride > 1 && !ceilMode
const known = new Map<string, Follows>()
/** Settings that are remembered; a network has a few dozen. */
const MOST_KNOWN = 4096

/**
 * Which rules put the windows of an axis where its setting puts them. Padding that no window reads makes no difference,
 * nor does what stands in the padding.
 *
 * @param input cells of the axis; undefined asks about every size
 */
export function follows(setting: Setting | undefined, input: number | undefined): Follows {
  if (!setting) return nothing
  const key = JSON.stringify([setting, input])
  const found = known.get(key)
  if (found) return found
  if (known.size >= MOST_KNOWN) known.clear()
  const answer = input === undefined ? atEverySize(setting) : atSize(setting, input)
  known.set(key, answer)
  return answer
}

/** The setting of a rule for the windows of another one; undefined where the rule has no transposed kind. */
export function ruleSetting(name: RuleName, { op, kernel, stride, dilation }: Setting): Setting | undefined {
  const rule = paddingRules[name]
  const convention = op === 'convTranspose' ? rule.transposed : rule.forward
  return convention === undefined ? undefined : { ...windowsOnly(op), kernel, stride, dilation, convention }
}

/** Forward operations are compared as convolutions: the same windows, whatever is made of them. */
const windowsOnly = (op: Setting['op']): Pick<Setting, 'op'> => ({ op: op === 'convTranspose' ? op : 'conv' })

const asWindows = (setting: Setting): Setting => ({ ...setting, ...windowsOnly(setting.op), fill: undefined })

function atSize(setting: Setting, input: number): Follows {
  const own = asWindows(setting)
  const outcome = solve(own, input)
  if (isRejected(outcome)) return nothing
  const always = ruleNames.filter((name) => {
    const rule = ruleSetting(name, setting)
    return rule !== undefined && isSameFunction(own, outcome, rule, solve(rule, input))
  })
  return { always, sometimes: [], tells: canTell(setting) }
}

/** Whether nothing is padded, however large it all is. */
function isBare({ op, pads, padded, ceilMode }: Setting): boolean {
  return op !== 'convTranspose' && pads?.join() === '0,0' && (padded?.join() ?? '0,0') === '0,0' && !ceilMode
}

function atEverySize(setting: Setting): Follows {
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
  return { always, sometimes, tells: canTell(setting) }
}

/** Which of two families a layer's axes speak for, none of them against the other. */
export function leanOf(axes: readonly Follows[]): 'tf-same' | 'symmetric' | undefined {
  const leans = new Set(axes.map(leanOfAxis).filter((lean) => lean !== undefined))
  return leans.size === 1 ? [...leans][0] : undefined
}

/** No padding belongs to everybody. */
function leanOfAxis({ always, sometimes, tells }: Follows): 'tf-same' | 'symmetric' | undefined {
  if (!tells || always.includes('none')) return undefined
  const [upper, symmetric] = [always.includes('tf-same'), always.includes('symmetric')]
  if (upper !== symmetric) return upper ? 'tf-same' : 'symmetric'
  return !upper && sometimes.includes('tf-same') && !sometimes.includes('symmetric') ? 'tf-same' : undefined
}
