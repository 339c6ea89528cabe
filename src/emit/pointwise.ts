import { FLOAT, VECTOR } from '../plan/plan.ts'
import { PANEL_SIZES, type PointwiseStructure, panelFields } from '../plan/pointwise.ts'
import type { Code, Local } from '../wasm/code.ts'
import { type Finisher, finisherOf, type OutputReads } from './epilogue.ts'
import { eachPart, firstLanes, loadSomeLanes, shuffle, storeStretches } from './lanes.ts'
import { addProduct, advance, integers, loaded, repeat, times, variables, vectors, walk, walked } from './loops.ts'
import { type Addresses, emitProgram } from './program.ts'
import type { Quantity, SizeNumbers } from './size-numbers.ts'
import type { Behind } from './store-block.ts'
import { type Sums, sumsOf } from './sums.ts'

/**
 * Emits the program of a pointwise plan. The loops are, from the outside in: batch, group, panel of cells, which is
 * copied together, block of output channels, column of cells, input channels.
 */
export function emitPointwise(structure: PointwiseStructure): Uint8Array<ArrayBuffer> {
  return emitProgram(structure, (code, addresses, numbers) =>
    new PointwiseEmitter(structure, code, numbers, finisherOf(code, structure, numbers, addresses)).write(addresses),
  )
}

/** Columns that are worked through together, and their vectors; of the last vector there may be so many lanes only. */
interface CellPanel {
  readonly columns: Quantity
  readonly vectors: number
  readonly lanes?: Local
}

class PointwiseEmitter {
  readonly #structure: PointwiseStructure
  readonly #code: Code
  readonly #numbers: SizeNumbers
  readonly #sums: Sums
  readonly #finisher: Finisher

  constructor(structure: PointwiseStructure, code: Code, numbers: SizeNumbers, finisher: Finisher) {
    this.#structure = structure
    this.#code = code
    this.#numbers = numbers
    this.#finisher = finisher
    this.#sums = sumsOf(code, structure, structure.blocks[0].channels, structure.vectors)
  }

  write(addresses: Addresses): void {
    const { batch, groups, inGroup, outGroup, from, to } = this.#structure
    const [code, numbers] = [this.#code, this.#numbers]
    const images = numbers.steps({ input: from.batch, output: to.batch })
    const group = {
      ...{ input: numbers.of(from.channel, inGroup), output: numbers.of(to.channel, outGroup) },
      ...{ weights: outGroup * inGroup * FLOAT, bias: outGroup * FLOAT },
    }
    walk(code, numbers.of(batch), addresses, images, (image) =>
      walk(code, groups, image, group, (at) =>
        this.#eachPanel(at, (cells, panel) => {
          this.#gather(cells, panel)
          this.#multiply(cells, panel)
        }),
      ),
    )
  }

  /** Panels of whole columns, then the cells that are left. */
  #eachPanel(from: Addresses, body: (at: Addresses, panel: CellPanel) => void): void {
    const { vectors, left, panels } = this.#structure
    const code = this.#code
    const at = { ...from, ...variables(code, 'input', 'output') }
    code.get(from.input).set(at.input).get(from.output).set(at.output)
    const [entry, columns] = integers(code, 2)
    const load = (field: (typeof panelFields)[number]): Code =>
      code.get(entry).emit('i32.load', panelFields.indexOf(field) * FLOAT)
    code.get(this.#numbers.address(panels)).set(entry)
    repeat(code, PANEL_SIZES, () => {
      load('columns').set(columns)
      load('count')
      times(code, () => {
        body(at, { columns, vectors })
        for (const local of [at.input, at.output]) addProduct(code, local, columns, vectors * VECTOR)
      })
      advance(code, entry, panelFields.length * FLOAT)
    })
    left.forEach((amount, whole) => {
      const lanes = this.#numbers.variable(amount)
      code.get(lanes).if(() => body(at, { columns: 1, vectors: whole + 1, lanes }))
    })
  }

  /** Copies a panel together: of each column, the cells of a channel behind those of the one before. */
  #gather(from: Addresses, { columns, vectors: count, lanes }: CellPanel): void {
    const { inGroup, vectors: width, from: steps } = this.#structure
    const code = this.#code
    const [vector] = vectors(code, 1)
    const size = width * VECTOR
    const whole = lanes ? count - 1 : count
    walk(code, inGroup, from, { input: this.#numbers.of(steps.channel), scratch: size }, (line) =>
      walk(code, columns, line, { input: size, scratch: inGroup * size }, ({ input, scratch }) => {
        for (let place = 0; place < whole * VECTOR; place += VECTOR) {
          code.load(vector, input, place)
          code.store(vector, scratch, place)
        }
        if (!lanes) return
        eachPart(code, lanes, { input, scratch }, (lanes, { input, scratch }) => {
          if (lanes === 4) code.load(vector, input, whole * VECTOR)
          else code.load(vector, input, whole * VECTOR, lanes === 2 ? 'v128.load64_splat' : 'v128.load32_splat')
          storeStretches(code, vector, firstLanes(scratch, whole * VECTOR, lanes))
        })
      }),
    )
  }

  /** All output channels of a panel. */
  #multiply(from: Addresses, panel: CellPanel): void {
    const { inGroup, vectors, to, blocks } = this.#structure
    const [code, numbers] = [this.#code, this.#numbers]
    let begin = from
    for (const { channels, count } of blocks) {
      const block = {
        ...{ weights: channels * inGroup * FLOAT, bias: channels * FLOAT },
        output: numbers.of(to.channel, channels),
      }
      begin = walked(code, count, begin, block, (at) =>
        walk(code, panel.columns, at, { scratch: inGroup * vectors * VECTOR, output: vectors * VECTOR }, (column) => {
          this.#start(channels, column.bias)
          this.#addChannels(column, channels, panel.vectors)
          this.#store(column, channels, panel)
        }),
      )
    }
  }

  /** Every sum begins with the bias of its channel. */
  #start(channels: number, bias: Local): void {
    this.#sums.rows.slice(0, channels).forEach(([first, ...others], channel) => {
      this.#code.load(first, bias, channel * FLOAT, 'v128.load32_splat')
      for (const sum of others) this.#code.get(first).set(sum)
    })
  }

  /** Adds all input channels of a column. */
  #addChannels(from: Addresses, channels: number, count: number): void {
    const { inGroup, vectors, unrolled } = this.#structure
    const bytes = { scratch: unrolled * vectors * VECTOR, weights: unrolled * channels * FLOAT }
    walk(this.#code, inGroup / unrolled, from, bytes, ({ scratch, weights }) => {
      for (let step = 0; step < unrolled; step++) {
        const cells = { at: scratch, place: step * vectors * VECTOR, count }
        const weightOf = (channel: number): Behind => ({ at: weights, place: (step * channels + channel) * FLOAT })
        this.#sums.add(cells, weightOf, { begin: 0, end: channels })
      }
    })
  }

  /** Finishes and stores the sums of a column, those of a channel side by side. */
  #store({ output, bias }: Addresses, channels: number, { vectors: count, lanes }: CellPanel): void {
    const code = this.#code
    const line = { output: code.local('i32') }
    code.get(output).set(line.output)
    this.#sums.rows.slice(0, channels).forEach((row, channel) => {
      if (channel > 0) advance(code, line.output, this.#numbers.of(this.#structure.to.channel))
      const channels: OutputReads['channels'] = (addressOf) =>
        loaded(code, addressOf(bias), channel * FLOAT, 'v128.load32_splat')
      row.slice(0, count).forEach((value, vector) => {
        const place = vector * VECTOR
        const some = vector === count - 1 ? lanes : undefined
        const sum = this.#finisher.finish(value, {
          channels,
          residual: (addressOf) => {
            const at = addressOf(line.output)
            return some ? loadSomeLanes(code, at, place, some, 'first') : loaded(code, at, place)
          },
        })
        if (!lanes || vector < count - 1) {
          code.store(sum, line.output, place)
          return
        }
        eachPart(code, lanes, line, (lanes, { output }) => {
          storeStretches(code, sum, firstLanes(output, place, lanes))
          if (lanes === 2) shuffle(code.get(sum).get(sum), [2, 3, 0, 1]).set(sum)
        })
      })
    })
  }
}
