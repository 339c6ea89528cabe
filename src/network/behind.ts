import { isAdded, isTaken, isUnknown } from '../conventions/step.ts'
import type { Call } from '../operators/call.ts'
import type { Body, Node } from './model.ts'
import { behindOf, type FollowedAxes } from './place.ts'
import type { Scope } from './scope.ts'
import type { Surround } from './spatial-node.ts'
import { surroundOf } from './steps.ts'
import { windowAxes } from './window.ts'

// What stands behind a window: Pads and Slices that take its output before anything else does.

/** The most nodes that are looked through. */
const MOST_THROUGH = 24

/** A window with where it was found. */
export interface FoundWindow {
  readonly call: Call<Node>
  readonly scope: Scope
  readonly before: readonly Surround[]
  readonly rank: number
}

/** The Pads and Slices behind a window, up to the first node that has something else of its output too. */
function wayFrom({ call, scope, rank }: FoundWindow): Surround[] {
  const behind: Surround[] = []
  let place: FollowedAxes | undefined = { axes: windowAxes(call, rank), rank }
  let name = call.node.outputs[0] ?? ''
  for (let count = 0; place && count < MOST_THROUGH; count++) {
    const next = scope.uses(name) === 1 ? readersIn(scope.parts.body).get(name) : undefined
    const made = next && scope.producer(next.outputs[0] ?? '')
    if (!next || made?.call.node !== next || made.scope !== scope || next.inputs.indexOf(name) < 0) break
    const found = next.inputs[0] === name ? surroundOf(made, place.axes) : undefined
    if (found) behind.push(found)
    else place = behindOf(made.call, next.inputs.indexOf(name), place)
    name = next.outputs[0] ?? ''
  }
  return behind
}

const readers = new WeakMap<Body, ReadonlyMap<string, Node>>()

/** The node that reads a value, of those that read it the last. */
function readersIn(body: Body): ReadonlyMap<string, Node> {
  const known =
    readers.get(body) ?? new Map(body.nodes.flatMap((node) => node.inputs.map((name) => [name, node] as const)))
  readers.set(body, known)
  return known
}

/** Whether something only takes cells away. */
const isCrop = ({ steps }: Surround): boolean =>
  steps.every((step) => {
    if (step === undefined || isTaken(step)) return true
    return !isUnknown(step) && isAdded(step) && !('convention' in step.pads) && Math.max(...step.pads) <= 0
  })

/**
 * What stands behind each of some windows. Between two windows, what only takes cells away belongs to the first, and all
 * from where cells are added on to the second: so no Pad or Slice is counted twice.
 */
export function behindEach(windows: readonly FoundWindow[]): readonly (readonly Surround[])[] {
  const claimed = new Set(windows.flatMap(({ before }) => before.map(({ node }) => node)))
  return windows.map((window) => {
    const way = wayFrom(window)
    const end = way.findIndex((surround) => claimed.has(surround.node) && !isCrop(surround))
    return end < 0 ? way : way.slice(0, end)
  })
}
