import type { ChannelsPlan } from '../plan/channels.ts'
import { type CountedRun, LINE } from '../plan/counts.ts'
import { LANES, VECTOR } from '../plan/plan.ts'
import type { Code, Local } from '../wasm/code.ts'
import { loadFirst, storeLanes } from './lanes.ts'
import { advance, copy, countDown, repeat, setSum, variables, vectors } from './loops.ts'
import { type Addresses, activate, constant, emitProgram, largest, multiplyAdd } from './program.ts'

/**
 * Emits the program of a channels plan. The loops are, from the outside in: batch, depth, height, runs of tiles, four
 * channels at a time, and within a tile depth taps and height taps; the taps of width are written out.
 */
export function emitChannels(plan: ChannelsPlan): Uint8Array<ArrayBuffer> {
  return emitProgram((code, addresses) => new ChannelsEmitter(plan, code, addresses).write())
}

class ChannelsEmitter {
  readonly #plan: ChannelsPlan
  readonly #code: Code
  readonly #at: Addresses
  /** For the current output along depth and height: where it reads, its first real tap, how many are real, its count. */
  readonly #slice: Line
  readonly #line: Line
  readonly #tile: Readonly<Record<'input' | 'output', Local>>
  readonly #block: Readonly<Record<'input' | 'output' | 'weights' | 'bias', Local>>
  readonly #results: readonly Local[]
  /** For a maximum: the sum of the candidates, and how one is taken. */
  readonly #sum: Local
  #larger: 'f32x4.pmax' | 'f32x4.max' = 'f32x4.pmax'
  readonly #weights: readonly Local[]
  readonly #input: Local

  constructor(plan: ChannelsPlan, code: Code, addresses: Addresses) {
    const pixels = Math.max(...plan.columns.map((run) => run.pixels))
    this.#plan = plan
    this.#code = code
    this.#at = addresses
    this.#slice = variables(code, 'input', 'tap', 'taps', 'count')
    this.#line = variables(code, 'input', 'tap', 'taps', 'count')
    this.#tile = variables(code, 'input', 'output')
    this.#block = variables(code, 'input', 'output', 'weights', 'bias')
    this.#results = vectors(code, pixels)
    this.#weights = plan.op === 'conv' ? vectors(code, plan.width.kernel) : []
    ;[this.#input, this.#sum] = vectors(code, 2)
  }

  write(): void {
    const { batch, depth, height, columns, from, to } = this.#plan
    const code = this.#code
    const image = variables(code, 'input')
    const entry = variables(code, 'depth', 'height')
    const row = variables(code, 'output')
    copy(code, image, this.#at)
    copy(code, row, this.#at) // rows of outputs follow each other through all images
    repeat(code, batch, () => {
      copy(code, { depth: entry.depth }, { depth: this.#at.tables })
      repeat(code, depth.outputs.length, () => {
        this.#readLine(entry.depth, image.input, this.#slice)
        setSum(code, entry.height, this.#at.tables, depth.outputs.length * LINE)
        repeat(code, height.outputs.length, () => {
          this.#readLine(entry.height, this.#slice.input, this.#line)
          for (const run of columns) this.#tiles(run, row.output)
          advance(code, row.output, to.axes[1])
        })
      })
      advance(code, image.input, from.batch)
    })
  }

  /** Reads an entry of the tables and moves on to the next. */
  #readLine(entry: Local, input: Local, { input: target, tap, taps, count }: Line): void {
    const code = this.#code
    code.get(input).get(entry).emit('i32.load').emit('i32.add').set(target)
    ;[tap, taps, count].forEach((local, index) => {
      code
        .get(entry)
        .emit('i32.load', 4 + 4 * index)
        .set(local)
    })
    advance(code, entry, LINE)
  }

  /** The tiles of one run, which differ only in their place. */
  #tiles(run: CountedRun, row: Local): void {
    const { width, from, to } = this.#plan
    const code = this.#code
    // Addresses begin at the first cell that is read, so that none is ever formed outside of the tensor.
    const cell = run.first * width.stride - width.padBegin + run.start
    setSum(code, this.#tile.input, this.#line.input, cell * from.axes[2])
    setSum(code, this.#tile.output, row, run.first * to.axes[2])
    repeat(code, run.tiles, () => {
      this.#blocks(run)
      advance(code, this.#tile.input, run.pixels * width.stride * from.axes[2])
      advance(code, this.#tile.output, run.pixels * to.axes[2])
    })
  }

  /** All channels of a tile, four at a time, and those that are left. */
  #blocks(run: CountedRun): void {
    const { op, channels, depth, height, width } = this.#plan
    const code = this.#code
    const taps = depth.taps.length * height.taps.length * width.kernel
    const each = (lanes: number): void => {
      this.#write(run, lanes)
      advance(code, this.#block.input, VECTOR)
      advance(code, this.#block.output, VECTOR)
      if (op !== 'conv') return
      advance(code, this.#block.weights, taps * VECTOR)
      advance(code, this.#block.bias, VECTOR)
    }
    copy(code, this.#block, { ...this.#at, ...this.#tile })
    repeat(code, Math.floor(channels / LANES), () => each(LANES))
    if (channels % LANES > 0) each(channels % LANES)
  }

  #write(run: CountedRun, lanes: number): void {
    const { op, to } = this.#plan
    const code = this.#code
    const results = this.#results.slice(0, run.pixels)
    const compute = (): void => {
      if (op === 'conv') code.get(this.#block.bias).emit('v128.load')
      else constant(code, op === 'maxPool' ? Number.NEGATIVE_INFINITY : 0)
      for (const result of results.slice(1)) code.tee(result)
      code.set(results[0])
      if (run.reading.some(({ begin, end }) => begin < end)) this.#addTaps(run, lanes)
    }
    if (op !== 'maxPool') compute()
    else {
      largest(code, this.#sum, (instruction) => {
        this.#larger = instruction
        compute()
      })
    }
    results.forEach((result, pixel) => {
      code.get(result)
      if (op === 'averagePool') this.#divide(run.counts[pixel])
      activate(code, this.#plan).set(result)
      storeLanes(code, this.#block.output, pixel * to.axes[2], result, lanes)
    })
  }

  /** Divides the vector on the stack by what the window counts. */
  #divide(count: number): void {
    const code = this.#code.get(this.#slice.count).get(this.#line.count).emit('i32.mul')
    code.emit('i32.const', count).emit('i32.mul').emit('f32.convert_i32_s').emit('f32x4.splat').emit('f32x4.div')
  }

  /** All real taps of depth and height; a row may have none. */
  #addTaps(run: CountedRun, lanes: number): void {
    const { depth, height, width, from } = this.#plan
    const code = this.#code
    const left = variables(code, 'depth', 'height')
    const [slice, line] = [0, 1].map(() => variables(code, 'input', 'weights'))
    const lineWeights = width.kernel * VECTOR
    const sliceWeights = height.taps.length * lineWeights
    code.get(this.#slice.taps).tee(left.depth).get(this.#line.taps).emit('i32.mul')
    code.if(() => {
      code.get(this.#block.weights)
      code.get(this.#slice.tap).emit('i32.const', sliceWeights).emit('i32.mul').emit('i32.add')
      code.get(this.#line.tap).emit('i32.const', lineWeights).emit('i32.mul').emit('i32.add').set(slice.weights)
      copy(code, { input: slice.input }, this.#block)
      countDown(code, left.depth, () => {
        copy(code, line, slice)
        copy(code, { height: left.height }, { height: this.#line.taps })
        countDown(code, left.height, () => {
          this.#addWidth(run, line, lanes)
          advance(code, line.input, height.dilation * from.axes[1])
          advance(code, line.weights, lineWeights)
        })
        advance(code, slice.input, depth.dilation * from.axes[0])
        advance(code, slice.weights, sliceWeights)
      })
    })
  }

  /** A line of taps: every cell is loaded once, for all pixels of which a tap falls on it. */
  #addWidth({ reading, start }: CountedRun, line: Readonly<Record<'input' | 'weights', Local>>, lanes: number): void {
    const { op, width, from } = this.#plan
    const code = this.#code
    const uses = new Map<number, { pixel: number; tap: number }[]>()
    reading.forEach(({ begin, end }, tap) => {
      for (let pixel = begin; pixel < end; pixel++) {
        const cell = pixel * width.stride + tap * width.dilation - start
        uses.set(cell, [...(uses.get(cell) ?? []), { pixel, tap }])
      }
      if (op !== 'conv' || begin === end) return
      code
        .get(line.weights)
        .emit('v128.load', tap * VECTOR)
        .set(this.#weights[tap])
    })
    for (const [cell, users] of [...uses].sort(([a], [b]) => a - b)) {
      loadFirst(code, line.input, cell * from.axes[2], lanes, this.#input)
      if (op === 'maxPool' && this.#larger === 'f32x4.pmax') {
        code.get(this.#sum).get(this.#input).emit('f32x4.add').set(this.#sum)
      }
      for (const { pixel, tap } of users) this.#combine(pixel, this.#weights[tap])
    }
  }

  /** Takes the loaded cell into a result. */
  #combine(pixel: number, weight: Local): void {
    const { op } = this.#plan
    const code = this.#code
    const result = this.#results[pixel]
    if (op === 'conv') multiplyAdd(code, this.#plan, this.#input, weight, result)
    if (op === 'averagePool') code.get(result).get(this.#input).emit('f32x4.add').set(result)
    if (op === 'maxPool') code.get(result).get(this.#input).emit(this.#larger).set(result)
  }
}

type Line = Readonly<Record<'input' | 'tap' | 'taps' | 'count', Local>>
