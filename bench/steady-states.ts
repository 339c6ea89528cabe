import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import * as samepad from '../dist/index.js'
import { layerOf as preparedOf } from './engines/samepad.ts'
import { type BenchLayer, layerOf, shapesOf } from './layers.ts'
import { progress } from './progress.ts'
import type { SteadyState } from './results.ts'
import { median } from './statistics.ts'
import { taskOf } from './tensors.ts'

const RUNS = 10_000
/** Runs between two looks at the heap: few enough that hardly ever a collection falls in between. */
const BATCH = 100

const small: readonly BenchLayer[] = [
  { name: 'conv 3x3', op: 'conv', in: 16, out: 16, kernel: [3, 3], strides: [1, 1] },
  { name: 'conv 3x3 s2', op: 'conv', in: 16, out: 16, kernel: [3, 3], strides: [2, 2] },
  { name: 'conv 1x1', op: 'conv', in: 16, out: 16, kernel: [1, 1], strides: [1, 1] },
  { name: 'depthwise 3x3', op: 'conv', in: 16, out: 16, groups: 16, kernel: [3, 3], strides: [1, 1] },
  { name: 'transposed k4 s2', op: 'convTranspose', in: 16, out: 16, kernel: [4, 4], strides: [2, 2] },
  { name: 'max pool 3x3', op: 'maxPool', in: 16, kernel: [3, 3], strides: [2, 2] },
  { name: 'average pool 3x3', op: 'averagePool', in: 16, kernel: [3, 3], strides: [1, 1] },
].map((layer) => layerOf({ kind: 'small', input: [14, 14], ...layer } as Parameters<typeof layerOf>[0]))

/** What 10,000 runs leave behind, input and output in program memory. */
export function steadyStates(): SteadyState[] {
  setFlagsFromString('--expose-gc')
  const once = runInNewContext('gc') as () => void
  const collect = (): void => {
    for (let pass = 0; pass < 3; pass++) once() // what is freed in one pass may free more in the next
  }
  return small.map((layer) => {
    progress(`${RUNS} runs: ${layer.name}`)
    return measure(layer, collect)
  })
}

function measure(layer: BenchLayer, collect: () => void): SteadyState {
  const task = taskOf(layer)
  const prepared = preparedOf(task, 'nchw')
  const x = samepad.programTensor(task.x.shape, task.x.data)
  const y = samepad.programTensor(shapesOf(layer).y)
  const run = (): unknown => prepared.run(x, y)
  grownBy(() => undefined)
  for (let index = 0; index < RUNS; index++) run() // until nothing is compiled any more
  collect()
  const [heap, memory] = [heapUsed(), samepad.memoryUse().bytes]
  const batches = Array.from({ length: RUNS / BATCH }, () => grownBy(run))
  collect()
  const looks = batches.length * 16 // the list of batches itself is on the heap: a slot and a number each
  const heapGrowth = heapUsed() - heap - looks
  const memoryGrowth = samepad.memoryUse().bytes - memory
  const idle = median(Array.from({ length: 20 }, () => grownBy(() => undefined)))
  prepared.release()
  for (const tensor of [x, y]) tensor.release()
  const bytesPerRun = Math.max(0, Math.round((median(batches) - idle) / BATCH))
  return { layer: layer.name, bytesPerRun, heapGrowth, memoryGrowth }
}

/** What the heap grows by in a batch of runs. */
function grownBy(run: () => unknown): number {
  const before = heapUsed()
  for (let index = 0; index < BATCH; index++) run()
  return heapUsed() - before
}

function heapUsed(): number {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
