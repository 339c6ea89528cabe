import { outputOf } from '../reference/problem.ts'
import type { InputGradient, InputGradientOf } from '../run/gradients/input-gradient.ts'
import { leadingBack } from '../run/gradients/leading-back.ts'
import { averageGradient, maximumGradient } from '../run/gradients/pool-gradient.ts'
import { WeightsGradient } from '../run/gradients/weights-gradient.ts'
import { noFilter } from '../run/layers/no-filter.ts'
import { isSameShape } from '../run/memory/result.ts'
import { inLayout } from '../tensor/tensor.ts'
import { type ConvTask, convTask, type FilterLayout, filterTask } from './filters.ts'
import type { KernelAttributes } from './library.ts'
import type { KernelRow, KernelTask } from './task.ts'
import { isFault, poolProblem } from './windows.ts'

/** Whether the output's gradient has the output's shape. */
function fits(change: readonly number[] | undefined, { problem }: Pick<ConvTask, 'problem'>): boolean {
  return change !== undefined && isSameShape(change, inLayout(outputOf(problem), problem.layout))
}

/** The kernel of the gradient of a convolution's input, which is the library's transposed convolution too. */
function inputRow(name: string, weightsLayout: FilterLayout): KernelRow {
  return {
    name,
    plan({ dy, filter }, attrs, planning) {
      const { inputShape } = attrs as { inputShape: readonly number[] }
      const forward = convTask(inputShape, filter, attrs, weightsLayout)
      if (!forward || !fits(dy, forward)) return undefined
      const filterOf = (weights: Float32Array) => ({ weights, steps: forward.steps, bias: undefined })
      const {
        problem,
        operation,
        filter: { steps },
      } = leadingBack(forward.problem, filterOf(new Float32Array(0)))
      return filterTask(
        { problem, operation, source: 'dy', isFault: isFault(forward.problem.geometry, attrs) },
        {
          // The weights may be mirrored, which depends on pads and strides; tensors that were reshaped share their data.
          kind: `${name} ${JSON.stringify([attrs, problem.geometry.op, filter])}`,
          ...{ of: ['filter'], steps },
          filter: ({ values }) => leadingBack(forward.problem, filterOf(values('filter').data)).filter,
        },
        planning,
      )
    },
  }
}

/** The kernel of the gradient of a convolution's filter. */
function filterRow(name: string, weightsLayout: FilterLayout): KernelRow {
  return {
    name,
    plan({ x, dy }, attrs) {
      const { filterShape } = attrs as { filterShape: readonly number[] }
      const forward = convTask(x, filterShape, attrs, weightsLayout)
      if (!forward || !fits(dy, forward)) return undefined
      const gradient = new WeightsGradient(forward.problem, forward.steps, false)
      return {
        ...{ shape: filterShape, isSlow: false, isFault: isFault(forward.problem.geometry, attrs) },
        run: ({ values, output }) => gradient.run(values('x'), values('dy'), output),
        release: () => gradient.release(),
      }
    },
  }
}

/** The kernel of the gradient of a pool's input. */
function poolRow(name: string, op: 'maxPool' | 'averagePool', gradientOf: InputGradientOf): KernelRow {
  return {
    name,
    plan({ dy, input }, attrs: KernelAttributes, planning): KernelTask | undefined {
      const problem = input && poolProblem(op, input, attrs)
      if (!problem || !fits(dy, { problem })) return undefined
      const { geometry } = problem
      // The library divides by all taps, also by those on padding.
      const dividesByAll = op === 'averagePool' && geometry.axes.some((axis) => axis.padBegin > 0 || axis.padEnd > 0)
      const gradient: InputGradient = gradientOf({ ...planning, problem, filter: noFilter, once: false })
      return {
        ...{ shape: input, isSlow: false, isFault: dividesByAll || isFault(geometry, attrs) },
        run: ({ values, output }) => gradient.run(values('input'), values('dy'), output),
        release: () => gradient.release(),
      }
    },
  }
}

export const gradientRows: readonly KernelRow[] = [
  inputRow('Conv2DBackpropInput', 'hwio'),
  inputRow('DepthwiseConv2dNativeBackpropInput', 'hwcm'),
  inputRow('Conv3DBackpropInputV2', 'hwio'),
  inputRow('SamepadConvBackpropInput', 'hwio'),
  filterRow('Conv2DBackpropFilter', 'hwio'),
  filterRow('DepthwiseConv2dNativeBackpropFilter', 'hwcm'),
  filterRow('Conv3DBackpropFilterV2', 'hwio'),
  filterRow('SamepadConvBackpropFilter', 'hwio'),
  poolRow('MaxPoolGrad', 'maxPool', maximumGradient),
  poolRow('MaxPool3DGrad', 'maxPool', maximumGradient),
  poolRow('AvgPoolGrad', 'averagePool', averageGradient),
  poolRow('AvgPool3DGrad', 'averagePool', averageGradient),
]
