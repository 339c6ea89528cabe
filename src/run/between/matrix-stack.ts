import { SamepadError } from '../../geometry/error.ts'
import { Geometry } from '../../geometry/index.ts'
import type { FilterSteps, Problem } from '../../reference/problem.ts'
import type { SharedAxis } from '../../reference/reduce.ts'
import type { Layout, Tensor } from '../../tensor/tensor.ts'

/** An operand of a product: a stack of matrices. */
export interface MatrixStack extends Tensor {
  /** The dimensions around those of the matrices. */
  readonly stack: readonly number[]
  readonly rows: number
  readonly columns: number
  /** Whether columns are what lies side by side in memory, not rows. */
  readonly isTransposed: boolean
  /** Whether it is a tensor of one dimension. */
  readonly isVector: boolean
}

/** Reads an operand as matrices; a tensor of one dimension is a single row, or a single column. */
export function matricesOf(
  stage: string,
  what: string,
  { data, shape }: Tensor,
  isExchanged: boolean,
  vector: 'row' | 'column',
): MatrixStack {
  if (shape.length === 0) throw new SamepadError(stage, `${what} must have at least one dimension`, shape)
  const isVector = shape.length === 1
  const [rows, columns] = !isVector ? shape.slice(-2) : vector === 'row' ? [1, shape[0]] : [shape[0], 1]
  // Of a vector nothing is to be exchanged.
  const isTransposed = isExchanged && !isVector
  const sides = isTransposed ? { rows: columns, columns: rows } : { rows, columns }
  return { ...{ data, shape, stack: shape.slice(0, -2), isTransposed, isVector }, ...sides }
}

/** A product as a convolution with a kernel of one tap. */
export interface Product {
  readonly problem: Problem
  /** Which operand the weights are, and how they lie; the other one is the input. */
  readonly weights: 'left' | 'right'
  readonly steps: FilterSteps
  /** Whether it takes the whole innermost axis of the stacks, or one matrix of it. */
  readonly isWhole: boolean
}

/**
 * Chooses how matrices are multiplied. Either rows of the left ones are cells with channels last, and the right ones weights;
 * or rows of the right ones are channels, and the left ones weights. What is smaller is packed, where both can be.
 *
 * @param axis the innermost axis of the stacks, with the steps of the result, of the left, and of the right
 */
export function productOf(left: MatrixStack, right: MatrixStack, axis: SharedAxis | undefined): Product {
  const { rows, columns: inner } = left
  const { columns } = right
  const { size, steps } = axis ?? { size: 1, steps: [0, 0, 0] }
  const [, leftMoves, rightMoves] = steps.map((step) => step > 0)
  if (right.isTransposed || (!left.isTransposed && !rightMoves && size * rows > columns)) {
    const channels = { batch: 1, groups: 1, inChannels: inner, outChannels: columns }
    return {
      ...{ problem: problemOf('nhwc', size * rows, channels), weights: 'right', isWhole: true },
      steps: { group: 0, tap: 0, ...(right.isTransposed ? { out: inner, in: 1 } : { out: 1, in: columns }) },
    }
  }
  const isWhole = rightMoves || !left.isTransposed
  const taken = isWhole ? size : 1
  const groups = leftMoves && rightMoves ? taken : 1
  const channels = {
    ...{
      groups,
      batch: leftMoves ? 1 : taken,
      inChannels: groups * inner,
      outChannels: (leftMoves ? taken : 1) * rows,
    },
  }
  return {
    ...{ problem: problemOf('nchw', columns, channels), weights: 'left', isWhole },
    steps: { group: rows * inner, tap: 0, ...(left.isTransposed ? { out: 1, in: rows } : { out: inner, in: 1 }) },
  }
}

function problemOf(
  layout: Layout,
  cells: number,
  channels: Pick<Problem, 'batch' | 'groups' | 'inChannels' | 'outChannels'>,
): Problem {
  const axis = { input: cells, kernel: 1, stride: 1, dilation: 1, padBegin: 0, padEnd: 0, output: cells }
  return { geometry: new Geometry('conv', [axis]), layout, ...channels }
}
