import { FLOAT, LANES, VECTOR } from '../plan/plan.ts'
import type { PointwisePlan } from '../plan/pointwise.ts'
import type { Code, Local } from '../wasm/code.ts'
import { advance, copy, countDown, repeat, variables, vectors } from './loops.ts'
import { type Addresses, activate, emitProgram, multiplyAdd } from './program.ts'

/**
 * Emits the program of a pointwise plan. The loops are, from the outside in: batch, group, panel of cells, which is
 * copied together, block of output channels, column of cells, input channels.
 */
export function emitPointwise(plan: PointwisePlan): Uint8Array<ArrayBuffer> {
  return emitProgram((code, addresses) => new PointwiseEmitter(plan, code, addresses).write())
}

class PointwiseEmitter {
  readonly #plan: PointwisePlan
  readonly #code: Code
  readonly #at: Addresses
  /** Where the current group's weights and bias begin. */
  readonly #group: Readonly<Record<'weights' | 'bias', Local>>
  /** Where the current panel's cells are read and written, and how many columns it has. */
  readonly #panel: Readonly<Record<'input' | 'output' | 'columns', Local>>
  readonly #cells: readonly Local[]
  readonly #sums: readonly Local[]
  readonly #weight: Local

  constructor(plan: PointwisePlan, code: Code, addresses: Addresses) {
    this.#plan = plan
    this.#code = code
    this.#at = addresses
    this.#group = variables(code, 'weights', 'bias')
    this.#panel = variables(code, 'input', 'output', 'columns')
    this.#cells = vectors(code, plan.vectors)
    this.#sums = vectors(code, plan.vectors * plan.blocks[0].channels)
    ;[this.#weight] = vectors(code, 1)
  }

  write(): void {
    const { batch, groups, inGroup, outGroup, from, to } = this.#plan
    const code = this.#code
    const group = variables(code, 'input', 'output')
    copy(code, group, this.#at)
    repeat(code, batch, () => {
      copy(code, this.#group, this.#at)
      repeat(code, groups, () => {
        copy(code, { input: this.#panel.input, output: this.#panel.output }, group)
        this.#panels()
        advance(code, group.input, inGroup * from.channel)
        advance(code, group.output, outGroup * to.channel)
        advance(code, this.#group.weights, outGroup * inGroup * FLOAT)
        advance(code, this.#group.bias, outGroup * FLOAT)
      })
    })
  }

  /** Whole columns, as many at a time as a panel has, then the cells that are left. */
  #panels(): void {
    const { cells, vectors, panel } = this.#plan
    const code = this.#code
    const { input, output, columns } = this.#panel
    const size = vectors * LANES
    const whole = Math.floor(cells / size)
    const run = (count: number): void => {
      code.emit('i32.const', count).set(columns)
      this.#gather(size)
      this.#multiply(size)
      advance(code, input, count * size * FLOAT)
      advance(code, output, count * size * FLOAT)
    }
    repeat(code, Math.floor(whole / panel), () => run(panel))
    if (whole % panel > 0) run(whole % panel)
    if (cells % size === 0) return
    code.emit('i32.const', 1).set(columns)
    this.#gather(cells % size)
    this.#multiply(cells % size)
  }

  /** Copies the panel's columns of so many cells together: of a column, the cells of a channel behind the one before. */
  #gather(cells: number): void {
    const { inGroup, vectors, from } = this.#plan
    const code = this.#code
    const line = variables(code, 'input', 'panel')
    const column = variables(code, 'input', 'panel', 'left')
    const size = vectors * VECTOR
    copy(code, line, { input: this.#panel.input, panel: this.#at.scratch })
    repeat(code, inGroup, () => {
      copy(code, column, { ...line, left: this.#panel.columns })
      countDown(code, column.left, () => {
        for (let cell = 0; cell < cells; ) {
          const [load, store, count] = cells - cell >= LANES ? wholeVector : singleCell
          code
            .get(column.panel)
            .get(column.input)
            .emit(load, cell * FLOAT)
          code.emit(store, cell * FLOAT)
          cell += count
        }
        advance(code, column.input, size)
        advance(code, column.panel, inGroup * size)
      })
      advance(code, line.input, from.channel)
      advance(code, line.panel, size)
    })
  }

  /** All output channels of the panel's columns of so many cells. */
  #multiply(cells: number): void {
    const { blocks, inGroup, vectors, to } = this.#plan
    const code = this.#code
    const block = variables(code, 'weights', 'bias', 'output')
    const column = variables(code, 'panel', 'output', 'left')
    copy(code, block, { ...this.#group, output: this.#panel.output })
    for (const { channels, count } of blocks) {
      repeat(code, count, () => {
        copy(code, column, { panel: this.#at.scratch, output: block.output, left: this.#panel.columns })
        countDown(code, column.left, () => {
          this.#startSums(block.bias, channels)
          this.#addChannels(column.panel, block.weights, channels, Math.ceil(cells / LANES))
          this.#storeSums(column.output, channels, cells)
          advance(code, column.output, vectors * VECTOR)
        })
        advance(code, block.weights, channels * inGroup * FLOAT)
        advance(code, block.bias, channels * FLOAT)
        advance(code, block.output, channels * to.channel)
      })
    }
  }

  #sum(channel: number, vector: number): Local {
    return this.#sums[channel * this.#plan.vectors + vector]
  }

  #startSums(bias: Local, channels: number): void {
    const code = this.#code
    for (let channel = 0; channel < channels; channel++) {
      code
        .get(bias)
        .emit('v128.load32_splat', channel * FLOAT)
        .set(this.#sum(channel, 0))
      for (let vector = 1; vector < this.#plan.vectors; vector++) {
        code.get(this.#sum(channel, 0)).set(this.#sum(channel, vector))
      }
    }
  }

  /** Adds all input channels of a column; leaves its address at the next column. */
  #addChannels(panel: Local, blockWeights: Local, channels: number, used: number): void {
    const { inGroup, vectors, unrolled } = this.#plan
    const code = this.#code
    const { weights } = variables(code, 'weights')
    copy(code, { weights }, { weights: blockWeights })
    repeat(code, inGroup / unrolled, () => {
      for (let step = 0; step < unrolled; step++) {
        const cells = this.#cells.slice(0, used)
        cells.forEach((cell, vector) => {
          code
            .get(panel)
            .emit('v128.load', (step * vectors + vector) * VECTOR)
            .set(cell)
        })
        for (let channel = 0; channel < channels; channel++) {
          code
            .get(weights)
            .emit('v128.load32_splat', (step * channels + channel) * FLOAT)
            .set(this.#weight)
          cells.forEach((cell, vector) => {
            multiplyAdd(code, this.#plan, cell, this.#weight, this.#sum(channel, vector))
          })
        }
      }
      advance(code, panel, unrolled * vectors * VECTOR)
      advance(code, weights, unrolled * channels * FLOAT)
    })
  }

  /** Stores so many cells of each channel of a block. */
  #storeSums(output: Local, channels: number, cells: number): void {
    const { to } = this.#plan
    const code = this.#code
    for (let channel = 0; channel < channels; channel++) {
      for (let cell = 0; cell < cells; cell += LANES) {
        const sum = this.#sum(channel, cell / LANES)
        const place = channel * to.channel + cell * FLOAT
        activate(code.get(sum), this.#plan).set(sum)
        if (cells - cell >= LANES) code.get(output).get(sum).emit('v128.store', place)
        else {
          for (let lane = 0; lane < cells - cell; lane++) {
            code
              .get(output)
              .get(sum)
              .emit('v128.store32_lane', place + lane * FLOAT, lane)
          }
        }
      }
    }
  }
}

const wholeVector = ['v128.load', 'v128.store', LANES] as const
const singleCell = ['f32.load', 'f32.store', 1] as const
