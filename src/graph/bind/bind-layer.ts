import { bitsOf } from '../../functions/float32.ts'
import { rowOf } from '../../functions/rows.ts'
import type { Op } from '../../geometry/index.ts'
import { conv } from '../../reference/conv.ts'
import { convTranspose } from '../../reference/conv-transpose.ts'
import type { EpilogueOperand, Epilogue as ProblemEpilogue } from '../../reference/epilogue.ts'
import { averagePool, maxPool } from '../../reference/pool.ts'
import type { Filter, Problem } from '../../reference/problem.ts'
import { filterSteps } from '../../run/layers/filter-weights.ts'
import { noFilter } from '../../run/layers/no-filter.ts'
import { Values } from '../../run/memory/memory.ts'
import { compute } from '../../run/programs/compute.ts'
import type { Operation } from '../../run/programs/operation.ts'
import { Schedule } from '../../run/programs/schedule.ts'
import { planFilter, planPool } from '../../run/programs/strategies.ts'
import { type Dimensions, fromLayout, type Tensor } from '../../tensor/tensor.ts'
import { readWeightsShape } from '../../tensor/weights.ts'
import {
  channelOperands,
  type DenseOperation,
  type EpilogueLink,
  type GraphStep,
  sizeOf,
  type WindowOperation,
} from '../lower/operation.ts'
import { productProblem } from '../lower/operators/multiplying.ts'
import type { Binding, StepTensor } from './binding.ts'

// Steps with weights or windows as calls: a problem, a layer that keeps its packed weights, and a schedule.

/** What computes each kind of window. */
const operations: Readonly<Record<Op, Operation>> = {
  conv: { plan: planFilter, reference: conv },
  convTranspose: { plan: planFilter, reference: convTranspose },
  maxPool: { plan: planPool, reference: maxPool },
  averagePool: { plan: planPool, reference: averagePool },
}

/** The tensors of a layer's step: what it reads, what it fills, and what its epilogue reads beside. */
export interface LayerTensors {
  readonly input: StepTensor
  readonly output: StepTensor
  readonly residual: Tensor | undefined
}

/** An epilogue as a problem has it: lists of channels by their places. */
function epilogueOf(links: readonly EpilogueLink[] = []): ProblemEpilogue {
  const lists = channelOperands(links)
  const read = (one: EpilogueLink['operands'][number]): EpilogueOperand => {
    if (typeof one === 'number') return { bits: bitsOf(one) }
    return 'residual' in one ? { residual: true } : { channels: lists.indexOf(one.channels) }
  }
  return links.map(({ name, operands }) => ({ row: rowOf(name), operands: operands.map(read) }))
}

/** Runs a problem with weights that are packed once. */
function bindProblem(
  problem: Problem,
  step: GraphStep,
  parts: readonly unknown[],
  filter: () => Filter,
  { input, output, residual }: LayerTensors,
  { layers, deterministic, threads }: Binding,
): () => void {
  const operation = operations[problem.geometry.op]
  const layer = layers.get(step.outputs[0].name, parts, filter)
  const schedule = new Schedule(problem, { operation, deterministic, threads })
  layers.uses(layer.holdings, schedule)
  const own = { operation, filter: layer.filter }
  return () => {
    const joined = residual && new Values(residual.data)
    compute(own, problem, schedule, layer.holdings, new Values(input.data), new Values(output.data), joined)
  }
}

/** A step that slides a window. */
export function bindWindow(
  step: GraphStep,
  { geometry, groups, outChannels, weights, bias, epilogue, countIncludePad, layout = 'nchw' }: WindowOperation,
  tensors: LayerTensors,
  binding: Binding,
): () => void {
  const { input, output } = tensors
  const { batch, channels: inChannels } = fromLayout(input.shape, layout)
  const around = ({ shape, within = shape }: StepTensor): Dimensions => fromLayout(within, layout)
  const within = input.within || output.within ? { input: around(input), output: around(output) } : undefined
  const { op } = geometry
  const problem: Problem = {
    ...{ geometry, batch, inChannels, outChannels, groups, layout },
    ...{ epilogue: epilogueOf(epilogue), countIncludePad, within },
  }
  const operands = channelConstants(epilogue)
  const filter = (): Filter => {
    if (!weights?.constant || (op !== 'conv' && op !== 'convTranspose')) return { ...noFilter, operands }
    const sizes = readWeightsShape(weights.shape, op === 'conv' ? 'oihw' : 'iohw')
    return { weights: weights.constant, steps: filterSteps(op, sizes, groups), bias: bias?.constant, operands }
  }
  const parts = [weights?.constant, bias?.constant, op, groups, String(weights?.shape), ...operands]
  return bindProblem(problem, step, parts, filter, tensors, binding)
}

/** A step that multiplies rows by a constant matrix. */
export function bindDense(
  step: GraphStep,
  { weights, bias, epilogue }: DenseOperation,
  tensors: LayerTensors,
  binding: Binding,
): () => void {
  const [inner, columns] = weights.shape
  const rows = productProblem(sizeOf(tensors.input.shape) / inner, inner, columns)
  const operands = channelConstants(epilogue)
  const filter = (): Filter => ({
    weights: weights.constant ?? new Float32Array(0),
    steps: { group: 0, out: 1, in: columns, tap: 0 },
    ...{ bias: bias?.constant, operands },
  })
  const parts = [weights.constant, bias?.constant, String(weights.shape), ...operands]
  return bindProblem({ ...rows, epilogue: epilogueOf(epilogue) }, step, parts, filter, tensors, binding)
}

/** The numbers that an epilogue takes for each channel. */
const channelConstants = (epilogue: readonly EpilogueLink[] | undefined): readonly Float32Array[] =>
  channelOperands(epilogue).flatMap(({ constant }) => constant ?? [])
