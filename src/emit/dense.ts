import type { Column, DenseStructure, Unrolled } from '../plan/dense.ts'
import { FLOAT, LANES, VECTOR } from '../plan/plan.ts'
import { readTaps, realTaps, type TileKind } from '../plan/row-tiles.ts'
import type { Code, Local } from '../wasm/code.ts'
import { type Finisher, finisherOf } from './epilogue.ts'
import { fetchLines } from './fetch.ts'
import { type Bytes, shifted, walk, walked } from './loops.ts'
import { type Addresses, emitProgram } from './program.ts'
import type { SizeNumbers } from './size-numbers.ts'
import { storeBlock } from './store-block.ts'
import { type Sums, sumsOf } from './sums.ts'
import { type AddressName, forEach, namesOf, type TapCells, tapCells } from './tap-addresses.ts'
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
    new DenseEmitter(structure, code, numbers, finisherOf(code, structure, numbers, addresses)).write(addresses),
  )
}

/** Writes what is done for a tile of so many output channels. */
type WriteTile = (at: Tensors, channels: number) => void

/** Addresses of cells under several names, and of weights. */
type TapPlaces = Readonly<Record<AddressName | 'weights', Local>>

/** A loop over input channels, several in one turn; `inputs` are bytes from where a tile reads first. */
interface ChannelLoop {
  readonly each: Unrolled
  readonly inputs: Bytes<AddressName>
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
    const { batch, inner, from, to, fetches } = this.#structure
    const images = this.#numbers.steps({ input: from.batch, output: to.batch })
    walk(this.#code, this.#numbers.of(batch), addresses as Tensors, images, (image) => {
      if (inner === 'blocks') this.#rows(image, (at, tile) => this.#eachBlock(at, tile))
      else {
        this.#eachBlock(image, (first, channels) => {
          fetchLines(this.#code, first.weights, this.#numbers.of(fetches))
          this.#rows(first, (at, tile) => tile(at, channels))
        })
      }
    })
  }

  /** Does something for every block of output channels of every group. */
  #eachBlock(from: Tensors, body: WriteTile): void {
    const { groups, group, blocks, left, vectors, to, block } = this.#structure
    const [code, numbers] = [this.#code, this.#numbers]
    const lanes = vectors * LANES
    const step = { ...numbers.steps({ weights: block, bias: lanes * FLOAT }), output: numbers.of(to.channel, lanes) }
    walk(code, groups, from, numbers.steps(group), (at) => {
      const last = walked(code, numbers.of(blocks), at, step, (next) => body(next, lanes))
      if (left > 0) body(last, left)
    })
  }

  /** All rows; what is done with a tile is told by how often, where, and for which channels. */
  #rows(from: Tensors, each: (at: Tensors, tile: WriteTile) => void): void {
    const { lookups, columns, from: cells, to } = this.#structure
    const [code, numbers] = [this.#code, this.#numbers]
    eachLine(code, numbers, lookups, from, (line, entries) => {
      for (const column of columns) {
        const { step, stride, kinds, packed } = column
        const begin = shifted(code, line, { weights: numbers.of(packed.begin) })
        const steps = (pixels: number) => ({
          ...{ input: numbers.of(cells.axes[2], pixels * stride), output: numbers.of(to.axes[2], pixels * step) },
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
    const [code, numbers] = [this.#code, this.#numbers]
    const { channel, lookups } = column.packed
    const taps = lookups.map((step) => numbers.of(step))
    eachTap(code, at, entries, taps, ({ input, weights }) => {
      for (const { each, inputs, write } of this.#loops(column, kind)) {
        const names = namesOf(inputs)
        const begin: TapPlaces = shifted(code, { ...forEach(names, input), weights }, inputs)
        const bytes = numbers.of(this.#structure.from.channel, each.channels)
        const step = { ...forEach(names, bytes), weights: each.channels * channel }
        walk(code, numbers.of(each.passes), begin, step, write)
      }
    })
  }

  /** The taps of width, each at the pixels for which it is real, as loops over input channels. */
  #loops(column: Column, kind: TileKind): ChannelLoop[] {
    const { ordered, unrolled, vectors, from } = this.#structure
    const real = readTaps(kind)
    if (column.looped) {
      return [{ each: unrolled[0], inputs: { input: 0 }, write: (at) => this.#loopWidth(column, kind, at) }]
    }
    const each = ordered ? unrolling(unrolled, kind, vectors) : unrolled[0]
    return (ordered ? [real] : real.map((tap) => [tap])).map((taps) => {
      const cells = tapCells(taps, kind, column, from.axes[2], this.#numbers)
      const write: ChannelLoop['write'] = (at) => this.#addChannels(column, kind, taps, cells, each.channels, at)
      return { each, inputs: cells.inputs, write }
    })
  }

  /** Adds taps of some input channels. */
  #addChannels(
    { packed }: Column,
    { reading }: TileKind,
    taps: readonly number[],
    cells: TapCells,
    count: number,
    from: TapPlaces,
  ): void {
    for (let channel = 0; channel < count; channel++) {
      const step = this.#numbers.of(this.#structure.from.channel, channel)
      const isFixed = typeof step === 'number'
      const at = isFixed ? from : shifted(this.#code, from, forEach(namesOf(cells.inputs), step))
      for (const tap of taps) {
        const weights = { at: from.weights, place: channel * packed.channel + tap * packed.tap }
        this.#sums.add(weights, (pixel) => cells.of(at, tap, pixel, isFixed ? step : 0), reading[tap])
      }
    }
  }

  /** Adds many taps, which all pixels of the tile read, of one input channel. */
  #loopWidth(column: Column, kind: TileKind, { input, weights }: Place): void {
    const { ordered, from } = this.#structure
    const { dilation, packed } = column
    const real = readTaps(kind)
    const unrolled = ordered ? ([4, 3, 2, 1].find((taps) => real.length % taps === 0) as number) : 1
    const taps = real.slice(0, unrolled)
    const cells = tapCells(taps, kind, column, from.axes[2], this.#numbers)
    const inputs = namesOf(cells.inputs)
    const first = shifted(this.#code, { ...forEach(inputs, input), weights }, { weights: real[0] * packed.tap })
    const bytes = this.#numbers.of(from.axes[2], unrolled * dilation)
    const step = { ...forEach(inputs, bytes), weights: unrolled * packed.tap }
    walk(this.#code, real.length / unrolled, first, step, (at) => {
      for (const [index, tap] of taps.entries()) {
        const weights = { at: at.weights, place: index * packed.tap }
        this.#sums.add(weights, (pixel) => cells.of(at, tap, pixel), kind.reading[tap])
      }
    })
  }

  /** Finishes and stores the sums of the channels that exist. */
  #storeSums({ step }: Column, pixels: number, at: Tensors, channels: number): void {
    const { to, vectors } = this.#structure
    for (let vector = 0; vector * LANES < channels && vector < vectors; vector++) {
      const sums = this.#sums.rows.slice(0, pixels).map((row) => row[vector])
      const lanes = Math.min(LANES, channels - vector * LANES)
      const steps = { pixelStep: this.#numbers.of(to.axes[2], step), channelStep: this.#numbers.of(to.channel) }
      const first = { output: this.#numbers.of(to.channel, vector * LANES) }
      const { output } = shifted(this.#code, { output: at.output }, first)
      const bias = { at: at.bias, place: vector * VECTOR }
      storeBlock(this.#code, { at: output, sums, lanes, ...steps, bias }, this.#finisher)
    }
  }
}

/** How many input channels to write out in one go: as few as keep the innermost loop busy. */
function unrolling(ways: readonly Unrolled[], kind: TileKind, vectors: number): Unrolled {
  const each = vectors * realTaps(kind)
  const most = ways[ways.length - 1]
  return ways.find(({ channels }) => channels * each >= BUSY) ?? (most.channels === 4 ? most : ways[0])
}
