import type { Pads } from '../geometry/index.ts'
import type { Setting } from './setting.ts'
import { isAdded, isTaken, type Step, type Taken } from './step.ts'

const none: Pads = [0, 0]

/**
 * The window as one setting, with what stands before and behind it worked in: where its windows lie in what it reads, not
 * what stands in the padding.
 *
 * @returns undefined where no setting says it: an axis that is thinned before the window, cells added behind it, or taken
 * away where something is added again
 */
export function workIn(setting: Setting, before: readonly Step[], behind: readonly Step[]): Setting | undefined {
  const ahead = before.reduce<Setting | undefined>((one, step) => one && workInBefore(one, step), setting)
  const whole = behind.reduce<Setting | undefined>((one, step) => one && workInBehind(one, step), ahead)
  return whole && (readsAgain(whole) ? undefined : whole)
}

function workInBefore(setting: Setting, step: Step): Setting | undefined {
  if (isAdded(step)) {
    if ('convention' in step.pads) return ruled(setting, step.pads)
    return padding(setting, step.pads)
  }
  const cells = isTaken(step) && step.step === 1 ? taken(step) : undefined
  return cells && padding(setting, [-cells[0], -cells[1]])
}

/** What is taken away cannot be had back: cells that are added later are others. */
function padding(setting: Setting, pads: Pads): Setting | undefined {
  const { padded = none } = setting
  if (padded.some((cells, side) => cells < 0 && pads[side] > 0)) return undefined
  return { ...setting, padded: [padded[0] + pads[0], padded[1] + pads[1]] }
}

/** Padding that a rule works out from the size, before a window without padding of its own: that rule's window. */
function ruled(setting: Setting, rule: Setting): Setting | undefined {
  const { pads = none, padded, op, kernel, stride, dilation } = setting
  const isBare = pads.join() === '0,0' && !padded && !setting.ceilMode && op !== 'convTranspose'
  const isOwn = rule.kernel === kernel && rule.stride === stride && rule.dilation === dilation && !rule.pads
  if (!isBare || !isOwn) return undefined
  const { pads: _, ...rest } = setting
  // What a Pad adds, an average counts.
  return { ...rest, convention: rule.convention, ...(op === 'averagePool' && { countIncludePad: true }) }
}

function workInBehind(setting: Setting, step: Step): Setting | undefined {
  const { drop = 0, cut = 0, every = 1, trim } = setting
  const cells = isTaken(step)
    ? taken(step)
    : isAdded(step) && !('convention' in step.pads)
      ? negated(step.pads)
      : undefined
  const next = isTaken(step) ? step.step : 1
  if (!cells || trim || (cells[1] > 0 && every > 1)) return undefined
  if (setting.op === 'convTranspose' && next > 1) return undefined
  return {
    ...setting,
    ...(drop + cells[0] * every > 0 && { drop: drop + cells[0] * every }),
    ...(cut + cells[1] > 0 && { cut: cut + cells[1] }),
    ...(every * next > 1 && { every: every * next }),
  }
}

/** Cells that a slice takes from both ends, where that is the same at every size. */
function taken({ start, stop = 0 }: Taken): Pads | undefined {
  return start >= 0 && stop <= 0 ? [start, -stop] : undefined
}

/** What padding of negative numbers takes away; undefined where it adds. */
const negated = ([begin, end]: Pads): Pads | undefined => (begin <= 0 && end <= 0 ? [-begin + 0, -end + 0] : undefined)

/** Whether the window pads on a side where cells were taken away: it would read those again. SAME and rounding up may. */
function readsAgain({ op, pads, padded = none, ceilMode, convention, drop, cut, every }: Setting): boolean {
  if (op === 'convTranspose') return padded.some((cells) => cells < 0)
  const isAutomatic = !pads && !convention.endsWith('.valid')
  const [begin, end] = pads ?? none
  return (
    (padded[0] < 0 && (begin > 0 || isAutomatic)) ||
    (padded[1] < 0 && (end > 0 || isAutomatic || ceilMode === true)) ||
    // Which outputs come last depends on how their number was rounded.
    (ceilMode === true && [drop, cut, every].some((one) => one !== undefined) && padded[1] < 0)
  )
}
