import { isSameShape } from '../../run/memory/result.ts'
import { denseSteps } from '../../tensor/dense.ts'
import type { LoweredGraph } from '../lower/lower.ts'
import { type ConcatOperation, type GraphStep, type GraphValue, rootOf, sizeOf } from '../lower/operation.ts'
import { mayLieApart } from './strided.ts'

// Where the values of a schedule lie: one piece of memory, in which those that live at the same time lie apart.

/** Where a value lies, in floats. */
export interface ArenaPlace {
  readonly offset: number
  readonly length: number
  /** The shape of the joined tensor of which it is a part, where its elements do not lie side by side. */
  readonly within?: readonly number[] | undefined
}

/** The joining step, and the place among its inputs. */
export interface JoinedPart {
  readonly step: GraphStep
  readonly index: number
}

/** The places of a schedule's values. */
export interface ArenaPlan {
  /** Floats in all. */
  readonly length: number
  /** By the values that have memory of their own. */
  readonly places: ReadonlyMap<GraphValue, ArenaPlace>
  /** The largest sum of the lengths of values that live at the same time: no plan can be shorter. */
  readonly live: number
  /** Inputs of joining steps that are written where the joined tensor lies. */
  readonly joined: ReadonlyMap<GraphValue, JoinedPart>
}

/** Memory that one or several values share: first and last step that needs it. */
interface Slot {
  length: number
  first: number
  last: number
  offset: number
}

/** A value's part of a slot. */
interface SlotShare {
  readonly slot: Slot
  readonly offset: number
  readonly within?: readonly number[] | undefined
}

/** Cache lines, in floats. */
const LINE = 16
const aligned = (length: number): number => Math.ceil(length / LINE) * LINE

/** Packs the values of a schedule: the largest first, each as low as it can lie. */
export function planArena(graph: LoweredGraph): ArenaPlan {
  const { shares, joined } = shareOut(graph)
  const slots = [...new Set([...shares.values()].map(({ slot }) => slot))]
  const placed: Slot[] = []
  for (const slot of slots.toSorted((a, b) => b.length - a.length)) {
    const others = placed.filter(({ first, last }) => first <= slot.last && slot.first <= last)
    let offset = 0
    for (const other of others.sort((a, b) => a.offset - b.offset)) {
      if (other.offset - offset >= slot.length) break
      offset = Math.max(offset, other.offset + other.length)
    }
    slot.offset = offset
    placed.push(slot)
  }
  const places = new Map(
    [...shares].map(([value, { slot, offset, within }]) => [
      value,
      { offset: slot.offset + offset, length: sizeOf(value.shape), within },
    ]),
  )
  const length = Math.max(0, ...slots.map((slot) => slot.offset + slot.length))
  return { length, places, live: mostLive(slots, graph.steps.length), joined }
}

function mostLive(slots: readonly Slot[], steps: number): number {
  const change = new Array<number>(steps + 3).fill(0)
  for (const { first, last, length } of slots) {
    change[first + 1] += length
    change[last + 2] -= length
  }
  let [sum, most] = [0, 0]
  for (const one of change) {
    sum += one
    most = Math.max(most, sum)
  }
  return most
}

/** Gives every value that is computed a slot, or a part of one. */
function shareOut(graph: LoweredGraph): {
  readonly shares: ReadonlyMap<GraphValue, SlotShare>
  readonly joined: ReadonlyMap<GraphValue, JoinedPart>
} {
  const { inputs, outputs, steps } = graph
  const isApart = mayLieApart(graph)
  const [first, last] = [new Map<GraphValue, number>(), new Map<GraphValue, number>()]
  for (const input of inputs) {
    first.set(input, -1)
    last.set(input, -1)
  }
  steps.forEach((step, index) => {
    for (const output of step.outputs) first.set(output, index)
    for (const value of [...step.inputs, ...step.outputs]) last.set(rootOf(value), index)
  })
  for (const output of outputs) last.set(rootOf(output), steps.length)
  const shares = new Map<GraphValue, SlotShare>()
  const joined = new Map<GraphValue, JoinedPart>()
  /** The steps that write over values: what is a part of one must not be read behind it. */
  const ends = new Map<GraphValue, number>()
  const endOf = (value: GraphValue): number => ends.get(value) ?? Number.POSITIVE_INFINITY
  const share = (value: GraphValue): SlotShare => {
    const [begin, end] = [first.get(value) ?? 0, last.get(value) ?? 0]
    const found = shares.get(value) ?? {
      slot: { length: aligned(sizeOf(value.shape)), first: begin, last: end, offset: 0 },
      offset: 0,
    }
    found.slot.first = Math.min(found.slot.first, begin)
    found.slot.last = Math.max(found.slot.last, end)
    shares.set(value, found)
    return found
  }
  // From the end, so that what takes a value in is known before the value.
  for (let index = steps.length - 1; index >= 0; index--) {
    const step = steps[index]
    for (const output of step.outputs) share(output)
    const isComputed = (value: GraphValue): boolean => first.get(value) !== undefined && first.get(value) !== -1
    for (const { value, index: at, cells } of partsOf(step)) {
      // The step that overwrites the output must not read the part any more.
      if (shares.has(value) || !isComputed(value) || (last.get(value) ?? 0) >= endOf(step.outputs[0])) continue
      const { slot, offset, within } = share(step.outputs[0])
      const place = partOf(step, cells, within, (axis) => isApart(value, axis))
      if (!place) continue
      ends.set(value, endOf(step.outputs[0]))
      shares.set(value, { slot, offset: offset + place.offset, within: place.within })
      joined.set(value, { step, index: at })
      share(value)
    }
    const same = inPlace(step, index, last)
    const isDense = !shares.get(step.outputs[0])?.within
    if (same && isDense && !shares.has(same) && first.get(same) !== undefined) {
      shares.set(same, share(step.outputs[0]))
      share(same)
      ends.set(same, index)
    }
  }
  for (const input of inputs) share(input)
  return { shares, joined }
}

/** The inputs of a joining step, each once, with their first cell along the axis. */
function partsOf({
  operation,
  inputs,
}: GraphStep): { readonly value: GraphValue; readonly index: number; readonly cells: number }[] {
  if (operation.kind !== 'concat') return []
  let cells = 0
  return inputs.flatMap((input, index) => {
    const [value, at] = [rootOf(input), cells]
    cells += input.shape[operation.axis]
    const isOnce = inputs.findIndex((one) => rootOf(one) === value) === index
    return isOnce && !input.constant ? [{ value, index, cells: at }] : []
  })
}

/**
 * Where a part of a joined tensor lies in it: as a whole stretch, or with the elements of others between its own, where whatever
 * fills and reads it can do that.
 */
function partOf(
  { operation, outputs }: GraphStep,
  cells: number,
  within: readonly number[] | undefined,
  isApart: (axis: number) => boolean,
): Pick<SlotShare, 'offset' | 'within'> | undefined {
  const [{ shape }] = outputs
  const { axis } = operation as ConcatOperation
  const offset = cells * denseSteps(within ?? shape)[axis]
  if (!within && sizeOf(shape.slice(0, axis)) === 1) return { offset }
  return isApart(axis) ? { offset, within: within ?? shape } : undefined
}

/**
 * The input whose place an output may take: that of a chain, or the residual of an epilogue, whose element at each place is read
 * just before it is written.
 */
function inPlace(step: GraphStep, index: number, last: ReadonlyMap<GraphValue, number>): GraphValue | undefined {
  const [output] = step.outputs
  const { kind } = step.operation
  const first = kind === 'chain' ? 0 : 1
  if (kind !== 'chain' && kind !== 'window' && kind !== 'dense') return undefined
  const found = step.inputs.findIndex((input, at) => {
    if (at < first || input.constant || last.get(rootOf(input)) !== index) return false
    const isWhole = isSameShape(input.shape, output.shape)
    return isWhole && !step.inputs.some((other, place) => place !== at && rootOf(other) === rootOf(input))
  })
  return found < 0 ? undefined : rootOf(step.inputs[found])
}
