import { isSameShape } from '../../run/memory/result.ts'
import type { ChainLink, ChainOperand, EpilogueLink, GraphStep, GraphValue, LinkOperand } from '../lower/operation.ts'

/** Longer epilogues would make too much code of every tile. */
const MOST_LINKS = 6

/**
 * A convolution, pool or product that sends its outputs through a chain before it stores them; undefined where it cannot: of what
 * the chain takes, one tensor of the output's shape may be the residual, and all others are numbers, one or one for each channel.
 *
 * @param links the chain's, whose element is the output
 */
export function withEpilogue(producer: GraphStep, step: GraphStep, links: readonly ChainLink[]): GraphStep | undefined {
  const { operation } = producer
  if (operation.kind !== 'window' && operation.kind !== 'dense') return undefined
  const { epilogue = [] } = operation
  const [output] = step.outputs
  if (epilogue.length + links.length > MOST_LINKS) return undefined
  const axis = channelAxis(operation.kind, output.shape)
  let residual: GraphValue | undefined = producer.inputs[1]
  const read = (one: ChainOperand): LinkOperand | undefined => {
    if (typeof one === 'number') return one
    const value = step.inputs[one.input]
    if (isPerChannel(value, output.shape, axis)) return { channels: value }
    if (!isSameShape(value.shape, output.shape) || (residual && residual !== value)) return undefined
    residual = value
    return { residual: true }
  }
  const added: EpilogueLink[] = []
  for (const { name, operands } of links) {
    const all = operands.map(read).filter((one) => one !== undefined)
    if (all.length < operands.length) return undefined
    added.push({ name, operands: all })
  }
  const inputs = [producer.inputs[0], ...(residual ? [residual] : [])]
  return { ...producer, operation: { ...operation, epilogue: [...epilogue, ...added] }, inputs, outputs: step.outputs }
}

/** The axis of an output's channels. */
function channelAxis(kind: 'window' | 'dense', shape: readonly number[]): number {
  return kind === 'window' ? 1 : shape.length - 1
}

/** Whether a constant has a number for each place along one axis, and is broadcast along all others. */
function isPerChannel({ constant, shape }: GraphValue, to: readonly number[], axis: number): boolean {
  if (!constant || constant.length !== to[axis]) return false
  return shape[shape.length - to.length + axis] === to[axis] && shape.length <= to.length
}
