import { type Engine, type PaddingValues, pad, prepareConv, type Tensor } from 'samepad'
import { type Axis, effectiveKernel, type Fill, type Pads, SamepadError } from 'samepad/geometry'
import type { Answer } from '../../layer/answers.ts'
import type { Weights } from './filters.ts'

// A convention run on a picture, by the library's operations.

/** A picture that was computed, and how. */
export interface Computed {
  /** `[1, channels, rows, columns]` */
  readonly output: Tensor
  readonly engine: Engine
  /** Milliseconds of the first run, in which programs are generated. */
  readonly first: number
  /** Milliseconds of a later run, the median of several. */
  readonly again: number
  readonly runs: number
}

const MOST_PIXELS = 4_000_000 // of an output
const MOST_RUNS = 9
const PATIENCE = 100 // milliseconds after which there is no further run

const values: Readonly<Record<Fill, PaddingValues>> = {
  constant: 'zeros',
  reflect: 'reflect',
  replicate: 'replicate',
  circular: 'circular',
}

/**
 * Runs a convention on every channel of a picture.
 *
 * @param image `[1, channels, rows, columns]`
 * @param answers what the convention does with the rows and with the columns; both solved
 * @throws SamepadError what `conv` does not take, and outputs that are too large to be shown
 */
export function convolve(image: Tensor, weights: Weights, answers: readonly Answer[]): Computed {
  const axes = answers.map(({ solved }) => solved!.axis)
  const pixels = axes.reduce((product, { output }) => product * output, 1)
  if (pixels === 0) throw new SamepadError('explorer', 'the output must have pixels', 0)
  if (pixels > MOST_PIXELS)
    throw new SamepadError('explorer', `the output must have at most ${MOST_PIXELS} pixels`, pixels)
  const pads = axes.map(padsRead)
  const filled = values[answers[0].setting?.fill ?? 'constant']
  const channels = image.shape[1]
  const layer = prepareConv(onEvery(channels, weights), {
    strides: axes.map(({ stride }) => stride),
    dilations: axes.map(({ dilation }) => dilation),
    padding: pads.map(([begin, end]): Pads => [Math.max(0, begin), Math.max(0, end)]),
    paddingMode: filled,
    groups: channels,
  })
  const input = cropped(image, pads)
  const end = performance.now() + PATIENCE
  const [output, first] = timed(() => layer.run(input))
  // The first run of a program generates it; of the reference it is like all others.
  const later = layer.engine === 'reference' ? [first] : []
  while (later.length === 0 || (later.length < MOST_RUNS && performance.now() < end)) {
    later.push(timed(() => layer.run(input, output))[1])
  }
  const engine = layer.engine!
  layer.release()
  return { output, engine, first, again: median(later), runs: later.length }
}

/**
 * The padding that is read: a convention may pad more at the end than any window reaches, or leave windows out. Negative
 * where cells of the picture are not reached.
 */
function padsRead(axis: Axis): Pads {
  const reach = (axis.output - 1) * axis.stride + effectiveKernel(axis)
  return [axis.padBegin, reach - axis.padBegin - axis.input]
}

/** The picture without the cells that negative padding cuts off; `conv` pads, and does not crop. */
function cropped(image: Tensor, pads: readonly Pads[]): Tensor {
  const crops = pads.map(([begin, end]): Pads => [Math.min(0, begin), Math.min(0, end)])
  return crops.flat().every((width) => width === 0) ? image : pad(image, crops)
}

/** The same kernel for every channel by itself. */
function onEvery(channels: number, { rows, columns, data }: Weights): Tensor {
  const all = new Float32Array(channels * data.length)
  for (let channel = 0; channel < channels; channel++) all.set(data, channel * data.length)
  return { data: all, shape: [channels, 1, rows, columns] }
}

function timed<T>(run: () => T): [result: T, milliseconds: number] {
  const start = performance.now()
  return [run(), performance.now() - start]
}

const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1]
