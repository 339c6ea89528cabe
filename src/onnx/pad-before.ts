import type { Pads } from '../geometry/index.ts'
import type { Call } from './call.ts'
import type { Dimension, Node } from './model.ts'
import { axesOf } from './operators/moving.ts'
import { padding } from './operators/resizing.ts'
import type { Made, Scope } from './scope.ts'
import type { FeedingPad } from './spatial-node.ts'

/** Cells before and after an axis, as far as they are known. */
type Cells = readonly [begin: Dimension, end: Dimension]

/** The most nodes between. Exporters write one; the bound ends a file's circle. */
const MOST_BETWEEN = 8

const modes = ['constant', 'reflect', 'edge', 'wrap'] as const

/** The Pad whose output a node takes, perhaps through nodes that leave the cells where they are. */
export function padBefore(node: Node, scope: Scope): FeedingPad | undefined {
  const through: Made[] = []
  let made = madeBy(node, scope)
  while (made && Object.hasOwn(passing, made.call.node.opType) && through.length < MOST_BETWEEN) {
    through.unshift(made)
    made = madeBy(made.call.node, made.scope)
  }
  if (made?.call.node.opType !== 'Pad') return undefined
  const { call } = made
  const mode = modes.find((one) => one === (call.attribute('mode')?.string ?? 'constant'))
  if (!mode) return undefined
  const all = through.reduce<readonly Cells[] | undefined>(
    (cells, one) => cells && passing[one.call.node.opType](cells, one.call),
    padding(call),
  )
  const known = all?.map((cells) => (cells.every((count) => typeof count === 'number') ? (cells as Pads) : undefined))
  const [others, spatial] = [known?.slice(0, 2), known?.slice(2)]
  const isKnown = others?.every((pads) => pads !== undefined)
  const value = call.has(2) ? call.inputs[2]?.values?.[0] : (call.attribute('value')?.float ?? 0)
  return {
    ...{ node: call.node, body: made.scope.parts.body, mode },
    value: typeof value === 'number' ? value : undefined,
    pads: spatial?.every((pads) => pads !== undefined) ? spatial : undefined,
    padsOthers: isKnown ? others?.some((pads) => pads?.some((cells) => cells !== 0)) : undefined,
    through: through.map((one) => one.call.node),
    shared: [made, ...through].some((one) => one.scope.uses(one.call.node.outputs[0]) > 1),
    inputShape: call.inputs[0]?.shape,
  }
}

/** What makes a node's first input. */
function madeBy({ inputs: [name = ''] }: Node, scope: Scope): Made | undefined {
  return name === '' ? undefined : scope.producer(name)
}

/** Operators that pass every cell on, and what they make of the padding around it; undefined where that is not known. */
const passing: Readonly<Record<string, (cells: readonly Cells[], call: Call) => readonly Cells[] | undefined>> = {
  Identity: (cells) => cells,
  Cast: (cells) => cells,
  Transpose: (cells, call) => {
    const order = axesOf(call.ints('perm') ?? cells.map((_, axis) => cells.length - 1 - axis), cells.length)
    return order?.map((axis) => cells[axis])
  },
  Unsqueeze: (cells, call) => {
    const given = call.list('axes', 1, undefined)
    const rank = cells.length + (given?.length ?? 0)
    const axes = given && axesOf(given, rank)
    const rest = cells.values()
    return (
      axes && Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? [0, 0] : (rest.next().value ?? [0, 0])))
    )
  },
  Squeeze: (cells, call) => {
    const given = call.list('axes', 1, undefined)
    const axes = given && axesOf(given, cells.length)
    return axes && cells.filter((_, axis) => !axes.includes(axis))
  },
}
