import type { Column, DensePlan } from '../plan/dense.ts'
import { FLOAT, LANES, VECTOR } from '../plan/plan.ts'
import type { TileRun } from '../plan/row-tiles.ts'
import type { Code, Local } from '../wasm/code.ts'
import { advance, copy, countDown, repeat, setSum, variables, vectors } from './loops.ts'
import { type Addresses, activate, emitProgram, multiplyAdd } from './program.ts'
import { storeBlock } from './store-block.ts'

const LINE = 12 // bytes of a line in the tables: cell, tap, count

/** Multiplications and additions of vectors that the innermost loop should have at least, so that it costs nothing. */
const BUSY = 36

/**
 * Emits the program of a dense plan. The loops are, from the outside in: batch, group, block of output channels, depth,
 * height, columns, runs of tiles, and within a tile depth taps, height taps, input channels; the taps of width are
 * written out, each with a loop over input channels where the engine does not keep instructions in order.
 */
export function emitDense(plan: DensePlan): Uint8Array<ArrayBuffer> {
  return emitProgram((code, addresses) => new DenseEmitter(plan, code, addresses).write())
}

/** Writes what is done for a tile of so many output channels. */
type Tile = (channels: number) => void

/** Where taps read: input and weights. */
type Cell = Readonly<Record<'input' | 'weights', Local>>

/** The body of one program: the plan and the variables that every part of it shares. */
class DenseEmitter {
  readonly #plan: DensePlan
  readonly #code: Code
  readonly #at: Addresses
  /** Where the current block's input, weights, bias and output begin. */
  readonly #block: Readonly<Record<'input' | 'weights' | 'bias' | 'output', Local>>
  /** Where the current row's do, its first real taps, and how many are real. */
  readonly #row: Readonly<Record<'input' | 'output' | 'depthTap' | 'depthTaps' | 'heightTap' | 'heightTaps', Local>>
  readonly #tile: Readonly<Record<'input' | 'weights' | 'output', Local>>
  readonly #sums: readonly Local[]
  readonly #weights: readonly Local[]
  readonly #value: Local

  constructor(plan: DensePlan, code: Code, addresses: Addresses) {
    const pixels = Math.max(...plan.columns.flatMap(({ tiles }) => tiles.map((run) => run.pixels)))
    this.#plan = plan
    this.#code = code
    this.#at = addresses
    this.#block = variables(code, 'input', 'weights', 'bias', 'output')
    this.#row = variables(code, 'input', 'output', 'depthTap', 'depthTaps', 'heightTap', 'heightTaps')
    this.#tile = variables(code, 'input', 'weights', 'output')
    this.#sums = vectors(code, pixels * plan.vectors)
    this.#weights = vectors(code, plan.vectors)
    ;[this.#value] = vectors(code, 1)
  }

  write(): void {
    const { batch, inner, from, to } = this.#plan
    const code = this.#code
    const image = variables(code, 'input', 'output')
    copy(code, image, this.#at)
    repeat(code, batch, () => {
      copy(code, this.#block, { ...this.#at, ...image })
      if (inner === 'blocks') this.#rows((tile) => this.#eachBlock({ ...this.#tile, bias: this.#block.bias }, tile))
      else this.#eachBlock(this.#block, (channels) => this.#rows((tile) => tile(channels)))
      advance(code, image.input, from.batch)
      advance(code, image.output, to.batch)
    })
  }

  /** Does something for every block of output channels of every group, and leaves the addresses where they were. */
  #eachBlock(at: Readonly<Record<'input' | 'weights' | 'bias' | 'output', Local>>, body: Tile): void {
    const { groups, blocks, vectors, inGroup, outGroup, from, to, block } = this.#plan
    const code = this.#code
    const lanes = vectors * LANES
    const whole = Math.floor(outGroup / lanes)
    const next = (channels: number): void => {
      body(channels)
      advance(code, at.weights, block)
      advance(code, at.bias, lanes * FLOAT)
      advance(code, at.output, channels * to.channel)
    }
    repeat(code, groups, () => {
      repeat(code, whole, () => next(lanes))
      repeat(code, blocks - whole, () => next(outGroup % lanes))
      advance(code, at.input, inGroup * from.channel)
    })
    advance(code, at.input, -groups * inGroup * from.channel)
    advance(code, at.weights, -groups * blocks * block)
    advance(code, at.bias, -groups * blocks * lanes * FLOAT)
    advance(code, at.output, -groups * outGroup * to.channel)
  }

  /** All rows; what is done with a tile is told by how often, for which channels. */
  #rows(each: (tile: Tile) => void): void {
    const { depth, height, columns, to } = this.#plan
    const code = this.#code
    const line = variables(code, 'depth', 'height')
    const slice = variables(code, 'input', 'output')
    const row = this.#row
    copy(code, { depth: line.depth }, { depth: this.#at.tables })
    copy(code, { output: slice.output }, this.#block)
    repeat(code, depth.outputs.length, () => {
      this.#readLine(line.depth, this.#block.input, [slice.input, row.depthTap, row.depthTaps])
      setSum(code, line.height, this.#at.tables, depth.outputs.length * LINE)
      copy(code, { output: row.output }, slice)
      repeat(code, height.outputs.length, () => {
        this.#readLine(line.height, slice.input, [row.input, row.heightTap, row.heightTaps])
        for (const column of columns) for (const run of column.tiles) this.#tiles(column, run, each)
        advance(code, row.output, to.axes[1])
      })
      advance(code, slice.output, to.axes[0])
    })
  }

  /** Reads a line of the tables and moves on to the next. */
  #readLine(line: Local, input: Local, [lineInput, tap, count]: readonly Local[]): void {
    const code = this.#code
    code.get(input).get(line).emit('i32.load').emit('i32.add').set(lineInput)
    code.get(line).emit('i32.load', 4).set(tap).get(line).emit('i32.load', 8).set(count)
    advance(code, line, LINE)
  }

  /** The tiles of one run, which differ only in their place. */
  #tiles(column: Column, run: TileRun, each: (tile: Tile) => void): void {
    const { from, to } = this.#plan
    const { first, step, axis, packed } = column
    const code = this.#code
    // Addresses begin at the first cell that is read, so that none is ever formed outside of the tensor.
    const begin = (run.first * axis.stride - axis.padBegin + run.start) * from.axes[2]
    setSum(code, this.#tile.input, this.#row.input, begin)
    setSum(code, this.#tile.output, this.#row.output, (first + run.first * step) * to.axes[2])
    code.get(this.#block.weights)
    code.get(this.#row.depthTap).emit('i32.const', packed.depth).emit('i32.mul').emit('i32.add')
    code.get(this.#row.heightTap).emit('i32.const', packed.height).emit('i32.mul').emit('i32.add')
    code.set(this.#tile.weights)
    advance(code, this.#tile.weights, packed.begin)
    repeat(code, run.tiles, () => {
      each((channels) => {
        this.#startSums(run.pixels)
        if (run.reading.some(({ begin, end }) => begin < end)) this.#addTaps(column, run)
        this.#storeSums(column, run.pixels, channels)
      })
      advance(code, this.#tile.input, run.pixels * axis.stride * from.axes[2])
      advance(code, this.#tile.output, run.pixels * step * to.axes[2])
    })
  }

  #sum(pixel: number, vector: number): Local {
    return this.#sums[pixel * this.#plan.vectors + vector]
  }

  /** Every sum begins with the bias of its channels. */
  #startSums(pixels: number): void {
    const code = this.#code
    this.#weights.forEach((bias, vector) => {
      code
        .get(this.#block.bias)
        .emit('v128.load', vector * VECTOR)
        .set(bias)
      for (let pixel = 0; pixel < pixels; pixel++) code.get(bias).set(this.#sum(pixel, vector))
    })
  }

  /** Adds all real taps of depth and height, of all input channels; a row may have none. */
  #addTaps(column: Column, run: TileRun): void {
    const { depth, height, from, inGroup } = this.#plan
    const { packed } = column
    const code = this.#code
    const left = variables(code, 'depth', 'height', 'channels')
    const [slice, line, cell] = [0, 1, 2].map(() => variables(code, 'input', 'weights'))
    code
      .get(this.#row.depthTaps)
      .tee(left.depth)
      .get(this.#row.heightTaps)
      .emit('i32.mul')
      .if(() => {
        copy(code, slice, this.#tile)
        countDown(code, left.depth, () => {
          copy(code, line, slice)
          copy(code, { height: left.height }, { height: this.#row.heightTaps })
          countDown(code, left.height, () => {
            for (const { count, write } of this.#steps(column, run)) {
              copy(code, cell, line)
              repeat(code, inGroup / count, () => {
                write(cell)
                advance(code, cell.input, count * from.channel)
                advance(code, cell.weights, count * packed.channel)
              })
            }
            advance(code, line.input, height.dilation * from.axes[1])
            advance(code, line.weights, packed.height)
          })
          advance(code, slice.input, depth.dilation * from.axes[0])
          advance(code, slice.weights, packed.depth)
        })
      })
  }

  /** The taps of width, each at the pixels for which it is real, as loops over input channels, so many in one go. */
  #steps(column: Column, run: TileRun): { count: number; write: (cell: Cell) => void }[] {
    const { from, inGroup, vectors, ordered } = this.#plan
    const { axis, packed, looped } = column
    if (looped) return [{ count: 1, write: (cell) => this.#loopWidth(column, run, cell) }]
    const add = (cell: Cell, channel: number, tap: number): void => {
      const { begin, end } = run.reading[tap]
      const place = (tap * axis.dilation - run.start) * from.axes[2] + channel * from.channel
      this.#addTap(cell, channel * packed.channel + tap * packed.tap, [begin, end], place, axis.stride)
    }
    const taps = [...run.reading.keys()].filter((tap) => run.reading[tap].begin < run.reading[tap].end)
    if (!ordered) return taps.map((tap) => ({ count: 1, write: (cell) => add(cell, 0, tap) }))
    const count = unrolling(inGroup, run, vectors)
    const write = (cell: Cell): void => {
      for (let channel = 0; channel < count; channel++) for (const tap of taps) add(cell, channel, tap)
    }
    return [{ count, write }]
  }

  /** The same for many taps, which all pixels of the tile read. */
  #loopWidth({ axis, packed }: Column, { reading, pixels }: TileRun, cell: Cell): void {
    const code = this.#code
    const tap = variables(code, 'input', 'weights')
    const count = reading.filter(({ begin, end }) => begin < end).length
    const unrolled = this.#plan.ordered ? ([4, 3, 2, 1].find((taps) => count % taps === 0) as number) : 1
    const step = axis.dilation * this.#plan.from.axes[2]
    copy(code, tap, cell)
    advance(code, tap.weights, reading.findIndex(({ begin, end }) => begin < end) * packed.tap)
    repeat(code, count / unrolled, () => {
      for (let next = 0; next < unrolled; next++) {
        this.#addTap(tap, next * packed.tap, [0, pixels], next * step, axis.stride)
      }
      advance(code, tap.input, unrolled * step)
      advance(code, tap.weights, unrolled * packed.tap)
    })
  }

  /** One tap: what lies at its place for each pixel, times its weights at theirs. */
  #addTap(cell: Cell, weights: number, [begin, end]: readonly [number, number], place: number, stride: number): void {
    const code = this.#code
    this.#weights.forEach((weight, vector) => {
      code
        .get(cell.weights)
        .emit('v128.load', weights + vector * VECTOR)
        .set(weight)
    })
    for (let pixel = begin; pixel < end; pixel++) {
      const at = place + pixel * stride * this.#plan.from.axes[2]
      code.get(cell.input).emit('v128.load32_splat', at).set(this.#value)
      this.#weights.forEach((weight, vector) => {
        multiplyAdd(code, this.#plan, this.#value, weight, this.#sum(pixel, vector))
      })
    }
  }

  /** Stores the sums of the channels that exist. */
  #storeSums({ step }: Column, pixels: number, channels: number): void {
    const { to, vectors, activation } = this.#plan
    const code = this.#code
    for (let vector = 0; vector * LANES < channels && vector < vectors; vector++) {
      const sums = Array.from({ length: pixels }, (_, pixel) => this.#sum(pixel, vector))
      if (activation) for (const sum of sums) activate(code.get(sum), this.#plan).set(sum)
      const lanes = Math.min(LANES, channels - vector * LANES)
      const place = vector * LANES * to.channel
      const steps = { pixelStep: step * to.axes[2], channelStep: to.channel }
      storeBlock(code, { at: this.#tile.output, sums, lanes, place, ...steps })
    }
  }
}

/** How many input channels to write out in one go: a divisor of them all. */
function unrolling(channels: number, { reading }: TileRun, vectors: number): number {
  const each = vectors * reading.reduce((sum, { begin, end }) => sum + end - begin, 0)
  return [1, 2, 3, 4].find((count) => channels % count === 0 && count * each >= BUSY) ?? (channels % 4 === 0 ? 4 : 1)
}
