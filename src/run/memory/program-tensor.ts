import { Verbatim } from '../../geometry/error.ts'
import { SamepadError } from '../../geometry/index.ts'
import { checkShape, elementsOf, type Tensor } from '../../tensor/tensor.ts'
import type { Block } from './heap.ts'
import { floatsOf, free, released, take, Values } from './memory.ts'

/** A tensor that lies in the memory of programs, so that layers read and write it where it is. */
export interface ProgramTensor extends Tensor {
  /**
   * Its values. Ask for them anew whenever you use them, and do not keep the array: it is empty as soon as program
   * memory has grown, and keeps all of it from being freed by `releaseMemory`. With threads it lies on a
   * `SharedArrayBuffer`, which some functions of browsers do not take: give them a copy (`data.slice()`).
   *
   * @throws SamepadError after `release` or `releaseMemory`
   */
  readonly data: Float32Array
  /** Gives its memory back. */
  release(): void
}

const STAGE = 'programTensor'

/** Frees tensors that were dropped without `release`. */
const dropped = new FinalizationRegistry<Block>(free)

/**
 * A tensor in the memory of programs: what one layer writes there the next one reads without a copy.
 *
 * @param shape in the layout of the layers that use it
 * @param data its values, copied; zeros by default
 * @throws SamepadError when the shape is not one, the data are not as many, or the engine has no memory for them
 */
export function programTensor(shape: readonly number[], data?: Float32Array): ProgramTensor {
  const sizes = checkShape(STAGE, 'tensor', shape, 1)
  const length = elementsOf(STAGE, 'tensor', sizes)
  if (data !== undefined && !(data instanceof Float32Array && data.length === length)) {
    throw new SamepadError(STAGE, `data must be a Float32Array of the ${length} elements of the shape`, data)
  }
  const from = data && new Values(data) // taking may move all of program memory
  const block = take(length * 4)
  if (!block)
    throw new SamepadError(STAGE, 'the tensor must fit into program memory', new Verbatim(`${length} elements`))
  const tensor = new InProgramMemory(sizes, block, length)
  if (from) tensor.data.set(from.data)
  else tensor.data.fill(0)
  return tensor
}

class InProgramMemory implements ProgramTensor {
  readonly shape: readonly number[]
  readonly #block: Block
  readonly #length: number

  constructor(shape: readonly number[], block: Block, length: number) {
    this.shape = Object.freeze([...shape])
    this.#block = block
    this.#length = length
    dropped.register(this, block, this)
  }

  get data(): Float32Array {
    if (!this.#block.isThere) throw released()
    return floatsOf(this.#block, this.#length)
  }

  release(): void {
    dropped.unregister(this)
    free(this.#block)
  }
}
