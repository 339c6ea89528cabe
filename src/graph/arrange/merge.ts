import { isSameShape } from '../../run/memory/result.ts'
import type { LoweredGraph } from '../lower/lower.ts'
import type { ChainLink, ChainOperation, GraphStep, GraphValue } from '../lower/operation.ts'
import { rootOf } from '../lower/operation.ts'
import { withEpilogue } from './absorb.ts'

// Steps that become one: a chain takes in the chain before it, and a convolution, pool or product the chain behind it.

/** The same schedule with as few steps as can be: what nobody reads goes, chains are joined. */
export function mergeSteps(lowered: LoweredGraph): LoweredGraph {
  const graph = { ...lowered, steps: withJoinedBegins(lowered.steps) }
  const uses = usesOf(graph)
  const producers = new Map<GraphValue, GraphStep>()
  const merged = new Map<GraphStep, GraphStep | undefined>()
  for (const step of graph.steps) {
    let current = step
    for (let index = 0; index < current.inputs.length; ) {
      const value = current.inputs[index]
      const producer = value.of === undefined && uses.get(value) === 1 ? producers.get(value) : undefined
      const joined = producer && current.operation.kind === 'chain' ? join(producer, current, index) : undefined
      if (joined) {
        merged.set(producer as GraphStep, undefined)
        current = joined
        index = 0
      } else index++
    }
    merged.set(current, current)
    for (const output of current.outputs) producers.set(output, current)
  }
  const steps = [...merged.values()].filter((step) => step !== undefined)
  return { ...graph, steps: live({ ...graph, steps }) }
}

/**
 * Where several values are joined that begin with what was joined before, as in dense blocks, the earlier one is taken for these: so
 * each value is part of one joined tensor, in which it can lie, and that of the next.
 */
function withJoinedBegins(steps: readonly GraphStep[]): readonly GraphStep[] {
  const before: GraphStep[] = []
  return steps.map((step) => {
    const { operation } = step
    if (operation.kind !== 'concat') return step
    const begin = before.findLast(
      ({ inputs, operation: other }) =>
        other.kind === 'concat' &&
        other.axis === operation.axis &&
        inputs.length < step.inputs.length &&
        inputs.every((input, index) => input === step.inputs[index]),
    )
    before.push(step)
    return begin ? { ...step, inputs: [begin.outputs[0], ...step.inputs.slice(begin.inputs.length)] } : step
  })
}

/** How often each value is read, by steps and as an output. */
function usesOf({ steps, outputs }: LoweredGraph): ReadonlyMap<GraphValue, number> {
  const uses = new Map<GraphValue, number>()
  const use = (value: GraphValue): void => {
    uses.set(value, (uses.get(value) ?? 0) + 1)
    if (value.of) use(value.of)
  }
  for (const { inputs } of steps) inputs.forEach(use)
  outputs.forEach(use)
  return uses
}

/** A chain with what makes one of its inputs worked in; undefined where that cannot be. */
function join(producer: GraphStep, step: GraphStep, index: number): GraphStep | undefined {
  const chain = step.operation as ChainOperation
  const [output] = step.outputs
  const made = step.inputs[index]
  if (!isSameShape(made.shape, output.shape)) return undefined
  const turned = index === 0 ? chain.links : swapped(chain.links, index)
  if (!turned || usesOperand(turned, index)) return undefined
  if (producer.operation.kind === 'chain') return joinChains(producer, producer.operation, step, turned)
  return withEpilogue(producer, step, turned)
}

const commutative: readonly string[] = ['add', 'multiply', 'minimum', 'maximum']

/** The links of a chain whose first function takes its operand as the element and the element as its operand. */
function swapped(links: readonly ChainLink[], index: number): readonly ChainLink[] | undefined {
  const [first, ...rest] = links
  const [operand] = first.operands
  const isIt = typeof operand === 'object' && operand.input === index
  if (!isIt || !commutative.includes(first.name) || usesOperand(rest, 0)) return undefined
  return [{ ...first, operands: [{ input: 0 }] }, ...rest]
}

const usesOperand = (links: readonly ChainLink[], input: number): boolean =>
  links.some(({ operands }) => operands.some((one) => typeof one === 'object' && one.input === input))

/** The first chain, then the second one, which read the first one's output at a place of its inputs. */
function joinChains(
  producer: GraphStep,
  first: ChainOperation,
  step: GraphStep,
  second: readonly ChainLink[],
): GraphStep | undefined {
  const inputs = [...producer.inputs]
  const place = (input: number): number => {
    const value = step.inputs[input]
    const at = inputs.indexOf(value)
    return at < 0 ? inputs.push(value) - 1 : at
  }
  const links = second.map(({ name, operands }) => ({
    name,
    operands: operands.map((one) => (typeof one === 'object' ? { input: place(one.input) } : one)),
  }))
  if (inputs.length > MOST_INPUTS || first.links.length + links.length > MOST_LINKS) return undefined
  return { ...step, operation: { kind: 'chain', links: [...first.links, ...links] }, inputs }
}

/** As many tensors and functions as a program has registers and addresses for. */
const [MOST_INPUTS, MOST_LINKS] = [6, 16]

/** The steps that the outputs depend on. */
function live({ steps, outputs }: LoweredGraph): GraphStep[] {
  const wanted = new Set(outputs.map(rootOf))
  const kept = steps.toReversed().filter((step) => {
    const isWanted = step.outputs.some((output) => wanted.has(output))
    if (isWanted) for (const input of step.inputs) wanted.add(rootOf(input))
    return isWanted
  })
  return kept.toReversed()
}
