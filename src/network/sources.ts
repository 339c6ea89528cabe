import { effectiveKernel } from '../geometry/index.ts'
import {
  type AxesCall,
  type AxisSources,
  type FollowAxes,
  forAll,
  mixing,
  own,
  staying,
  stepped,
  unfollowed,
} from '../operators/axes.ts'
import { type AxisStep, fraction } from '../operators/axis-step.ts'
import { cellSources } from '../operators/cell-sources.ts'
import { operatorOf } from '../operators/index.ts'
import type { Operator } from '../operators/operator.ts'
import type { SpatialAxis } from './spatial-node.ts'
import { type Described, windowAxes } from './window.ts'

/** What the cells of a node's outputs are made of, along each of their axes. */
export interface SourcesCall extends AxesCall {
  /** Of a node that slides a window. */
  readonly described: Described | undefined
  /** Whether the node is an operator, and no call of a function of the model. */
  readonly isFollowed: boolean
}

/** The sources of each output of a node: by its window, by the row of its operator, or by what that says of cells. */
export function sourcesOf(given: SourcesCall): readonly AxisSources[] {
  const row = given.isFollowed ? operatorOf(given.call.node) : undefined
  if (!row) return unfollowed(given)
  if (given.described) return windowed(given, given.described, row.window?.isFree ?? false)
  if ('nests' in row) return mixing('holds graphs of its own, which are not followed')(given)
  return (cellSources[row.name] ?? byCells(row))(given)
}

function byCells({ cells, takesWhole, takesLists }: Operator): FollowAxes {
  if (cells === 'stay') return staying(takesWhole, takesLists)
  return cells === 'move' ? unfollowed : cells === 'mix' ? mixing('mixes cells') : () => []
}

function windowed(given: SourcesCall, { axes }: Described, isFree: boolean): readonly AxisSources[] {
  const [rank] = given.ranks
  const order = windowAxes(given.call, rank ?? 0)
  const sources = Array.from({ length: rank ?? 0 }, (_, dimension) => {
    const at = order.indexOf(dimension)
    if (at < 2) return at === 0 ? own(dimension) : undefined
    if (isFree) return { ...own(dimension), ends: 'takes cells from places that are computed' }
    const axis = axes[at - 2]
    return stepped(dimension, axis && windowStep(axis), 'slides a window that is not known')
  })
  if (rank === undefined) return forAll(given, undefined)
  // Further outputs are no cells at these places: where a maximum was found is counted over the whole picture.
  const others = sources.map((source, axis) =>
    source && axis > 0 ? { ...source, ends: 'counts places of the whole picture' } : source,
  )
  return given.call.node.outputs.map((_, index) => (index === 0 ? sources : others))
}

/** A window: output o starts at cell o * stride - padBegin, or for a transposed convolution the other way round. */
function windowStep({ setting, pads }: SpatialAxis): AxisStep | undefined {
  if (!setting) return undefined
  const { stride, op, outputShape } = setting
  const reach = effectiveKernel(setting) - 1
  if (op !== 'convTranspose') {
    const begin = pads?.[0]
    const jump = fraction(stride, 1)
    return jump && { jump, centre: begin === undefined ? undefined : reach / 2 - begin, first: begin && -begin, reach }
  }
  const jump = fraction(1, stride)
  if (!jump) return undefined
  // Output o gets something from the inputs of (o + crop - reach) / stride to (o + crop) / stride.
  const crop = pads?.[0]
  return {
    jump,
    centre: crop === undefined ? undefined : (crop - reach / 2) / stride,
    first: crop === undefined ? undefined : (crop - reach) / stride,
    reach: reach / stride,
    irregular: outputShape === undefined ? undefined : 'gives a size that is written in the file',
  }
}
