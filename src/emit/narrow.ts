import { LINE } from '../plan/counts.ts'
import type { NarrowPlan } from '../plan/narrow.ts'
import { FLOAT, LANES, VECTOR } from '../plan/plan.ts'
import type { Code, Local } from '../wasm/code.ts'
import { storeLanes } from './lanes.ts'
import { advance, copy, local, repeat, setSum, variables } from './loops.ts'
import { narrowConv, type Results } from './narrow-conv.ts'
import { narrowPool } from './narrow-pool.ts'
import { type NarrowTile, narrowTile } from './narrow-tile.ts'
import { type Addresses, activate, constant, emitProgram, pool } from './program.ts'
import {
  type Entry,
  eachTap,
  eachTile,
  entryOf,
  type Place,
  pieces,
  readEntry,
  type Taps,
  type Tensors,
  tensors,
} from './tiles.ts'

/**
 * Emits the program of a narrow plan. The loops are, from the outside in: batch, groups, looked up axes, runs of rows,
 * runs of columns, and within a tile the taps of looked up axes and input channels; those of rows and columns are written
 * out.
 */
export function emitNarrow(plan: NarrowPlan): Uint8Array<ArrayBuffer> {
  return emitProgram((code, addresses) => new NarrowEmitter(plan, code, addresses).write())
}

class NarrowEmitter {
  readonly #plan: NarrowPlan
  readonly #code: Code
  readonly #at: Addresses
  /** The current output along each looked up axis. */
  readonly #entries: readonly Entry[]
  /** Whether a tile has a single tap of looked up axes and a single input channel, always. */
  readonly #alone: boolean
  readonly #results: Local[] = []
  readonly #counts: Local[] = []
  /** What the last results of a tile were divided by. */
  readonly #divisor: Local
  #divisors = ''
  /** The sum or the largest value. */
  readonly #result: Results
  readonly #convolve: ReturnType<typeof narrowConv>
  readonly #reduce: ReturnType<typeof narrowPool>

  constructor(plan: NarrowPlan, code: Code, addresses: Addresses) {
    this.#plan = plan
    this.#code = code
    this.#at = addresses
    this.#divisor = code.local('v128')
    this.#entries = plan.lookups.map(() => entryOf(code))
    this.#alone =
      !plan.channels &&
      plan.inGroup === 1 &&
      plan.lookups.every(({ lines }) => lines.outputs.every(({ tap, count }) => tap === 0 && count === 1))
    this.#result = (row, out, vector) => local(code, this.#results, (row * plan.outGroup + out) * LANES + vector)
    this.#convolve = narrowConv(plan, code, this.#result)
    this.#reduce = narrowPool(plan, code, this.#result)
  }

  write(): void {
    const { batch, groups, steps } = this.#plan
    const code = this.#code
    const group = tensors(code)
    copy(code, group, this.#at)
    repeat(code, batch, () => {
      copy(code, { weights: group.weights, bias: group.bias }, this.#at)
      repeat(code, groups, () => {
        this.#lookUp(0, 0, group)
        for (const name of pieces) advance(code, group[name], steps.group[name])
      })
    })
  }

  /** All outputs of the looked up axes from one on, whose entries are in the tables behind so many others. */
  #lookUp(axis: number, before: number, from: Tensors): void {
    if (axis === this.#plan.lookups.length) {
      this.#tiles(from)
      return
    }
    const { lines, step } = this.#plan.lookups[axis]
    const count = lines.outputs.length
    const code = this.#code
    const entry = this.#entries[axis]
    const { line, output } = variables(code, 'line', 'output')
    setSum(code, line, this.#at.tables, before * LINE)
    copy(code, { output }, from)
    repeat(code, count, () => {
      readEntry(code, line, from.input, entry)
      this.#count(axis)
      this.#lookUp(axis + 1, before + count, { ...from, input: entry.input, output })
      advance(code, output, step.output)
    })
  }

  #tiles(from: Tensors): void {
    const { rows, columns, height, width, steps } = this.#plan
    const code = this.#code
    eachTile(code, rows, height, steps.row, from, (row, line) =>
      eachTile(code, columns, width, steps.column, line, (column, at) =>
        this.#write(narrowTile(this.#plan, code, row, column), at),
      ),
    )
  }

  #write(tile: NarrowTile, at: Tensors): void {
    const { op, outGroup } = this.#plan
    const alone = this.#alone && tile.reads
    const finish = (row: number, vector: number): void => this.#store(tile, at.output, [row, 0, vector])
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
        for (const vector of tile.vectors) this.#store(tile, at.output, [row, out, vector])
      }
    }
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
    if (this.#plan.channels) return code.emit('v128.load', vector * VECTOR)
    return code.emit('v128.load32_splat', out * FLOAT)
  }

  /** Runs a body for all real taps of looked up axes and all input channels; alone it has nothing to start from. */
  #compute(tile: NarrowTile, from: Place, start: () => void, body: (place: Place) => void): void {
    const { op, lookups, inGroup, outGroup, kernel, channels, steps } = this.#plan
    if (this.#alone && tile.reads) {
      body(from)
      return
    }
    start()
    // What is 0 or happens once is no instruction: V8 unrolls loops that are short enough.
    let weights = op === 'conv' ? outGroup * kernel[1] * kernel[2] * (channels ? VECTOR : FLOAT) : 0
    const channelsLeft = this.#code.local('i32')
    this.#code.emit('i32.const', inGroup).set(channelsLeft)
    const taps: Taps[] = inGroup > 1 ? [{ taps: channelsLeft, input: steps.channel, weights }] : []
    weights *= inGroup
    for (let axis = lookups.length - 1; axis >= 0; axis--) {
      const { lines, step } = lookups[axis]
      taps.unshift({ ...this.#entries[axis], input: lines.dilation * step.input, weights })
      weights *= lines.taps.length
    }
    if (tile.reads) eachTap(this.#code, from, taps, body)
  }

  /** Turns a result into outputs and stores those that exist. */
  #store({ row: { counts }, column }: NarrowTile, output: Local, [row, out, vector]: readonly number[]): void {
    const { op, steps } = this.#plan
    const result = this.#result(row, out, vector)
    const columns = column.counts.slice(vector * LANES, (vector + 1) * LANES)
    const code = this.#code.get(result)
    if (op === 'averagePool') this.#divide(columns.map((count) => count * counts[row]))
    activate(code, this.#plan).set(result)
    // Output channels of a group are side by side.
    const place = (out * steps.group.output) / this.#plan.outGroup + row * steps.row.output + vector * VECTOR
    storeLanes(code, output, place, result, columns.length)
  }

  /** What the windows of an average count along the looked up axes to one. */
  #count(axis: number): void {
    if (this.#plan.op !== 'averagePool') return
    const code = this.#code
    code.get(this.#entries[axis].count).emit('f32.convert_i32_s').emit('f32x4.splat')
    if (axis > 0) code.get(this.#counts[axis - 1]).emit('f32x4.mul')
    code.set(local(code, this.#counts, axis))
  }

  /** Divides the vector on the stack by the counts of its lanes, times those of looked up axes. */
  #divide(counts: readonly number[]): void {
    const code = this.#code
    const key = counts.join()
    if (key !== this.#divisors) {
      const lanes = Array.from({ length: LANES }, (_, lane) => counts[lane] ?? 1)
      const [rest] = this.#counts.slice(-1)
      code.emit('v128.const', ...new Uint8Array(Float32Array.from(lanes).buffer))
      code.get(rest).emit('f32x4.mul').set(this.#divisor)
    }
    this.#divisors = key
    code.get(this.#divisor).emit('f32x4.div')
  }
}
