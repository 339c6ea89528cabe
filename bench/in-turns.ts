import * as samepad from '../dist/index.js'
import { layerOf } from './engines/samepad.ts'
import { compiled } from './interleave.ts'
import { type BenchLayer, shapesOf } from './layers.ts'
import { manyLayers } from './many-layers.ts'
import { progress } from './progress.ts'
import type { InTurns } from './results.ts'
import { median } from './statistics.ts'
import { taskOf } from './tensors.ts'

const LAYERS = 300
const BYTES = 20e6
const ROUNDS = 200
/** Where rounds are so slow that this many milliseconds are over first, fewer must do. */
const LONGEST = 60_000
/** Of all that is timed. */
const PASSES = 5
const ROUNDS_OF_A_PASS = 4
/** A layer's visit on its own: so many milliseconds until its code is the best that the engine makes, then so many runs. */
const WARM = 15
const RUNS = 5

type Run = () => unknown

/**
 * Runs many different layers in turns, as a page with several networks does, and each on its own. What lies between
 * both is what samepad forgets in between, and what the processor's caches do; the latter is seen where a layer runs
 * on its own after as much other memory was read.
 */
export async function measureInTurns(): Promise<InTurns> {
  const layers = manyLayers(LAYERS, BYTES)
  const all = layers.map(prepare)
  const runs = all.map(({ run }) => run)
  let rounds = 0
  for (const start = performance.now(); rounds < ROUNDS && performance.now() - start < LONGEST; rounds++) {
    progress(`layers in turns: round ${rounds + 1} of ${ROUNDS}`)
    round(runs)
  }
  await compiled()
  const times = { turns: [] as number[], alone: [] as number[], cold: [] as number[] }
  const other = new Float32Array(BYTES / 4).fill(1)
  for (let pass = 0; pass < PASSES; pass++) {
    progress(`layers in turns: pass ${pass + 1} of ${PASSES}`)
    round(runs) // back from each on its own
    for (let index = 0; index < ROUNDS_OF_A_PASS; index++) times.turns.push(timed(() => round(runs)))
    const visits = runs.map((run) => visit(run, other))
    for (const key of ['alone', 'cold'] as const) times[key].push(visits.reduce((sum, one) => sum + one[key], 0))
  }
  for (const { release } of all) release()
  samepad.releaseMemory()
  const [turns, one, uncached] = [times.turns, times.alone, times.cold].map(median)
  return { layers: layers.length, bytes: BYTES, rounds, turns, alone: one, cold: uncached }
}

function prepare(layer: BenchLayer): { run: Run; release: () => void } {
  const task = taskOf(layer)
  const prepared = layerOf(task, 'nchw')
  const [x, y] = [samepad.programTensor(task.x.shape, task.x.data), samepad.programTensor(shapesOf(layer).y)]
  return {
    run: () => prepared.run(x, y),
    release: () => {
      for (const one of [prepared, x, y]) one.release()
    },
  }
}

function round(runs: readonly Run[]): void {
  for (const run of runs) run()
}

/** Milliseconds of a run on its own: after others of the same layer, and when its tensors have left the nearer caches. */
function visit(run: Run, other: Float32Array): Record<'alone' | 'cold', number> {
  for (const start = performance.now(); performance.now() - start < WARM; ) run()
  const all = timed(() => {
    for (let index = 0; index < RUNS; index++) run()
  })
  let sum = 0
  for (let index = 0; index < other.length; index += 16) sum += other[index] // one of each cache line
  other[0] = sum > 0 ? 1 : 0
  return { alone: all / RUNS, cold: timed(run) }
}

function timed(run: Run): number {
  const start = performance.now()
  run()
  return performance.now() - start
}
