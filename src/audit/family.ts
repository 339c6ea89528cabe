import { type Follows, paddingRules, type RuleName } from './follows.ts'

/** The two great families of padding. */
export type Lean = 'tf-same' | 'symmetric'

/** Whose padding a layer has. */
export interface Family {
  /** In words, as a table has it. */
  readonly family: string
  /**
   * The family that the layer speaks for: the one that its words name, and that the other one cannot pad like. Undefined
   * where both pad like this, or neither.
   */
  readonly lean: Lean | undefined
  /** Every rule that pads all its axes as they are padded. */
  readonly follows: readonly RuleName[]
  /** Whether it pads like TensorFlow SAME, but at some sizes only. */
  readonly isSameAtSome: boolean
}

const nothing = { lean: undefined, follows: [], isSameAtSome: false }

/**
 * Whose padding a layer has, from what its axes follow. A layer that both families can pad like speaks for none of them,
 * nor does one that pads like a family on some of its axes only, or at some sizes only.
 *
 * @param axes one for each axis; undefined where its setting is not known
 */
export function familyOf(axes: readonly (Follows | undefined)[]): Family {
  const known = axes.filter((axis) => axis !== undefined)
  if (known.length < axes.length || axes.length === 0) return { ...nothing, family: 'not known' }
  const follows = known[0].always.filter((name) => known.every(({ always }) => always.includes(name)))
  const isAlike = known.every(({ alike }) => alike)
  const lean = leanOf(known, follows, isAlike)
  const title = lean ? paddingRules[lean].title : titleOf(known, follows, isAlike)
  const isSameAtSome = title === undefined && known.every(isSomewhereSame)
  return { family: title ?? (isSameAtSome ? 'SAME at some sizes' : 'neither'), lean, follows, isSameAtSome }
}

/** What is said of a layer that speaks for no family and pads by some rule nevertheless. */
function titleOf(axes: readonly Follows[], follows: readonly RuleName[], isAlike: boolean): string | undefined {
  if (follows.includes('tf-same')) return 'both'
  const other = (['none', 'same-lower', 'causal'] as const).find((name) => follows.includes(name))
  if (other) return paddingRules[other].title
  if (!isAlike) return undefined
  return axes.some(({ roundsUp }) => roundsUp) ? 'rounded up' : 'both sides alike'
}

const isSomewhereSame = ({ always, sometimes }: Follows): boolean =>
  always.includes('tf-same') || sometimes.includes('tf-same')

function leanOf(axes: readonly Follows[], follows: readonly RuleName[], isAlike: boolean): Lean | undefined {
  if (follows.includes('tf-same')) return isAlike ? undefined : 'tf-same'
  const tells = ({ tells, always }: Follows): boolean =>
    tells && !always.includes('none') && !always.includes('tf-same')
  return follows.includes('symmetric') && axes.some(tells) ? 'symmetric' : undefined
}
