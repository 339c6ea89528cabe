import { autoPads } from '../conventions/rows/framework.ts'
import type { Setting } from '../conventions/setting.ts'
import type { Outcome } from '../conventions/solve.ts'
import type { Filling, Step } from '../conventions/step.ts'
import type { Geometry, Op, Pads } from '../geometry/index.ts'
import type { Body, Graph, Node, Shape } from './model.ts'

export { autoPads }
export type AutoPad = (typeof autoPads)[number]

/** Whether a text is one of them: in small letters, runtimes refuse to load the model. */
export const isAutoPad = (text: string): text is AutoPad => autoPads.some((word) => word === text)

/** What a node says of its window, as it is written: undefined where the file leaves it out. */
export interface Written {
  readonly autoPad: AutoPad | undefined
  /** In ONNX's order, all begins before all ends: [top, left, bottom, right]. */
  readonly pads: readonly number[] | undefined
  readonly strides: readonly number[] | undefined
  readonly dilations: readonly number[] | undefined
  readonly kernelShape: readonly number[] | undefined
  readonly group: number | undefined
  /** Pools. */
  readonly ceilMode: boolean | undefined
  /** Averages. */
  readonly countIncludePad: boolean | undefined
  /** Transposed. */
  readonly outputPadding: readonly number[] | undefined
  /** Transposed: spatial sizes only. */
  readonly outputShape: readonly number[] | undefined
}

/** One spatial axis of a node. */
export interface SpatialAxis {
  /** Cells of what flows into the node, behind the `Pad` that feeds it. */
  readonly input: number | undefined
  /** The name of a size that is left open, if the axis has this very size. */
  readonly symbol: string | undefined
  /**
   * The layer along this axis in ONNX's own conventions (`onnx.same-upper`, `onnx.explicit`, ...; those of the opset for
   * a transposed convolution), without the `Pad` that feeds it. Undefined where kernel or pads are not known or are
   * no numbers of a window.
   */
  readonly setting: Setting | undefined
  /** What the specification makes of it: the axis, or why it is refused. Undefined where input or setting is not known. */
  readonly outcome: Outcome | undefined
  /** The effective pads (transposed: crops) if they are known; those written as numbers are so at any size. */
  readonly pads: Pads | undefined
  /** Cells of the output. */
  readonly output: number | undefined
}

/** A node that adds cells around a window or takes some away: a Pad or a Slice. */
export interface Surround {
  readonly node: Node
  readonly body: Body
  /** What it does to each axis of the window: batch, channels, then the spatial ones. Undefined where it does nothing. */
  readonly steps: readonly (Step | undefined)[]
  /** The sizes of these axes before it. */
  readonly sizes: Shape
}

/** The `Pad` that feeds a node; its pads count the axes of that node. */
export interface FeedingPad {
  readonly node: Node
  readonly body: Body
  /** What stands in its cells, as the node reads it. */
  readonly filling: Filling
  /** Begin and end for each spatial axis, perhaps negative; undefined where they are not known or the rank is not. */
  readonly pads: readonly Pads[] | undefined
  /** Whether batch or channels are padded too: such a Pad cannot be folded. Undefined where that is not known. */
  readonly padsOthers: boolean | undefined
  /**
   * Nodes between it and the node that it feeds, in their order: Identity, Cast, QuantizeLinear, DequantizeLinear,
   * Transpose, Squeeze, Unsqueeze.
   */
  readonly through: readonly Node[]
  /**
   * Whether something else takes its output, or that of a node between: another node, a subgraph, or the graph's outputs.
   */
  readonly shared: boolean
  /** Whether nothing that flows into it is below zero, as far as that is known: zeros around it then win over nothing. */
  readonly inputIsNonNegative: boolean
}

/** A node that slides a window, with all that is known of it. */
export interface SpatialNode {
  /** Place in the list. */
  readonly index: number
  /** The node's name; where it has none, its operator and first output: `Conv 'y'`. */
  readonly name: string
  /** Graph, subgraphs and functions that lead to it: `main`, `main / If_12.then_branch`. */
  readonly path: string
  readonly node: Node
  /** What it is a node of. */
  readonly body: Body
  /** The graph that takes initializers for it, none within a function. */
  readonly graph: Graph | undefined
  /** Version of its operator set. */
  readonly opset: number
  /** How often this node is listed: a function that is called several times is listed for each call. */
  readonly calls: number
  /** Whether a condition that is known before the model runs leads past it: the other branch of an `If` is taken. */
  readonly isSkipped: boolean
  /** LpPool counts as `maxPool` (padding adds nothing, nothing is divided), DeformConv as `conv`. */
  readonly op: Op
  readonly written: Written
  /** One for each spatial axis, outermost first; empty where not even their number is known. */
  readonly axes: readonly SpatialAxis[]
  readonly inputShape: Shape | undefined
  /** ONNX's number for the type of what flows into it, 0 where it is not known. */
  readonly elementType: number
  readonly outputShape: Shape | undefined
  /** The shape of the weights, [out, in / group, ...kernel] (transposed [in, out / group, ...kernel]). */
  readonly weightsShape: Shape | undefined
  readonly inputChannels: number | undefined
  readonly outputChannels: number | undefined
  readonly groups: number
  /** The Pad right before it. */
  readonly pad: FeedingPad | undefined
  /** Every Pad and Slice between what it reads and itself, in the order in which they run, that Pad included. */
  readonly before: readonly Surround[]
  /** Those behind it, before anything else reads its output; what pads the next window is before that one. */
  readonly behind: readonly Surround[]
  /**
   * The value of a cell that changes nothing: 0 of a sum, the zero point where values are quantised, the least value of a
   * maximum. Undefined where it is not known; an average has none.
   */
  readonly neutral: number | undefined
  /** What it resolves to by the specification, when all sizes are known and it is not refused. */
  readonly geometry: Geometry | undefined
  /** Why there is no geometry, as a sentence: sizes that are not known, or what the specification refuses. */
  readonly reason: string | undefined
}

/** Options of `spatialNodes`. */
export interface SpatialOptions {
  /** Shapes of the model's inputs by name, for those that the file leaves open; they win over the file's. */
  readonly inputs?: Readonly<Record<string, readonly number[]>> | undefined
}
