import { rowOf } from '../functions/rows.ts'
import type { ElementwisePlan, ElementwiseStructure } from '../plan/elementwise.ts'
import { FLOAT, LANES, VECTOR } from '../plan/plan.ts'
import type { Code, Local } from '../wasm/code.ts'
import { advance, integers, times, vectors, walk } from './loops.ts'
import { emitRun } from './program.ts'
import { SizeNumbers } from './size-numbers.ts'
import { Constants, VectorArithmetic } from './vectors.ts'

/** Emits the program of an elementwise plan: `run(output, tables, ...inputs)`. */
export function emitElementwise({ structure }: ElementwisePlan): Uint8Array<ArrayBuffer> {
  return emitRun([...structure.lies, 'tables'], (code) => new ElementwiseEmitter(structure, code).write())
}

/** The addresses of the output and the inputs, by their places in the plan's list. */
type At = Readonly<Record<number, Local>>

class ElementwiseEmitter {
  readonly #plan: ElementwiseStructure
  readonly #code: Code
  readonly #arithmetic: VectorArithmetic
  readonly #sizes: SizeNumbers
  /** Numbers that the chain takes, by their places in its list. */
  readonly #operands: Local[] = []
  /** What is loaded of each input. */
  readonly #loaded: readonly Local[]

  constructor(plan: ElementwiseStructure, code: Code) {
    const [, tables] = code.parameters
    this.#plan = plan
    this.#code = code
    this.#arithmetic = new VectorArithmetic(code, new Constants(code), plan.relaxed)
    this.#sizes = new SizeNumbers(code, tables, plan.numbers)
    this.#loaded = vectors(code, plan.lies.length)
  }

  write(): void {
    const [output, , ...inputs] = this.#code.parameters
    this.#nest(0, { ...[output, ...inputs] })
  }

  /** Loops over all axes but the innermost. */
  #nest(axis: number, at: At): void {
    const { axes } = this.#plan
    if (axis === axes.length - 1) {
      this.#row(at)
      return
    }
    const { size, steps } = axes[axis]
    const bytes = this.#sizes.steps(Object.fromEntries(steps.entries()))
    walk(this.#code, this.#sizes.of(size), at, bytes, (inner) => this.#nest(axis + 1, inner))
  }

  /** The innermost axis: vectors written out a few at a time, then one by one, then what is left of one. */
  #row(from: At): void {
    const { lies, unrolled } = this.#plan
    const code = this.#code
    const at = integers(code, lies.length)
    at.forEach((local, tensor) => {
      code.get(from[tensor]).set(local)
      if (lies[tensor] === 'same') code.load(this.#loaded[tensor], local, 0, 'v128.load32_splat')
    })
    const size = this.#sizes.variable(this.#inner.size)
    const vectors = (count: number): void => {
      for (let index = 0; index < count; index++) this.#elements(at, index * VECTOR, LANES)
      this.#advance(at, count * VECTOR)
    }
    code
      .get(size)
      .emit('i32.const', Math.log2(LANES * unrolled))
      .emit('i32.shr_u')
    times(code, () => vectors(unrolled))
    if (unrolled > 1) {
      code
        .get(size)
        .emit('i32.const', Math.log2(LANES))
        .emit('i32.shr_u')
        .emit('i32.const', unrolled - 1)
      times(code.emit('i32.and'), () => vectors(1))
    }
    code
      .get(size)
      .emit('i32.const', LANES - 1)
      .emit('i32.and')
    times(code, () => {
      this.#elements(at, 0, 1)
      this.#advance(at, FLOAT)
    })
  }

  /** Moves on where elements are neighbours; where they are apart, loading and storing does. */
  #advance(at: readonly Local[], bytes: number): void {
    this.#plan.lies.forEach((lie, tensor) => {
      if (lie === 'neighbours') advance(this.#code, at[tensor], bytes)
    })
  }

  /** A vector of elements, or a single one. */
  #elements(at: readonly Local[], place: number, lanes: number): void {
    this.#plan.lies.forEach((_, tensor) => {
      if (tensor > 0) this.#load(tensor, at[tensor], place, lanes)
    })
    let value = this.#loaded[1]
    for (const { name, operands } of this.#plan.steps) {
      const others = operands.map((operand) =>
        'input' in operand ? this.#loaded[operand.input + 1] : this.#operand(operand.number),
      )
      value = rowOf(name).vector(this.#arithmetic, value, ...others)
    }
    this.#store(value, at[0], place, lanes)
  }

  #load(tensor: number, at: Local, place: number, lanes: number): void {
    const lie = this.#plan.lies[tensor]
    const loaded = this.#loaded[tensor]
    const code = this.#code
    if (lie === 'same') return
    if (lie === 'neighbours') {
      code.load(loaded, at, place, lanes === 1 ? 'v128.load32_splat' : 'v128.load')
      return
    }
    for (let lane = 0; lane < lanes; lane++) {
      if (lane === 0) code.load(loaded, at, 0, 'v128.load32_splat')
      else code.get(at).get(loaded).emit('v128.load32_lane', 0, lane).set(loaded)
      this.#move(tensor, at)
    }
  }

  #store(value: Local, at: Local, place: number, lanes: number): void {
    const code = this.#code
    if (this.#plan.lies[0] === 'neighbours') {
      if (lanes === 1) code.store(value, at, place, 'v128.store32_lane', 0)
      else code.store(value, at, place)
      return
    }
    for (let lane = 0; lane < lanes; lane++) {
      code.store(value, at, 0, 'v128.store32_lane', lane)
      this.#move(0, at)
    }
  }

  /** Moves an address to the next element of the innermost axis. */
  #move(tensor: number, at: Local): void {
    advance(this.#code, at, this.#sizes.of(this.#inner.steps[tensor]))
  }

  get #inner(): ElementwiseStructure['axes'][number] {
    return this.#plan.axes[this.#plan.axes.length - 1]
  }

  /** A number of the tables in every lane, loaded before the loops. */
  #operand(index: number): Local {
    this.#operands[index] ??= this.#loadOperand(index)
    return this.#operands[index]
  }

  #loadOperand(index: number): Local {
    const [vector] = vectors(this.#code, 1)
    const list = this.#sizes.address(this.#plan.operands)
    this.#code.first(() => this.#code.load(vector, list, index * FLOAT, 'v128.load32_splat'))
    return vector
  }
}
