import { type Axis, Geometry, outputSize, SamepadError } from '../../geometry/index.ts'
import type { Setting } from '../setting.ts'
import { type Solved, solveTaken } from '../solve.ts'
import type { SpellOptions } from './layer.ts'

/** What `spell` takes for a layer that settings describe. */
export interface Spellable {
  readonly geometry: Geometry
  readonly options: SpellOptions
}

const STAGE = 'code'

/** What holds for code, and what to do where it does not. */
export const notZeros =
  'the padding must be zeros; for others, pad before the layer in a step of its own and write the layer without padding'

/**
 * A layer in the words of a framework as `spell` takes it, so that it can be written for another.
 *
 * @param settings one for each axis, of one operation
 * @param input cells of each axis
 * @throws SamepadError where a setting refuses its input, and on what code cannot say: padding that is not zeros or is
 * negative, windows that are left out, padding that counts in part
 */
export function spellable(settings: readonly Setting[], input: readonly number[]): Spellable {
  const solved = settings.map((setting, axis) => solvedAxis(setting, input[axis], axis))
  return { geometry: geometryOf(settings[0], solved), options: optionsOf(settings[0], solved) }
}

/** One axis, which code must be able to write: nothing negative but the crop at the end, no padding but zeros. */
function solvedAxis(setting: Setting, cells: number, index: number): Solved {
  const outcome = solveTaken(STAGE, `the setting must take the input of axis ${index}`, setting, cells)
  const { padBegin, padEnd } = outcome.axis
  const transposed = setting.op === 'convTranspose'
  if (padBegin < 0 || (padEnd < 0 && !transposed)) {
    const what = transposed ? 'crop' : 'padding'
    throw new SamepadError(STAGE, `the ${what} of axis ${index} must not be negative`, [padBegin, padEnd])
  }
  if (setting.fill && setting.fill !== 'constant') {
    throw new SamepadError(STAGE, notZeros, setting.fill)
  }
  return outcome
}

/** What was solved, as `spell` takes it: zeros that a transposed convolution appends are output beyond its crops. */
function geometryOf({ op }: Setting, solved: readonly Solved[]): Geometry {
  solved.forEach(({ axis }, index) => {
    if (op === 'convTranspose') checkAppended(axis, index)
    else checkWindows(axis, index)
  })
  return new Geometry(
    op,
    solved.map(({ axis }) => ({ ...axis, padEnd: Math.max(0, axis.padEnd) })),
  )
}

/** Frameworks append fewer zeros than the stride or the dilation has cells. */
function checkAppended({ padEnd, stride, dilation }: Axis, index: number): void {
  const most = Math.max(stride, dilation) - 1
  if (-padEnd <= most) return
  throw new SamepadError(STAGE, `axis ${index} must append at most ${most} zeros`, -padEnd)
}

/** Where windows are left out that fit without any padding at the end, cells would have to be cut off. */
function checkWindows(axis: Axis, index: number): void {
  const fitting = outputSize(axis, axis.padBegin, 0)
  if (fitting <= axis.output) return
  throw new SamepadError(
    STAGE,
    `the padding of axis ${index} must give the ${fitting} ${fitting === 1 ? 'output' : 'outputs'} that fit`,
    axis.output,
  )
}

/** Whether an average counts the padding; code can count all of it or none. */
function optionsOf({ op, convention }: Setting, solved: readonly Solved[]): { countIncludePad?: boolean } {
  const counts = solved.some(({ zeros }) => zeros.some((width) => width !== 0))
  const all = solved.every(({ axis, zeros }) => zeros[0] === axis.padBegin && zeros[1] === axis.padEnd)
  if (op === 'averagePool') {
    if (!counts || all) return { countIncludePad: counts }
    throw new SamepadError(STAGE, 'an average must count all of its padding or none', convention)
  }
  if (op === 'maxPool' && counts) {
    throw new SamepadError(STAGE, 'a maximum must not see padding as zeros', convention)
  }
  return {}
}
