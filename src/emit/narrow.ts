import type { NarrowStructure, TiledAxis } from '../plan/narrow.ts'
import { FLOAT, LANES, VECTOR } from '../plan/plan.ts'
import type { TileKind } from '../plan/row-tiles.ts'
import type { Code, Local } from '../wasm/code.ts'
import { type Finisher, finisherOf } from './epilogue.ts'
import { firstLanes, type LaneStretch, loadSomeLanes, loadStretches, storeLastLanes, storeStretches } from './lanes.ts'
import { type Bytes, loaded, local, shifted, walk } from './loops.ts'
import { type NarrowTile, narrowTile, type Results } from './narrow-tile.ts'
import { type Addresses, emitProgram } from './program.ts'
import type { SizeNumbers } from './size-numbers.ts'
import { type Entry, eachLine, eachTap, eachTile, type Place, type Tensors } from './tiles.ts'

/** How an operation makes the results of a tile. */
export interface TileWriter {
  /** Is told of each line of outputs: where they read along the looked up axes. */
  line?(entries: readonly Entry[]): void
  write(tile: NarrowTile, at: Tensors, work: TileWork): void
  /** Is given each result when nothing more is taken in. */
  settle?(result: Local, tile: NarrowTile, row: number, vector: number): void
}

/** What the operations have in common. */
export interface TileWork {
  /** Whether the tile has a single tap of looked up axes and a single input channel, always: there is nothing to start from. */
  readonly alone: boolean
  /** Sets all results to what is pushed for them. */
  start(push: (out: number, vector: number) => Code): void
  /** Runs a body for all real taps of looked up axes and all input channels. */
  eachTap(body: (place: Place) => void): void
  /** Stores a result, or all of them. */
  store(row: number, out: number, vector: number): void
  storeAll(): void
}

/**
 * Emits the program of a narrow plan. The loops are, from the outside in: batch, groups, looked up axes, runs of rows,
 * runs of columns, and within a tile the taps of looked up axes and input channels; those of rows and columns are written
 * out.
 */
export function emitNarrow(
  structure: NarrowStructure,
  writer: (structure: NarrowStructure, code: Code, result: Results) => TileWriter,
): Uint8Array<ArrayBuffer> {
  return emitProgram(structure, (code, addresses, numbers) => {
    const finisher = finisherOf(code, structure, numbers, addresses)
    const results: Local[] = []
    const { outGroup, vectors } = structure
    const result: Results = (row, out, vector) => local(code, results, (row * outGroup + out) * vectors + vector)
    const tiles = writer(structure, code, result)
    new NarrowEmitter(structure, code, numbers, result, tiles, finisher).write(addresses)
  })
}

class NarrowEmitter {
  readonly #plan: NarrowStructure
  readonly #code: Code
  readonly #numbers: SizeNumbers
  /** The current output along each looked up axis. */
  #entries: readonly Entry[] = []
  readonly #result: Results
  readonly #writer: TileWriter
  readonly #finisher: Finisher

  constructor(
    plan: NarrowStructure,
    code: Code,
    numbers: SizeNumbers,
    result: Results,
    writer: TileWriter,
    finisher: Finisher,
  ) {
    this.#plan = plan
    this.#code = code
    this.#numbers = numbers
    this.#result = result
    this.#writer = writer
    this.#finisher = finisher
  }

  write(addresses: Addresses): void {
    const { batch, from, to, groups, steps, lookups, rows, columns } = this.#plan
    const [code, numbers] = [this.#code, this.#numbers]
    const images = numbers.steps({ input: from.batch, output: to.batch })
    walk(code, numbers.of(batch), addresses, images, (image) =>
      walk(code, groups, image, numbers.steps(steps.group), (group) =>
        eachLine(code, numbers, lookups, group, (line, entries) => {
          this.#entries = entries
          this.#writer.line?.(entries)
          this.#eachOf(rows, line, (row, tiles) =>
            this.#eachOf(columns, tiles, (column, at, lanes) =>
              this.#write(narrowTile(this.#plan, code, numbers, row, column), at, lanes),
            ),
          )
        }),
      ),
    )
  }

  #eachOf(
    { kinds, runs, step, stride }: TiledAxis,
    from: Tensors,
    body: (kind: TileKind, at: Tensors, lanes: Local) => void,
  ): void {
    const numbers = this.#numbers
    const steps = (pixels: number): Bytes<keyof Tensors> => {
      return { ...numbers.steps(step, pixels), input: numbers.of(step.input, pixels * stride) }
    }
    eachTile(this.#code, kinds, numbers.address(runs), steps, from, body)
  }

  #write(tile: NarrowTile, at: Tensors, lanes: Local): void {
    const store: TileWork['store'] = (...result) => this.#store(tile, at, lanes, result)
    this.#writer.write(tile, at, {
      alone: this.#isAlone(tile),
      start: (push) => this.#start(tile, push),
      eachTap: (body) => this.#eachTap(tile, at, body),
      store,
      storeAll: () => {
        for (const row of tile.rows) {
          for (let out = 0; out < this.#plan.outGroup; out++) {
            for (const vector of tile.vectors) store(row, out, vector)
          }
        }
      },
    })
  }

  /** Whether a tile has a single tap of looked up axes and a single input channel, always. */
  #isAlone({ reads }: NarrowTile): boolean {
    const { columns, inGroup } = this.#plan
    return reads && columns.along === 'width' && inGroup === 1 && this.#entries.every(({ taps }) => taps === 1)
  }

  /** Sets all results of a tile to what is pushed for them. */
  #start({ rows, vectors }: NarrowTile, push: (out: number, vector: number) => Code): void {
    for (let out = 0; out < this.#plan.outGroup; out++) {
      for (const vector of vectors) {
        const code = push(out, vector)
        for (const row of rows.slice(1)) code.tee(this.#result(row, out, vector))
        code.set(this.#result(0, out, vector))
      }
    }
  }

  #eachTap(tile: NarrowTile, from: Place, body: (place: Place) => void): void {
    const { inGroup, steps, weights } = this.#plan
    if (this.#isAlone(tile)) body(from)
    else if (tile.reads) {
      eachTap(this.#code, from, this.#entries, weights, (tap) =>
        walk(this.#code, inGroup, tap, this.#numbers.steps(steps.channel), body),
      )
    }
  }

  /** Turns a result into outputs and stores those that are the tile's own. */
  #store(tile: NarrowTile, { output, bias }: Tensors, lanes: Local, [row, out, vector]: Parameters<Results>): void {
    const { to, rows, columns } = this.#plan
    const { column } = tile
    const result = this.#result(row, out, vector)
    const [code, numbers] = [this.#code, this.#numbers]
    this.#writer.settle?.(result, tile, row, vector)
    // Output channels of a group are side by side.
    const line = shifted(code, { output }, { output: numbers.of(rows.step.output, row) })
    const at = shifted(code, line, { output: numbers.of(to.channel, out) })
    const exist = Math.min(LANES, column.pixels - vector * LANES)
    const last = column.ends && vector === 0
    const stretches = (at: Local): LaneStretch[] => firstLanes(at, vector * VECTOR, exist)
    const finished = this.#finisher.finish(result, {
      channels: (addressOf) => {
        const at = addressOf(bias)
        if (columns.along === 'channels') return loaded(code, at, vector * VECTOR)
        return loaded(code, at, out * FLOAT, 'v128.load32_splat')
      },
      residual: (addressOf) => {
        const from = addressOf(at.output)
        return last ? loadSomeLanes(code, from, 0, lanes, 'last') : loadStretches(code, stretches(from))
      },
    })
    if (last) storeLastLanes(code, at.output, finished, lanes)
    else storeStretches(code, finished, stretches(at.output))
  }
}
