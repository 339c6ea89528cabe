import type { Range } from '../geometry/index.ts'
import { type CountedRun, LINE } from '../plan/counts.ts'
import { FLOAT, LANES } from '../plan/plan.ts'
import type { WidthPlan } from '../plan/width.ts'
import type { Code, Local } from '../wasm/code.ts'
import { loadLanes, storeLanes } from './lanes.ts'
import { advance, copy, countDown, repeat, setSum, variables, vectors } from './loops.ts'
import { type Addresses, activate, constant, emitProgram, largest, multiplyAdd } from './program.ts'

/**
 * Emits the program of a width plan. The loops are, from the outside in: batch, group, depth, runs of rows, runs of
 * columns, and within a tile depth taps and input channels; the taps of height and width are written out.
 */
export function emitWidth(plan: WidthPlan): Uint8Array<ArrayBuffer> {
  return emitProgram((code, addresses) => new WidthEmitter(plan, code, addresses).write())
}

/** A tile's place in both directions. */
interface Tile {
  readonly row: CountedRun
  readonly column: CountedRun
}

/** Some cells of a row of input under one tap: which lanes are real, and where the first of them lies. */
interface Cells {
  readonly tap: number
  readonly lanes: Range
}

class WidthEmitter {
  readonly #plan: WidthPlan
  readonly #code: Code
  readonly #at: Addresses
  readonly #group: Readonly<Record<'input' | 'output' | 'weights' | 'bias', Local>>
  readonly #slice: Readonly<Record<'input' | 'output' | 'tap' | 'taps' | 'count', Local>>
  readonly #tile: Readonly<Record<'input' | 'output' | 'weights', Local>>
  /** For each output channel of a group and row of a tile, the sum or the largest value. */
  readonly #results: readonly Local[]
  /** For a maximum: the sum of the candidates, and how one is taken. */
  readonly #sum: Local
  #larger: 'f32x4.pmax' | 'f32x4.max' = 'f32x4.pmax'
  readonly #weights: readonly Local[]
  readonly #inputs: readonly Local[]

  constructor(plan: WidthPlan, code: Code, addresses: Addresses) {
    const rows = Math.max(...plan.rows.map((run) => run.pixels))
    this.#plan = plan
    this.#code = code
    this.#at = addresses
    this.#group = variables(code, 'input', 'output', 'weights', 'bias')
    this.#slice = variables(code, 'input', 'output', 'tap', 'taps', 'count')
    this.#tile = variables(code, 'input', 'output', 'weights')
    this.#results = vectors(code, rows * plan.outGroup)
    ;[this.#sum] = vectors(code, 1)
    this.#weights = plan.op === 'conv' ? vectors(code, plan.outGroup === 1 ? plan.kernel[1] : 1) : []
    this.#inputs = vectors(code, rows)
  }

  write(): void {
    const { op, batch, groups, inGroup, outGroup, kernel, from, to } = this.#plan
    const code = this.#code
    const group = this.#group
    const filter = op === 'conv' ? outGroup * FLOAT : 0
    copy(code, { input: group.input, output: group.output }, this.#at)
    repeat(code, batch, () => {
      copy(code, { weights: group.weights, bias: group.bias }, this.#at)
      repeat(code, groups, () => {
        this.#slices()
        advance(code, group.input, inGroup * from.channel)
        advance(code, group.output, outGroup * to.channel)
        advance(code, group.weights, filter * inGroup * kernel[0] * kernel[1] * kernel[2])
        advance(code, group.bias, filter)
      })
    })
  }

  /** All outputs of a group. */
  #slices(): void {
    const { depth, to } = this.#plan
    const code = this.#code
    const slice = this.#slice
    const { line } = variables(code, 'line')
    copy(code, { line, output: slice.output }, { line: this.#at.tables, output: this.#group.output })
    repeat(code, depth.outputs.length, () => {
      code.get(this.#group.input).get(line).emit('i32.load').emit('i32.add').set(slice.input)
      ;[slice.tap, slice.taps, slice.count].forEach((local, index) => {
        code
          .get(line)
          .emit('i32.load', 4 + index * 4)
          .set(local)
      })
      this.#rows()
      advance(code, line, LINE)
      advance(code, slice.output, to.axes[0])
    })
  }

  #rows(): void {
    const { rows, columns, height, width, from, to } = this.#plan
    const code = this.#code
    const row = variables(code, 'input', 'output')
    for (const run of rows) {
      // Addresses begin at the first cell that is read, so that none is ever formed outside of the tensor.
      const begin = run.first * height.stride - height.padBegin + run.start
      setSum(code, row.input, this.#slice.input, begin * from.axes[1])
      setSum(code, row.output, this.#slice.output, run.first * to.axes[1])
      repeat(code, run.tiles, () => {
        for (const column of columns) {
          const cell = column.first * width.stride - width.padBegin + column.start
          setSum(code, this.#tile.input, row.input, cell * FLOAT)
          setSum(code, this.#tile.output, row.output, column.first * FLOAT)
          repeat(code, column.tiles, () => {
            this.#write({ row: run, column })
            advance(code, this.#tile.input, column.pixels * width.stride * FLOAT)
            advance(code, this.#tile.output, column.pixels * FLOAT)
          })
        }
        advance(code, row.input, run.pixels * height.stride * from.axes[1])
        advance(code, row.output, run.pixels * to.axes[1])
      })
    }
  }

  #write(tile: Tile): void {
    const reads = [tile.row, tile.column].every(({ reading }) => reading.some(({ begin, end }) => begin < end))
    const compute = (): void => {
      this.#start(tile)
      if (reads) this.#addTaps(tile)
    }
    if (this.#plan.op !== 'maxPool') compute()
    else {
      largest(this.#code, this.#sum, (instruction) => {
        this.#larger = instruction
        compute()
      })
    }
    this.#finish(tile)
  }

  #result(out: number, row: number): Local {
    return this.#results[row * this.#plan.outGroup + out]
  }

  #start({ row }: Tile): void {
    const { op, outGroup } = this.#plan
    const code = this.#code
    for (let line = 0; line < row.pixels; line++) {
      for (let out = 0; out < outGroup; out++) {
        if (op === 'conv') code.get(this.#group.bias).emit('v128.load32_splat', out * FLOAT)
        else constant(code, op === 'maxPool' ? Number.NEGATIVE_INFINITY : 0)
        code.set(this.#result(out, line))
      }
    }
  }

  /** All real taps of depth and all input channels of the group. */
  #addTaps(tile: Tile): void {
    const { depth, inGroup, outGroup, kernel, from } = this.#plan
    const code = this.#code
    const channelWeights = outGroup * kernel[1] * kernel[2] * FLOAT
    const left = variables(code, 'depth')
    const [slice, cell] = [0, 1].map(() => variables(code, 'input', 'weights'))
    code.get(this.#group.weights).get(this.#slice.tap)
    code
      .emit('i32.const', inGroup * channelWeights)
      .emit('i32.mul')
      .emit('i32.add')
      .set(this.#tile.weights)
    copy(code, slice, this.#tile)
    code
      .get(this.#slice.taps)
      .tee(left.depth)
      .if(() => {
        countDown(code, left.depth, () => {
          copy(code, cell, slice)
          repeat(code, inGroup, () => {
            tile.column.reading.forEach((lanes, tap) => {
              if (lanes.begin === lanes.end) return
              if (outGroup === 1) this.#addColumn(tile, { tap, lanes }, cell.input, cell.weights)
              else this.#addColumns(tile, { tap, lanes }, cell.input, cell.weights)
            })
            advance(code, cell.input, from.channel)
            advance(code, cell.weights, channelWeights)
          })
          advance(code, slice.input, depth.dilation * from.axes[0])
          advance(code, slice.weights, inGroup * channelWeights)
        })
      })
  }

  /** One tap of width for one output channel: every line of input is loaded once, for all rows that it serves. */
  #addColumn(tile: Tile, cells: Cells, input: Local, weights: Local): void {
    const { op, kernel, height } = this.#plan
    const uses = new Map<number, { row: number; tap: number }[]>()
    tile.row.reading.forEach(({ begin, end }, tap) => {
      if (begin === end) return
      for (let row = begin; row < end; row++) {
        const line = row * height.stride + tap * height.dilation
        uses.set(line, [...(uses.get(line) ?? []), { row, tap }])
      }
      if (op !== 'conv') return
      const place = (cells.tap * kernel[1] + tap) * FLOAT
      this.#loadWeight(tile, cells, weights, place, this.#weights[tap])
    })
    for (const [line, pairs] of [...uses].sort(([a], [b]) => a - b)) {
      this.#load(tile, cells, input, line, this.#inputs[0])
      for (const { row, tap } of pairs) this.#combine(this.#inputs[0], this.#weights[tap], [0, row])
    }
  }

  /** One tap of width for several output channels: every weight is loaded once, for all rows. */
  #addColumns(tile: Tile, cells: Cells, input: Local, weights: Local): void {
    const { outGroup, kernel, height } = this.#plan
    tile.row.reading.forEach(({ begin, end }, tap) => {
      for (let row = begin; row < end; row++) {
        this.#load(tile, cells, input, row * height.stride + tap * height.dilation, this.#inputs[row])
      }
      for (let out = 0; out < outGroup && begin < end; out++) {
        const place = ((cells.tap * kernel[1] + tap) * outGroup + out) * FLOAT
        this.#loadWeight(tile, cells, weights, place, this.#weights[0])
        for (let row = begin; row < end; row++) {
          this.#combine(this.#inputs[row], this.#weights[0], [out, row])
        }
      }
    })
  }

  /** What a tap reads on one line of input; lanes on padding hold what changes no sum and no maximum. */
  #load({ row, column }: Tile, { tap, lanes }: Cells, input: Local, line: number, target: Local): void {
    const { op, width, from } = this.#plan
    const place = (line - row.start) * from.axes[1] + (tap * width.dilation - column.start) * FLOAT
    // All of the line may be touched; where several tiles share the code, only what each of them reads.
    const cell = column.first * width.stride - width.padBegin + tap * width.dilation
    const room =
      column.tiles === 1
        ? { begin: -cell, end: width.input - cell }
        : { begin: lanes.begin * width.stride, end: (lanes.end - 1) * width.stride + 1 }
    const fill = op === 'maxPool' ? Number.NEGATIVE_INFINITY : 0
    loadLanes(this.#code, { at: input, place, stride: width.stride, lanes, room, fill }, target)
    if (op !== 'maxPool' || this.#larger === 'f32x4.max') return
    this.#code.get(this.#sum).get(target).emit('f32x4.add').set(this.#sum)
  }

  /** Takes loaded cells into a result. */
  #combine(input: Local, weight: Local, [out, row]: readonly [number, number]): void {
    const { op } = this.#plan
    const code = this.#code
    const result = this.#result(out, row)
    if (op === 'averagePool') code.get(result).get(input).emit('f32x4.add').set(result)
    if (op === 'maxPool') code.get(result).get(input).emit(this.#larger).set(result)
    if (op === 'conv') multiplyAdd(code, this.#plan, input, weight, result)
  }

  /** A weight in the lanes that are real; in the others zero, since zero times a weight that is no number is none. */
  #loadWeight({ column }: Tile, { lanes: { begin, end } }: Cells, weights: Local, place: number, target: Local): void {
    const code = this.#code.get(weights).emit('v128.load32_splat', place)
    if (begin > 0 || end < column.pixels) {
      const mask = Array.from({ length: LANES }, (_, lane) => (begin <= lane && lane < end ? 255 : 0))
      code.emit('v128.const', ...mask.flatMap((byte) => [byte, byte, byte, byte])).emit('v128.and')
    }
    code.set(target)
  }

  /** Turns results into outputs and stores those that exist. */
  #finish({ row, column }: Tile): void {
    const { op, outGroup, to } = this.#plan
    const code = this.#code
    for (let line = 0; line < row.pixels; line++) {
      for (let out = 0; out < outGroup; out++) {
        const result = this.#result(out, line)
        code.get(result)
        if (op === 'averagePool') this.#divide(column.counts.map((count) => count * row.counts[line]))
        activate(code, this.#plan).set(result)
        storeLanes(code, this.#tile.output, out * to.channel + line * to.axes[1], result, column.pixels)
      }
    }
  }

  /** Divides the vector on the stack by the counts of its lanes, times the count along depth. */
  #divide(counts: readonly number[]): void {
    const code = this.#code
    const lanes = Array.from({ length: LANES }, (_, lane) => counts[lane] ?? 1)
    code.emit('v128.const', ...new Uint8Array(Float32Array.from(lanes).buffer))
    if (this.#plan.depth.outputs.length > 1 || this.#plan.kernel[0] > 1) {
      code.get(this.#slice.count).emit('f32.convert_i32_s').emit('f32x4.splat').emit('f32x4.mul')
    }
    code.emit('f32x4.div')
  }
}
