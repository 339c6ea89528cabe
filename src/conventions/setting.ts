import type { Fill, Op, Pads } from '../geometry/index.ts'

/** A layer along one axis, in the words of a framework. */
export interface Setting {
  /** Id of a convention. */
  readonly convention: string
  readonly op: Op
  readonly kernel: number
  readonly stride: number
  readonly dilation: number
  /** The padding (or, transposed, the crop), for conventions that take it from the caller. */
  readonly pads?: Pads
  /** Where the values of the padding come from. Default: zeros; pooling ignores padding. */
  readonly fill?: Fill
  /** Pools: let the last window run past the end. */
  readonly ceilMode?: boolean
  /** Averages: let padding count as zeros, where the framework leaves the choice. */
  readonly countIncludePad?: boolean
  readonly outputPadding?: number
  readonly outputShape?: number
  /** Cells written before and after the input beforehand, as by `F.pad`; real cells to what follows. */
  readonly padded?: Pads
  /** Outputs cut off at the begin afterwards. */
  readonly drop?: number
  /** Outputs beyond ceil(input / stride) are cut off at the end afterwards. */
  readonly trim?: boolean
}
