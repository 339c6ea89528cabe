import type { Pads } from '../geometry/index.ts'
import { operatorOf } from '../operators/index.ts'
import type { Around } from '../operators/operator.ts'
import { padding, padValue } from '../operators/resizing.ts'
import type { Node } from './model.ts'
import type { Made, Scope } from './scope.ts'
import type { FeedingPad } from './spatial-node.ts'

/** The most nodes between. Exporters write one; the bound ends a file's circle. */
const MOST_BETWEEN = 8

const modes = ['constant', 'reflect', 'edge', 'wrap'] as const

/** The Pad whose output a node takes, perhaps through nodes that leave the cells where they are. */
export function padBefore(node: Node, scope: Scope): FeedingPad | undefined {
  const { made, through } = leadingTo(node, scope)
  if (made?.call.node.opType !== 'Pad') return undefined
  const { call } = made
  const mode = modes.find((one) => one === (call.attribute('mode')?.string ?? 'constant'))
  if (!mode) return undefined
  const all = through.reduce<Around | undefined>(
    (around, one) => around && operatorOf(one.call.node)?.passes?.(around, one.call),
    padding(call),
  )
  const known = all?.map((cells) => (cells.every((count) => typeof count === 'number') ? (cells as Pads) : undefined))
  const [others, spatial] = [known?.slice(0, 2), known?.slice(2)]
  const isKnown = others?.every((pads) => pads !== undefined)
  const value = padValue(call)
  return {
    ...{ node: call.node, body: made.scope.parts.body, mode },
    value: typeof value === 'number' ? value : undefined,
    pads: spatial?.every((pads) => pads !== undefined) ? spatial : undefined,
    padsOthers: isKnown ? others?.some((pads) => pads?.some((cells) => cells !== 0)) : undefined,
    through: through.map((one) => one.call.node),
    shared: [made, ...through].some((one) => one.scope.uses(one.call.node.outputs[0]) > 1),
    inputShape: call.inputs[0]?.shape,
    inputIsNonNegative: call.inputs[0]?.isNonNegative ?? false,
    isBehindPad: leadingTo(call.node, made.scope).made?.call.node.opType === 'Pad',
  }
}

/** What makes a node's first input, past nodes that pass every cell on, which are listed in their order. */
function leadingTo(node: Node, scope: Scope): { readonly made: Made | undefined; readonly through: readonly Made[] } {
  const through: Made[] = []
  let made = madeBy(node, scope)
  while (made && operatorOf(made.call.node)?.passes && through.length < MOST_BETWEEN) {
    through.unshift(made)
    made = madeBy(made.call.node, made.scope)
  }
  return { made, through }
}

/** What makes a node's first input. */
function madeBy({ inputs: [name = ''] }: Node, scope: Scope): Made | undefined {
  return name === '' ? undefined : scope.producer(name)
}
