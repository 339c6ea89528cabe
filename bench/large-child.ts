// The process that `large.ts` starts: runs one layer on one picture and ends.

import * as samepad from '../dist/index.js'
import { layerOf as preparedOf } from './engines/samepad.ts'
import { layerOf, operationsOf, product, shapesOf } from './layers.ts'
import type { Large } from './results.ts'
import { taskOf } from './tensors.ts'
import { gflops } from './time-layers.ts'

const RUNS = 3
/** Milliseconds after which no further run is made. */
const LONGEST = 15_000

const { layout, side } = JSON.parse(process.argv[2]) as Pick<Large, 'layout' | 'side'>
const at = (size: number): ReturnType<typeof layerOf> =>
  layerOf({ name: 'large', kind: 'large', op: 'conv', in: 3, out: 8, input: [size, size], kernel: [3, 3] })
const layer = at(side)
const { x, y } = shapesOf(layer)
const inLayout = ([batch, channels, ...cells]: readonly number[]): number[] =>
  layout === 'nhwc' ? [batch, ...cells, channels] : [batch, channels, ...cells]
const prepared = preparedOf(taskOf(at(8)), layout) // the weights are the same for every size
const input = { data: new Float32Array(product(x)).fill(0.5), shape: inLayout(x) }
const output = { data: new Float32Array(product(y)).fill(0), shape: inLayout(y) }
const before = process.resourceUsage().maxRSS
const times: number[] = []
for (let spent = 0; times.length <= RUNS && spent < LONGEST; spent += times[times.length - 1]) {
  const start = performance.now()
  prepared.run(input, output)
  times.push(performance.now() - start)
}
const answer: Large = {
  ...{ layout, side, engine: String(prepared.engine), first: times[0], ms: Math.min(...times) },
  gflops: gflops(operationsOf(layer), Math.min(...times)),
  tensors: input.data.byteLength + output.data.byteLength,
  resident: 1024 * (process.resourceUsage().maxRSS - before),
  programMemory: samepad.memoryUse().bytes,
}
process.send?.(answer, () => process.exit())
