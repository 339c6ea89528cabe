import { SamepadError } from '../geometry/index.ts'
import { outputOf, type Problem } from '../reference/problem.ts'
import { checkTensor, inLayout, type Tensor } from '../tensor/tensor.ts'
import { settled } from './memory.ts'
import { isSameShape } from './result.ts'

/**
 * Checks how a loss changes with the outputs of a problem.
 *
 * @returns a copy of it where it lies in program memory, which may move
 */
export function checkOutputGradient(stage: string, problem: Problem, value: unknown): Tensor {
  const { data, shape } = checkTensor(stage, 'outputGradient', value)
  const must = inLayout(outputOf(problem), problem.layout)
  if (isSameShape(shape, must)) return { data: settled(data), shape }
  throw new SamepadError(stage, `outputGradient must have the output's shape [${must}]`, shape)
}
