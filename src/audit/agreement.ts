import { agreedAxis } from '../analysis/agreeing-sizes.ts'
import type { Setting } from '../conventions/setting.ts'
import { isRejected, solve } from '../conventions/solve.ts'
import type { Axis } from '../geometry/index.ts'
import { type Follows, follows, ruleSetting } from './follows.ts'

/**
 * Whether an axis has a say in which sizes all conventions agree on: it is padded by one of the rules that may differ. What
 * is not padded is so in every framework, and so is a last window that may run past the end.
 */
export function hasSay(setting: Setting): boolean {
  const found = setting.ceilMode ? undefined : follows(setting, undefined)
  if (!found || found.always.includes('none')) return false
  return setting.op === 'convTranspose' ? isCropped(setting) : isPaddedByRule(found)
}

const isPaddedByRule = ({ always, sometimes }: Follows): boolean =>
  [...always, ...sometimes].some((name) => name === 'tf-same' || name === 'same-lower' || name === 'symmetric')

const isCropped = ({ pads, convention }: Setting): boolean =>
  pads === undefined ? !convention.endsWith('.valid') : pads.some((crop) => crop !== 0)

/**
 * Whether SAME_UPPER, SAME_LOWER and symmetric padding are one for a window on an input of so many cells, and are what its
 * own setting does.
 */
export function allAgree(setting: Setting, cells: number): boolean {
  const { op, kernel, stride, dilation } = setting
  const agreed = op === 'convTranspose' ? croppedAlike(setting, cells) : agreedAxis({ kernel, stride, dilation }, cells)
  const own = solve(setting, cells)
  return agreed !== undefined && !isRejected(own) && isAlike(own.axis, agreed)
}

const isAlike = (a: Axis, b: Axis): boolean => a.padBegin === b.padBegin && a.output === b.output

function croppedAlike(setting: Setting, cells: number): Axis | undefined {
  const [upper, lower] = (['tf-same', 'same-lower'] as const).map((name) => {
    const rule = ruleSetting(name, setting)
    return rule && solve(rule, cells)
  })
  if (!upper || !lower || isRejected(upper) || isRejected(lower)) return undefined
  return isAlike(upper.axis, lower.axis) ? upper.axis : undefined
}
