import { checkSetting, type Setting } from '../conventions/setting.ts'
import { isRejected, solve } from '../conventions/solve.ts'
import { SamepadError, taps } from '../geometry/index.ts'
import { horizonOf, modulusOf } from './horizon.ts'

/** The windows without a real cell at one input size. */
export interface EmptyWindows {
  readonly input: number
  /** Indices of the outputs that see only padding. */
  readonly outputs: readonly number[]
}

/** The answer of `emptyWindows`. */
export interface EmptyWindowsReport {
  /** Every input size up to `horizon` with such windows, in order. */
  readonly sizes: readonly EmptyWindows[]
  /** Whether there are such windows above the horizon as well. */
  readonly beyond: boolean
  readonly horizon: number
}

/**
 * The windows that see only padding: a maximum over one is -Infinity, an average 0 / 0. Under SAME they need a dilated
 * even kernel, whose taps step over a small input.
 */
export function emptyWindows(setting: Setting): EmptyWindowsReport {
  checkSetting(setting)
  if (setting.op === 'convTranspose') {
    throw new SamepadError('emptyWindows', 'the operation must slide a window forward', setting.op)
  }
  const horizon = horizonOf(setting)
  const emptyAt = (input: number): number[] => {
    const outcome = solve(setting, input)
    if (isRejected(outcome)) return []
    const { axis } = outcome
    return [...Array(axis.output).keys()].filter((output) => {
      const { begin, end } = taps(axis, output)
      return begin === end
    })
  }
  const upTo = (first: number, last: number): EmptyWindows[] =>
    Array.from({ length: last - first + 1 }, (_, index) => ({
      input: first + index,
      outputs: emptyAt(first + index),
    })).filter(({ outputs }) => outputs.length > 0)
  return { sizes: upTo(1, horizon), beyond: upTo(horizon + 1, horizon + modulusOf(setting)).length > 0, horizon }
}
