import type { Tensor } from 'samepad'

// Tensors as pixels: a result as a picture, and the difference of two as one.

/** Pixels as a canvas takes them. */
export interface Pixels {
  readonly width: number
  readonly height: number
  /** Red, green, blue and opacity of each pixel, row by row. */
  readonly data: Uint8ClampedArray<ArrayBuffer>
}

/** Bytes of a canvas as a tensor `[1, 3, rows, columns]` of values from 0 to 255; nothing lies behind what is clear. */
export function tensorOf({ width, height, data }: Pixels): Tensor {
  const plane = width * height
  const values = new Float32Array(3 * plane)
  for (let pixel = 0; pixel < plane; pixel++) {
    for (let channel = 0; channel < 3; channel++) values[channel * plane + pixel] = data[4 * pixel + channel]
  }
  return { data: values, shape: [1, 3, height, width] }
}

/**
 * A tensor `[1, 3, rows, columns]` as pixels; what lies beyond 0 to 255 is cut off.
 *
 * @param grey what is added to every value: half of white for kernels that give values on both sides of 0
 */
export function pixelsOf({ data: values, shape }: Tensor, grey: number): Pixels {
  const [, , height, width] = shape
  const plane = width * height
  const data = new Uint8ClampedArray(4 * plane)
  for (let pixel = 0; pixel < plane; pixel++) {
    for (let channel = 0; channel < 3; channel++) data[4 * pixel + channel] = values[channel * plane + pixel] + grey
    data[4 * pixel + 3] = 255
  }
  return { width, height, data }
}

/** How two results differ, in levels: 255 from black to white. */
export interface Difference {
  /** Their difference at each pixel that both have, the mean of its channels. */
  readonly levels: Float32Array
  readonly width: number
  readonly height: number
  readonly most: number
  readonly mean: number
  /** The share of pixels that differ at all. */
  readonly share: number
}

/** The difference of two results, pixel by pixel from the first on. */
export function differenceOf(a: Tensor, b: Tensor): Difference {
  const height = Math.min(a.shape[2], b.shape[2])
  const width = Math.min(a.shape[3], b.shape[3])
  const levels = new Float32Array(width * height)
  let [most, sum, differing] = [0, 0, 0]
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const level = levelAt(a, b, row, column)
      levels[row * width + column] = level
      if (level > most) most = level
      if (level > 0) differing++
      sum += level
    }
  }
  return { levels, width, height, most, mean: sum / levels.length, share: differing / levels.length }
}

function levelAt(a: Tensor, b: Tensor, row: number, column: number): number {
  let sum = 0
  for (let channel = 0; channel < 3; channel++)
    sum += Math.abs(valueAt(a, channel, row, column) - valueAt(b, channel, row, column))
  return sum / 3
}

const valueAt = ({ data, shape: [, , height, width] }: Tensor, channel: number, row: number, column: number): number =>
  data[(channel * height + row) * width + column]

/** What a difference looks like, from none to all: equally far apart for the eye, also for one that sees no red. */
export const ramp: readonly (readonly [red: number, green: number, blue: number])[] = [
  [6, 8, 18],
  [62, 20, 105],
  [150, 36, 110],
  [225, 82, 62],
  [250, 170, 40],
  [252, 253, 190],
]

/** The colour of a share from 0 to 1. */
export function rampAt(share: number): [red: number, green: number, blue: number] {
  const along = Math.min(1, Math.max(0, share)) * (ramp.length - 1)
  const index = Math.min(ramp.length - 2, Math.floor(along))
  const [from, to] = [ramp[index], ramp[index + 1]]
  return [0, 1, 2].map((part) => from[part] + (to[part] - from[part]) * (along - index)) as [number, number, number]
}

/** A difference as pixels; a difference of `full` levels is as bright as can be. */
export function differencePixels({ levels, width, height }: Difference, full: number): Pixels {
  const data = new Uint8ClampedArray(4 * levels.length)
  levels.forEach((level, pixel) => {
    data.set(rampAt(level / full), 4 * pixel)
    data[4 * pixel + 3] = 255
  })
  return { width, height, data }
}

/** One picture over another, up to a share of its width; where only one has pixels, its own. */
export function wiped(over: Pixels, under: Pixels, share: number): Pixels {
  const [width, height] = [Math.max(over.width, under.width), Math.max(over.height, under.height)]
  const data = new Uint8ClampedArray(width * height * 4)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const isOver = x < share * width
      const from = [isOver ? over : under, isOver ? under : over].find((one) => x < one.width && y < one.height)
      if (from)
        data.set(from.data.subarray((y * from.width + x) * 4, (y * from.width + x + 1) * 4), (y * width + x) * 4)
    }
  }
  return { width, height, data }
}
