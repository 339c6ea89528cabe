import { Values } from '../../run/memory/memory.ts'
import { computeParts, type PlannedPart } from '../../run/programs/compute-parts.ts'
import { computedBy } from '../../run/programs/engine.ts'
import type { Tensor } from '../../tensor/tensor.ts'

/**
 * A part of a tensor as a call that comes again and again: on its program however small it is, and by the definition where there
 * is none or the tensors lie outside of program memory.
 */
export function repeatedPart(part: PlannedPart, inputs: readonly Tensor[], output: Tensor): () => void {
  const arrays = inputs.map(({ data }) => data)
  return () => {
    for (let index = 0; index < arrays.length; index++) arrays[index] = inputs[index].data
    if (part.placed?.runInPlace(output.data, arrays)) computedBy('program')
    else oncePart(part, inputs, output)()
  }
}

/** The same for a single time, for which a program is made only where that is worth it. */
export function oncePart(part: PlannedPart, inputs: readonly Tensor[], output: Tensor): () => void {
  return () => {
    const values = inputs.map(({ data }) => new Values(data))
    computeParts([{ part, inputs: values }], new Values(output.data))
  }
}
