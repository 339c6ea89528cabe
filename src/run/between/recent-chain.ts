import { valuesOf } from '../../tensor/tensor.ts'
import { isSameShape, sharesMemory } from '../memory/result.ts'
import type { PlannedPart } from '../programs/compute-parts.ts'

/** What a chain takes besides its input: a number, or a tensor of a shape. */
export type KnownOperand = number | readonly number[]

/**
 * A chain that ran. What comes as it came before, in program memory, needs no check but that it does: beside the program
 * for 1.6 MB, which leaves nothing else in the nearer caches, all that is looked at costs time.
 */
export class RecentChain {
  readonly #input: readonly number[]
  readonly #steps: readonly { readonly name: string; readonly operands: readonly KnownOperand[] | undefined }[]
  readonly #shape: readonly number[]
  readonly #part: PlannedPart
  /** Of each tensor, whether it has the shape of the output. */
  readonly #whole: readonly boolean[]
  /** The tensors of a run; the list is kept, since making one takes time. */
  readonly #data: Float32Array[] = []

  /** @param steps with operands as they were written; undefined where a name stood alone */
  constructor(
    input: readonly number[],
    steps: readonly { readonly name: string; readonly operands: readonly KnownOperand[] | undefined }[],
    shape: readonly number[],
    part: PlannedPart,
  ) {
    this.#input = input
    this.#steps = steps
    this.#shape = shape
    this.#part = part
    const tensors = [input, ...steps.flatMap(({ operands = [] }) => operands)].filter(
      (known) => typeof known !== 'number',
    )
    this.#whole = tensors.map((own) => isSameShape(own, shape))
  }

  /** Runs the chain again; false, and nothing is done, if anything is not as it was or not in program memory. */
  run(input: unknown, steps: readonly unknown[], output: unknown): boolean {
    const data = this.#data
    data.length = 0
    const result = valuesOf(output, this.#shape)
    if (!result || !this.#take(input, this.#input) || steps.length !== this.#steps.length) return false
    for (let index = 0; index < steps.length; index++) if (!this.#fits(steps[index], index)) return false
    for (let index = 0; index < data.length; index++) if (!this.#isApart(index, result)) return false
    return this.#part.runInPlace(result, data)
  }

  #take(value: unknown, known: KnownOperand): boolean {
    if (typeof known === 'number') return typeof value === 'number' && Object.is(Math.fround(value), known)
    const data = valuesOf(value, known)
    if (data) this.#data.push(data)
    return data !== undefined
  }

  #fits(step: unknown, index: number): boolean {
    const { name, operands } = this.#steps[index]
    if (operands === undefined) return step === name
    if (typeof step !== 'object' || step === null) return false
    for (const key in step) if (key !== name) return false
    const written = (step as Readonly<Record<string, unknown>>)[name]
    if (!Array.isArray(written)) return operands.length === 1 && this.#take(written, operands[0])
    return written.length === operands.length && operands.every((known, at) => this.#take(written[at], known))
  }

  /** Whether an input shares no memory with the output, or is all of it. */
  #isApart(index: number, result: Float32Array): boolean {
    const data = this.#data[index]
    return !sharesMemory(data, result) || (data.byteOffset === result.byteOffset && this.#whole[index])
  }
}
