import type { Call } from '../operators/call.ts'
import { operatorOf } from '../operators/index.ts'
import { passesOf } from '../operators/passing.ts'

// Where the axes of a window are on the way to it, and behind it.

/** The most axes that a node between adds or takes; no value has more. */
const MOST_AXES = 64

/** Axes of a window by place, as axes of a value on the way to it: undefined where that has no such axis. */
export type AxesOfWindow = readonly (number | undefined)[]

/** A value on the way, by the axes of the window. */
export interface FollowedAxes {
  readonly axes: AxesOfWindow
  /** How many axes it has in all. */
  readonly rank: number
}

/** Where each axis of a node's output comes from, by the row of its operator; undefined where it does not say. */
function originsOf(call: Call, rank: number): AxesOfWindow | undefined {
  const named = call.list('axes', 1, undefined)?.length ?? 0
  if (named > MOST_AXES) return undefined
  // Cells around an axis stand for the axis, counted from 1: an axis that is new has none.
  const around = Array.from({ length: rank }, (_, axis) => [axis + 1, axis + 1] as const)
  const moved = passesOf(operatorOf(call.node))?.(around, call)
  return moved?.map(([axis]) => (axis ? (axis as number) - 1 : undefined))
}

/** The place in front of a node that keeps every cell. */
export function inFrontOf(call: Call, { axes, rank }: FollowedAxes): FollowedAxes | undefined {
  if (!passesOf(operatorOf(call.node))) return keepsCells(call, 0, { axes, rank }) ? { axes, rank } : undefined
  const known = call.inputs[0]?.shape?.length
  for (const one of known === undefined ? [rank, rank - 1, rank + 1, rank - 2, rank + 2] : [known]) {
    const origins = originsOf(call, one)
    if (origins?.length !== rank) continue
    return { axes: axes.map((axis) => (axis === undefined ? undefined : origins[axis])), rank: one }
  }
  return undefined
}

/** The place behind such a node, of which one input is followed. */
export function behindOf(call: Call, input: number, { axes, rank }: FollowedAxes): FollowedAxes | undefined {
  if (!passesOf(operatorOf(call.node))) return keepsCells(call, input, { axes, rank }) ? { axes, rank } : undefined
  const origins = originsOf(call, rank)
  const behind = origins && axes.map((axis) => (axis === undefined ? -1 : origins.indexOf(axis)))
  return behind && { axes: behind.map((axis) => (axis < 0 ? undefined : axis)), rank: origins.length }
}

/**
 * Whether a node makes each cell of its output of the cell at the same place alone, and of numbers that are the same for
 * all places: whatever is added or taken away behind it might as well be before it.
 */
function keepsCells(call: Call, followed: number, { axes, rank }: FollowedAxes): boolean {
  const row = operatorOf(call.node)
  if (!row || row.window || row.cells !== 'stay' || row.takesWhole) return false
  const spatial = axes.slice(2)
  return call.node.inputs.every((input, index) => {
    if (index === followed || input === '' || (index > 0 && row.takesLists)) return true
    const shape = call.inputs[index]?.shape
    return shape?.every((size, axis) => size === 1 || !spatial.includes(axis + rank - shape.length)) ?? false
  })
}
