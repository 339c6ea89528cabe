import type { NarrowStructure, TiledAxis } from '../plan/narrow.ts'
import { FLOAT, LANES, VECTOR } from '../plan/plan.ts'
import type { TileKind } from '../plan/row-tiles.ts'
import type { Code, Local } from '../wasm/code.ts'
import { storeLanes, storeLastLanes } from './lanes.ts'
import { type Bytes, local, shifted, vectors, walk } from './loops.ts'
import { narrowConv, type Results } from './narrow-conv.ts'
import { narrowPool } from './narrow-pool.ts'
import { type NarrowTile, narrowTile } from './narrow-tile.ts'
import { type Addresses, activate, constant, emitProgram, pool } from './program.ts'
import type { SizeNumbers } from './size-numbers.ts'
import { type Entry, eachLine, eachTap, eachTile, type Place, type Tensors } from './tiles.ts'

/**
 * Emits the program of a narrow plan. The loops are, from the outside in: batch, groups, looked up axes, runs of rows,
 * runs of columns, and within a tile the taps of looked up axes and input channels; those of rows and columns are written
 * out.
 */
export function emitNarrow(structure: NarrowStructure): Uint8Array<ArrayBuffer> {
  return emitProgram(structure, (code, addresses, numbers) =>
    new NarrowEmitter(structure, code, numbers).write(addresses),
  )
}

class NarrowEmitter {
  readonly #plan: NarrowStructure
  readonly #code: Code
  readonly #numbers: SizeNumbers
  /** The current output along each looked up axis. */
  #entries: readonly Entry[] = []
  readonly #results: Local[] = []
  /** What the windows of an average count along the looked up axes, and what the last results were divided by. */
  readonly #count: Local
  readonly #divisor: Local
  #divisors = ''
  /** The sum or the largest value. */
  readonly #result: Results
  readonly #convolve: ReturnType<typeof narrowConv>
  readonly #reduce: ReturnType<typeof narrowPool>

  constructor(plan: NarrowStructure, code: Code, numbers: SizeNumbers) {
    this.#plan = plan
    this.#code = code
    this.#numbers = numbers
    ;[this.#count, this.#divisor] = vectors(code, 2)
    this.#result = (row, out, vector) => local(code, this.#results, (row * plan.outGroup + out) * plan.vectors + vector)
    this.#convolve = narrowConv(plan, code, this.#result)
    this.#reduce = narrowPool(plan, code, this.#result)
  }

  write(addresses: Addresses): void {
    const { batch, groups, steps, lookups, rows, columns } = this.#plan
    const [code, numbers] = [this.#code, this.#numbers]
    // Groups follow each other through all images; their weights begin anew with each.
    const images = numbers.steps({ input: steps.group.input, output: steps.group.output }, groups)
    walk(code, numbers.of(batch), addresses, images, (image) =>
      walk(code, groups, image, numbers.steps(steps.group), (group) =>
        eachLine(code, numbers, lookups, group, (line, entries) => {
          this.#entries = entries
          this.#countAll()
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
    const { op, outGroup } = this.#plan
    const alone = this.#isAlone(tile)
    const finish = (row: number, vector: number): void => this.#store(tile, at.output, lanes, [row, 0, vector])
    this.#divisors = ''
    if (op === 'conv') {
      const start = (): void => this.#start(tile, (out, vector) => this.#bias(at.bias, out, vector))
      this.#compute(tile, at, start, (place) => this.#convolve(tile, place, alone ? start : () => {}))
    } else {
      pool(this.#code, this.#plan, (candidates) => {
        const start = (): void => this.#start(tile, () => constant(this.#code, candidates.fill))
        this.#compute(tile, at, start, ({ input }) => this.#reduce(tile, input, candidates, alone ? finish : undefined))
      })
    }
    if (alone && op !== 'conv') return // stored already
    for (const row of tile.rows) {
      for (let out = 0; out < outGroup; out++) {
        for (const vector of tile.vectors) this.#store(tile, at.output, lanes, [row, out, vector])
      }
    }
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

  #bias(at: Local, out: number, vector: number): Code {
    const code = this.#code.get(at)
    if (this.#plan.columns.along === 'channels') return code.emit('v128.load', vector * VECTOR)
    return code.emit('v128.load32_splat', out * FLOAT)
  }

  /** Runs a body for all real taps of looked up axes and all input channels; alone it has nothing to start from. */
  #compute(tile: NarrowTile, from: Place, start: () => void, body: (place: Place) => void): void {
    const { inGroup, steps, weights } = this.#plan
    if (this.#isAlone(tile)) {
      body(from)
      return
    }
    start()
    if (!tile.reads) return
    eachTap(this.#code, from, this.#entries, weights, (tap) =>
      walk(this.#code, inGroup, tap, this.#numbers.steps(steps.channel), body),
    )
  }

  /** Turns a result into outputs and stores those that are the tile's own. */
  #store(
    { row: { counts = [] }, column }: NarrowTile,
    output: Local,
    lanes: Local,
    [row, out, vector]: readonly number[],
  ): void {
    const { to, rows } = this.#plan
    const result = this.#result(row, out, vector)
    const [code, numbers] = [this.#code, this.#numbers]
    const columns = column.counts?.slice(vector * LANES, (vector + 1) * LANES)
    if (columns) {
      this.#divide(
        result,
        columns.map((count) => count * counts[row]),
      )
    }
    activate(code, this.#plan, [result])
    // Output channels of a group are side by side.
    const line = shifted(code, { output }, { output: numbers.of(rows.step.output, row) })
    const at = shifted(code, line, { output: numbers.of(to.channel, out) })
    const exist = Math.min(LANES, column.pixels - vector * LANES)
    if (column.ends && vector === 0) storeLastLanes(code, at.output, result, lanes)
    else storeLanes(code, at.output, vector * VECTOR, result, exist)
  }

  /** What the windows of an average count along the looked up axes. */
  #countAll(): void {
    if (this.#plan.op !== 'averagePool') return
    const code = this.#code
    this.#entries.forEach(({ count }, axis) => {
      code.get(count).emit('f32.convert_i32_s').emit('f32x4.splat')
      if (axis > 0) code.get(this.#count).emit('f32x4.mul')
      code.set(this.#count)
    })
  }

  /** Divides a result by the counts of its lanes, times those of looked up axes. */
  #divide(result: Local, counts: readonly number[]): void {
    const code = this.#code
    const key = counts.join()
    if (key !== this.#divisors) {
      const lanes = Array.from({ length: LANES }, (_, lane) => counts[lane] ?? 1)
      code.emit('v128.const', ...new Uint8Array(Float32Array.from(lanes).buffer))
      code.get(this.#count).emit('f32x4.mul').set(this.#divisor)
    }
    this.#divisors = key
    code.compute(result, 'f32x4.div', result, this.#divisor)
  }
}
