import { SamepadError, show, Verbatim } from '../../geometry/error.ts'
import { allocate, checkTensor, type Tensor, valuesOf } from '../../tensor/tensor.ts'
import { onOneBuffer } from './memory.ts'

/** Where an operation may be told to write. */
export interface OutputOptions<Output extends Tensor = Tensor> {
  /** A tensor of the right shape to write into, which shares no memory with an input; a new one by default. */
  readonly output?: Output | undefined
}

/** The tensor that an operation fills: the one that is given, whose shape must be right, or a new one. */
export function resultOf(stage: string, output: unknown, shape: readonly number[]): Tensor {
  if (output === undefined) return allocate(stage, 'output', shape)
  const data = valuesOf(output, shape)
  if (data) return { data, shape }
  const { shape: given } = checkTensor(stage, 'output', output)
  throw new SamepadError(stage, `output must have shape ${show(shape)}`, given)
}

/** Whether two shapes are equal. */
export function isSameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, dimension) => size === b[dimension])
}

/** The most elements, 2 GiB of them, of an output that may be larger than all that an operation is given. */
const MOST_GROWN = 2 ** 29

/** Checks, before anything is allocated, that an output that sizes alone decide is no larger than programs can address. */
export function checkGrown(stage: string, shape: readonly number[]): void {
  const elements = shape.reduce((product, size) => product * size, 1)
  if (elements <= MOST_GROWN) return
  throw new SamepadError(stage, `output must have at most ${MOST_GROWN} elements (2 GiB)`, shape)
}

/** Whether two arrays have an element in common. */
export function sharesMemory(a: Float32Array, b: Float32Array): boolean {
  if (!onOneBuffer(a, b)) return false
  return a.byteOffset < b.byteOffset + b.byteLength && b.byteOffset < a.byteOffset + a.byteLength
}

/** Checks that an output shares no memory with an input. */
export function checkApart(stage: string, what: string, input: Tensor, output: Tensor): void {
  if (!sharesMemory(input.data, output.data)) return
  throw new SamepadError(stage, `output must not overlap ${what}`, new Verbatim('shared memory'))
}
