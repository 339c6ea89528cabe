import { programTensor } from '../dist/index.js'
import { taps } from '../src/geometry/index.ts'
import { layerOf } from './engines/samepad.ts'
import { type Budget, interleave } from './interleave.ts'
import { type BenchLayer, product, shapesOf, layerOf as solved } from './layers.ts'
import { progress } from './progress.ts'
import type { SameToValid } from './results.ts'
import { taskOf } from './tensors.ts'

/**
 * The price of padding: each padded convolution on SAME beside VALID on an input that is larger by the padding, which
 * gives as many outputs. Layers that Winograd's algorithm takes have no multiplication for each tap and are left out.
 */
export async function sameToValid(layers: readonly BenchLayer[], budget: Budget): Promise<SameToValid[]> {
  const found: SameToValid[] = []
  for (const layer of layers) {
    const { geometry, name, kind, batch, inChannels, outChannels, groups, padding } = layer
    const { op, axes } = geometry
    const padded = axes.some(({ padBegin, padEnd }) => padBegin + padEnd > 0)
    if (op !== 'conv' || padding !== 'same' || kind === 'dense3x3' || !padded) continue
    progress(`SAME against VALID: ${name}`)
    const larger = solved({
      ...{ name, kind, op, batch, in: inChannels, out: outChannels, groups, padding: 'valid' },
      input: axes.map(({ input, padBegin, padEnd }) => input + padBegin + padEnd),
      kernel: axes.map(({ kernel }) => kernel),
      strides: axes.map(({ stride }) => stride),
      dilations: axes.map(({ dilation }) => dilation),
    })
    const runs = [layer, larger].map(runOf)
    const [same, valid] = await interleave(
      runs.map(({ run }) => run),
      budget,
    )
    for (const { release } of runs) release()
    const work = product(axes.map(realShare))
    found.push({ layer: name, engine: 'samepad', same, valid, work, ratio: same / valid / work })
  }
  return found
}

/** Real taps of an axis as a share of all. */
function realShare(axis: BenchLayer['geometry']['axes'][number]): number {
  let real = 0
  for (let output = 0; output < axis.output; output++) {
    const { begin, end } = taps(axis, output)
    real += end - begin
  }
  return real / (axis.output * axis.kernel)
}

function runOf(layer: BenchLayer): { run: () => unknown; release: () => void } {
  const task = taskOf(layer)
  const { x, y } = shapesOf(layer)
  const prepared = layerOf(task, 'nchw')
  const [from, to] = [programTensor(x, task.x.data), programTensor(y)]
  return {
    run: () => prepared.run(from, to),
    release: () => {
      for (const one of [prepared, from, to]) one.release()
    },
  }
}
