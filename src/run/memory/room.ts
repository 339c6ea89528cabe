import type { Block } from './heap.ts'
import { floatsOf, free, take, Values } from './memory.ts'

/** Room for some floats between one program and the next: in program memory where there is some left, and kept until it is released. */
export class Room {
  readonly #length: number
  #block: Block | undefined
  #array: Float32Array | undefined

  constructor(length: number) {
    this.#length = length
  }

  /** It as it was left. Asking for it may move all of program memory. */
  get values(): Values {
    if (!this.#block?.isThere && !this.#array) {
      this.#block = take(this.#length * 4)
      if (!this.#block) this.#array = new Float32Array(this.#length)
    }
    return new Values(this.#array ?? floatsOf(this.#block as Block, this.#length))
  }

  release(): void {
    if (this.#block) free(this.#block)
    this.#block = undefined
    this.#array = undefined
  }
}
