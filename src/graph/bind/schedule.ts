import type { Tensor } from '../../tensor/tensor.ts'
import type { ArenaPlan } from '../arrange/arena.ts'
import type { LaidOut } from '../arrange/choose-layout.ts'
import type { LoweredGraph } from '../lower/lower.ts'
import { type GraphStep, type GraphValue, rootOf } from '../lower/operation.ts'
import { bindStep } from './bind.ts'
import type { RunningOptions } from './binding.ts'
import type { LayerStore } from './layer-store.ts'
import { PlacedTensor, ScheduleMemory } from './placed.ts'

/** A step that can be run. */
export interface BoundStep {
  readonly step: GraphStep
  readonly run: () => void
}

/** A model for inputs of certain sizes: its steps in order, each bound to the places of what it reads and fills. */
export interface GraphSchedule {
  readonly graph: LoweredGraph
  readonly arena: ArenaPlan
  /** Floats of constants that steps read, which lie behind the arena. */
  readonly constants: number
  readonly memory: ScheduleMemory
  readonly inputs: readonly Tensor[]
  readonly outputs: readonly Tensor[]
  readonly steps: readonly BoundStep[]
  /** Gives its memory back, and lets go of its programs; a run takes them again. */
  readonly release: () => void
}

/** Takes memory for a model's values and binds its steps. */
export function scheduleOf({ graph, arena }: LaidOut, layers: LayerStore, how: RunningOptions): GraphSchedule {
  const { places, length, joined } = arena
  const kept = new Map<Float32Array, number>()
  let end = length
  const read = [...graph.steps.flatMap(({ inputs }) => inputs), ...graph.outputs]
  for (const { constant } of read) {
    if (!constant || kept.has(constant)) continue
    kept.set(constant, end)
    end += constant.length
  }
  const memory = new ScheduleMemory(end, (floats) => {
    for (const [constant, offset] of kept) floats.set(constant, offset)
  })
  const tensors = new Map<GraphValue, Tensor>()
  const tensor = (value: GraphValue): Tensor => {
    const place = places.get(rootOf(value))
    const offset = value.constant ? kept.get(value.constant) : place?.offset
    const found = tensors.get(value) ?? new PlacedTensor(memory, value.shape, offset ?? 0, place?.within)
    tensors.set(value, found)
    return found
  }
  const isJoined = (step: GraphStep, index: number): boolean => {
    const part = joined.get(rootOf(step.inputs[index]))
    return part?.step === step && part.index === index
  }
  const held: (() => void)[] = []
  const binding = { ...how, layers, isJoined, holds: (release: () => void) => void held.push(release) }
  const steps = graph.steps.map((step): BoundStep => {
    const run = bindStep(step, step.inputs.map(tensor), step.outputs.map(tensor), binding)
    return { step, run }
  })
  const [inputs, outputs] = [graph.inputs.map(tensor), graph.outputs.map(tensor)]
  const release = (): void => {
    memory.release()
    for (const one of held) one()
  }
  return { graph, arena, constants: end - length, memory, inputs, outputs, steps, release }
}
