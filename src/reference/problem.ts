import type { Geometry } from '../geometry/index.ts'
import type { Dimensions, Layout } from '../tensor/tensor.ts'

/** An operation's whole task, checked: its geometry and everything around it. */
export interface Problem {
  readonly geometry: Geometry
  readonly batch: number
  readonly inChannels: number
  readonly outChannels: number
  /** Channels are split into so many groups that do not see each other; each channel is one for pools. */
  readonly groups: number
  readonly layout: Layout
}

/** The dimensions of a problem's input. */
export function inputOf({ geometry, batch, inChannels }: Problem): Dimensions {
  return { batch, channels: inChannels, spatial: geometry.axes.map((axis) => axis.input) }
}

/** The dimensions of a problem's output. */
export function outputOf({ geometry, batch, outChannels }: Problem): Dimensions {
  return { batch, channels: outChannels, spatial: geometry.axes.map((axis) => axis.output) }
}
