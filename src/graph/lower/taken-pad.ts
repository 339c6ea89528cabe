import type { Pads } from '../../geometry/index.ts'
import type { Node } from '../../network/model.ts'
import type { Scope } from '../../network/scope.ts'
import type { Described } from '../../network/window.ts'
import type { Call } from '../../operators/call.ts'
import { leastOf } from '../../operators/carried.ts'
import { padding, padValue } from '../../operators/resizing.ts'

/** A Pad that becomes part of the window behind it. */
export interface TakenPad {
  /** Cells before and after each spatial axis, none below zero. */
  readonly pads: readonly Pads[]
  /** The value that it pads. */
  readonly input: string
}

/** The Pad before a window whose cells change nothing that the window's own padding would not: zeros before a convolution. */
export function takenPad(call: Call<Node>, described: Described, scope: Scope): TakenPad | undefined {
  const { opType, inputs, outputs } = call.node
  // The places of maxima are counted among the cells of the Pad.
  if (opType !== 'Conv' && (opType !== 'MaxPool' || outputs[1])) return undefined
  const pad = scope.producer(inputs[0] ?? '')?.call
  if (pad?.node.opType !== 'Pad' || (pad.attribute('mode')?.string ?? 'constant') !== 'constant') return undefined
  const pads = spatialPads(pad, described.axes.length)
  if (!pads || !isNeutral(pad, pads, described)) return undefined
  return { pads, input: pad.node.inputs[0] ?? '' }
}

/** What a Pad adds to the spatial axes, where that is known, nothing is taken away, and batch and channels stay. */
function spatialPads(pad: Call, axes: number): readonly Pads[] | undefined {
  const cells = padding(pad)
  if (cells?.length !== axes + 2) return undefined
  const isKnown = (pair: readonly unknown[]): pair is Pads => pair.every((one) => typeof one === 'number' && one >= 0)
  if (!cells.every(isKnown) || cells.slice(0, 2).some((pair) => Math.max(...pair) > 0)) return undefined
  return cells.slice(2)
}

/** Whether the cells of a Pad change nothing of what the window behind it makes. */
function isNeutral(pad: Call, pads: readonly Pads[], { op, elementType, axes }: Described): boolean {
  const value = padValue(pad)
  if (typeof value !== 'number') return false
  if (op === 'conv') return value === 0
  const least = leastOf(elementType)
  if (least !== undefined && value <= least) return true
  // Zeros win over nothing where nothing is below zero, and every window has a cell.
  const reaches = axes.every(({ setting, pads: own }, axis) => {
    if (!setting || !own) return false
    const [begin, end] = pads[axis]
    return setting.dilation === 1 && Math.max(begin + own[0], end + own[1]) < setting.kernel
  })
  return value === 0 && (pad.inputs[0]?.isNonNegative ?? false) && reaches
}
