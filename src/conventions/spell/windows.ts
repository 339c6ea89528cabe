import { type Axis, fullSize, outputSize, type Pads, reach } from '../../geometry/index.ts'
import { ceilDivide } from '../../geometry/integers.ts'
import { padsOf, shortfall } from '../../geometry/padding.ts'

/**
 * The padding to write into a forward axis's input so that windows without padding, counted by rounding down, are its
 * windows: its own, or up to the last window's last tap where `ceilMode` made more or fewer windows of it.
 */
export function writtenPads(axis: Axis): Pads {
  const { padBegin, padEnd, output } = axis
  return [padBegin, outputSize(axis, padBegin, padEnd) === output ? padEnd : reach(axis)]
}

/** The cells that an average divides by: ones of these sizes, padded with zeros. */
export interface Counted {
  readonly cells: readonly number[]
  readonly pads: readonly Pads[]
}

/**
 * Which cells of the padded input count in an average's divisor, or undefined where all taps of all windows do.
 * With `countIncludePad` padding counts, but not the taps beyond it, which only `ceilMode` brings.
 */
export function countedCells(axes: readonly Axis[], countIncludePad: boolean): Counted | undefined {
  const sides = axes.map((axis) => {
    const [begin, end] = writtenPads(axis)
    if (!countIncludePad) return { cells: axis.input, pads: [begin, end] as const, touched: begin + reach(axis) > 0 }
    const beyond = Math.max(0, end - axis.padEnd)
    return { cells: axis.input + begin + end - beyond, pads: [0, beyond] as const, touched: beyond > 0 }
  })
  if (!sides.some(({ touched }) => touched)) return undefined
  return { cells: each(sides, 'cells'), pads: each(sides, 'pads') }
}

/** Whether an undilated pooling is what TensorFlow's SAME makes of this input size. */
export function isSame(axis: Axis): boolean {
  const { input, stride, dilation, padBegin, padEnd, output } = axis
  const [begin, end] = padsOf('same', axis)
  if (dilation !== 1 || output !== ceilDivide(input, stride)) return false
  // Where windows end before the input does, TensorFlow.js has negative pads on three axes.
  return begin === padBegin && end === padEnd && shortfall(axis) >= 0
}

/** The `outputPadding` of a transposed axis: cells after its crop of `[padBegin, padEnd]`. */
export function outputPaddingOf(axis: Axis): number {
  return axis.output - (fullSize(axis) - axis.padBegin - axis.padEnd)
}

/** A transposed axis for frameworks that want `outputPadding` below the stride. */
export interface Transposed {
  /** Zero samples to append to the input: each makes room for a stride of cells that no tap of a real sample reaches. */
  readonly samples: number
  readonly outputPadding: number
  /** Cells cropped at the start and at the end of the result with those samples. */
  readonly crop: Pads
}

/** The axis's own crop and `outputPadding` where that is below the stride; samepad and PyTorch allow the dilation. */
export function transposedOf(axis: Axis): Transposed {
  const { stride, padBegin, padEnd } = axis
  const outputPadding = outputPaddingOf(axis)
  if (outputPadding < stride) return { samples: 0, outputPadding, crop: [padBegin, padEnd] }
  const samples = Math.max(0, ceilDivide(outputPadding - padEnd, stride))
  return { samples, outputPadding: 0, crop: [padBegin, padEnd - outputPadding + samples * stride] }
}

/** The same for frameworks that crop nothing by themselves: cells of the result before it is sliced. */
export interface Uncropped extends Pick<Transposed, 'samples' | 'outputPadding'> {
  readonly size: number
}

/** The least `outputPadding` and zero samples with which the result holds all cells from `padBegin` on. */
export function uncroppedOf(axis: Axis): Uncropped {
  const missing = Math.max(0, axis.padBegin + axis.output - fullSize(axis))
  const samples = missing < axis.stride ? 0 : ceilDivide(missing, axis.stride)
  const outputPadding = samples ? 0 : missing
  return { samples, outputPadding, size: fullSize(axis) + samples * axis.stride + outputPadding }
}

/** Whether there is anything to pad. */
export function somePads(pads: readonly Pads[]): boolean {
  return pads.some(([begin, end]) => begin !== 0 || end !== 0)
}

/** One property of every element: `each(axes, 'stride')`. */
export function each<T, Name extends keyof T>(list: readonly T[], name: Name): T[Name][] {
  return list.map((element) => element[name])
}
