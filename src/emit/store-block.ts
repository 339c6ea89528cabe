import { FLOAT, LANES } from '../plan/plan.ts'
import type { Code, Local } from '../wasm/code.ts'
import { shuffled } from './lanes.ts'
import { setSum } from './loops.ts'
import type { Quantity } from './size-numbers.ts'

/** Sums that belong to neighbouring outputs of a row (pixels), each a vector along output channels. */
export interface SumBlock {
  /** The address of the first pixel's first channel. */
  readonly at: Local
  /** Of each pixel. */
  readonly sums: readonly Local[]
  /** How many channels exist. */
  readonly lanes: number
  /** Bytes from pixel to pixel, and from channel to channel. */
  readonly pixelStep: number
  readonly channelStep: Quantity
}

/**
 * Stores sums. Where channels are neighbours in memory that is a vector for each pixel; where pixels are, four pixels of
 * four channels are transposed first, which takes half the instructions of storing lane by lane.
 */
export function storeBlock(code: Code, block: SumBlock): void {
  const { at, sums, lanes, pixelStep, channelStep } = block
  if (channelStep === FLOAT && lanes === LANES) {
    for (const [pixel, sum] of sums.entries()) code.store(sum, at, pixel * pixelStep)
    return
  }
  const channels = channelsOf(code, at, lanes, channelStep)
  const whole = pixelStep === FLOAT ? Math.floor(sums.length / LANES) * LANES : 0
  for (let pixel = 0; pixel < whole; pixel += LANES) {
    const columns = transposed(code, sums.slice(pixel, pixel + LANES))
    channels.forEach(({ at, place }, lane) => {
      code.store(columns[lane], at, place + pixel * FLOAT)
    })
  }
  storePairs(code, sums, whole, pixelStep, channels)
}

/** So many bytes behind an address. */
export interface Behind {
  readonly at: Local
  readonly place: number
}

/** Where some channels are, the first of them at an address. */
export function channelsOf(code: Code, at: Local, count: number, step: Quantity): Behind[] {
  const channels: Behind[] = [{ at, place: 0 }]
  for (let channel = 1; channel < count; channel++) {
    if (typeof step === 'number') channels.push({ at, place: channel * step })
    else {
      const next = code.local('i32')
      setSum(code, next, channels[channel - 1].at, step)
      channels.push({ at: next, place: 0 })
    }
  }
  return channels
}

/** What is left: two neighbouring pixels of a channel at a time, then single ones. */
function storePairs(
  code: Code,
  sums: readonly Local[],
  first: number,
  pixelStep: number,
  channels: readonly Behind[],
): void {
  const pairs = pixelStep === FLOAT ? first + Math.floor((sums.length - first) / 2) * 2 : first
  for (let pixel = first; pixel < pairs; pixel += 2) {
    const [low, high] = interleaved(code, sums[pixel], sums[pixel + 1])
    channels.forEach(({ at, place }, lane) => {
      code.store(lane < 2 ? low : high, at, place + pixel * FLOAT, 'v128.store64_lane', lane % 2)
    })
  }
  for (let pixel = pairs; pixel < sums.length; pixel++) {
    channels.forEach(({ at, place }, lane) => {
      code.store(sums[pixel], at, place + pixel * pixelStep, 'v128.store32_lane', lane)
    })
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
export function interleaved(code: Code, a: Local, b: Local): [Local, Local] {
  return [shuffled(code, a, b, [0, 4, 1, 5]), shuffled(code, a, b, [2, 6, 3, 7])]
}
