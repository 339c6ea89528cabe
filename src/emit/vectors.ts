import type { Arithmetic } from '../functions/arithmetic.ts'
import type { Code, Local } from '../wasm/code.ts'
import { shuffle } from './lanes.ts'
import { vectors } from './loops.ts'

/** What a vector holds: four float32 or two float64. */
type VectorShape = 'f32x4' | 'f64x2'

/** Constants that are loaded before the loops which use them: within, each use would put them together anew. */
export class Constants {
  readonly #code: Code
  readonly #known = new Map<string, Local>()
  readonly #values = new Map<Local, number>()

  constructor(code: Code) {
    this.#code = code
  }

  /** A vector that holds the number in every lane. */
  get(shape: VectorShape, value: number): Local {
    const key = `${shape} ${Object.is(value, -0) ? '-0' : value}`
    const known = this.#known.get(key)
    if (known) return known
    const [local] = vectors(this.#code, 1)
    const lanes = shape === 'f32x4' ? Float32Array.of(value, value, value, value) : Float64Array.of(value, value)
    this.#code.first(() => this.#code.emitBytes('v128.const', new Uint8Array(lanes.buffer)).set(local))
    this.#known.set(key, local)
    this.#values.set(local, value)
    return local
  }

  /** Notes that a variable always holds one number, not known yet and neither NaN nor zero; `valueOf` gives 1 in its place. */
  plain(local: Local): Local {
    this.#values.set(local, 1)
    return local
  }

  /** The number that a variable holds for good; undefined of others. */
  valueOf(local: Local): number | undefined {
    return this.#values.get(local)
  }
}

/** The bits of a sign in float32. */
const SIGN = -0

/** A function's formula, written as instructions: every value is a new variable. */
export class VectorArithmetic implements Arithmetic<Local> {
  readonly #code: Code
  readonly #constants: Constants
  readonly #relaxed: boolean
  readonly #shape: VectorShape

  constructor(code: Code, constants: Constants, relaxed: boolean, shape: VectorShape = 'f32x4') {
    this.#code = code
    this.#constants = constants
    this.#relaxed = relaxed
    this.#shape = shape
  }

  constant(value: number): Local {
    return this.#constants.get(this.#shape, value)
  }

  add(a: Local, b: Local): Local {
    return this.#made(a, b, `${this.#shape}.add`)
  }

  subtract(a: Local, b: Local): Local {
    return this.#made(a, b, `${this.#shape}.sub`)
  }

  multiply(a: Local, b: Local): Local {
    return this.#made(a, b, `${this.#shape}.mul`)
  }

  divide(a: Local, b: Local): Local {
    return this.#made(a, b, `${this.#shape}.div`)
  }

  multiplyAdd(a: Local, b: Local, c: Local): Local {
    if (!this.#relaxed) return this.add(this.multiply(a, b), c)
    return this.#set(this.#code.get(a).get(b).get(c).emit(`${this.#shape}.relaxed_madd`))
  }

  absolute(a: Local): Local {
    return this.#set(this.#code.get(a).emit(`${this.#shape}.abs`))
  }

  squareRoot(a: Local): Local {
    return this.#set(this.#code.get(a).emit(`${this.#shape}.sqrt`))
  }

  /** Each of the two keeps NaN in one operand, and where they differ otherwise, one is -0: so are the bits of both. */
  minimum(a: Local, b: Local): Local {
    const bound = this.#constants.valueOf(b) ?? Number.NaN
    if (!Number.isNaN(bound) && !Object.is(bound, -0)) return this.atMost(a, b)
    return this.#made(this.#made(a, b, 'f32x4.pmin'), this.#made(b, a, 'f32x4.pmin'), 'v128.or')
  }

  /** Where the two differ by their sign alone, -0 less -0 is 0. */
  maximum(a: Local, b: Local): Local {
    const bound = this.#constants.valueOf(b) ?? Number.NaN
    if (!Number.isNaN(bound)) {
      const most = this.atLeast(a, b)
      return Object.is(bound, 0) ? this.add(most, b) : most // which makes 0 of -0
    }
    const [first, second] = [this.#made(a, b, 'f32x4.pmax'), this.#made(b, a, 'f32x4.pmax')]
    return this.subtract(this.#made(first, second, 'v128.or'), this.#made(first, second, 'v128.xor'))
  }

  atLeast(a: Local, bound: Local): Local {
    return this.#made(a, bound, `${this.#shape}.pmax`)
  }

  atMost(a: Local, bound: Local): Local {
    return this.#made(a, bound, `${this.#shape}.pmin`)
  }

  isBelow(a: Local, b: Local): Local {
    return this.#made(a, b, `${this.#shape}.lt`)
  }

  select(mask: Local, a: Local, b: Local): Local {
    const code = this.#code.get(a).get(b).get(mask)
    return this.#set(code.emit(this.#relaxed ? 'i32x4.relaxed_laneselect' : 'v128.bitselect'))
  }

  withSignOf(a: Local, sign: Local): Local {
    return this.#made(a, this.#made(sign, this.constant(SIGN), 'v128.and'), 'v128.or')
  }

  toExponent(a: Local): Local {
    const code = this.#code.get(a).emit('i32.const', this.#shape === 'f32x4' ? 23 : 52)
    return this.#set(code.emit(this.#shape === 'f32x4' ? 'i32x4.shl' : 'i64x2.shl'))
  }

  wide(formula: (w: Arithmetic<Local>, ...values: Local[]) => Local, ...values: Local[]): Local {
    const code = this.#code
    const arithmetic = new VectorArithmetic(code, this.#constants, this.#relaxed, 'f64x2')
    const half = (lanes: readonly number[]): Local => {
      const halves = values.map((value) => {
        if (lanes[0] > 0) shuffle(code.get(value).get(value), lanes)
        else code.get(value)
        return this.#set(code.emit('f64x2.promote_low_f32x4'))
      })
      return this.#set(code.get(formula(arithmetic, ...halves)).emit('f32x4.demote_f64x2_zero'))
    }
    const [low, high] = [half([0, 1, 0, 1]), half([2, 3, 2, 3])]
    return this.#set(shuffle(code.get(low).get(high), [0, 1, 4, 5]))
  }

  #made(a: Local, b: Local, name: Parameters<Code['emit']>[0]): Local {
    return this.#set(this.#code.get(a).get(b).emit(name))
  }

  #set(code: Code): Local {
    const [result] = vectors(code, 1)
    code.set(result)
    return result
  }
}
