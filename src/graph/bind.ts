import { Geometry, resolve } from '../geometry/index.ts'
import type { Filter, Problem } from '../reference/problem.ts'
import { compute, noFilter } from '../run/compute.ts'
import { computeParts } from '../run/compute-parts.ts'
import { denseSteps } from '../run/dense.ts'
import { type ElementwiseStep, elementwise } from '../run/elementwise.ts'
import { filterSteps } from '../run/filter-weights.ts'
import { Values } from '../run/memory.ts'
import { Schedule } from '../run/schedule.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { readWeightsShape } from '../tensor/weights.ts'
import type { LayerStore } from './layer-store.ts'
import type { ChainOperation, ConcatOperation, DenseOperation, GraphStep, WindowOperation } from './operation.ts'
import { sizeOf } from './operation.ts'

/** What steps are bound with. */
export interface Binding {
  readonly layers: LayerStore
  readonly deterministic: boolean
  /** Whether an input of a joining step lies in its output already. */
  readonly isJoined: (step: GraphStep, index: number) => boolean
}

/** A step as a call: what it reads and fills are tensors whose arrays are asked for at each run. */
export function bindStep(
  step: GraphStep,
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  binding: Binding,
): () => void {
  const { operation } = step
  switch (operation.kind) {
    case 'window':
      return bindWindow(step, operation, inputs[0], outputs[0], binding)
    case 'chain':
      return bindChain(operation, inputs, outputs[0])
    case 'dense':
      return bindDense(step, operation, inputs[0], outputs[0], binding)
    case 'concat':
      return bindConcat(step, operation, inputs, outputs[0], binding)
    case 'call':
      return () => operation.run(inputs, outputs)
  }
}

function bindChain({ links }: ChainOperation, inputs: readonly Tensor[], output: Tensor): () => void {
  const steps = links.map(({ name, operands }) => {
    const list = operands.map((one) => (typeof one === 'number' ? one : inputs[one.input]))
    return list.length === 0 ? name : { [name]: list.length === 1 ? list[0] : list }
  })
  return () => elementwise(inputs[0], steps as ElementwiseStep[], { output })
}

/** Runs a problem with weights that are packed once. */
function bindProblem(
  problem: Problem,
  step: GraphStep,
  parts: readonly unknown[],
  filter: () => Filter,
  [input, output]: readonly [Tensor, Tensor],
  { layers, deterministic }: Binding,
): () => void {
  const { filter: own, holdings } = layers.get(step.outputs[0].name, parts, filter)
  const schedule = new Schedule(problem, deterministic)
  layers.uses(holdings, schedule)
  return () => void compute(problem, schedule, holdings, new Values(input.data), own, new Values(output.data))
}

function bindWindow(
  step: GraphStep,
  { geometry, groups, outChannels, weights, bias, activation, countIncludePad }: WindowOperation,
  input: Tensor,
  output: Tensor,
  binding: Binding,
): () => void {
  const [batch, inChannels] = input.shape
  const { op } = geometry
  const problem: Problem = {
    ...{ geometry, batch, inChannels, outChannels, groups, layout: 'nchw' },
    ...{ activation, countIncludePad },
  }
  const filter = (): Filter => {
    if (!weights?.constant || (op !== 'conv' && op !== 'convTranspose')) return noFilter
    const sizes = readWeightsShape(weights.shape, op === 'conv' ? 'oihw' : 'iohw')
    return { weights: weights.constant, steps: filterSteps(op, sizes, groups), bias: bias?.constant }
  }
  const parts = [weights?.constant, bias?.constant, op, groups, String(weights?.shape)]
  return bindProblem(problem, step, parts, filter, [input, output], binding)
}

/** A matrix product is a convolution of one tap along the rows, whose channels lie last. */
function bindDense(
  step: GraphStep,
  { weights, bias }: DenseOperation,
  input: Tensor,
  output: Tensor,
  binding: Binding,
): () => void {
  const [inner, columns] = weights.shape
  const geometry = new Geometry('conv', resolve({ input: [sizeOf(input.shape) / inner], kernel: [1] }).axes)
  const problem: Problem = {
    ...{ geometry, batch: 1, inChannels: inner, outChannels: columns, groups: 1, layout: 'nhwc' },
  }
  const filter = (): Filter => ({
    weights: weights.constant ?? new Float32Array(0),
    steps: { group: 0, out: 1, in: columns, tap: 0 },
    bias: bias?.constant,
  })
  const parts = [weights.constant, bias?.constant, String(weights.shape)]
  return bindProblem(problem, step, parts, filter, [input, output], binding)
}

/** Inputs that lie where they belong are left out. */
function bindConcat(
  step: GraphStep,
  { axis }: ConcatOperation,
  inputs: readonly Tensor[],
  output: Tensor,
  { isJoined }: Binding,
): () => void {
  const steps = denseSteps(output.shape)
  let offset = 0
  const parts = inputs.flatMap((tensor, index) => {
    const from = { offset: 0, steps: denseSteps(tensor.shape) }
    const problem = { sizes: tensor.shape, output: { offset, steps }, inputs: [from], steps: [], numbers: [] }
    offset += tensor.shape[axis] * steps[axis]
    return isJoined(step, index) ? [] : [{ problem, tensor }]
  })
  if (parts.length === 0) return () => {}
  return () =>
    computeParts(
      parts.map(({ problem, tensor }) => ({ problem, inputs: [new Values(tensor.data)] })),
      new Values(output.data),
    )
}
