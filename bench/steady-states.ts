import { memoryUse, programTensor } from '../dist/index.js'
import { layerOf } from './engines/samepad.ts'
import { type BenchLayer, operationsOf, product, shapesOf } from './layers.ts'
import { progress } from './progress.ts'
import type { SteadyState } from './results.ts'
import { taskOf } from './tensors.ts'

const RUNS = 10_000
/** Layers that would take longer are left out: a run allocates the same whatever its size. */
const LONGEST = 60_000_000 // operations of a run

/** What 10,000 runs of the smallest layer of each kind leave behind. */
export function steadyStates(layers: readonly BenchLayer[]): SteadyState[] {
  const smallest = new Map<string, BenchLayer>()
  const size = (layer: BenchLayer): number => product(shapesOf(layer).y) * layer.inChannels
  for (const layer of layers) {
    const known = smallest.get(layer.kind)
    if (!known || size(layer) < size(known)) smallest.set(layer.kind, layer)
  }
  return [...smallest.values()].filter((layer) => operationsOf(layer) <= LONGEST).map((layer) => steadyState(layer))
}

function steadyState(layer: BenchLayer): SteadyState {
  progress(`${RUNS} runs: ${layer.name}`)
  const task = taskOf(layer)
  const { x, y } = shapesOf(layer)
  const prepared = layerOf(task, 'nchw')
  const [from, to] = [programTensor(x, task.x.data), programTensor(y)]
  const run = (times: number): void => {
    for (let index = 0; index < times; index++) prepared.run(from, to)
  }
  run(200)
  const collect = (globalThis as { gc?: () => void }).gc ?? ((): void => {})
  collect()
  const [heap, memory] = [process.memoryUsage().heapUsed, memoryUse()]
  run(1000)
  const bytesPerRun = Math.max(0, process.memoryUsage().heapUsed - heap) / 1000
  run(RUNS - 1000)
  collect()
  const heapGrowth = process.memoryUsage().heapUsed - heap
  const after = memoryUse()
  for (const one of [prepared, from, to]) one.release()
  const memoryGrowth = after.bytes - memory.bytes + after.used - memory.used
  return { layer: layer.name, bytesPerRun, heapGrowth, memoryGrowth }
}
