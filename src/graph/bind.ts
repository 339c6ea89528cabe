import { rowOf } from '../functions/rows.ts'
import type { Op } from '../geometry/index.ts'
import { conv } from '../reference/conv.ts'
import { convTranspose } from '../reference/conv-transpose.ts'
import type { ElementwiseProblem, Operand } from '../reference/elementwise.ts'
import { averagePool, maxPool } from '../reference/pool.ts'
import type { Filter, Problem } from '../reference/problem.ts'
import { broadcastSteps } from '../run/broadcast.ts'
import { compute } from '../run/compute.ts'
import { PlannedPart } from '../run/compute-parts.ts'
import { filterSteps } from '../run/filter-weights.ts'
import { Values } from '../run/memory.ts'
import { noFilter } from '../run/no-filter.ts'
import type { Operation } from '../run/operation.ts'
import { Schedule } from '../run/schedule.ts'
import { planFilter, planPool } from '../run/strategies.ts'
import { denseSteps } from '../tensor/dense.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { readWeightsShape } from '../tensor/weights.ts'
import type { LayerStore } from './layer-store.ts'
import type { ChainOperation, ConcatOperation, DenseOperation, GraphStep, WindowOperation } from './operation.ts'
import { sizeOf } from './operation.ts'
import { productProblem } from './operators/multiplying.ts'
import { oncePart, repeatedPart } from './run-part.ts'

/** How a network computes. */
export interface RunningOptions {
  readonly deterministic: boolean
  /** At most so many threads; all that there are where nothing is said. */
  readonly threads: number | undefined
}

/** What steps are bound with. */
export interface Binding extends RunningOptions {
  readonly layers: LayerStore
  /** Takes what a step holds, to be let go with the schedule; undefined where steps run once. */
  readonly holds?: ((release: () => void) => void) | undefined
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
      return bindChain(operation, inputs, outputs[0], binding)
    case 'dense':
      return bindDense(step, operation, inputs[0], outputs[0], binding)
    case 'concat':
      return bindConcat(step, operation, inputs, outputs[0], binding)
    case 'call':
      return () => operation.run(inputs, outputs)
  }
}

function bindChain({ links }: ChainOperation, inputs: readonly Tensor[], output: Tensor, binding: Binding): () => void {
  const numbers: number[] = []
  const read = (one: number | { readonly input: number }): Operand =>
    typeof one === 'number' ? { number: numbers.push(Math.fround(one)) - 1 } : one
  const steps = links.map(({ name, operands }) => ({ name, operands: operands.map(read) }))
  const view = (shape: readonly number[]) => ({ offset: 0, steps: broadcastSteps(shape, output.shape) })
  const [to, ...from] = [output, ...inputs].map(({ shape }) => view(shape))
  const part = new PlannedPart({ sizes: output.shape, output: to, inputs: from, steps, numbers })
  return bindPart(part, inputs, output, binding)
}

function bindPart(part: PlannedPart, inputs: readonly Tensor[], output: Tensor, { holds }: Binding): () => void {
  if (!holds) return oncePart(part, inputs, output)
  holds(() => part.release())
  return repeatedPart(part, inputs, output)
}

/** What computes each kind of window. */
const operations: Readonly<Record<Op, Operation>> = {
  conv: { plan: planFilter, reference: conv },
  convTranspose: { plan: planFilter, reference: convTranspose },
  maxPool: { plan: planPool, reference: maxPool },
  averagePool: { plan: planPool, reference: averagePool },
}

/** Runs a problem with weights that are packed once. */
function bindProblem(
  problem: Problem,
  step: GraphStep,
  parts: readonly unknown[],
  filter: () => Filter,
  [input, output]: readonly [Tensor, Tensor],
  { layers, deterministic, threads }: Binding,
): () => void {
  const operation = operations[problem.geometry.op]
  const layer = layers.get(step.outputs[0].name, parts, filter)
  const schedule = new Schedule(problem, { operation, deterministic, threads })
  layers.uses(layer.holdings, schedule)
  const own = { operation, filter: layer.filter }
  return () => {
    compute(own, problem, schedule, layer.holdings, new Values(input.data), new Values(output.data))
  }
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
    ...{ epilogue: activation ? [{ row: rowOf(activation), operands: [] }] : [], countIncludePad },
  }
  const filter = (): Filter => {
    if (!weights?.constant || (op !== 'conv' && op !== 'convTranspose')) return noFilter
    const sizes = readWeightsShape(weights.shape, op === 'conv' ? 'oihw' : 'iohw')
    return { weights: weights.constant, steps: filterSteps(op, sizes, groups), bias: bias?.constant }
  }
  const parts = [weights?.constant, bias?.constant, op, groups, String(weights?.shape)]
  return bindProblem(problem, step, parts, filter, [input, output], binding)
}

function bindDense(
  step: GraphStep,
  { weights, bias }: DenseOperation,
  input: Tensor,
  output: Tensor,
  binding: Binding,
): () => void {
  const [inner, columns] = weights.shape
  const problem = productProblem(sizeOf(input.shape) / inner, inner, columns)
  const filter = (): Filter => ({
    weights: weights.constant ?? new Float32Array(0),
    steps: { group: 0, out: 1, in: columns, tap: 0 },
    bias: bias?.constant,
  })
  const parts = [weights.constant, bias?.constant, String(weights.shape)]
  return bindProblem(problem, step, parts, filter, [input, output], binding)
}

/** Inputs that lie where they belong are left out, and those that are one stretch of the output are copied as such. */
function bindConcat(
  step: GraphStep,
  { axis }: ConcatOperation,
  inputs: readonly Tensor[],
  output: Tensor,
  binding: Binding,
): () => void {
  const steps = denseSteps(output.shape)
  const isStretch = sizeOf(output.shape.slice(0, axis)) === 1
  let offset = 0
  const copies = inputs.flatMap((tensor, index): (() => void)[] => {
    const [at, from] = [offset, { offset: 0, steps: denseSteps(tensor.shape) }]
    offset += tensor.shape[axis] * steps[axis]
    if (binding.isJoined(step, index)) return []
    if (isStretch) return [() => output.data.set(tensor.data, at)]
    const problem: ElementwiseProblem = {
      ...{ sizes: tensor.shape, output: { offset: at, steps }, inputs: [from], steps: [], numbers: [] },
    }
    const part = new PlannedPart(problem)
    return [bindPart(part, [tensor], output, binding)]
  })
  return () => {
    for (const copy of copies) copy()
  }
}
