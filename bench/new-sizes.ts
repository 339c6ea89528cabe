import * as samepad from '../dist/index.js'
import { layerOf } from './engines/samepad.ts'
import { type Budget, compiled, interleave, timeOf, warmUp } from './interleave.ts'
import { type BenchLayer, resized, shapesOf } from './layers.ts'
import { progress } from './progress.ts'
import { type NewSize, PLANNING } from './results.ts'
import { median } from './statistics.ts'
import { taskOf } from './tensors.ts'

/** A layer has seen two sizes when new ones come. */
const SEEN = 2
const NEW = 7
const layouts = ['nchw', 'nhwc'] as const

/** Many pairs of layer and size are timed, each for a moment. */
const again: Budget = {
  ...{ warmUp: 20, longestWarmUp: 400, turn: 4 },
  ...{ least: { runs: 5, time: 16 }, slow: { runs: 3, time: 100 } },
}

/**
 * What a new size costs: the first run of a prepared layer on an input of a size that it has not seen, and runs on the
 * same size later. The widths of the sizes differ by one cell each, the heights by three, two and none in turns; tensors
 * lie in program memory and were written before.
 */
export async function measureNewSizes(layers: readonly BenchLayer[]): Promise<NewSize[]> {
  const found: NewSize[] = []
  for (const layer of layers) {
    for (const layout of layouts) {
      progress(`new sizes: ${layer.name}, ${layout}`)
      found.push(await measure(layer, layout))
    }
  }
  samepad.releaseMemory()
  return found
}

async function measure(layer: BenchLayer, layout: samepad.Layout): Promise<NewSize> {
  const prepared = layerOf(taskOf(layer), layout)
  const sizes = Array.from({ length: SEEN + NEW }, (_, index) =>
    tensorsOf(resized(layer, stepsOf(layer, index)), layout),
  )
  const runs = sizes.map(
    ({ x, y }) =>
      () =>
        prepared.run(x, y),
  )
  for (const run of runs.slice(0, SEEN)) await warmUp(run, again)
  await compiled()
  const fresh: number[] = []
  for (const run of runs.slice(SEEN)) fresh.push((await timeOf(run)).time)
  const later = await interleave(runs.slice(SEEN), again)
  prepared.release()
  for (const { x, y } of sizes) for (const tensor of [x, y]) tensor.release()
  return {
    ...{ layer: layer.name, layout, fresh: median(fresh), again: median(later) },
    ratio: median(fresh.map((ms, index) => ms / later[index])),
    ratioBeyondPlanning: median(fresh.map((ms, index) => (ms - PLANNING) / later[index])),
  }
}

/** By how many cells each axis of the input is larger than the layer has it. */
function stepsOf({ geometry: { axes } }: BenchLayer, index: number): number[] {
  return axes.map((_, axis) => (axis === axes.length - 1 ? index : [0, 3, 2][index % 3]))
}

function tensorsOf(layer: BenchLayer, layout: samepad.Layout): Record<'x' | 'y', samepad.ProgramTensor> {
  const { x, y } = shapesOf(layer)
  const inLayout = ([batch, channels, ...cells]: number[]): number[] =>
    layout === 'nhwc' ? [batch, ...cells, channels] : [batch, channels, ...cells]
  const filled = (shape: number[]): samepad.ProgramTensor => {
    const tensor = samepad.programTensor(inLayout(shape))
    tensor.data.fill(0.5) // no page of it is new to the system when the layer runs
    return tensor
  }
  return { x: filled(x), y: filled(y) }
}
