import { FLOAT, VECTOR } from '../plan/plan.ts'
import { INTEGER } from '../plan/tables.ts'
import { TAP_ENTRY } from '../plan/tap-entries.ts'
import { blockLanes, type WeightsGradientPlan, type WeightsGradientStructure } from '../plan/weights-gradient.ts'
import type { Code, Local } from '../wasm/code.ts'
import { shifted, variables, walk } from './loops.ts'
import { emitRun } from './program.ts'
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

  constructor(plan: WeightsGradientStructure, code: Code) {
    this.#plan = plan
    this.#code = code
    this.#sizes = new SizeNumbers(code, code.parameters[1], plan.numbers)
    this.#sums = sumsOf(code, plan, plan.channels, plan.vectors)
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
    const { groups, blocks, inGroup, channels, change, input } = this.#plan
    const [code, sizes] = [this.#code, this.#sizes]
    const whole = Math.floor(inGroup / channels)
    const block = inGroup * this.#channel
    const tile = (count: number) => ({ input: count * input.channel, output: count * this.#channel })
    const next = { change: sizes.of(change.block), output: block }
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
    const { kernel } = this.#plan
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
        const cellOf = (channel: number) => ({ at: cell.input, place: channel * input.channel })
        this.#sums.add({ at: cell.change, place: 0 }, cellOf, { begin: 0, end: channels })
      }),
    )
    each((sum, place) => code.store(sum, from.output, place))
  }

  /** Bytes of the gradient from an input channel to the next. */
  get #channel(): number {
    const [depth, height, width] = this.#plan.kernel
    return depth * height * width * blockLanes(this.#plan) * FLOAT
  }
}

const entryBytes = (kernel: number): number => kernel * TAP_ENTRY * INTEGER
