import { type Combination, computeReduction } from '../run/between/reduce.ts'
import { computeSoftmax } from '../run/between/softmax.ts'
import { SMALL } from '../run/programs/rounding.ts'
import type { KernelRow, KernelTask } from './task.ts'

const elementsOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1)

type Axes = number | readonly number[] | null

/** Which axes are taken together; the maximum calls them otherwise. */
interface Reducing {
  readonly axis?: Axes
  readonly reductionIndices?: Axes
  readonly keepDims?: boolean
}

/** Elements of a softmax below which compiled kernels of the library are faster. */
const LEAST = 2 ** 14

/** The kernel of what takes elements together along some axes. */
function reductionRow(name: string, combine: Combination): KernelRow {
  return {
    name,
    plan({ x }, attrs): KernelTask | undefined {
      const { axis, reductionIndices, keepDims } = attrs as Reducing
      if (!x || x.length === 0) return undefined
      const given = [axis ?? reductionIndices ?? [...x.keys()]].flat()
      const axes = given.map((one) => (one < 0 ? one + x.length : one))
      if (axes.length === 0 || axes.some((one) => x[one] === undefined)) return undefined
      const isReduced = x.map((_, one) => axes.includes(one))
      return {
        shape: x.flatMap((size, one) => (isReduced[one] ? (keepDims ? [1] : []) : [size])),
        ...{ isFault: false, isSlow: elementsOf(x) < SMALL },
        run: ({ values, output }) => computeReduction(combine, x, isReduced, values('x'), output),
      }
    },
  }
}

const softmax: KernelRow = {
  name: 'Softmax',
  plan({ logits }, { dim }, { isCompiled }): KernelTask | undefined {
    if (!logits || logits.length === 0) return undefined
    const axis = (dim as number) < 0 ? (dim as number) + logits.length : (dim as number)
    return {
      ...{ shape: logits, isFault: false, isSlow: elementsOf(logits) < (isCompiled ? LEAST : SMALL) },
      run: ({ values, output }) => computeSoftmax(logits, axis, values('logits'), output),
    }
  },
}

export const reductionRows: readonly KernelRow[] = [
  reductionRow('Mean', 'mean'),
  reductionRow('Sum', 'sum'),
  reductionRow('Max', 'maximum'),
  reductionRow('Min', 'minimum'),
  softmax,
]
