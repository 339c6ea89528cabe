import { elu, sigmoid, tanh } from '../functions/exponentials.ts'
import { bitsOf } from '../functions/float32.ts'
import { leakyRelu, prelu, relu, relu6 } from '../functions/plain.ts'
import { conv as reference } from '../reference/conv.ts'
import type { Epilogue } from '../reference/epilogue.ts'
import { type Filter, type FilterSteps, outputOf, type Problem } from '../reference/problem.ts'
import { filterSteps } from '../run/layers/filter-weights.ts'
import { compute } from '../run/programs/compute.ts'
import type { Operation } from '../run/programs/operation.ts'
import { Schedule } from '../run/programs/schedule.ts'
import { planFilter } from '../run/programs/strategies.ts'
import { inLayout } from '../tensor/tensor.ts'
import { readWeightsShape } from '../tensor/weights.ts'
import type { KeptLayers } from './kept-layers.ts'
import type { KernelAttributes, KernelTensors } from './library.ts'
import type { KernelPlanning, KernelRow, KernelRun, KernelShapes, KernelTask } from './task.ts'
import { geometryOf, isFault, layoutOf, sizesOf } from './windows.ts'

/** A convolution, and how its filter lies. */
export interface ConvTask {
  readonly problem: Problem
  readonly steps: FilterSteps
}

/** How a kernel has its filter: `[...kernel, in / groups, out]`, or where each channel has its own, `[...kernel, channels, multiplier]`. */
export type FilterLayout = 'hwio' | 'hwcm'

/** The convolution of an input and a filter; undefined where samepad has no such one, or they do not fit each other. */
export function convTask(
  input: readonly number[] | undefined,
  filter: readonly number[] | undefined,
  attrs: KernelAttributes,
  weightsLayout: FilterLayout,
): ConvTask | undefined {
  if (!input || !filter || filter.length !== input.length) return undefined
  const layout = layoutOf(attrs)
  const { batch, channels, spatial } = sizesOf(input, layout)
  const sizes = readWeightsShape(filter, weightsLayout)
  const { groups = sizes.depthwise ?? 1 } = attrs as { groups?: number }
  const geometry = geometryOf({ op: 'conv', input: spatial, kernel: sizes.kernel }, attrs)
  if (!geometry || channels !== sizes.in * groups || sizes.out % groups !== 0) return undefined
  return {
    problem: { geometry, batch, inChannels: channels, outChannels: sizes.out, groups, layout },
    steps: filterSteps('conv', sizes, groups),
  }
}

/** What packed weights are made of. */
export interface Packing {
  readonly kind: string
  /** The names of the tensors. */
  readonly of: readonly string[]
  /** The filter as it lies now; valid until memory is taken. */
  readonly filter: (given: KernelRun) => Filter
  /** Its steps. */
  readonly steps: FilterSteps
}

/** An operation with a filter. */
interface FilterSetting extends Pick<KernelTask, 'isFault'> {
  readonly problem: Problem
  readonly operation: Operation
  /** The name of the tensor that it reads, and of the one that its epilogue reads. */
  readonly source: string
  readonly residual?: string | undefined
}

/** A task with weights that are packed. */
export interface FilterTask extends KernelTask {
  /** Whether packed weights are kept for these tensors by now, since they were seen before. */
  readonly isKept: (tensors: KernelTensors, layers: KeptLayers) => boolean
  /** What it computes, if that is a convolution, and the same with what followed it. */
  readonly layer?: FusedLayer | undefined
  readonly longer: Map<string, FilterTask | undefined>
  /** How often nothing followed it since something did. */
  alone: number
}

/** The same problem, where its one channel lies as it would be the first: what has programs along the width is faster then. */
function alongWidth(problem: Problem): Problem {
  const { inChannels, outChannels } = problem
  return inChannels === 1 && outChannels === 1 ? { ...problem, layout: 'nchw' } : problem
}

/** The task of an operation with a filter. */
export function filterTask(
  { problem: given, operation, source, residual, isFault }: FilterSetting,
  { kind, of, filter, steps }: Packing,
  planning: KernelPlanning,
): FilterTask {
  const problem = alongWidth(given)
  const schedule = new Schedule(problem, { operation, ...planning })
  const dataIdsOf = (tensors: KernelTensors): object[] => {
    const dataIds: object[] = []
    for (const name of of) {
      const tensor = tensors[name]
      if (tensor) dataIds.push(tensor.dataId)
    }
    return dataIds
  }
  return {
    ...{ shape: inLayout(outputOf(given), given.layout), isSlow: schedule.plans.size === 0, isFault },
    ...{ longer: new Map<string, FilterTask | undefined>(), alone: 0 },
    isKept: (tensors, layers) => layers.isSeen(kind, dataIdsOf(tensors)),
    run(call) {
      const own = new LatestFilter(steps, () => filter(call))
      call.layers.use(kind, dataIdsOf(call.tensors), own, schedule, (holdings) => {
        compute(
          { operation, filter: own },
          problem,
          schedule,
          holdings,
          call.values(source),
          call.output,
          residual === undefined ? undefined : call.values(residual),
        )
      })
    },
  }
}

/** A filter that is asked for anew whenever it is read: weights are packed later for other sizes too, and may have moved. */
class LatestFilter implements Filter {
  readonly steps: FilterSteps
  readonly #now: () => Filter

  constructor(steps: FilterSteps, now: () => Filter) {
    this.steps = steps
    this.#now = now
  }

  get weights(): Float32Array {
    return this.#now().weights
  }

  get bias(): Float32Array | undefined {
    return this.#now().bias
  }

  get operands(): readonly Float32Array[] | undefined {
    return this.#now().operands
  }
}

const convolution: Operation = { plan: planFilter, reference }

/** Activations that are fused with a convolution, by the library's names. */
const activations: Readonly<Record<string, (attrs: KernelAttributes) => Epilogue>> = {
  linear: () => [],
  relu: () => [{ row: relu, operands: [] }],
  relu6: () => [{ row: relu6, operands: [] }],
  elu: () => [{ row: elu, operands: [{ bits: bitsOf(1) }] }],
  sigmoid: () => [{ row: sigmoid, operands: [] }],
  tanh: () => [{ row: tanh, operands: [] }],
  leakyrelu: ({ leakyreluAlpha = 0.2 }) => [{ row: leakyRelu, operands: [{ bits: bitsOf(leakyreluAlpha as number) }] }],
  prelu: () => [{ row: prelu, operands: [{ channels: 0 }] }],
}

/** The names of a kernel's tensors. */
interface Named {
  readonly kernel: string
  readonly source: string
  readonly filter: string
}

const slopes = 'preluActivationWeights'

/** A convolution with what is computed with it: kernels that are fused in the library, and those that follow it. */
export interface FusedLayer extends Named {
  readonly problem: Problem
  readonly steps: FilterSteps
  /** What else tells its packed weights apart. */
  readonly kind: string
  readonly isFault: boolean
  readonly hasBias: boolean
  /** The name of the tensor with slopes, and of the one that is added, if there are any. */
  readonly slopes?: string | undefined
  readonly residual?: string | undefined
}

/** The epilogue of an activation by the library's name; undefined where there is none. */
export function activationOf(name: string, attrs: KernelAttributes): Epilogue | undefined {
  return Object.hasOwn(activations, name) ? activations[name](attrs) : undefined
}

/** The task of a convolution with what is fused; undefined where samepad cannot do that. */
export function fusedTask(
  named: Named,
  { problem: plain, steps }: ConvTask,
  shapes: KernelShapes,
  attrs: KernelAttributes,
  planning: KernelPlanning,
): FilterTask | undefined {
  const { activation: given } = attrs as { activation?: string | null }
  const activation = given ?? 'linear'
  const epilogue = activationOf(activation, attrs)
  const { [slopes]: ofSlopes, bias } = shapes
  if (!epilogue || ![bias, ofSlopes].every((shape) => !shape || isForChannels(shape, plain))) return undefined
  if ((activation === 'prelu') !== (ofSlopes !== undefined)) return undefined
  return layerTask(
    {
      ...named,
      ...{ problem: { ...plain, epilogue }, steps, isFault: isFault(plain.geometry, attrs) },
      // Tensors that were reshaped share their data: the shape says how it lies.
      kind: `${named.kernel} ${activation} ${attrs.groups} ${plain.layout} ${shapes[named.filter]} ${attrs.transposeB}`,
      ...{ hasBias: bias !== undefined, slopes: ofSlopes && slopes },
    },
    planning,
  )
}

/** The task of such a layer. */
export function layerTask(layer: FusedLayer, planning: KernelPlanning): FilterTask {
  const { problem, source, isFault, kind, steps, filter, slopes, residual } = layer
  const task = filterTask(
    { problem, operation: convolution, source, residual, isFault },
    {
      ...{ kind, of: [filter, 'bias', ...(slopes ? [slopes] : [])], steps },
      filter({ tensors, values }) {
        return {
          weights: values(filter).data,
          ...{ steps, bias: tensors.bias && values('bias').data },
          operands: slopes ? [values(slopes).data] : [],
        }
      },
    },
    planning,
  )
  return { ...task, layer }
}

/** A convolution's kernel. */
function convRow(name: string, weightsLayout: FilterLayout): KernelRow {
  return {
    name,
    plan(shapes, attrs, planning) {
      const plain = convTask(shapes.x, shapes.filter, attrs, weightsLayout)
      return plain && fusedTask({ kernel: name, source: 'x', filter: 'filter' }, plain, shapes, attrs, planning)
    },
  }
}

/** Whether a tensor is one number for each output channel, which lies last. */
export function isForChannels(shape: readonly number[], { outChannels, layout }: Problem): boolean {
  const isLast = layout === 'nhwc' || shape.length === 1
  return isLast && shape.at(-1) === outChannels && shape.slice(0, -1).every((size) => size === 1)
}

export const convRows: readonly KernelRow[] = [
  convRow('Conv2D', 'hwio'),
  convRow('FusedConv2D', 'hwio'),
  convRow('DepthwiseConv2dNative', 'hwcm'),
  convRow('FusedDepthwiseConv2D', 'hwcm'),
  convRow('Conv3D', 'hwio'),
  convRow('SamepadConv', 'hwio'),
]
