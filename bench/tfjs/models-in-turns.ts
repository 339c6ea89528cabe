import type { Budget, Run } from '../interleave.ts'
import { compiled, warmUp } from '../interleave.ts'
import { progress } from '../progress.ts'
import { median } from '../statistics.ts'
import { type KernelSet, kernelSets, type Library } from './library.ts'
import { type LibraryModel, loadModel } from './models.ts'

/** What several models take: in turns, each again and again, and each after as much other memory was read. */
export type ModelsInTurns = { readonly models: number } & Readonly<Record<Way, Readonly<Record<KernelSet, number>>>>

const ways = ['turns', 'alone', 'cold'] as const
/** All in milliseconds of a round, or as the sum over the models. */
type Way = (typeof ways)[number]

const PASSES = 8
const ROUNDS = 3
/** Of each on its own. */
const RUNS = 4
/** Of the other memory: what the weights of all models take. */
const BYTES = 20e6

/** Times models in turns, as a page has them that follows faces, eyes and hands, and each on its own. */
export async function timeInTurns(
  library: Library,
  models: readonly LibraryModel[],
  budget: Budget,
): Promise<ModelsInTurns> {
  const loaded = await Promise.all(models.map((model) => loadModel(library, model)))
  const runs = loaded.map(({ run }) => run)
  const times = ways.map(() => ({ stock: [], samepad: [] }) as Record<KernelSet, number[]>)
  const other = new Float32Array(BYTES / 4).fill(1)
  for (const set of kernelSets) {
    library.use(set)
    for (const run of runs) await warmUp(run, budget)
  }
  await compiled()
  for (let pass = 0; pass < PASSES; pass++) {
    progress(`models in turns: pass ${pass + 1} of ${PASSES}`)
    for (const set of kernelSets) {
      library.use(set)
      for (const run of runs) await run() // back from each on its own
      for (let round = 0; round < ROUNDS; round++) times[0][set].push(await sumOf(runs, timed))
      times[1][set].push(await sumOf(runs, alone))
      times[2][set].push(await sumOf(runs, (run) => cold(run, other)))
    }
  }
  library.use('samepad')
  for (const one of loaded) one.dispose()
  const [turns, warm, uncached] = times.map(({ stock, samepad }) => {
    return { stock: median(stock), samepad: median(samepad) }
  })
  return { models: models.length, turns, alone: warm, cold: uncached }
}

async function sumOf(runs: readonly Run[], time: (run: Run) => Promise<number>): Promise<number> {
  let total = 0
  for (const run of runs) total += await time(run)
  return total
}

async function timed(run: Run): Promise<number> {
  const start = performance.now()
  await run()
  return performance.now() - start
}

/** After a run that brings back what it reads. */
async function alone(run: Run): Promise<number> {
  await run()
  const each = []
  for (let index = 0; index < RUNS; index++) each.push(await timed(run))
  return median(each)
}

/** When what it reads has left the nearer caches. */
async function cold(run: Run, other: Float32Array): Promise<number> {
  let sum = 0
  for (let index = 0; index < other.length; index += 16) sum += other[index] // one of each cache line
  other[0] = sum > 0 ? 1 : 0
  return timed(run)
}
