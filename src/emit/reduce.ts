import { FLOAT, LANES, VECTOR } from '../plan/plan.ts'
import type { ReducePlan, ReduceStructure } from '../plan/reduce.ts'
import type { Code, Local } from '../wasm/code.ts'
import { shuffle } from './lanes.ts'
import { advance, times, vectors, walk } from './loops.ts'
import { emitRun } from './program.ts'
import { SizeNumbers } from './size-numbers.ts'
import { Constants, VectorArithmetic } from './vectors.ts'

/** Vectors that are taken together side by side, so that one need not wait for the one before. */
const ABREAST = 4

/** Emits the program of a reduction: `run(output, tables, input)`. */
export function emitReduce({ structure }: ReducePlan): Uint8Array<ArrayBuffer> {
  return emitRun(['output', 'tables', 'input'], (code) => new ReduceEmitter(structure, code).write())
}

/** What is read and written. */
type InputAndOutput = Readonly<Record<'input' | 'output', Local>>

class ReduceEmitter {
  readonly #plan: ReduceStructure
  readonly #code: Code
  readonly #arithmetic: VectorArithmetic
  readonly #sizes: SizeNumbers
  readonly #results: readonly Local[]
  readonly #loaded: Local

  constructor(plan: ReduceStructure, code: Code) {
    const [, tables] = code.parameters
    this.#plan = plan
    this.#code = code
    this.#arithmetic = new VectorArithmetic(code, new Constants(code), false)
    this.#sizes = new SizeNumbers(code, tables, plan.numbers)
    this.#results = vectors(code, ABREAST)
    ;[this.#loaded] = vectors(code, 1)
  }

  write(): void {
    const [output, , input] = this.#code.parameters
    this.#kept(0, { input, output })
  }

  /** Loops over outputs; the innermost ones are lanes where their cells are neighbours. */
  #kept(axis: number, at: InputAndOutput): void {
    const { kept, isInner } = this.#plan
    if (axis === kept.length) this.#single(at)
    else if (axis === kept.length - 1 && !isInner) this.#lanes(at)
    else {
      const { size, ...steps } = kept[axis]
      walk(this.#code, this.#sizes.of(size), at, this.#sizes.steps(steps), (inner) => this.#kept(axis + 1, inner))
    }
  }

  /** Outputs that are lanes: some vectors of them, one, and single ones at the end. */
  #lanes(from: InputAndOutput): void {
    const code = this.#code
    const size = this.#sizes.variable(this.#plan.kept[this.#plan.kept.length - 1].size)
    const at = { input: code.local('i32'), output: code.local('i32') }
    for (const name of ['input', 'output'] as const) code.get(from[name]).set(at[name])
    const outputs = (count: number, lanes: number): void => {
      const results = this.#results.slice(0, count)
      this.#begin(results)
      this.#reduced(0, this.#plan.reduced.length, at.input, (place) => {
        for (const [index, result] of results.entries()) {
          code.load(this.#loaded, place, index * VECTOR, lanes === 1 ? 'v128.load32_splat' : 'v128.load')
          this.#take(result, this.#loaded)
        }
      })
      for (const [index, result] of results.entries()) {
        this.#finish(result)
        if (lanes === 1) code.store(result, at.output, 0, 'v128.store32_lane', 0)
        else code.store(result, at.output, index * VECTOR)
      }
      for (const local of [at.input, at.output]) advance(code, local, count * lanes * FLOAT)
    }
    this.#times(size, ABREAST * LANES, undefined, () => outputs(ABREAST, LANES))
    this.#times(size, LANES, ABREAST, () => outputs(1, LANES))
    this.#times(size, 1, LANES, () => outputs(1, 1))
  }

  /** One output of cells that are neighbours along the innermost axis. */
  #single({ input, output }: InputAndOutput): void {
    const code = this.#code
    const { reduced, combine } = this.#plan
    this.#begin(this.#results)
    this.#reduced(0, reduced.length - 1, input, (row) => {
      const at = code.local('i32')
      code.get(row).set(at)
      const cells = (count: number, lanes: number): void => {
        for (let index = 0; index < count; index++) {
          const single = combine === 'sum' || combine === 'mean' ? 'v128.load32_zero' : 'v128.load32_splat'
          code.load(this.#loaded, at, index * VECTOR, lanes === 1 ? single : 'v128.load')
          this.#take(this.#results[index], this.#loaded)
        }
        advance(code, at, count * lanes * FLOAT)
      }
      const inner = reduced[reduced.length - 1]
      const size = this.#sizes.variable(inner === undefined ? 1 : inner.size)
      this.#times(size, ABREAST * LANES, undefined, () => cells(ABREAST, LANES))
      this.#times(size, LANES, ABREAST, () => cells(1, LANES))
      this.#times(size, 1, LANES, () => cells(1, 1))
    })
    const [first, ...others] = this.#results
    for (const other of others) this.#take(first, other)
    for (const lanes of [
      [2, 3, 0, 1],
      [1, 0, 3, 2],
    ]) {
      shuffle(code.get(first).get(first), lanes).set(this.#loaded)
      this.#take(first, this.#loaded)
    }
    this.#finish(first)
    code.store(first, output, 0, 'v128.store32_lane', 0)
  }

  /** Loops over some of the reduced axes. */
  #reduced(axis: number, end: number, input: Local, body: (input: Local) => void): void {
    if (axis >= end) {
      body(input)
      return
    }
    const { size, input: step } = this.#plan.reduced[axis]
    const bytes = { input: this.#sizes.of(step) }
    walk(this.#code, this.#sizes.of(size), { input }, bytes, (at) => this.#reduced(axis + 1, end, at.input, body))
  }

  /** Runs a body as often as a size has so many elements, of which there are fewer than `below` times as many. */
  #times(size: Local, elements: number, below: number | undefined, body: () => void): void {
    const code = this.#code.get(size).emit('i32.const', Math.log2(elements)).emit('i32.shr_u')
    times(below === undefined ? code : code.emit('i32.const', below - 1).emit('i32.and'), body)
  }

  #begin(results: readonly Local[]): void {
    const { combine } = this.#plan
    const none = { sum: 0, mean: 0, maximum: Number.NEGATIVE_INFINITY, minimum: Number.POSITIVE_INFINITY }[combine]
    for (const result of results) this.#code.get(this.#arithmetic.constant(none)).set(result)
  }

  #take(result: Local, other: Local): void {
    const { combine } = this.#plan
    const together = combine === 'sum' || combine === 'mean' ? 'add' : combine
    this.#code.get(this.#arithmetic[together](result, other)).set(result)
  }

  #finish(result: Local): void {
    if (this.#plan.combine !== 'mean') return
    const code = this.#code
    code.load(this.#loaded, this.#sizes.address(this.#plan.count), 0, 'v128.load32_splat')
    code.compute(result, 'f32x4.div', result, this.#loaded)
  }
}
