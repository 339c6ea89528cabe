import {
  type MaxPoolGradientPlan,
  type MaxPoolGradientStructure,
  RUN_ENTRY,
  WINDOW_ENTRY,
  type WindowLanes,
} from '../plan/max-pool-gradient.ts'
import { FLOAT, LANES, VECTOR } from '../plan/plan.ts'
import { type Amount, INTEGER } from '../plan/tables.ts'
import type { Code, Local } from '../wasm/code.ts'
import { advance, integers, push, times, variables, vectors, vectorsOf, walk } from './loops.ts'
import { constant, emitRun } from './program.ts'
import { SizeNumbers } from './size-numbers.ts'

/** Emits the program `run(output, tables, input, change)`, whose output shares no memory with the others. */
export function emitMaxPoolGradient({ structure }: MaxPoolGradientPlan): Uint8Array<ArrayBuffer> {
  return emitRun(['output', 'tables', 'input', 'change'], (code) => new MaxPoolGradientEmitter(structure, code).write())
}

/** Addresses that every loop moves on. */
type At = Readonly<Record<'input' | 'change', Local>>

/** Taps along an axis: how many, and bytes between them. */
interface Taps {
  readonly count: Local | 1
  readonly step: Amount
}

class MaxPoolGradientEmitter {
  readonly #plan: MaxPoolGradientStructure
  readonly #code: Code
  readonly #sizes: SizeNumbers
  /** Bytes from a cell of the input to that of the gradient. */
  readonly #apart: Local
  readonly #vectors: readonly Local[]

  constructor(plan: MaxPoolGradientStructure, code: Code) {
    this.#plan = plan
    this.#code = code
    this.#sizes = new SizeNumbers(code, code.parameters[1], plan.numbers)
    this.#apart = code.local('i32')
    this.#vectors = vectors(code, 6)
  }

  write(): void {
    const { images, channels, image, channel } = this.#plan
    const [code, sizes] = [this.#code, this.#sizes]
    const [output, , input, change] = code.parameters
    code.compute(this.#apart, 'i32.sub', output, input)
    this.#clear(output)
    walk(code, sizes.of(images), { input, change }, sizes.steps({ ...image }), (at) =>
      walk(code, sizes.of(channels), at, channels === 1 ? {} : sizes.steps({ ...channel }), (at) => this.#axis(at, [])),
    )
  }

  /** Zeros, to which windows add. */
  #clear(output: Local): void {
    const code = this.#code
    const [at] = integers(code, 1)
    const [zero] = vectors(code, 1)
    code.get(output).set(at)
    constant(code, 0).set(zero)
    vectorsOf(code, this.#sizes.variable(this.#plan.elements), LANES, (count, lanes) => {
      for (let index = 0; index < count; index++) {
        if (lanes === 1) code.store(zero, at, 0, 'v128.store32_lane', 0)
        else code.store(zero, at, index * VECTOR)
      }
      advance(code, at, count * lanes * FLOAT)
    })
  }

  /** The outputs of one axis after the other; those whose windows see no real cell are passed over. */
  #axis(from: At, seen: readonly Taps[]): void {
    const [code, sizes] = [this.#code, this.#sizes]
    const axis = this.#plan.axes[seen.length]
    if (!axis) {
      this.#lanes(from, seen)
      return
    }
    const moved = { change: sizes.of(axis.change), list: WINDOW_ENTRY * INTEGER }
    walk(code, sizes.of(axis.outputs), { ...from, list: sizes.address(axis.entries) }, moved, ({ list, ...at }) => {
      const { count, input } = variables(code, 'count', 'input')
      code.load(count, list, 0, 'i32.load')
      code.get(count).if(() => {
        code.load(input, list, INTEGER, 'i32.load').compute(input, 'i32.add', input, at.input)
        this.#axis({ input, change: at.change }, [...seen, { count, step: axis.tap }])
      })
    })
  }

  #lanes(at: At, seen: readonly Taps[]): void {
    const { lanes } = this.#plan
    if (lanes.along === 'width') {
      this.#runs(at, lanes.runs, lanes.vectors, LANES, lanes, seen)
      this.#runs(at, lanes.singles, lanes.rest, 1, lanes, seen)
      return
    }
    const code = this.#code
    const { input, change } = variables(code, 'input', 'change')
    code.get(at.input).set(input).get(at.change).set(change)
    const tiles = (count: Amount, lanes: number): void => {
      times(push(code, this.#sizes.of(count)), () => {
        this.#tile({ input, change }, seen, lanes, FLOAT)
        for (const address of [input, change]) advance(code, address, lanes * FLOAT)
      })
    }
    tiles(lanes.vectors, LANES)
    tiles(lanes.rest, 1)
  }

  /** Neighbouring windows of a row that see as many taps. */
  #runs(
    at: At,
    list: Amount,
    count: Amount,
    lanes: number,
    { step, tap }: Extract<WindowLanes, { along: 'width' }>,
    seen: readonly Taps[],
  ): void {
    const [code, sizes] = [this.#code, this.#sizes]
    const entry = code.local('i32')
    code.get(sizes.address(list)).set(entry)
    times(push(code, sizes.of(count)), () => {
      const { taps, input, change } = variables(code, 'taps', 'input', 'change')
      code.load(taps, entry, INTEGER, 'i32.load')
      code.load(input, entry, 2 * INTEGER, 'i32.load').compute(input, 'i32.add', input, at.input)
      code.load(change, entry, 3 * INTEGER, 'i32.load').compute(change, 'i32.add', change, at.change)
      times(code.get(entry).emit('i32.load'), () => {
        this.#tile({ input, change }, [...seen, { count: taps, step: tap }], lanes, step)
        advance(code, input, lanes * step)
        advance(code, change, lanes * FLOAT)
      })
      advance(code, entry, RUN_ENTRY * INTEGER)
    })
  }

  /**
   * Some windows, so many bytes apart, each a lane: their largest cells, the first of those that are equal, or the last NaN, take
   * the gradients of their outputs.
   */
  #tile({ input, change }: At, taps: readonly Taps[], lanes: number, step: number): void {
    const code = this.#code
    const [largest, place, value, offset, isLarger, gradient] = this.#vectors
    this.#load(largest, input, lanes, step)
    constant(code, 0).set(place)
    const nest = (cell: Local, axis: number): void => {
      if (axis < taps.length) {
        const { count, step } = taps[axis]
        walk(code, count, { cell }, { cell: this.#sizes.of(step) }, ({ cell }) => nest(cell, axis + 1))
        return
      }
      this.#load(value, cell, lanes, step)
      code.get(largest).get(value).emit('f32x4.lt').get(value).get(value).emit('f32x4.ne')
      code.emit('v128.or').set(isLarger)
      code.get(cell).get(input).emit('i32.sub').emit('i32x4.splat').set(offset)
      code.get(value).get(largest).get(isLarger).emit('v128.bitselect').set(largest)
      code.get(offset).get(place).get(isLarger).emit('v128.bitselect').set(place)
    }
    nest(input, 0)
    for (let lane = 0; lane < lanes; lane++) {
      const { at } = variables(code, 'at')
      code
        .get(place)
        .emit('i32x4.extract_lane', lane)
        .get(input)
        .emit('i32.add')
        .get(this.#apart)
        .emit('i32.add')
        .set(at)
      code.load(value, at, lane * step, 'v128.load32_splat')
      code.load(gradient, change, lane * FLOAT, 'v128.load32_splat').compute(value, 'f32x4.add', value, gradient)
      code.store(value, at, lane * step, 'v128.store32_lane', 0)
    }
  }

  #load(target: Local, at: Local, lanes: number, step: number): void {
    const code = this.#code
    if (lanes === LANES && step === FLOAT) {
      code.load(target, at)
      return
    }
    code.load(target, at, 0, 'v128.load32_splat')
    for (let lane = 1; lane < lanes; lane++) {
      code
        .get(at)
        .get(target)
        .emit('v128.load32_lane', lane * step, lane)
        .set(target)
    }
  }
}
