import { type Axis, effectiveKernel, fullSize, type Range } from './axis.ts'
import { ceilDivide } from './integers.ts'

/** Some neighbouring outputs of an axis. */
export interface AxisPart {
  /**
   * An axis of their own: output `o` of it is output `from + o` of the whole, made by the same taps of the same cells. Its
   * pads are negative where windows see no cell at all, or the first cell of a transposed convolution reaches no output
   * before some others.
   */
  readonly axis: Axis
  /** Its cells: those of the whole input that its windows span, one at least. */
  readonly input: Range
  /** Its outputs among those of the whole. */
  readonly output: Range
}

/**
 * The outputs `from` to before `to` of an axis of a convolution or pooling, exactly: what is padding of the whole is padding of
 * the part, and beyond its cells no window of it reads anything else.
 *
 * @param to more than `from`, at most `axis.output`; not checked
 */
export function part(axis: Axis, from: number, to: number): AxisPart {
  const { stride, padBegin, padEnd } = axis
  const start = from * stride - padBegin
  const end = (to - 1) * stride - padBegin + effectiveKernel(axis)
  const input = cells(axis, start, end)
  const pads = { padBegin: input.begin - start, padEnd: Math.min(end, axis.input + padEnd) - input.end }
  const own = { ...axis, ...pads, input: input.end - input.begin, output: to - from }
  return { axis: own, input, output: { begin: from, end: to } }
}

/** The same of an axis of a transposed convolution. */
export function transposedPart(axis: Axis, from: number, to: number): AxisPart {
  const { stride, padBegin } = axis
  const first = ceilDivide(from + padBegin - effectiveKernel(axis) + 1, stride)
  const input = cells(axis, first, Math.floor((to - 1 + padBegin) / stride) + 1)
  const own = { ...axis, input: input.end - input.begin, output: to - from }
  const begin = padBegin + from - input.begin * stride
  const pads = { padBegin: begin, padEnd: fullSize(own) - begin - own.output }
  return { axis: { ...own, ...pads }, input, output: { begin: from, end: to } }
}

/** The real cells of a range, or the one next to it where there is none. */
function cells({ input }: Axis, begin: number, end: number): Range {
  const first = Math.min(Math.max(begin, 0), input - 1)
  return { begin: first, end: Math.max(Math.min(end, input), first + 1) }
}
