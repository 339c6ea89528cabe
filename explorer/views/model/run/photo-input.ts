import { SamepadError } from 'samepad/geometry'
import type { NetworkValue } from 'samepad/graph'
import type { Model, Node } from 'samepad/models'
import { MOST_SIDE, type PhotoSize, type Scaling } from './state.ts'

// How a photo goes into a network that says of its input only a shape.

/** The input that takes the photo. */
export interface PhotoInput {
  readonly name: string
  /** Whether channels come behind rows and columns. */
  readonly isLast: boolean
  readonly channels: number
  readonly size: PhotoSize
  /** The shapes of all inputs, by their names. */
  readonly shapes: Readonly<Record<string, readonly number[]>>
}

/** Channels of pictures: grey; red, green and blue; and with opacity. */
const COUNTS: readonly unknown[] = [1, 3, 4]
/** Where a file leaves a size open: many networks halve a picture five times. */
const [LONGER, STEP] = [320, 32]

/**
 * Finds the input that takes a photo, and all sizes.
 *
 * @param given shapes that the reader typed for what the file leaves open
 * @param wanted the size in pixels that the reader typed; by default that of the file, or the photo's form where that is open
 */
export function photoInput(
  inputs: readonly NetworkValue[],
  given: Readonly<Record<string, readonly number[]>>,
  wanted: PhotoSize | undefined,
  photo: PhotoSize,
): PhotoInput {
  const found = inputs.find(({ shape }) => shape?.length === 4 && channelsAxis(shape) !== undefined)
  if (!found?.shape) {
    const shapes = inputs.map(({ name, shape }) => `${name}: ${shape?.map((size) => size ?? '?').join('x') ?? '?'}`)
    const must = 'an input must take pictures: batch, 1, 3 or 4 channels, height and width'
    throw new SamepadError('explorer', must, shapes.join('; '))
  }
  const { name } = found
  const shape = given[name] ?? found.shape
  const isLast = channelsAxis(found.shape) === 3
  const [down, across] = isLast ? [1, 2] : [2, 3]
  const open = formOf(photo)
  const size = [down, across].map((axis, at) => wanted?.[at] ?? sizeOf(shape[axis]) ?? open[at])
  if (Math.max(...size) > MOST_SIDE) {
    throw new SamepadError('explorer', `a photo must have at most ${MOST_SIDE} pixels on each side`, size)
  }
  const channels = sizeOf(shape[isLast ? 3 : 1]) ?? 3
  const own = isLast ? [1, ...size, channels] : [1, channels, ...size]
  // Other inputs, such as the factor by which a picture was scaled, are 1 everywhere.
  const others = inputs.filter((one) => one !== found).map((one) => [one.name, sizesOf(given[one.name] ?? one.shape)])
  return {
    ...{ name, isLast, channels, size: [size[0], size[1]] },
    shapes: { [name]: own, ...Object.fromEntries(others) },
  }
}

const sizeOf = (size: unknown): number | undefined => (typeof size === 'number' && size > 0 ? size : undefined)
const sizesOf = (shape: readonly unknown[] | undefined): number[] => shape?.map((size) => sizeOf(size) ?? 1) ?? []

/** Where the channels are; ONNX has them second where the file does not tell. */
function channelsAxis(shape: readonly unknown[]): number | undefined {
  const axis = [1, 3].find((one) => COUNTS.includes(shape[one]))
  return axis ?? (sizeOf(shape[1]) === undefined ? 1 : undefined)
}

/** A size of the photo's form. */
function formOf([height, width]: PhotoSize): PhotoSize {
  const factor = LONGER / Math.max(height, width)
  const near = (side: number): number => Math.max(STEP, Math.round((side * factor) / STEP) * STEP)
  return [near(height), near(width)]
}

/** What a model seems to want, and how that is seen. */
export interface Guess {
  readonly scaling: Scaling
  readonly why: string
}

const passing: readonly string[] = ['Transpose', 'Cast', 'Identity']
const scaling: readonly string[] = ['Sub', 'Mul', 'Div', 'Add', 'BatchNormalization']

/** Guesses a scaling by who makes networks that begin so. */
export function guessScaling(
  { graph }: Model,
  { name, isLast, channels }: PhotoInput,
  type: string | undefined,
): Guess {
  const first = firstOf(graph.nodes, name)
  if (type !== undefined && !/float/.test(type)) return { scaling: 'bytes', why: `its input is ${type}` }
  if (first && scaling.includes(first.opType))
    return { scaling: 'bytes', why: `it scales by itself, with ${first.opType}` }
  if (isLast) return { scaling: 'signed', why: 'its channels come last, as TensorFlow has them' }
  if (channels === 3) return { scaling: 'imagenet', why: 'its channels come first, as PyTorch has them' }
  return { scaling: 'unit', why: 'its picture is not red, green and blue' }
}

/** The first node that computes with an input. */
function firstOf(nodes: readonly Node[], name: string): Node | undefined {
  const node = nodes.find(({ inputs }) => inputs.includes(name))
  return node && passing.includes(node.opType) ? firstOf(nodes, node.outputs[0]) : node
}

const MEAN = [0.485, 0.456, 0.406]
const DEVIATION = [0.229, 0.224, 0.225]

const scales: Readonly<Record<Scaling, (byte: number, channel: number) => number>> = {
  bytes: (byte) => byte,
  unit: (byte) => byte / 255,
  signed: (byte) => byte / 127.5 - 1,
  imagenet: (byte, channel) => (byte / 255 - (MEAN[channel] ?? 0)) / (DEVIATION[channel] ?? 1),
}

/**
 * Tensors for all inputs: the photo's bytes, red, green, blue and opacity, as numbers; 1 in all others.
 *
 * @param isReversed whether blue comes first; a colour keeps its own mean and deviation
 */
export function feedsOf(
  { name, isLast, channels, shapes }: PhotoInput,
  rgba: Uint8ClampedArray,
  scaling: Scaling,
  isReversed = false,
) {
  const scale = scales[scaling]
  const cells = rgba.length / 4
  const data = new Float32Array(cells * channels)
  for (let cell = 0; cell < cells; cell++) {
    for (let channel = 0; channel < channels; channel++) {
      const colour = isReversed && channels >= 3 && channel < 3 ? 2 - channel : channel
      const byte = channels === 1 ? greyOf(rgba, cell) : rgba[4 * cell + colour]
      data[isLast ? cell * channels + channel : channel * cells + cell] = scale(byte, colour)
    }
  }
  const filled = Object.entries(shapes).map(([input, shape]) => {
    const count = shape.reduce((product, size) => product * size, 1)
    return [input, { data: input === name ? data : new Float32Array(count).fill(1), shape }] as const
  })
  return Object.fromEntries(filled)
}

/** As bright as an eye sees it. */
const greyOf = (rgba: Uint8ClampedArray, cell: number): number =>
  0.299 * rgba[4 * cell] + 0.587 * rgba[4 * cell + 1] + 0.114 * rgba[4 * cell + 2]
