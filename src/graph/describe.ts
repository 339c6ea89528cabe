import { labelOf } from '../network/model.ts'
import type { Layout } from '../tensor/tensor.ts'
import type { LaidOut } from './arrange/choose-layout.ts'
import {
  type ChainOperand,
  channelOperands,
  type GraphStep,
  type GraphValue,
  type LinkOperand,
  rootOf,
  sizeOf,
  type WindowOperation,
} from './lower/operation.ts'

/** A step of a plan, in words and numbers. */
export interface PlannedStep {
  /** The node of the model, by its name. */
  readonly node: string
  readonly operation: string
  /** What it is told: the window, the functions of a chain, the axis. */
  readonly detail: string
  /** Shapes of what it reads, constants beside weights included. */
  readonly inputs: readonly (readonly number[])[]
  readonly outputs: readonly (readonly number[])[]
  /** The byte of the arena at which its first output lies. */
  readonly place: number
}

/** How a network runs on inputs of certain sizes. */
export interface NetworkPlan {
  readonly steps: readonly PlannedStep[]
  /** How tensors of convolutions and pools lie, and why. */
  readonly layout: Layout
  readonly reason: string
  /** Bytes of all values: what lives at the same time lies apart. */
  readonly arena: number
  /** Bytes of the values that live together, where there are most of them: no arena is smaller. */
  readonly live: number
  /** Bytes of weights and other constants, as the model has them. */
  readonly weights: number
  /** Nodes whose sizes depend on what the steps compute: they are planned in a run. */
  readonly later: readonly string[]
}

const FLOAT = 4

/** What there is to say of a schedule. */
export function describeSchedule({ graph, arena, layout, reason }: LaidOut): NetworkPlan {
  const constants = new Set<Float32Array>()
  for (const step of graph.steps) for (const { constant } of constantsOf(step)) if (constant) constants.add(constant)
  return {
    steps: graph.steps.map((step) => ({
      node: step.node,
      operation: operationName(step),
      detail: operationDetail(step),
      inputs: step.inputs.map(({ shape }) => shape),
      outputs: step.outputs.map(({ shape }) => shape),
      place: FLOAT * (arena.places.get(rootOf(step.outputs[0]))?.offset ?? 0),
    })),
    ...{ layout, reason },
    arena: FLOAT * arena.length,
    live: FLOAT * arena.live,
    weights: [...constants].reduce((sum, { byteLength }) => sum + byteLength, 0),
    later: graph.rest?.nodes.map(labelOf) ?? [],
  }
}

/** The constants of a step: weights, biases, and inputs that are one. */
function constantsOf({ operation, inputs }: GraphStep): readonly GraphValue[] {
  const hasWeights = operation.kind === 'window' || operation.kind === 'dense'
  const own = hasWeights ? [operation.weights, operation.bias, ...channelOperands(operation.epilogue)] : []
  return [...inputs, ...own.filter((value) => value !== undefined)].filter(({ constant }) => constant)
}

/** What a step is called. */
export function operationName({ operation }: GraphStep): string {
  if (operation.kind === 'window') return operation.geometry.op
  return 'name' in operation ? operation.name : operation.kind
}

/** What a step is told. */
export function operationDetail({ operation, inputs }: GraphStep): string {
  if ('detail' in operation) return operation.detail
  if (operation.kind === 'concat') return `along ${operation.axis}`
  if (operation.kind === 'dense') return [operation.weights.shape.join('x'), ...epilogueDetail(operation)].join(' ')
  if (operation.kind === 'chain') {
    const operand = (one: ChainOperand): string =>
      typeof one === 'number' ? short(one) : `[${inputs[one.input].shape}]`
    return operation.links.map(({ name, operands }) => [name, ...operands.map(operand)].join(' ')).join(', ')
  }
  const { geometry, groups } = operation
  const each = (of: (axis: (typeof geometry.axes)[number]) => number | string): string => {
    const list = geometry.axes.map(of)
    return new Set(list).size === 1 ? String(list[0]) : list.join('x')
  }
  const said = [
    `k${geometry.axes.map(({ kernel }) => kernel).join('x')}`,
    ...(each(({ stride }) => stride) === '1' ? [] : [`s${each(({ stride }) => stride)}`]),
    ...(each(({ dilation }) => dilation) === '1' ? [] : [`d${each(({ dilation }) => dilation)}`]),
    `p${each(({ padBegin, padEnd }) => `${padBegin},${padEnd}`)}`,
    ...(groups > 1 && operation.weights ? [`groups ${groups}`] : []),
    ...(operation.layout === 'nhwc' ? ['nhwc'] : []),
    ...epilogueDetail(operation),
  ]
  return said.join(' ')
}

const short = (number: number): string => String(Number(number.toPrecision(4)))

/** The functions of an epilogue: `add residual`, `clip 0 6`. */
function epilogueDetail({ epilogue = [] }: Pick<WindowOperation, 'epilogue'>): string[] {
  const operand = (one: LinkOperand): string =>
    typeof one === 'number' ? short(one) : 'residual' in one ? 'residual' : `[${one.channels.shape}]`
  return epilogue.map(({ name, operands }) => [name, ...operands.map(operand)].join(' '))
}

/** Elements of a shape in bytes. */
export const bytesOf = (shape: readonly number[]): number => FLOAT * sizeOf(shape)
