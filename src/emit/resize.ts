import { FLOAT, LANES, VECTOR } from '../plan/plan.ts'
import type { ResizeLevel, ResizePlan, ResizeRow, ResizeStructure } from '../plan/resize.ts'
import type { Code, Local } from '../wasm/code.ts'
import { firstLanes, storeStretches } from './lanes.ts'
import { advance, integers, setSum, vectors, vectorsOf, walk } from './loops.ts'
import { emitRun, multiplyAdd } from './program.ts'
import { SizeNumbers } from './size-numbers.ts'

/** Vectors of a block that are summed side by side, and taps that are written out one by one. */
const ABREAST = 4
const WRITTEN_OUT = 4

/** Emits the program of a resizing: `run(output, tables, input)`. */
export function emitResize({ structure }: ResizePlan): Uint8Array<ArrayBuffer> {
  return emitRun(['output', 'tables', 'input'], (code) => new ResizeEmitter(structure, code).write())
}

class ResizeEmitter {
  readonly #plan: ResizeStructure
  readonly #code: Code
  readonly #sizes: SizeNumbers
  readonly #sums: readonly Local[]
  readonly #loaded: Local
  readonly #weight: Local

  constructor(plan: ResizeStructure, code: Code) {
    const [, tables] = code.parameters
    this.#plan = plan
    this.#code = code
    this.#sizes = new SizeNumbers(code, tables, plan.numbers)
    this.#sums = vectors(code, ABREAST)
    ;[this.#loaded, this.#weight] = vectors(code, 2)
  }

  write(): void {
    const [output, , input] = this.#code.parameters
    const { outer, from, to } = this.#plan
    const bytes = this.#sizes.steps({ input: from, output: to })
    walk(this.#code, this.#sizes.of(outer), { input, output }, bytes, (at) => this.#axis(0, at.input, at.output))
  }

  /** Resizes along an axis and those within it. */
  #axis(index: number, input: Local, output: Local): void {
    const { levels, row } = this.#plan
    const level = levels[index]
    if (!level) {
      if (row) this.#row(row, input, output)
      return
    }
    const isLast = index === levels.length - 1 && !row
    const entry = this.#sizes.address(level.entries)
    const bytes = { entry: 2 * FLOAT * level.taps, output: this.#sizes.of(level.step) }
    walk(this.#code, this.#sizes.of(level.outputs), { entry, output }, bytes, (at) => {
      if (isLast) this.#block(level, input, at.entry, at.output)
      else if (level.isCopy) this.#axis(index + 1, this.#place(input, at.entry, 0), at.output)
      else {
        const scratch = this.#sizes.address(level.scratch)
        this.#block(level, input, at.entry, scratch)
        this.#axis(index + 1, scratch, at.output)
      }
    })
  }

  /** A weighted sum of blocks. */
  #block({ taps, isCopy, block }: ResizeLevel, input: Local, entry: Local, output: Local): void {
    const code = this.#code
    const at = { input: code.local('i32'), output: code.local('i32') }
    code.get(input).set(at.input).get(output).set(at.output)
    vectorsOf(code, this.#sizes.variable(block), ABREAST, (count, lanes) => {
      const sums = this.#sums.slice(0, count)
      this.#taps(taps, entry, 2 * FLOAT, ({ entry, place, isFirst }) => {
        const cell = this.#place(at.input, entry, place)
        if (!isCopy) code.load(this.#weight, entry, place + FLOAT, 'v128.load32_splat')
        for (const [vector, sum] of sums.entries()) {
          code.load(this.#loaded, cell, vector * VECTOR, lanes === 1 ? 'v128.load32_splat' : 'v128.load')
          this.#add(sum, isFirst, isCopy)
        }
      })
      for (const [vector, sum] of sums.entries())
        storeStretches(code, sum, firstLanes(at.output, vector * VECTOR, lanes))
      for (const local of [at.input, at.output]) advance(code, local, count * lanes * FLOAT)
    })
  }

  /** Vectors of neighbouring outputs. */
  #row({ groups, entries, taps, isCopy, isNear, isShared, lanes }: ResizeRow, input: Local, output: Local): void {
    const code = this.#code
    const [neighbours, picked] = vectors(code, 2)
    const found = isNear ? FLOAT + VECTOR : VECTOR
    const tap = found + (isCopy ? 0 : VECTOR)
    const [sum] = this.#sums
    walk(
      code,
      this.#sizes.of(groups),
      { entry: this.#sizes.address(entries) },
      { entry: FLOAT + taps * tap },
      (group) => {
        this.#taps(taps, group.entry, tap, ({ entry, place, isFirst }) => {
          const begin = FLOAT + place
          if (isNear) {
            if (isFirst || !isShared) code.load(neighbours, this.#place(input, entry, begin))
            code.load(picked, entry, begin + FLOAT)
            const swizzle = this.#plan.relaxed ? 'i8x16.relaxed_swizzle' : 'i8x16.swizzle'
            code.compute(this.#loaded, swizzle, neighbours, picked)
          } else {
            for (let lane = 0; lane < LANES; lane++) {
              code.get(this.#place(input, entry, begin + lane * FLOAT)).get(this.#loaded)
              code.emit('v128.load32_lane', 0, lane).set(this.#loaded)
            }
          }
          if (!isCopy) code.load(this.#weight, entry, begin + found)
          this.#add(sum, isFirst, isCopy)
        })
        storeStretches(code, sum, firstLanes(this.#place(output, group.entry, 0), 0, lanes))
      },
    )
  }

  /** All taps of an output, a few of them written out; many are a loop. */
  #taps(
    taps: number,
    entry: Local,
    bytes: number,
    body: (tap: { entry: Local; place: number; isFirst: boolean }) => void,
  ): void {
    const written = taps <= WRITTEN_OUT ? taps : 1
    for (let tap = 0; tap < written; tap++) body({ entry, place: tap * bytes, isFirst: tap === 0 })
    if (taps === written) return
    const [next] = integers(this.#code, 1)
    setSum(this.#code, next, entry, bytes)
    walk(this.#code, taps - 1, { entry: next }, { entry: bytes }, ({ entry }) =>
      body({ entry, place: 0, isFirst: false }),
    )
  }

  /** Adds what is loaded times its weight; the first begins the sum. */
  #add(sum: Local, isFirst: boolean, isCopy: boolean): void {
    const code = this.#code
    if (isCopy) code.get(this.#loaded).set(sum)
    else if (isFirst) code.compute(sum, 'f32x4.mul', this.#loaded, this.#weight)
    else multiplyAdd(code, this.#plan, this.#loaded, this.#weight, sum)
  }

  /** An address, and as many bytes behind it as an entry says at its place. */
  #place(from: Local, entry: Local, place: number): Local {
    const [at] = integers(this.#code, 1)
    this.#code.get(from).get(entry).emit('i32.load', place).emit('i32.add').set(at)
    return at
  }
}
