import { FLOAT, LANES } from '../plan/plan.ts'
import type { Code, Local } from '../wasm/code.ts'
import { shuffled } from './lanes.ts'

/** Sums that belong to neighbouring outputs of a row (pixels), each a vector along output channels. */
export interface SumBlock {
  /** The address of the first pixel's first channel. */
  readonly at: Local
  /** Of each pixel. */
  readonly sums: readonly Local[]
  /** How many channels exist. */
  readonly lanes: number
  /** Bytes from the address to the first pixel, from pixel to pixel, and from channel to channel. */
  readonly place: number
  readonly pixelStep: number
  readonly channelStep: number
}

/**
 * Stores sums. Where channels are neighbours in memory that is a vector for each pixel; where pixels are, four pixels of
 * four channels are transposed first, which takes half the instructions of storing lane by lane.
 */
export function storeBlock(code: Code, block: SumBlock): void {
  const { at, sums, lanes, place, pixelStep, channelStep } = block
  if (channelStep === FLOAT && lanes === LANES) {
    for (const [pixel, sum] of sums.entries()) code.store(sum, at, place + pixel * pixelStep)
    return
  }
  const whole = pixelStep === FLOAT ? Math.floor(sums.length / LANES) * LANES : 0
  for (let pixel = 0; pixel < whole; pixel += LANES) {
    const columns = transposed(code, sums.slice(pixel, pixel + LANES))
    columns.slice(0, lanes).forEach((column, lane) => {
      code.store(column, at, place + pixel * FLOAT + lane * channelStep)
    })
  }
  storePairs(code, { ...block, sums: sums.slice(whole), place: place + whole * pixelStep })
}

/** What is left: two neighbouring pixels of a channel at a time, then single ones. */
function storePairs(code: Code, { at, sums, lanes, place, pixelStep, channelStep }: SumBlock): void {
  const pairs = pixelStep === FLOAT ? Math.floor(sums.length / 2) * 2 : 0
  for (let pixel = 0; pixel < pairs; pixel += 2) {
    const [low, high] = interleaved(code, sums[pixel], sums[pixel + 1])
    for (let lane = 0; lane < lanes; lane++) {
      const half = lane < 2 ? low : high
      code.store(half, at, place + pixel * FLOAT + lane * channelStep, 'v128.store64_lane', lane % 2)
    }
  }
  for (let pixel = pairs; pixel < sums.length; pixel++) {
    for (let lane = 0; lane < lanes; lane++) {
      code.store(sums[pixel], at, place + pixel * pixelStep + lane * channelStep, 'v128.store32_lane', lane)
    }
  }
}

/** Four vectors with rows and columns exchanged. */
export function transposed(code: Code, [a, b, c, d]: readonly Local[]): Local[] {
  const [abLow, abHigh] = interleaved(code, a, b)
  const [cdLow, cdHigh] = interleaved(code, c, d)
  const halves = (x: Local, y: Local): Local[] => [
    shuffled(code, x, y, [0, 1, 4, 5]),
    shuffled(code, x, y, [2, 3, 6, 7]),
  ]
  return [...halves(abLow, cdLow), ...halves(abHigh, cdHigh)]
}

/** The lanes of two vectors by turns: the lower ones, the higher ones. */
function interleaved(code: Code, a: Local, b: Local): [Local, Local] {
  return [shuffled(code, a, b, [0, 4, 1, 5]), shuffled(code, a, b, [2, 6, 3, 7])]
}
