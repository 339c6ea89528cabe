import { LANES, type Plan } from '../plan/plan.ts'
import type { TileRun } from '../plan/row-tiles.ts'
import type { Code, Local } from '../wasm/code.ts'
import { Module } from '../wasm/module.ts'
import { advance, countDown, repeat, setSum } from './loops.ts'

const BYTES = 16 // of a vector
const ROW = 12 // bytes of an entry of the tables of rows: input, weights, count

/**
 * Emits the program of a dense plan: a function `run()` over the memory that the plan maps. The loops are, from the
 * outside in: batch, group, block of output channels, depth, height, runs of tiles, and within a tile depth taps, height
 * taps, input channels; the taps of width are written out.
 */
export function emitDense(plan: Plan): Uint8Array<ArrayBuffer> {
  const module = new Module()
  module.function('run', [], [], (code) => new DenseEmitter(plan, code).write())
  return module.encode()
}

/** The body of one program: the plan and the variables that every part of it shares. */
class DenseEmitter {
  readonly #plan: Plan
  readonly #code: Code
  /** Where the current block's input, weights, bias and output begin. */
  readonly #block: Readonly<Record<'input' | 'weights' | 'bias' | 'output', Local>>
  /** Where the current row's do, and how many taps of depth and height are real there. */
  readonly #row: Readonly<Record<'input' | 'weights' | 'output' | 'depthTaps' | 'heightTaps', Local>>
  readonly #tile: Readonly<Record<'input' | 'output', Local>>
  readonly #sums: readonly Local[]
  readonly #weights: readonly Local[]
  readonly #value: Local

  constructor(plan: Plan, code: Code) {
    const variables = <Name extends string>(...names: Name[]): Readonly<Record<Name, Local>> =>
      Object.fromEntries(names.map((name) => [name, code.local('i32')])) as Record<Name, Local>
    const vectors = (count: number): Local[] => Array.from({ length: count }, () => code.local('v128'))
    const pixels = Math.max(...plan.tiles.map((run) => run.pixels))
    this.#plan = plan
    this.#code = code
    this.#block = variables('input', 'weights', 'bias', 'output')
    this.#row = variables('input', 'weights', 'output', 'depthTaps', 'heightTaps')
    this.#tile = variables('input', 'output')
    this.#sums = vectors(pixels * plan.vectors)
    this.#weights = vectors(plan.vectors)
    ;[this.#value] = vectors(1)
  }

  write(): void {
    const { batch, groups, blocks, vectors, inGroup, outGroup, from, to, packed, memory } = this.#plan
    const code = this.#code
    const [image, target] = [code.local('i32'), code.local('i32')]
    const [groupInput, groupOutput] = [code.local('i32'), code.local('i32')]
    const lanes = vectors * LANES
    const nextBlock = (): void => {
      advance(code, this.#block.weights, packed.block)
      advance(code, this.#block.bias, lanes * 4)
      advance(code, this.#block.output, lanes * to.channel)
    }
    code.emit('i32.const', memory.input).set(image).emit('i32.const', memory.output).set(target)
    repeat(code, batch, () => {
      code.get(image).set(groupInput).get(target).set(groupOutput)
      code.emit('i32.const', memory.weights).set(this.#block.weights)
      code.emit('i32.const', memory.bias).set(this.#block.bias)
      repeat(code, groups, () => {
        code.get(groupInput).set(this.#block.input).get(groupOutput).set(this.#block.output)
        const whole = Math.floor(outGroup / lanes)
        repeat(code, whole, () => {
          this.#rows(lanes)
          nextBlock()
        })
        repeat(code, blocks - whole, () => {
          this.#rows(outGroup % lanes)
          nextBlock()
        })
        advance(code, groupInput, inGroup * from.channel)
        advance(code, groupOutput, outGroup * to.channel)
      })
      advance(code, image, from.batch)
      advance(code, target, to.batch)
    })
  }

  /** All rows of a block of so many output channels. */
  #rows(channels: number): void {
    const { rows, to, memory } = this.#plan
    const code = this.#code
    const [depth, height] = rows
    const [depthEntry, heightEntry] = [code.local('i32'), code.local('i32')]
    const [slice, sliceWeights, sliceOutput] = [code.local('i32'), code.local('i32'), code.local('i32')]
    const row = this.#row
    code.emit('i32.const', memory.rows).set(depthEntry).get(this.#block.output).set(sliceOutput)
    repeat(code, depth.length, () => {
      this.#readRow(depthEntry, [this.#block.input, this.#block.weights], [slice, sliceWeights, row.depthTaps])
      code
        .emit('i32.const', memory.rows + depth.length * ROW)
        .set(heightEntry)
        .get(sliceOutput)
        .set(row.output)
      repeat(code, height.length, () => {
        this.#readRow(heightEntry, [slice, sliceWeights], [row.input, row.weights, row.heightTaps])
        for (const run of this.#plan.tiles) this.#tiles(run, channels)
        advance(code, row.output, to.axes[1])
      })
      advance(code, sliceOutput, to.axes[0])
    })
  }

  /** Reads an entry of a table of rows and moves on to the next. */
  #readRow(entry: Local, [input, weights]: readonly Local[], [rowInput, rowWeights, count]: readonly Local[]): void {
    const code = this.#code
    code.get(input).get(entry).emit('i32.load').emit('i32.add').set(rowInput)
    code.get(weights).get(entry).emit('i32.load', 4).emit('i32.add').set(rowWeights)
    code.get(entry).emit('i32.load', 8).set(count)
    advance(code, entry, ROW)
  }

  /** The tiles of one run, which differ only in their place. */
  #tiles(run: TileRun, channels: number): void {
    const { axes, from, to } = this.#plan
    const [, , width] = axes
    const code = this.#code
    setSum(code, this.#tile.input, this.#row.input, (run.first * width.stride - width.padBegin) * from.axes[2])
    setSum(code, this.#tile.output, this.#row.output, run.first * to.axes[2])
    repeat(code, run.tiles, () => {
      this.#startSums(run.pixels)
      this.#addTaps(run)
      this.#storeSums(run.pixels, channels)
      advance(code, this.#tile.input, run.pixels * width.stride * from.axes[2])
      advance(code, this.#tile.output, run.pixels * to.axes[2])
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
        .emit('v128.load', vector * BYTES)
        .set(bias)
      for (let pixel = 0; pixel < pixels; pixel++) code.get(bias).set(this.#sum(pixel, vector))
    })
  }

  /** Adds all real taps of depth and height, of all input channels; a row may have none. */
  #addTaps(run: TileRun): void {
    const { axes, from, packed, inGroup } = this.#plan
    const [depth, height] = axes
    const code = this.#code
    const local = (): Local => code.local('i32')
    const [depthLeft, heightLeft, channelsLeft] = [local(), local(), local()]
    const [slice, sliceWeights, line, lineWeights, cell, weights] = [
      local(),
      local(),
      local(),
      local(),
      local(),
      local(),
    ]
    code
      .get(this.#row.depthTaps)
      .tee(depthLeft)
      .get(this.#row.heightTaps)
      .emit('i32.mul')
      .if(() => {
        code.get(this.#tile.input).set(slice).get(this.#row.weights).set(sliceWeights)
        countDown(code, depthLeft, () => {
          code.get(slice).set(line).get(sliceWeights).set(lineWeights).get(this.#row.heightTaps).set(heightLeft)
          countDown(code, heightLeft, () => {
            code.get(line).set(cell).get(lineWeights).set(weights).emit('i32.const', inGroup).set(channelsLeft)
            countDown(code, channelsLeft, () => {
              this.#addWidth(run, cell, weights)
              advance(code, cell, from.channel)
              advance(code, weights, packed.channel)
            })
            advance(code, line, height.dilation * from.axes[1])
            advance(code, lineWeights, packed.height)
          })
          advance(code, slice, depth.dilation * from.axes[0])
          advance(code, sliceWeights, packed.depth)
        })
      })
  }

  /** The taps of width of one input channel, each at the pixels for which it is real. */
  #addWidth({ reading }: TileRun, cell: Local, weights: Local): void {
    const { axes, from, packed } = this.#plan
    const [, , width] = axes
    const code = this.#code
    reading.forEach(({ begin, end }, tap) => {
      if (begin === end) return
      this.#weights.forEach((weight, vector) => {
        code
          .get(weights)
          .emit('v128.load', tap * packed.tap + vector * BYTES)
          .set(weight)
      })
      for (let pixel = begin; pixel < end; pixel++) {
        const place = (pixel * width.stride + tap * width.dilation) * from.axes[2]
        code.get(cell).emit('v128.load32_splat', place).set(this.#value)
        this.#weights.forEach((weight, vector) => {
          this.#multiplyAdd(weight, this.#sum(pixel, vector))
        })
      }
    })
  }

  #multiplyAdd(weight: Local, sum: Local): void {
    const code = this.#code.get(this.#value).get(weight)
    if (this.#plan.relaxed) code.get(sum).emit('f32x4.relaxed_madd').set(sum)
    else code.emit('f32x4.mul').get(sum).emit('f32x4.add').set(sum)
  }

  /** Stores the sums of the channels that exist: whole vectors where channels are neighbours, else lane by lane. */
  #storeSums(pixels: number, channels: number): void {
    const { to, vectors } = this.#plan
    const code = this.#code
    for (let pixel = 0; pixel < pixels; pixel++) {
      for (let vector = 0; vector < vectors; vector++) {
        const lanes = Math.min(LANES, channels - vector * LANES)
        const place = pixel * to.axes[2] + vector * LANES * to.channel
        const store = (): Code => code.get(this.#tile.output).get(this.#sum(pixel, vector))
        if (lanes === LANES && to.channel === 4) store().emit('v128.store', place)
        else for (let lane = 0; lane < lanes; lane++) store().emit('v128.store32_lane', place + lane * to.channel, lane)
      }
    }
  }
}
