import { type Axis, type Geometry, taps } from '../geometry/index.ts'
import { type Dimensions, type Layout, numbers } from '../tensor/tensor.ts'

/** Every loop nest here has three spatial axes; a missing one is an axis of a single cell and a single tap. */
const RANK = 3
const LARGEST_INT32 = 2 ** 31 - 1
/** An axis of one cell and one tap. */
export const single: Axis = { input: 1, kernel: 1, stride: 1, dilation: 1, padBegin: 0, padEnd: 0, output: 1 }

/** A value for each of the three axes: depth, height, width. */
export type Three<T> = readonly [T, T, T]

/** The axes of a geometry, filled up at the front to three. */
export function threeAxes({ axes }: Geometry): Three<Axis> {
  return [...new Array(RANK - axes.length).fill(single), ...axes] as unknown as Three<Axis>
}

/** int32 where every number fits, as it does but for kernels without weights: the loops are 1.4 times as fast on it. */
type LookupTable = Int32Array | Float64Array

/** Where the windows of an axis lie, worked out once: the loops only look it up. */
export interface Windows {
  /** How many there are. */
  readonly count: number
  /** The input cell under the first real tap of each. */
  readonly cell: LookupTable
  /** The first real tap of each. */
  readonly begin: LookupTable
  /** One past the last real tap of each. */
  readonly end: LookupTable
  readonly dilation: number
  readonly kernel: number
}

/** Looks along each of a geometry's axes once, as it is or seen otherwise (`adjoint`, `padded`). */
export function threeWindows(geometry: Geometry, seen = (axis: Axis): Axis => axis): Three<Windows> {
  const [d, h, w] = threeAxes(geometry).map((axis) => windowsOf(geometry.op, seen(axis)))
  return [d, h, w]
}

function windowsOf(stage: string, axis: Axis): Windows {
  const count = axis.output
  const Kind = Math.max(axis.input, axis.kernel) <= LARGEST_INT32 ? Int32Array : Float64Array
  const table = (): LookupTable => numbers<LookupTable>(stage, 'the table of windows', Kind, count)
  const [cell, begin, end] = [table(), table(), table()]
  for (let output = 0; output < count; output++) {
    const range = taps(axis, output)
    begin[output] = range.begin
    end[output] = range.end
    cell[output] = output * axis.stride - axis.padBegin + range.begin * axis.dilation
  }
  return { count, cell, begin, end, dilation: axis.dilation, kernel: axis.kernel }
}

/** Elements between neighbours along each dimension of a tensor: all that the loops need to know of a layout. */
export interface Steps {
  readonly batch: number
  readonly channel: number
  readonly axes: Three<number>
}

/** The steps of a dense tensor. */
export function stepsOf({ channels, spatial }: Dimensions, layout: Layout): Steps {
  const [, height, width] = [...new Array(RANK - spatial.length).fill(1), ...spatial]
  const cells = spatial.reduce((product, size) => product * size, 1)
  const cell = layout === 'nchw' ? 1 : channels
  return {
    batch: channels * cells,
    channel: layout === 'nchw' ? cells : 1,
    axes: [height * width * cell, width * cell, cell],
  }
}
