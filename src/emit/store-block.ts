import { multiples } from '../plan/gather.ts'
import { FLOAT, LANES } from '../plan/plan.ts'
import type { Code, Local } from '../wasm/code.ts'
import type { Finisher } from './epilogue.ts'
import { firstLanes, type LaneStretch, loadNames, loadStretches, shuffle, shuffled, storeStretches } from './lanes.ts'
import { loaded, shifted } from './loops.ts'
import type { Quantity } from './size-numbers.ts'

/** Sums that belong to neighbouring outputs of a row (pixels), each a vector along output channels. */
export interface SumBlock {
  /** The address of the first pixel's first channel. */
  readonly at: Local
  /** Of each pixel. */
  readonly sums: readonly Local[]
  /** How many channels exist. */
  readonly lanes: number
  /** Bytes from pixel to pixel, and from channel to channel: where the former are in a variable, channels are neighbours. */
  readonly pixelStep: Quantity
  readonly channelStep: Quantity
  /** Where the bias of the first channel is. */
  readonly bias: Behind
}

/** A vector of outputs: where its lanes belong, and of which output channels they are. */
interface OutputVector {
  readonly value: Local
  readonly stretches: readonly LaneStretch[]
  /** The first channel, and how many there are: as many lanes belong to each. */
  readonly channel: number
  readonly channels: 4 | 2 | 1
}

/**
 * Finishes sums and stores them. Where channels are neighbours in memory that is a vector for each pixel; where pixels are,
 * four pixels of four channels are transposed first, which takes half the instructions of storing lane by lane.
 */
export function storeBlock(code: Code, block: SumBlock, finisher: Finisher): void {
  for (const { value, stretches, channel, channels } of outputsOf(code, block)) {
    const finished = finisher.finish(value, {
      channels: (addressOf) => {
        const { at, place } = block.bias
        return channelNumbers(code, { at: addressOf(at), place: place + channel * FLOAT }, channels)
      },
      residual: (addressOf) =>
        loadStretches(
          code,
          stretches.map((stretch) => ({ ...stretch, at: addressOf(stretch.at) })),
        ),
    })
    storeStretches(code, finished, stretches)
  }
}

/** Loads the numbers of four channels, of two of them twice each, or of one in all lanes. */
function channelNumbers(code: Code, { at, place }: Behind, channels: 4 | 2 | 1): Local {
  const vector = loaded(code, at, place, loadNames[channels])
  if (channels === 2) shuffle(code.get(vector).get(vector), [0, 0, 1, 1]).set(vector)
  return vector
}

function* outputsOf(code: Code, { at, sums, lanes, pixelStep, channelStep }: SumBlock): Generator<OutputVector> {
  if (typeof pixelStep !== 'number' || (channelStep === FLOAT && lanes === LANES)) {
    for (const [pixel, { at: first, place }] of placesOf(code, at, sums.length, pixelStep).entries()) {
      yield { value: sums[pixel], stretches: firstLanes(first, place, lanes), channel: 0, channels: 4 }
    }
    return
  }
  const behind = gridOf(code, at, [lanes, channelStep], [sums.length, pixelStep])
  const whole = pixelStep === FLOAT ? Math.floor(sums.length / LANES) * LANES : 0
  for (let pixel = 0; pixel < whole; pixel += LANES) {
    const columns = transposed(code, sums.slice(pixel, pixel + LANES))
    for (let channel = 0; channel < lanes; channel++) {
      const stretches = [{ ...behind(channel, pixel), lane: 0, lanes: 4 as const }]
      yield { value: columns[channel], stretches, channel, channels: 1 }
    }
  }
  // What is left: two neighbouring pixels of two channels at a time, then single ones.
  const pairs = pixelStep === FLOAT ? whole + Math.floor((sums.length - whole) / 2) * 2 : whole
  for (let pixel = whole; pixel < pairs; pixel += 2) {
    const halves = interleaved(code, sums[pixel], sums[pixel + 1])
    for (let channel = 0; channel < lanes; channel += 2) {
      const stretches = [0, 1].slice(0, lanes - channel).map((next): LaneStretch => {
        return { ...behind(channel + next, pixel), lane: 2 * next, lanes: 2 }
      })
      yield { value: halves[channel / 2], stretches, channel, channels: 2 }
    }
  }
  for (let pixel = pairs; pixel < sums.length; pixel++) {
    const stretches = multiples(lanes, 1).map((lane): LaneStretch => ({ ...behind(lane, pixel), lane, lanes: 1 }))
    yield { value: sums[pixel], stretches, channel: 0, channels: 4 }
  }
}

/** So many bytes behind an address. */
export interface Behind {
  readonly at: Local
  readonly place: number
}

/** Some places a step apart, the first of them at an address. */
export function placesOf(code: Code, at: Local, count: number, step: Quantity): Behind[] {
  if (typeof step === 'number') return multiples(count, step).map((place) => ({ at, place }))
  let last = at
  return multiples(count, 1).map((index) => {
    if (index > 0) last = shifted(code, { last }, { last: step }).last
    return { at: last, place: 0 }
  })
}

/** The places of a grid: so many rows and columns, each so far apart, one of both by a number. */
export function gridOf(
  code: Code,
  at: Local,
  [rows, down]: readonly [count: number, step: Quantity],
  [columns, across]: readonly [count: number, step: Quantity],
): (row: number, column: number) => Behind {
  if (typeof down === 'number') {
    const places = placesOf(code, at, columns, across)
    return (row, column) => ({ ...places[column], place: places[column].place + row * down })
  }
  const along = gridOf(code, at, [columns, across], [rows, down])
  return (row, column) => along(column, row)
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
