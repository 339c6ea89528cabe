import { type Axis, taps } from '../geometry/index.ts'
import { multiples } from './gather.ts'

/**
 * Some of an axis's outputs, seen as the windows of a convolution over its input. A convolution is one such slide; a
 * transposed convolution is one for each residue of its outputs modulo the stride, each with the few taps that reach it,
 * so that no zero is ever inserted.
 */
export interface Slide {
  /** The outputs are `first`, `first + step`, ... */
  readonly first: number
  readonly step: number
  /** The kernel's taps that take part, in the order of the cells that they read. */
  readonly taps: readonly number[]
  /** Window `q` belongs to output `first + q * step`; its kernel is the list of taps. Its `padBegin` may be negative. */
  readonly axis: Axis
}

/** The slides of an axis of a convolution or pooling, or of a transposed convolution. */
export function slidesOf(axis: Axis, transposed: boolean): Slide[] {
  if (!transposed) return [{ first: 0, step: 1, taps: multiples(axis.kernel, 1), axis }]
  const { kernel, stride, dilation, padBegin, output } = axis
  const taps = Array.from({ length: Math.min(stride, output) }, (): number[] => [])
  for (let tap = kernel - 1; tap >= 0; tap--) {
    const at = tap * dilation - padBegin
    taps[at - stride * Math.floor(at / stride)]?.push(tap) // residues without an output have no list
  }
  return taps.map((list, first) => slideOfResidue(axis, first, list))
}

/**
 * Sample `i` reaches output `o` through tap `k` when `i * stride + k * dilation = o + padBegin`. For the outputs of one
 * residue the taps that can fulfil that are an arithmetic progression, and what they read moves one cell from output to
 * output, and `dilation / gcd` cells backwards from tap to tap.
 */
function slideOfResidue(axis: Axis, first: number, taps: readonly number[]): Slide {
  const { input, stride, dilation, padBegin, output } = axis
  const start = taps.length > 0 ? (first + padBegin - taps[0] * dilation) / stride : 0
  const spread = taps.length > 1 ? ((taps[0] - taps[1]) * dilation) / stride : 1
  return {
    first,
    step: stride,
    taps,
    axis: {
      input,
      kernel: taps.length,
      stride: 1,
      dilation: spread,
      padBegin: -start,
      padEnd: 0,
      output: Math.ceil((output - first) / stride),
    },
  }
}

/** For one output of the depth or height axis: the cell under its first real tap, that tap's place, how many are real. */
export interface LineTaps {
  readonly cell: number
  /** The place of the first real tap among all taps of the axis, in the order of `Lines.taps`. */
  readonly tap: number
  readonly count: number
}

/** A whole axis that a program looks up output by output. */
export interface Lines {
  /** The kernel's taps in the order in which weights are packed: those of each slide side by side. */
  readonly taps: readonly number[]
  /** Cells from one tap to the next. */
  readonly dilation: number
  /** One for each output, in order. */
  readonly outputs: readonly LineTaps[]
}

/** The lines of the slides of one axis. */
export function linesOf(slides: readonly Slide[]): Lines {
  const outputs: LineTaps[] = []
  let place = 0
  for (const { first, step, taps: kernel, axis } of slides) {
    for (let window = 0; window < axis.output; window++) {
      const { begin, end } = taps(axis, window)
      const cell = window * axis.stride - axis.padBegin + begin * axis.dilation
      outputs[first + window * step] = { cell: end > begin ? cell : 0, tap: place + begin, count: end - begin }
    }
    place += kernel.length
  }
  // Slides with a single tap have no step of their own, the others all have the same.
  const dilation = slides.find(({ taps: kernel }) => kernel.length > 1)?.axis.dilation ?? 1
  return { taps: slides.flatMap(({ taps: kernel }) => kernel), dilation, outputs }
}
