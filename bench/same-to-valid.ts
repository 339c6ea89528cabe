import { planProgram } from '../dist/plan/choose.js'
import { probeFeatures } from '../dist/wasm/engine.js'
import { type Geometry, resolve, taps } from '../src/geometry/index.ts'
import { samepadEngine } from './engines/samepad.ts'
import { type Budget, interleave } from './interleave.ts'
import { type BenchLayer, product } from './layers.ts'
import { progress } from './progress.ts'
import type { SameToValid } from './results.ts'
import { taskOf } from './tensors.ts'

const layouts = ['nchw', 'nhwc'] as const

/**
 * The price of padding: each padded layer on SAME beside VALID on an input that is larger by the padding, which gives as
 * many outputs. Transposed layers pad nothing.
 */
export async function sameToValid(layers: readonly BenchLayer[], budget: Budget): Promise<SameToValid[]> {
  const engines = layouts.map((layout) => samepadEngine(layout, 'program memory', ''))
  const found: SameToValid[] = []
  for (const layer of layers.filter(isPadded)) {
    progress(`SAME against VALID: ${layer.name}`)
    const tasks = [layer, withoutPadding(layer)].map(taskOf)
    const prepared = await Promise.all(engines.flatMap(({ prepare }) => tasks.map(prepare)))
    const runs = prepared.map(({ run }) => run)
    const times = await interleave(runs, budget)
    for (const { release } of prepared) release()
    const [real, all] = tasks.map((task) => realTaps(task.layer.geometry))
    for (const [index, { name: engine }] of engines.entries()) {
      const [same, valid] = times.slice(2 * index)
      const work = isTiled(layer, layouts[index]) ? 1 : real / all
      found.push({ layer: layer.name, engine, same, valid, work, ratio: same / valid / work })
    }
  }
  return found
}

function isPadded({ geometry: { op, axes } }: BenchLayer): boolean {
  return op !== 'convTranspose' && axes.some(({ padBegin, padEnd }) => padBegin + padEnd > 0)
}

/** The input with the padding as real cells. */
function withoutPadding(layer: BenchLayer): BenchLayer {
  const { op, axes } = layer.geometry
  const each = (of: (axis: Geometry['axes'][number]) => number): number[] => axes.map(of)
  const geometry = resolve({
    op,
    input: each(({ input, padBegin, padEnd }) => input + padBegin + padEnd),
    kernel: each(({ kernel }) => kernel),
    strides: each(({ stride }) => stride),
    dilations: each(({ dilation }) => dilation),
    padding: 'valid',
  })
  return { ...layer, padding: 'valid', geometry }
}

/** Winograd's algorithm multiplies once for each cell of a transformed tile, as often with padding as without. */
function isTiled(layer: BenchLayer, layout: (typeof layouts)[number]): boolean {
  return planProgram({ ...layer, layout }, probeFeatures(), false)?.strategy === 'winograd'
}

/** Taps on real cells over all windows of a channel. */
function realTaps({ axes }: Geometry): number {
  const ofAxis = (axis: Geometry['axes'][number]): number =>
    Array.from({ length: axis.output }, (_, output) => taps(axis, output)).reduce(
      (sum, { begin, end }) => sum + Math.max(0, end - begin),
      0,
    )
  return product(axes.map(ofAxis))
}
