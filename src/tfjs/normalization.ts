import { elementwise } from '../reference/elementwise.ts'
import { free, take, Values } from '../run/memory/memory.ts'
import { isSameShape } from '../run/memory/result.ts'
import { PlannedPart } from '../run/programs/compute-parts.ts'
import { SMALL } from '../run/programs/rounding.ts'
import { runPlaced } from '../run/programs/run-placed.ts'
import { broadcast, chainProblem, step } from './chains.ts'
import type { KernelRow, KernelTask } from './task.ts'

/** Normalization by known numbers, for each channel as a rule: (x - mean) times a factor, which is computed first, plus an offset. */
const batchNorm: KernelRow = {
  name: 'FusedBatchNorm',
  plan({ x, mean, variance, offset, scale }, { varianceEpsilon }): KernelTask | undefined {
    const inputs = [x, mean, variance, ...(offset ? [offset] : []), ...(scale ? [scale] : [])]
    if (!x || !mean || !variance) return undefined
    const shape = broadcast(inputs as (readonly number[])[])
    const ofFactor = broadcast(scale ? [variance, scale] : [variance])
    if (!shape || !ofFactor || String(shape) !== String(x)) return undefined
    const factor = new PlannedPart(
      chainProblem(ofFactor, scale ? [variance, scale] : [variance], {
        steps: [
          ...[step('add', { number: 0 }), step('sqrt'), step('reciprocal')],
          ...(scale ? [step('multiply', { input: 1 })] : []),
        ],
        numbers: [varianceEpsilon as number],
      }),
    )
    const all = new PlannedPart(
      chainProblem(shape, offset ? [x, mean, ofFactor, offset] : [x, mean, ofFactor], {
        steps: [
          ...[step('subtract', { input: 1 }), step('multiply', { input: 2 })],
          ...(offset ? [step('add', { input: 3 })] : []),
        ],
      }),
    )
    const length = ofFactor.reduce((product, size) => product * size, 1)
    return {
      // The library goes through shorter lists of numbers again and again, whatever their shapes are.
      isFault: !inputs.every((own) => isRepeated(own as readonly number[], shape)),
      ...{ shape, isSlow: all.functions < SMALL || !all.placed || !factor.placed },
      run({ values, output }) {
        const block = take(4 * length)
        const factors = block ? Values.at(block.address, length) : new Values(new Float32Array(length))
        run(factor, [values('variance'), ...(scale ? [values('scale')] : [])], factors)
        run(all, [values('x'), values('mean'), factors, ...(offset ? [values('offset')] : [])], output)
        if (block) free(block)
      },
      release() {
        factor.release()
        all.release()
      },
    }
  },
}

/** Whether a tensor that is broadcast to a shape is a list that is repeated: the last dimensions of the shape, or a single number. */
function isRepeated(own: readonly number[], shape: readonly number[]): boolean {
  const first = own.findIndex((size) => size > 1)
  return first < 0 || isSameShape(own.slice(first), shape.slice(first - own.length))
}

function run({ problem, placed }: PlannedPart, inputs: readonly Values[], output: Values): void {
  if (placed && runPlaced([{ placed, inputs }], output)) return
  elementwise(
    problem,
    inputs.map(({ data }) => data),
    output.data,
  )
}

export const normalizationRows: readonly KernelRow[] = [batchNorm]
