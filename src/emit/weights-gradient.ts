import { FLOAT, VECTOR } from '../plan/plan.ts'
import { INTEGER } from '../plan/tables.ts'
import {
  blockLanes,
  entriesTogether,
  TAP_ENTRY,
  type WeightsGradientPlan,
  type WeightsGradientStructure,
} from '../plan/weights-gradient.ts'
import type { Code, Local } from '../wasm/code.ts'
import { shifted, variables, vectors, walk } from './loops.ts'
import { emitRun, multiplyAdd } from './program.ts'
import { SizeNumbers } from './size-numbers.ts'
import { type Sums, sumsOf } from './sums.ts'

/** Emits the program `run(output, tables, input, change)`; the output must be zeros, to which it adds. */
export function emitWeightsGradient({ structure }: WeightsGradientPlan): Uint8Array<ArrayBuffer> {
  return emitRun(['output', 'tables', 'input', 'change'], (code) => new GradientEmitter(structure, code).write())
}

/** Addresses that every loop moves on. */
type At = Readonly<Record<'input' | 'change' | 'output', Local>>

class GradientEmitter {
  readonly #plan: WeightsGradientStructure
  readonly #code: Code
  readonly #sizes: SizeNumbers
  readonly #sums: Sums
  readonly #pair: readonly Local[]

  constructor(plan: WeightsGradientStructure, code: Code) {
    this.#plan = plan
    this.#code = code
    this.#sizes = new SizeNumbers(code, code.parameters[1], plan.numbers)
    this.#sums = sumsOf(code, plan, plan.channels, plan.vectors)
    this.#pair = vectors(code, 2)
  }

  /** Images, stretches of outputs, and groups and blocks of channels. */
  write(): void {
    const { images, stretches, entries, kernel, input, change } = this.#plan
    const [output, , cells, changes] = this.#code.parameters
    const at = { input: cells, change: changes, output }
    const [code, sizes] = [this.#code, this.#sizes]
    const [depths, heights, widths] = entries.map((list) => sizes.address(list))
    walk(code, sizes.of(images), at, sizes.steps({ input: input.image, change: change.image }), (image) => {
      const slice = { ...image, depths }
      walk(code, sizes.of(stretches[0]), slice, { depths: entryBytes(kernel[0]) }, ({ depths, ...at }) => {
        walk(
          code,
          sizes.of(stretches[1]),
          { ...at, heights },
          { heights: entryBytes(kernel[1]) },
          ({ heights, ...at }) => this.#blocks(at, [depths, heights, widths]),
        )
      })
    })
  }

  /** Groups and blocks of output channels, and tiles of input channels. */
  #blocks(from: At, lists: readonly Local[]): void {
    const { depthwise, groups, blocks, inGroup, channels, change, input } = this.#plan
    const [code, sizes] = [this.#code, this.#sizes]
    const whole = Math.floor(inGroup / channels)
    const block = inGroup * this.#channel
    const tile = (count: number) => ({ input: count * input.channel, output: count * this.#channel })
    const cells = depthwise ? { input: sizes.of(input.block) } : {}
    const next = { ...cells, change: sizes.of(change.block), output: block }
    const group = { input: inGroup * input.channel, change: sizes.of(change.block, blocks), output: blocks * block }
    walk(code, groups, from, group, (inGroupAt) =>
      walk(code, blocks, inGroupAt, next, (at) => {
        walk(code, whole, at, tile(channels), (next) => this.#taps(next, lists, channels))
        if (inGroup > whole * channels) {
          this.#taps(shifted(code, at, tile(whole * channels)), lists, inGroup % channels)
        }
      }),
    )
  }

  /**
   * All taps, those of the outermost axis first. One that no window of a stretch sees a real cell through is passed over.
   *
   * @param counts how many windows see real cells through the taps of the axes so far
   */
  #taps(from: At, lists: readonly Local[], channels: number, counts: readonly Local[] = []): void {
    const code = this.#code
    const axis = counts.length
    if (axis === lists.length) {
      this.#sumsOfTap(from, counts, channels)
      return
    }
    const { kernel, depthwise } = this.#plan
    if (depthwise && axis === 2) {
      this.#lots(from, lists[axis], counts[1])
      return
    }
    const taps = kernel.slice(axis + 1).reduce((product, size) => product * size, blockLanes(this.#plan) * FLOAT)
    const list = { ...from, list: lists[axis] }
    walk(code, kernel[axis], list, { list: entryBytes(1), output: taps }, ({ list, ...at }) => {
      const { count, input, change } = variables(code, 'count', 'input', 'change')
      code.load(count, list, 0, 'i32.load')
      code.get(count).if(() => {
        for (const [index, address] of [input, change].entries()) {
          code.load(address, list, (index + 1) * INTEGER, 'i32.load')
          code.compute(address, 'i32.add', address, index === 0 ? at.input : at.change)
        }
        this.#taps({ input, change, output: at.output }, lists, channels, [...counts, count])
      })
    })
  }

  /** The sums of one tap, for some input channels and a block of output channels, over the cells of a stretch. */
  #sumsOfTap(from: At, [, rows, cells]: readonly Local[], channels: number): void {
    const { input, change } = this.#plan
    const [code, sizes] = [this.#code, this.#sizes]
    const sums = this.#sums.rows.slice(0, channels)
    const each = (body: (sum: Local, place: number) => void): void => {
      for (const [channel, row] of sums.entries()) {
        for (const [vector, sum] of row.entries()) body(sum, channel * this.#channel + vector * VECTOR)
      }
    }
    each((sum, place) => code.load(sum, from.output, place))
    walk(code, rows, from, { input: sizes.of(input.row), change: sizes.of(change.row) }, (row) =>
      walk(code, cells, row, { input: input.cell, change: change.cell }, (cell) => {
        const numbers = { at: cell.input, place: 0, step: input.channel }
        this.#sums.add({ at: cell.change, place: 0 }, numbers, { begin: 0, end: channels })
      }),
    )
    each((sum, place) => code.store(sum, from.output, place))
  }

  /** Depthwise: the sums of the taps of a row of the kernel, lot by lot. */
  #lots(from: At, list: Local, rows: Local): void {
    const { together, input, change } = this.#plan
    const [code, sizes] = [this.#code, this.#sizes]
    const tap = blockLanes(this.#plan) * FLOAT
    let [place, entry] = [0, 0]
    for (const size of together) {
      const sums = this.#sums.rows.slice(0, size)
      const first = place
      const each = (body: (sum: Local, place: number) => void): void => {
        for (const [index, row] of sums.entries()) {
          for (const [vector, sum] of row.entries()) body(sum, first + index * tap + vector * VECTOR)
        }
      }
      // First those windows that see cells through all taps, then what is left of each tap, before them and behind.
      const stretches = Array.from({ length: entriesTogether(size) }, (_, index) => {
        const found = variables(code, 'count', 'input', 'change')
        for (const [field, local] of [found.count, found.input, found.change].entries()) {
          code.load(local, list, (entry + index) * TAP_ENTRY * INTEGER + field * INTEGER, 'i32.load')
        }
        const tap = Math.floor((index - 1) / 2)
        return { ...found, taps: index === 0 ? sums : sums.slice(tap, tap + 1) }
      })
      each((sum, place) => code.load(sum, from.output, place))
      walk(code, rows, from, { input: sizes.of(input.row), change: sizes.of(change.row) }, (row) => {
        for (const { count, taps, ...begin } of stretches) {
          code.get(count).if(() => {
            const at = variables(code, 'input', 'change')
            code.compute(at.input, 'i32.add', row.input, begin.input)
            code.compute(at.change, 'i32.add', row.change, begin.change)
            walk(code, count, at, { input: input.cell, change: change.cell }, (cell) => this.#addProducts(cell, taps))
          })
        }
      })
      each((sum, place) => code.store(sum, from.output, place))
      place += size * tap
      entry += entriesTogether(size)
    }
  }

  /** Vectors of output gradients times vectors of the cells that some taps see. */
  #addProducts({ input, change }: Pick<At, 'input' | 'change'>, taps: readonly (readonly Local[])[]): void {
    const code = this.#code
    const [cells, changes] = this.#pair
    for (let vector = 0; vector < this.#plan.vectors; vector++) {
      code.load(changes, change, vector * VECTOR)
      taps.forEach((sums, tap) => {
        code.load(cells, input, tap * this.#plan.input.tap + vector * VECTOR)
        multiplyAdd(code, this.#plan, cells, changes, sums[vector])
      })
    }
  }

  /** Bytes of the gradient from an input channel to the next. */
  get #channel(): number {
    const [depth, height, width] = this.#plan.kernel
    return depth * height * width * blockLanes(this.#plan) * FLOAT
  }
}

const entryBytes = (kernel: number): number => kernel * TAP_ENTRY * INTEGER
