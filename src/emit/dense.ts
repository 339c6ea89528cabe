import type { Column, DensePlan } from '../plan/dense.ts'
import { FLOAT, LANES, VECTOR } from '../plan/plan.ts'
import { readTaps, realTaps, type TileRun } from '../plan/row-tiles.ts'
import type { Code, Local } from '../wasm/code.ts'
import { scaled, shifted, walk } from './loops.ts'
import { type Addresses, activate, emitProgram } from './program.ts'
import { storeBlock } from './store-block.ts'
import { type Sums, sumsOf } from './sums.ts'
import { type Entry, eachLine, eachTap, eachTile, type Place, type Tensors } from './tiles.ts'

/** Multiplications and additions of vectors that the innermost loop should have at least, so that it costs nothing. */
const BUSY = 36

/**
 * Emits the program of a dense plan. The loops are, from the outside in: batch, group, block of output channels, depth,
 * height, columns, runs of tiles, and within a tile depth taps, height taps, input channels; the taps of width are
 * written out, each with a loop over input channels where the engine does not keep instructions in order.
 */
export function emitDense(plan: DensePlan): Uint8Array<ArrayBuffer> {
  return emitProgram((code, addresses) => new DenseEmitter(plan, code).write(addresses))
}

/** Writes what is done for a tile of so many output channels. */
type WriteTile = (at: Tensors, channels: number) => void

/** The body of one program: the plan and the variables that every tile shares. */
class DenseEmitter {
  readonly #plan: DensePlan
  readonly #code: Code
  readonly #sums: Sums

  constructor(plan: DensePlan, code: Code) {
    const pixels = Math.max(...plan.columns.flatMap(({ tiles }) => tiles.map((run) => run.pixels)))
    this.#plan = plan
    this.#code = code
    this.#sums = sumsOf(code, plan, pixels, plan.vectors)
  }

  write({ tables, ...addresses }: Addresses): void {
    const { batch, inner, from, to } = this.#plan
    walk(this.#code, batch, addresses as Tensors, { input: from.batch, output: to.batch }, (image) => {
      if (inner === 'blocks') this.#rows(tables, image, (at, tile) => this.#eachBlock(at, tile))
      else this.#eachBlock(image, (block, channels) => this.#rows(tables, block, (at, tile) => tile(at, channels)))
    })
  }

  /** Does something for every block of output channels of every group. */
  #eachBlock(from: Tensors, body: WriteTile): void {
    const { groups, blocks, vectors, inGroup, outGroup, from: cells, to, block: weights } = this.#plan
    const code = this.#code
    const lanes = vectors * LANES
    const whole = Math.floor(outGroup / lanes)
    const block = { weights, bias: lanes * FLOAT, output: lanes * to.channel }
    const group = { ...scaled(block, blocks), input: inGroup * cells.channel, output: outGroup * to.channel }
    walk(code, groups, from, group, (at) => {
      walk(code, whole, at, block, (next) => body(next, lanes))
      if (blocks > whole) body(shifted(code, at, scaled(block, whole)), outGroup % lanes)
    })
  }

  /** All rows; what is done with a tile is told by how often, where, and for which channels. */
  #rows(tables: Local, from: Tensors, each: (at: Tensors, tile: WriteTile) => void): void {
    const { lookups, columns, from: cells, to } = this.#plan
    const code = this.#code
    eachLine(code, tables, lookups, from, (line, entries) => {
      for (const column of columns) {
        const { first, step, axis, packed } = column
        const begin = shifted(code, line, { output: first * to.axes[2], weights: packed.begin })
        const steps = { input: cells.axes[2], output: step * to.axes[2] }
        eachTile(code, column.tiles, axis, steps, begin, (run, tile) =>
          each(tile, (at, channels) => {
            this.#startSums(at.bias, run.pixels)
            if (readTaps(run).length > 0) this.#addTaps(column, run, at, entries)
            this.#storeSums(column, run.pixels, at.output, channels)
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
  #addTaps(column: Column, run: TileRun, at: Tensors, entries: readonly Entry[]): void {
    const { from, inGroup } = this.#plan
    const { packed } = column
    eachTap(this.#code, at, entries, packed.lookups, (place) => {
      for (const { count, write } of this.#steps(column, run)) {
        walk(this.#code, inGroup / count, place, scaled({ input: from.channel, weights: packed.channel }, count), write)
      }
    })
  }

  /** The taps of width, each at the pixels for which it is real, as loops over input channels, so many in one go. */
  #steps(column: Column, run: TileRun): { count: number; write: (cell: Place) => void }[] {
    const { from, inGroup, vectors, ordered } = this.#plan
    const { axis, packed, looped } = column
    if (looped) return [{ count: 1, write: (cell) => this.#loopWidth(column, run, cell) }]
    const add = (cell: Place, channel: number, tap: number): void => {
      const place = (tap * axis.dilation - run.start) * from.axes[2] + channel * from.channel
      this.#addTap(cell, channel * packed.channel + tap * packed.tap, place, column, run, tap)
    }
    const taps = readTaps(run)
    if (!ordered) return taps.map((tap) => ({ count: 1, write: (cell) => add(cell, 0, tap) }))
    const count = unrolling(inGroup, run, vectors)
    const write = (cell: Place): void => {
      for (let channel = 0; channel < count; channel++) for (const tap of taps) add(cell, channel, tap)
    }
    return [{ count, write }]
  }

  /** The same for many taps, which all pixels of the tile read. */
  #loopWidth(column: Column, run: TileRun, cell: Place): void {
    const { axis, packed } = column
    const real = readTaps(run)
    const unrolled = this.#plan.ordered ? ([4, 3, 2, 1].find((taps) => real.length % taps === 0) as number) : 1
    const next = { input: axis.dilation * this.#plan.from.axes[2], weights: packed.tap }
    const first = shifted(this.#code, cell, { weights: real[0] * packed.tap })
    walk(this.#code, real.length / unrolled, first, scaled(next, unrolled), (taps) => {
      for (let tap = 0; tap < unrolled; tap++) {
        this.#addTap(taps, tap * next.weights, tap * next.input, column, run, real[0])
      }
    })
  }

  /** One tap: what lies at its place for each pixel that reads it, times its weights at theirs. */
  #addTap(cell: Place, weights: number, place: number, { axis }: Column, { reading }: TileRun, tap: number): void {
    const numbers = { at: cell.input, place, step: axis.stride * this.#plan.from.axes[2] }
    this.#sums.add({ at: cell.weights, place: weights }, numbers, reading[tap])
  }

  /** Stores the sums of the channels that exist. */
  #storeSums({ step }: Column, pixels: number, at: Local, channels: number): void {
    const { to, vectors } = this.#plan
    for (let vector = 0; vector * LANES < channels && vector < vectors; vector++) {
      const sums = this.#sums.rows.slice(0, pixels).map((row) => row[vector])
      activate(this.#code, this.#plan, sums)
      const lanes = Math.min(LANES, channels - vector * LANES)
      const steps = { pixelStep: step * to.axes[2], channelStep: to.channel }
      storeBlock(this.#code, { at, sums, lanes, place: vector * LANES * to.channel, ...steps })
    }
  }
}

/** How many input channels to write out in one go: a divisor of them all. */
function unrolling(channels: number, run: TileRun, vectors: number): number {
  const each = vectors * realTaps(run)
  return [1, 2, 3, 4].find((count) => channels % count === 0 && count * each >= BUSY) ?? (channels % 4 === 0 ? 4 : 1)
}
