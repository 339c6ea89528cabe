import { operatorOf } from '../operators/index.ts'
import { passesOf } from '../operators/passing.ts'
import type { Node } from './model.ts'
import type { Made, Scope } from './scope.ts'
import type { Surround } from './spatial-node.ts'
import { surroundOf } from './steps.ts'

// Pads and Slices that stand around no window, such as those in a branch that goes past one.

/** The most nodes that are looked through. */
const MOST_BACK = 24

/** Pads and Slices one behind the other, in the order in which they run. */
export type LooseWay = readonly Surround[]

/**
 * The Pads and Slices of some bodies that add or take cells of a picture and stand around no window.
 *
 * @param claimed nodes that stand around one
 */
export function looseIn(scopes: Iterable<Scope>, claimed: ReadonlySet<Node>): LooseWay[] {
  return [...scopes].flatMap((scope) => {
    const found = new Map<Node, Surround>()
    for (const node of scope.parts.body.nodes) {
      const made =
        (isPadOrSlice(node) || node.opType === 'Concat') && !claimed.has(node)
          ? scope.producer(node.outputs[0] ?? '')
          : undefined
      const surround = made?.call.node === node && made.scope === scope ? surroundIn(made) : undefined
      if (surround && isInPicture(made as Made)) found.set(node, surround)
    }
    return waysOf(found, scope)
  })
}

const isPadOrSlice = ({ opType, domain }: Node): boolean => domain === '' && (opType === 'Pad' || opType === 'Slice')

/** What it does to batch, channels and spatial axes, if there are any of these and something is done. */
function surroundIn(made: Made): Surround | undefined {
  const rank = made.call.inputs[0]?.shape?.length ?? 0
  if (rank < 3) return undefined
  const surround = surroundOf(
    made,
    Array.from({ length: rank }, (_, axis) => axis),
  )
  return surround?.steps.some((step) => step !== undefined) ? surround : undefined
}

/** Whether a node reads cells of an input or of a window, each at its place. */
function isInPicture({ call, scope }: Made): boolean {
  let name = call.node.inputs[0] ?? ''
  for (let count = 0; count < MOST_BACK; count++) {
    const made = scope.producer(name)
    if (!made) return scope.fact(name)?.values === undefined
    const row = operatorOf(made.call.node)
    if (row?.window) return true
    if (!row || (row.cells !== 'stay' && !passesOf(row) && !isPadOrSlice(made.call.node) && !surroundOf(made, [])))
      return false
    name = made.call.node.inputs[0] ?? ''
  }
  return false
}

/** Those that follow one another are one way. */
function waysOf(found: ReadonlyMap<Node, Surround>, scope: Scope): LooseWay[] {
  const before = (node: Node): Node | undefined => {
    const maker = scope.uses(node.inputs[0] ?? '') === 1 ? scope.producer(node.inputs[0] ?? '')?.call.node : undefined
    return maker && found.has(maker) ? maker : undefined
  }
  const followed = new Set([...found.keys()].map(before))
  const ends = [...found.keys()].filter((node) => !followed.has(node))
  return ends.map((end) => {
    const way: Surround[] = []
    for (let node: Node | undefined = end; node && way.length < found.size; node = before(node)) {
      way.unshift(found.get(node) as Surround)
    }
    return way
  })
}
