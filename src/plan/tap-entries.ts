import type { Axis } from '../geometry/index.ts'
import { ceilDivide } from '../geometry/integers.ts'
import type { Steps, Three } from '../reference/loops.ts'
import { FLOAT } from './plan.ts'

/** Integers for each tap of a stretch of outputs: how many of them it sees a real cell for, and bytes to where they begin. */
export const TAP_ENTRY = 3

/** Bytes between images, along each axis, and between blocks of channels. */
export interface BlockBytes {
  readonly image: number
  readonly axes: Three<number>
  readonly block: number
}

/** Of a tensor as it is. */
export function bytesOf({ batch, channel, axes: [z, y, x] }: Steps, lanes: number): BlockBytes {
  return { image: batch * FLOAT, axes: [z * FLOAT, y * FLOAT, x * FLOAT], block: lanes * channel * FLOAT }
}

/** Of one that lies block by block, with the channels of a block side by side. */
export function blockedBytes(batch: number, [depth, height, width]: readonly number[], lanes: number): BlockBytes {
  const cell = lanes * FLOAT
  const image = depth * height * width * cell
  return { image, axes: [height * width * cell, width * cell, cell], block: batch * image }
}

export interface Stretch {
  readonly begin: number
  readonly end: number
}

export function pieces(size: number, most: number): Stretch[] {
  return Array.from({ length: Math.ceil(size / most) }, (_, index) => {
    return { begin: index * most, end: Math.min(size, (index + 1) * most) }
  })
}

/**
 * For each tap how many windows of a stretch see a real cell through it, and bytes from the begin of an image of the input to the
 * first such cell, and of output gradients to the first such window.
 */
export function entriesOf(axis: Axis, stretch: Stretch, inputStep: number, changeStep: number): number[] {
  return Array.from({ length: axis.kernel }, (_, tap) =>
    entryOf(axis, tap, seenThrough(axis, tap, stretch), inputStep, changeStep),
  ).flat()
}

/** The windows of a stretch that see a real cell through a tap. */
export function seenThrough(
  { stride, dilation, padBegin, input }: Axis,
  tap: number,
  { begin, end }: Stretch,
): Stretch {
  const cell = padBegin - tap * dilation // as many steps of a window lead to the first real one
  const first = Math.min(end, Math.max(begin, ceilDivide(cell, stride)))
  return { begin: first, end: Math.max(first, Math.min(end, ceilDivide(cell + input, stride))) }
}

export function entryOf(
  { stride, padBegin, dilation }: Axis,
  tap: number,
  { begin, end }: Stretch,
  inputStep: number,
  changeStep: number,
): [count: number, input: number, change: number] {
  if (begin >= end) return [0, 0, 0]
  return [end - begin, (begin * stride - padBegin + tap * dilation) * inputStep, begin * changeStep]
}
