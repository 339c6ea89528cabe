import type { Block } from '../../run/memory/heap.ts'
import { floatsOf, free, take } from '../../run/memory/memory.ts'
import { numbers } from '../../tensor/tensor.ts'
import { sizeOf } from '../lower/operation.ts'
import { type StepTensor, stepsIn } from './binding.ts'

/** The memory of a schedule: in program memory, or where that has no room or is not there outside of it. */
export class ScheduleMemory {
  readonly #length: number
  readonly #fill: (floats: Float32Array) => void
  #block: Block | undefined
  #outside: Float32Array | undefined

  /** @param fill writes constants, whenever the memory is taken */
  constructor(length: number, fill: (floats: Float32Array) => void) {
    this.#length = Math.max(1, length)
    this.#fill = fill
  }

  /** All of it, taken where it is not there. */
  get floats(): Float32Array {
    if (this.#block?.isThere) return floatsOf(this.#block, this.#length)
    if (!this.#outside) {
      this.#block = take(4 * this.#length)
      this.#outside = this.#block ? undefined : numbers('run', 'the values', Float32Array, this.#length)
      this.#fill(this.#outside ?? floatsOf(this.#block as Block, this.#length))
    }
    return this.#outside ?? floatsOf(this.#block as Block, this.#length)
  }

  /** Gives it back; it is taken again when it is asked for. */
  release(): void {
    if (this.#block) free(this.#block)
    this.#block = undefined
    this.#outside = undefined
  }
}

/** A tensor that lies in the memory of a schedule. */
export class PlacedTensor implements StepTensor {
  readonly shape: readonly number[]
  readonly within: readonly number[] | undefined
  readonly #memory: ScheduleMemory
  readonly #begin: number
  readonly #end: number
  #whole: Float32Array | undefined
  #data: Float32Array = none

  /** @param within the shape of the tensor of which it is a part, if it is one */
  constructor(memory: ScheduleMemory, shape: readonly number[], begin: number, within?: readonly number[]) {
    this.shape = shape
    this.within = within
    // To the last element: those of other parts lie between.
    const steps = stepsIn(this)
    const length = within ? shape.reduce((end, size, axis) => end + (size - 1) * steps[axis], 1) : sizeOf(shape)
    this.#memory = memory
    this.#begin = begin
    this.#end = begin + length
  }

  /** Its values as they lie now: program memory may have moved since. */
  get data(): Float32Array {
    const whole = this.#memory.floats
    if (whole !== this.#whole) {
      this.#whole = whole
      this.#data = whole.subarray(this.#begin, this.#end)
    }
    return this.#data
  }
}

const none = new Float32Array(0)
