import {
  type Axis,
  type AxisPart,
  effectiveKernel,
  Geometry,
  part,
  type Range,
  transposedPart,
} from '../geometry/index.ts'
import { single } from '../reference/loops.ts'
import type { Problem } from '../reference/problem.ts'
import { inLayout } from '../tensor/tensor.ts'
import { FLOAT } from './plan.ts'
import { greedily } from './row-tiles.ts'

/** A range of each dimension of a tensor, in the order of its layout. */
export type Box = readonly Range[]

/** A part of a problem that is a problem itself: a box of outputs, and the box of input that they read. */
export interface Band {
  readonly problem: Problem
  readonly input: Box
  readonly output: Box
}

/**
 * Cuts a problem along its outermost dimension, images first, and where that is not enough along the next one, so that input
 * and output of a band take so many bytes at most. Where windows span much they take more, up to `largest`, so that what
 * bands read is at most about twice what there is. A band of a single output may be larger still.
 */
export function bandsOf(problem: Problem, most: number, largest: number): Band[] {
  const { batch, geometry, inChannels, outChannels } = problem
  const cut = geometry.op === 'convTranspose' ? transposedPart : part
  const bytesOf = (parts: readonly AxisPart[]): Record<'input' | 'output', number> => ({
    input: parts.reduce((product, { axis }) => product * axis.input, FLOAT * inChannels),
    output: parts.reduce((product, { axis }) => product * axis.output, FLOAT * outChannels),
  })
  const from = (parts: readonly AxisPart[], dimension: number): AxisPart[][] => {
    const bytes = bytesOf(parts)
    if (bytes.input + bytes.output <= most || dimension === parts.length) return [[...parts]]
    const { axis } = parts[dimension]
    const lines = { input: bytes.input / axis.input, output: bytes.output / axis.output }
    const size = outputsIn(axis, cut === transposedPart, lines, most, largest)
    let end = 0
    return greedily(axis.output, size).flatMap((count) => {
      end += count
      return from(parts.with(dimension, cut(axis, end - count, end)), dimension + 1)
    })
  }
  const images: Axis = { ...single, input: batch, output: batch }
  const all = (end: number): Range => ({ begin: 0, end })
  const whole = [images, ...geometry.axes].map((axis) => ({ axis, input: all(axis.input), output: all(axis.output) }))
  return from(whole, 0).map((parts) => bandOf(problem, parts))
}

/** How many outputs of an axis fit, on lines of so many bytes; of a transposed convolution a multiple of its stride. */
function outputsIn(
  axis: Axis,
  transposed: boolean,
  lines: Readonly<Record<'input' | 'output', number>>,
  most: number,
  largest: number,
): number {
  const { stride, output } = axis
  const reach = effectiveKernel(axis)
  // What so many outputs read: cells of their own, and those that they share with their neighbours.
  const [each, shared] = transposed ? [1 / stride, 1 + (reach - 1) / stride] : [stride, reach - stride]
  const fitting = (bytes: number): number =>
    Math.floor((bytes - Math.max(0, shared) * lines.input) / (each * lines.input + lines.output))
  const size = Math.max(1, fitting(most), Math.min(Math.ceil(shared / each), fitting(largest)))
  return Math.min(output, transposed && size >= stride ? size - (size % stride) : size)
}

function bandOf(problem: Problem, [images, ...axes]: readonly AxisPart[]): Band {
  const { geometry, inChannels, outChannels, layout } = problem
  const box = (side: 'input' | 'output', channels: number): Box => {
    const spatial = axes.map((part) => part[side])
    return inLayout({ batch: images[side], channels: { begin: 0, end: channels }, spatial }, layout)
  }
  const own = new Geometry(
    geometry.op,
    axes.map(({ axis }) => axis),
  )
  return {
    problem: { ...problem, batch: images.axis.output, geometry: own },
    input: box('input', inChannels),
    output: box('output', outChannels),
  }
}
