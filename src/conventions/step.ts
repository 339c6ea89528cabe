import { fills } from '../geometry/fill.ts'
import type { Pads } from '../geometry/index.ts'
import type { Setting } from './setting.ts'

// What stands around a window is part of what its layer computes: cells that are added or taken, before the window slides
// and behind it. Along one axis that is a list of steps, whatever operators a file writes them with.

/** Words of padding operators for what they put into cells. */
export type Mode = 'constant' | 'reflect' | 'edge' | 'wrap' | 'symmetric'

/** Where the cells of each mode look. */
export const fillingModes: Readonly<Record<Mode, (typeof fills)['constant']>> = {
  constant: fills.constant,
  reflect: fills.reflect,
  edge: fills.replicate,
  wrap: fills.circular,
  // Mirrored about the border, so that the edge cell is repeated. PyTorch has no such mode, TensorFlow and NumPy have.
  symmetric: {
    cell: (position: number, size: number): number =>
      position < 0 ? -1 - position : position < size ? position : 2 * size - 1 - position,
    widest: (size: number): number => size,
  },
}

/** What stands in cells that are added. */
export interface Filling {
  readonly mode: Mode
  /** What `constant` cells hold, as the window reads it; undefined where it is not known. */
  readonly value: number | undefined
  /** Where the value is not known, of what it is made, as a text. */
  readonly formula?: string | undefined
  /** Where values are quantised: whether that is the zero point. Undefined where they are not, or it is not known. */
  readonly isZeroPoint: boolean | undefined
}

/** Cells added on both sides (negative: taken away). */
export interface Added {
  /** Numbers; or the setting of a window without other padding, whose own padding is added at every size. */
  readonly pads: Pads | Setting
  /** Of a setting: up to which size, from 1 on, what is added was found to be what it adds. */
  readonly tried?: number
  readonly filling: Filling
}

/** Every `step`-th cell from `start` on, before `stop`: negative counts from the end, undefined is the end itself. */
export interface Taken {
  readonly start: number
  readonly stop: number | undefined
  readonly step: number
}

/** Something that happens to an axis, of which not everything is known. */
export interface Unknown {
  /** What the model works out, as a text: texts that are the same do the same. Undefined where there is none. */
  readonly formula: string | undefined
}

/** One thing that is done to an axis before or behind a window. */
export type Step = Added | Taken | Unknown

export const isAdded = (step: Step): step is Added => 'pads' in step
export const isTaken = (step: Step): step is Taken => 'stop' in step
export const isUnknown = (step: Step): step is Unknown => 'formula' in step

/** A place of a slice among so many cells: counted from the end where it is negative, and moved to where there are any. */
export const placeAmong = (at: number, size: number): number => Math.min(Math.max(at < 0 ? at + size : at, 0), size)

/** Cells of an axis of which `start` and `stop` are places: where a slice begins and ends. */
function takenFrom({ start, stop }: Taken, size: number): Pads {
  return [placeAmong(start, size), stop === undefined ? size : placeAmong(stop, size)]
}

/**
 * What a list of cells becomes by one step.
 *
 * @param pads the numbers of an `Added`
 * @param constant what stands for a cell of a constant
 * @returns undefined where the step has no answer for so few cells
 */
export function through<T>(cells: readonly T[], step: Added | Taken, pads: Pads, constant: T): T[] | undefined {
  if (isTaken(step)) {
    const [begin, end] = takenFrom(step, cells.length)
    return cells.slice(begin, Math.max(begin, end)).filter((_, index) => index % step.step === 0)
  }
  const taken = [Math.max(0, -pads[0]), Math.max(0, -pads[1])] as const
  if (taken[0] + taken[1] > cells.length) return undefined
  // What is taken away is gone before anything is mirrored.
  const rest = cells.slice(taken[0], cells.length - taken[1])
  const added = [Math.max(0, pads[0]), Math.max(0, pads[1])] as const
  const { cell, widest } = fillingModes[step.filling.mode]
  if (Math.max(...added) > widest(rest.length) || (rest.length === 0 && step.filling.mode !== 'constant'))
    return undefined
  return Array.from({ length: rest.length + added[0] + added[1] }, (_, index) => {
    const at = cell(index - added[0], rest.length)
    return at < 0 ? constant : rest[at]
  })
}
