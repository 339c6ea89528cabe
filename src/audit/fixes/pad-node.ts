import { isSameFunction } from '../../analysis/same-function.ts'
import { byNumbers } from '../../conventions/rows/chosen.ts'
import { solve } from '../../conventions/solve.ts'
import type { Pads } from '../../geometry/index.ts'
import type { NewPad } from '../../network/model.ts'
import type { SpatialNode } from '../../network/spatial-node.ts'
import { operatorOf } from '../../operators/index.ts'
import { compared, withoutMaximum } from '../decide.ts'
import { explicitPads } from '../explicit-pads.ts'
import type { NetworkLayer } from '../layer.ts'
import type { PlannedRewrite } from './planned.ts'

/** Writes padding that differs between begin and end as a `Pad` in front, which computes the same. */
export function toPadNode({ spatial }: NetworkLayer, isOpen: boolean): PlannedRewrite | string | undefined {
  const { written, op } = spatial
  if (op === 'convTranspose') return undefined
  const isWritten = written.autoPad === undefined || written.autoPad === 'NOTSET'
  if (isWritten && !isUneven(writtenPads(written.pads ?? []))) return undefined
  const explicit = explicitPads(spatial, isOpen)
  if (typeof explicit === 'string') return explicit
  const { pads, always } = explicit
  if (!isUneven(pads)) return undefined
  if (!staysAlike(spatial, pads, always)) return 'it rounds its output up, and would make other windows behind a Pad'
  const holds = heldBy(spatial)
  if (typeof holds === 'string') return holds
  return { padding: pads.map(() => [0, 0] as const), inFront: { pads, holds }, always }
}

/** Whether the windows behind a Pad are those of the pads: a last one that runs past the end is dropped by other rules. */
function staysAlike({ axes, written }: SpatialNode, pads: readonly Pads[], always: boolean): boolean {
  return axes.every(({ setting, input }, axis) => {
    if (!setting || !written.ceilMode) return true
    const behind = { ...setting, convention: byNumbers(setting.op), pads: [0, 0] as const, padded: pads[axis] }
    const [one, two] = [withoutMaximum(setting), withoutMaximum(behind)]
    if (always || input === undefined) return compared(one, two)?.equal === true
    return isSameFunction(one, solve(one, input), two, solve(two, input))
  })
}

const isUneven = (pads: readonly Pads[]): boolean => pads.some(([begin, end]) => begin !== end)
const writtenPads = (pads: readonly number[]): Pads[] => {
  const rank = pads.length / 2
  return pads.slice(0, rank).map((begin, axis) => [begin, pads[axis + rank]] as const)
}

/** What stands in the padding of a node, as something that a `Pad` can hold; else why it cannot, as a clause. */
function heldBy({ op, node, written }: SpatialNode): NewPad['holds'] | string {
  const window = operatorOf(node)?.window
  if (node.outputs[1]) return 'the indices of the maxima count its cells'
  if (node.opType === 'MaxPool') return { kind: 'least' }
  if (op === 'averagePool' && !written.countIncludePad) return 'it does not count its padding, and would count a Pad'
  if (window?.zeroPoint !== undefined) {
    const zeroPoint = node.inputs[window.zeroPoint]
    return zeroPoint ? { kind: 'named', name: zeroPoint } : { kind: 'zeros' }
  }
  return window?.padsLikePad ? { kind: 'zeros' } : `${node.opType} has no such pads`
}
