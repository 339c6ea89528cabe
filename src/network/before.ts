import type { Setting } from '../conventions/setting.ts'
import { isAdded, type Step } from '../conventions/step.ts'
import type { Pads } from '../geometry/index.ts'
import type { Call } from '../operators/call.ts'
import { operatorOf } from '../operators/index.ts'
import { passesOf } from '../operators/passing.ts'
import { filled } from './filling.ts'
import type { Node } from './model.ts'
import { type FollowedAxes, inFrontOf } from './place.ts'
import type { Made, Scope } from './scope.ts'
import type { FeedingPad, Surround } from './spatial-node.ts'
import { surroundOf } from './steps.ts'
import { windowAxes } from './window.ts'

// What stands before a window: Pads and Slices, through nodes that keep every cell.

/** The most nodes that are looked through. Exporters write a few; the bound ends a file's circle. */
const MOST_THROUGH = 24

/** What is found on the way back from a window to what it reads. */
interface Way {
  readonly before: readonly Surround[]
  readonly pad: FeedingPad | undefined
}

/**
 * Goes back from a window through the nodes that feed it.
 *
 * @param windows its own window along each spatial axis
 */
export function wayTo(call: Made['call'], scope: Scope, windows: readonly (Setting | undefined)[]): Way {
  const value = call.node.inputs[0] ?? ''
  if (!scope.producer(value)) return nothing
  if (scope.uses(value) < 2) return goBack(call, scope, windows)
  // Windows that read one value have one way, where what they read it with is the same.
  const at = operatorOf(call.node)?.window?.zeroPoint
  const reader = [call.node.domain, call.node.opType, call.attribute('layout')?.string, at && call.node.inputs[at]]
  const key = JSON.stringify([value, reader, windows])
  const ways = known.get(scope) ?? new Map<string, Way>()
  known.set(scope, ways)
  const way = ways.get(key) ?? goBack(call, scope, windows)
  ways.set(key, way)
  return way
}

const nothing: Way = { before: [], pad: undefined }

const known = new WeakMap<Scope, Map<string, Way>>()

function goBack(call: Made['call'], scope: Scope, windows: readonly (Setting | undefined)[]): Way {
  const rank = windows.length + 2
  const before: Surround[] = []
  const through: Made[] = []
  let pad: FeedingPad | undefined
  let place: FollowedAxes | undefined = { axes: windowAxes(call, rank), rank }
  let made = madeBy(call.node, scope)
  for (let count = 0; made && count < MOST_THROUGH; count++) {
    const found = surroundOf(made, place.axes, { through, call, windows })
    const isFeeding = before.length === 0 && through.every((one) => passesOf(operatorOf(one.call.node)))
    if (found && made.call.node.opType === 'Pad' && isFeeding) pad = feeding(made, through, found, call)
    if (found) before.unshift(found)
    else place = inFrontOf(made.call, place)
    if (!place) break
    through.unshift(made)
    made = madeBy(made.call.node, made.scope)
  }
  return { before, pad: rank > 2 ? pad : undefined }
}

function feeding(made: Made, through: readonly Made[], { steps }: Surround, window: Call): FeedingPad {
  const known = steps.map((step) => (step && isAdded(step) && !('convention' in step.pads) ? step.pads : undefined))
  const isKnown = (step: Step | undefined, axis: number): boolean => step === undefined || known[axis] !== undefined
  const others = steps.slice(0, 2)
  return {
    ...{
      node: made.call.node,
      body: made.scope.parts.body,
      filling: filled(made.call, { through, call: window, windows: [] }),
    },
    pads: steps.every(isKnown) ? known.slice(2).map((pads) => pads ?? none) : undefined,
    padsOthers: others.every(isKnown) ? others.some(Boolean) : undefined,
    through: through.map((one) => one.call.node),
    shared: [made, ...through].some((one) => one.scope.uses(one.call.node.outputs[0]) > 1),
    inputIsNonNegative: made.call.inputs[0]?.isNonNegative ?? false,
  }
}

const none: Pads = [0, 0]

/** What makes a node's first input. */
function madeBy({ inputs: [name = ''] }: Node, scope: Scope): Made | undefined {
  return name === '' ? undefined : scope.producer(name)
}
