import type { Column, DenseStructure } from '../plan/dense.ts'
import { multiples } from '../plan/gather.ts'
import { FLOAT, LANES, VECTOR } from '../plan/plan.ts'
import { readTaps, realTaps, type TileKind } from '../plan/row-tiles.ts'
import type { Code, Local } from '../wasm/code.ts'
import { type Finisher, finisherOf } from './epilogue.ts'
import { fetchLines } from './fetch.ts'
import { shifted, walk } from './loops.ts'
import { type Addresses, emitProgram } from './program.ts'
import type { SizeNumbers } from './size-numbers.ts'
import { storeBlock } from './store-block.ts'
import { type Sums, sumsOf } from './sums.ts'
import { type AddressName, forEach, tapAddresses } from './tap-addresses.ts'
import { type Entry, eachLine, eachTap, eachTile, type Place, type Tensors } from './tiles.ts'

/** Multiplications and additions of vectors that the innermost loop should have at least, so that it costs nothing. */
const BUSY = 36

/**
 * Emits the program of a dense plan. The loops are, from the outside in: batch, group, block of output channels, depth,
 * height, columns, runs of tiles, and within a tile depth taps, height taps, input channels; the taps of width are
 * written out, each with a loop over input channels where the engine does not keep instructions in order.
 */
export function emitDense(structure: DenseStructure): Uint8Array<ArrayBuffer> {
  return emitProgram(structure, (code, addresses, numbers) =>
    new DenseEmitter(structure, code, numbers, finisherOf(code, structure, addresses)).write(addresses),
  )
}

/** Writes what is done for a tile of so many output channels. */
type WriteTile = (at: Tensors, channels: number) => void

/** Addresses of cells under several names, and of weights. */
type TapPlaces = Readonly<Record<AddressName | 'weights', Local>>

/** A loop over input channels, so many at a time, from addresses of these names. */
interface ChannelLoop {
  readonly count: number
  readonly inputs: readonly AddressName[]
  readonly write: (at: TapPlaces) => void
}

/** The body of one program: its structure and the variables that every tile shares. */
class DenseEmitter {
  readonly #structure: DenseStructure
  readonly #code: Code
  readonly #numbers: SizeNumbers
  readonly #sums: Sums
  readonly #finisher: Finisher

  constructor(structure: DenseStructure, code: Code, numbers: SizeNumbers, finisher: Finisher) {
    const pixels = Math.max(...structure.columns.flatMap(({ kinds }) => kinds.map((kind) => kind.pixels)))
    this.#structure = structure
    this.#code = code
    this.#numbers = numbers
    this.#finisher = finisher
    this.#sums = sumsOf(code, structure, pixels, structure.vectors)
  }

  write(addresses: Addresses): void {
    const { batch, inner, from, to, block, fetched } = this.#structure
    const images = this.#numbers.steps({ input: from.batch, output: to.batch })
    walk(this.#code, this.#numbers.of(batch), addresses as Tensors, images, (image) => {
      if (inner === 'blocks') this.#rows(image, (at, tile) => this.#eachBlock(at, tile))
      else {
        this.#eachBlock(image, (first, channels) => {
          if (fetched) fetchLines(this.#code, first.weights, block)
          this.#rows(first, (at, tile) => tile(at, channels))
        })
      }
    })
  }

  /** Does something for every block of output channels of every group. */
  #eachBlock(from: Tensors, body: WriteTile): void {
    const { groups, blocks, vectors, inGroup, outGroup, from: cells, to, block } = this.#structure
    const [code, numbers] = [this.#code, this.#numbers]
    const lanes = vectors * LANES
    const whole = Math.floor(outGroup / lanes)
    const step = { weights: block, bias: lanes * FLOAT }
    const group = {
      ...numbers.steps(step, blocks),
      ...{ input: numbers.of(cells.channel, inGroup), output: numbers.of(to.channel, outGroup) },
    }
    const steps = (count: number) => ({ ...numbers.steps(step, count), output: numbers.of(to.channel, count * lanes) })
    walk(code, groups, from, group, (at) => {
      walk(code, whole, at, steps(1), (next) => body(next, lanes))
      if (blocks > whole) body(shifted(code, at, steps(whole)), outGroup % lanes)
    })
  }

  /** All rows; what is done with a tile is told by how often, where, and for which channels. */
  #rows(from: Tensors, each: (at: Tensors, tile: WriteTile) => void): void {
    const { lookups, columns, from: cells, to } = this.#structure
    const [code, numbers] = [this.#code, this.#numbers]
    eachLine(code, numbers, lookups, from, (line, entries) => {
      for (const column of columns) {
        const { step, stride, kinds, packed } = column
        const begin = shifted(code, line, { weights: packed.begin })
        const steps = (pixels: number) => ({
          ...{ input: pixels * stride * cells.axes[2], output: pixels * step * to.axes[2] },
        })
        eachTile(code, kinds, numbers.address(column.runs), steps, begin, (kind, tile) =>
          each(tile, (at, channels) => {
            this.#startSums(at.bias, kind.pixels)
            if (readTaps(kind).length > 0) this.#addTaps(column, kind, at, entries)
            this.#storeSums(column, kind.pixels, at, channels)
          }),
        )
      }
    })
  }

  /** Every sum begins with the bias of its channels. */
  #startSums(bias: Local, pixels: number): void {
    const [first, ...others] = this.#sums.rows.slice(0, pixels)
    first.forEach((sum, vector) => {
      this.#code.load(sum, bias, vector * VECTOR)
      for (const pixel of others) this.#code.get(sum).set(pixel[vector])
    })
  }

  /** Adds all real taps of depth and height, of all input channels; a row may have none. */
  #addTaps(column: Column, kind: TileKind, at: Tensors, entries: readonly Entry[]): void {
    const { from, inGroup } = this.#structure
    const { packed } = column
    eachTap(this.#code, at, entries, packed.lookups, ({ input, weights }) => {
      for (const { count, inputs, write } of this.#steps(column, kind)) {
        const step = { ...forEach(inputs, this.#numbers.of(from.channel, count)), weights: count * packed.channel }
        walk(this.#code, inGroup / count, { ...forEach(inputs, input), weights }, step, write)
      }
    })
  }

  /** The taps of width, each at the pixels for which it is real, as loops over input channels, so many in one go. */
  #steps(column: Column, kind: TileKind): ChannelLoop[] {
    const { from, inGroup, vectors, ordered } = this.#structure
    const { dilation, packed, looped } = column
    const alone = { count: 1, inputs: ['input'] } as const
    if (looped) return [{ ...alone, write: (cell) => this.#loopWidth(column, kind, cell) }]
    const add = (cell: Place, channel: number, tap: number): void => {
      const place = (tap * dilation - kind.start) * from.axes[2]
      this.#addTap(cell, channel * packed.channel + tap * packed.tap, place, column, kind, tap)
    }
    const taps = readTaps(kind)
    if (!ordered) return taps.map((tap) => ({ ...alone, write: (cell) => add(cell, 0, tap) }))
    const count = unrolling(inGroup, kind, vectors)
    const addresses = tapAddresses(taps, kind.pixels, column)
    const inputs = [...new Set(addresses.values())]
    const write: ChannelLoop['write'] = (cell) => {
      for (let channel = 0; channel < count; channel++) {
        const at = shifted(this.#code, cell, forEach(inputs, this.#numbers.of(from.channel, channel)))
        for (const [tap, name] of addresses) add({ input: at[name], weights: at.weights }, channel, tap)
      }
    }
    return [{ count, inputs, write }]
  }

  /** The same for many taps, which all pixels of the tile read. */
  #loopWidth(column: Column, kind: TileKind, { input, weights }: Place): void {
    const { dilation, packed } = column
    const real = readTaps(kind)
    const unrolled = this.#structure.ordered ? ([4, 3, 2, 1].find((taps) => real.length % taps === 0) as number) : 1
    const next = { input: dilation * this.#structure.from.axes[2], weights: packed.tap }
    const addresses = tapAddresses(multiples(unrolled, 1), kind.pixels, column)
    const inputs = [...new Set(addresses.values())]
    const begin: TapPlaces = { ...forEach(inputs, input), weights }
    const first = shifted(this.#code, begin, { weights: real[0] * packed.tap })
    const step = { ...forEach(inputs, next.input * unrolled), weights: next.weights * unrolled }
    walk(this.#code, real.length / unrolled, first, step, (at) => {
      for (const [tap, name] of addresses) {
        const cell = { input: at[name], weights: at.weights }
        this.#addTap(cell, tap * next.weights, tap * next.input, column, kind, real[0])
      }
    })
  }

  /** One tap: what lies at its place for each pixel that reads it, times its weights at theirs. */
  #addTap(cell: Place, weights: number, place: number, { stride }: Column, { reading }: TileKind, tap: number): void {
    const numbers = { at: cell.input, place, step: stride * this.#structure.from.axes[2] }
    this.#sums.add({ at: cell.weights, place: weights }, numbers, reading[tap])
  }

  /** Finishes and stores the sums of the channels that exist. */
  #storeSums({ step }: Column, pixels: number, at: Tensors, channels: number): void {
    const { to, vectors } = this.#structure
    for (let vector = 0; vector * LANES < channels && vector < vectors; vector++) {
      const sums = this.#sums.rows.slice(0, pixels).map((row) => row[vector])
      const lanes = Math.min(LANES, channels - vector * LANES)
      const steps = { pixelStep: step * to.axes[2], channelStep: this.#numbers.of(to.channel) }
      const first = { output: this.#numbers.of(to.channel, vector * LANES) }
      const { output } = shifted(this.#code, { output: at.output }, first)
      const bias = { at: at.bias, place: vector * VECTOR }
      storeBlock(this.#code, { at: output, sums, lanes, ...steps, bias }, this.#finisher)
    }
  }
}

/** How many input channels to write out in one go: a divisor of them all. */
function unrolling(channels: number, kind: TileKind, vectors: number): number {
  const each = vectors * realTaps(kind)
  return [1, 2, 3, 4].find((count) => channels % count === 0 && count * each >= BUSY) ?? (channels % 4 === 0 ? 4 : 1)
}
