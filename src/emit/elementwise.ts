import type { ElementwisePlan, ElementwiseStructure } from '../plan/elementwise.ts'
import { multiples } from '../plan/gather.ts'
import { FLOAT, LANES, VECTOR } from '../plan/plan.ts'
import type { Code, Local } from '../wasm/code.ts'
import { ChainWriter } from './chain-writer.ts'
import { advance, integers, setSum, times, vectors, vectorsOf, walk } from './loops.ts'
import { emitRun } from './program.ts'
import { SizeNumbers } from './size-numbers.ts'
import { transposed } from './store-block.ts'
import { emitStrands } from './strands.ts'

/** Emits the program of an elementwise plan: `run(output, tables, ...inputs)`. */
export function emitElementwise({ structure }: ElementwisePlan): Uint8Array<ArrayBuffer> {
  return emitRun([...structure.lies, 'tables'], (code) => new ElementwiseEmitter(structure, code).write())
}

/** Rows of tiles that are passed through together: what is turned is then read by whole lines of a cache. */
const BAND = 16
/** Longer chains would make too much code of a band. */
const MOST_IN_BAND = 2

/** Elements of a row from which on the engine's own copying is faster than a loop over vectors. */
const LONG = 2 ** 10

/** The addresses of the output and the inputs, by their places in the plan's list. */
type At = Readonly<Record<number, Local>>

class ElementwiseEmitter {
  readonly #plan: ElementwiseStructure
  readonly #code: Code
  readonly #chains: ChainWriter
  readonly #sizes: SizeNumbers
  /** What is loaded of each input. */
  readonly #loaded: readonly Local[]

  constructor(plan: ElementwiseStructure, code: Code) {
    const [, tables] = code.parameters
    this.#plan = plan
    this.#code = code
    this.#sizes = new SizeNumbers(code, tables, plan.numbers)
    this.#chains = new ChainWriter(code, this.#sizes, plan.operands, plan.relaxed)
    this.#loaded = vectors(code, plan.lies.length)
  }

  write(): void {
    const [output, , ...inputs] = this.#code.parameters
    this.#nest(0, { ...[output, ...inputs] })
  }

  /** Loops over all axes but the innermost. */
  #nest(axis: number, at: At): void {
    const { axes, lies, strands } = this.#plan
    if (axis === axes.length - 2 && lies.includes('turned')) {
      this.#tiles(at)
      return
    }
    if (axis === axes.length - 1) {
      if (strands)
        emitStrands(this.#code, { ...this.#plan, strands }, this.#sizes, at, (loaded) => this.#computed(loaded))
      else this.#row(at)
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
    vectorsOf(
      code,
      this.#isCopy ? this.#copyLong(at) : this.#sizes.variable(this.#inner.size),
      unrolled,
      (count, lanes) => {
        for (let index = 0; index < count; index++) this.#elements(at, index * VECTOR, lanes)
        this.#advance(at, count * lanes * FLOAT)
      },
    )
  }

  /** Whether elements are copied as they are, with all their neighbours. */
  get #isCopy(): boolean {
    const { steps, lies } = this.#plan
    return steps.length === 0 && lies.every((lie) => lie === 'neighbours')
  }

  /** Copies a long row at once, as the engine does it best; how many elements are left. */
  #copyLong([output, input]: readonly Local[]): Local {
    const code = this.#code
    const size = this.#sizes.variable(this.#inner.size)
    const left = code.local('i32')
    code.get(size).set(left).get(size).emit('i32.const', Math.log2(LONG)).emit('i32.shr_u')
    code.if(() => {
      code.get(output).get(input).get(size).emit('i32.const', FLOAT).emit('i32.mul').emit('memory.copy')
      code.emit('i32.const', 0).set(left)
    })
    return left
  }

  /** The two innermost axes where some input is turned: tiles of four rows, then the rows that are left. */
  #tiles(from: At): void {
    const { axes, lies } = this.#plan
    const code = this.#code
    const { size, steps } = axes[axes.length - 2]
    const rows = code.local('i32')
    const at = lies.map((_, tensor) => {
      const local = code.local('i32')
      code.get(from[tensor]).set(local)
      return local
    })
    const moveRow = (count: number): void =>
      at.forEach((local, tensor) => {
        advance(code, local, this.#sizes.of(steps[tensor], count))
      })
    code.get(this.#sizes.variable(size)).set(rows)
    const band = this.#plan.steps.length > MOST_IN_BAND ? LANES : BAND
    code.get(rows).emit('i32.const', Math.log2(band)).emit('i32.shr_u')
    times(code, () => {
      this.#tileRow(at, band)
      moveRow(band)
    })
    if (band > LANES) {
      code
        .get(rows)
        .emit('i32.const', Math.log2(LANES))
        .emit('i32.shr_u')
        .emit('i32.const', band / LANES - 1)
      times(code.emit('i32.and'), () => {
        this.#tileRow(at, LANES)
        moveRow(LANES)
      })
    }
    code
      .get(rows)
      .emit('i32.const', LANES - 1)
      .emit('i32.and')
    times(code, () => {
      this.#row(at)
      moveRow(1)
    })
  }

  /** A multiple of four rows: tiles of four elements of each, then what is left of the rows, element by element. */
  #tileRow(from: readonly Local[], rows: number): void {
    const { axes, lies } = this.#plan
    const code = this.#code
    const [around, inner] = axes.slice(-2)
    // Of a turned tensor the columns of a tile, of others its rows.
    const at = lies.map((lie, tensor) => {
      const step = (lie === 'turned' ? inner : around).steps[tensor]
      return multiples(lie === 'turned' ? LANES : rows, 1).map((index) => {
        const local = code.local('i32')
        setSum(code, local, from[tensor], this.#sizes.of(step, index))
        return local
      })
    })
    const move = (tensor: number, columns: number): void => {
      const bytes = lies[tensor] === 'same' ? 0 : this.#sizes.of(inner.steps[tensor], columns)
      for (const local of at[tensor]) advance(code, local, bytes)
    }
    const size = this.#sizes.variable(inner.size)
    code.get(size).emit('i32.const', Math.log2(LANES)).emit('i32.shr_u')
    times(code, () => {
      for (let row = 0; row < rows; row += LANES) this.#tile(at, row)
      for (const tensor of lies.keys()) move(tensor, LANES)
    })
    code
      .get(size)
      .emit('i32.const', LANES - 1)
      .emit('i32.and')
    times(code, () => {
      for (let row = 0; row < rows; row++) {
        lies.forEach((lie, tensor) => {
          if (tensor === 0) return
          const [local, place] = lie === 'turned' ? [at[tensor][0], row * FLOAT] : [at[tensor][row], 0]
          code.load(this.#loaded[tensor], local, place, 'v128.load32_splat')
        })
        code.store(this.#computed(this.#loaded), at[0][row], 0, 'v128.store32_lane', 0)
      }
      for (const tensor of lies.keys()) move(tensor, 1)
    })
  }

  /** Four vectors of four rows. */
  #tile(at: readonly (readonly Local[])[], first: number): void {
    const code = this.#code
    const loaded = this.#plan.lies.map((lie, tensor) => {
      if (tensor === 0) return []
      const places = lie === 'turned' ? at[tensor] : at[tensor].slice(first, first + LANES)
      const lines = places.map((local) => {
        const [line] = vectors(code, 1)
        code.load(line, local, lie === 'turned' ? first * FLOAT : 0, lie === 'same' ? 'v128.load32_splat' : 'v128.load')
        return line
      })
      return lie === 'turned' ? transposed(code, lines) : lines
    })
    const results = multiples(LANES, 1).map((row) => this.#computed(loaded.map((lines) => lines[row])))
    results.forEach((result, row) => {
      code.store(result, at[0][first + row])
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
    this.#store(this.#computed(this.#loaded), at[0], place, lanes)
  }

  /** What the chain makes of what is loaded of each tensor. */
  #computed(loaded: readonly Local[]): Local {
    return this.#chains.send<{ readonly input: number }>(loaded[1], this.#plan.steps, ({ input }) => loaded[input + 1])
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
}
