import { checkSetting, type Setting } from '../conventions/setting.ts'
import { isRejected, solve } from '../conventions/solve.ts'
import { effectiveKernel, SamepadError, taps } from '../geometry/index.ts'
import { ceilDivide } from '../geometry/integers.ts'
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
  const upTo = (first: number, last: number): EmptyWindows[] =>
    Array.from({ length: last - first + 1 }, (_, index) => ({
      input: first + index,
      outputs: emptyWindowsAt(setting, first + index),
    })).filter(({ outputs }) => outputs.length > 0)
  return { sizes: upTo(1, horizon), beyond: upTo(horizon + 1, horizon + modulusOf(setting)).length > 0, horizon }
}

/**
 * The windows that see only padding at one input size: indices of outputs, in order. None where the setting refuses the
 * size. Takes time in proportion to the windows that reach over an edge, whatever the size.
 */
export function emptyWindowsAt(setting: Setting, input: number): number[] {
  const outcome = solve(setting, input)
  if (isRejected(outcome)) return []
  const { axis } = outcome
  const { stride, padBegin, output } = axis
  // Windows from `first` to before `last` lie within the input.
  const first = Math.min(Math.max(ceilDivide(padBegin, stride), 0), output)
  const last = Math.max(first, Math.floor((input + padBegin - effectiveKernel(axis)) / stride) + 1)
  const empty: number[] = []
  for (const [begin, end] of [
    [0, first],
    [last, output],
  ]) {
    for (let index = begin; index < end; index++) {
      const read = taps(axis, index)
      if (read.begin === read.end) empty.push(index)
    }
  }
  return empty
}
