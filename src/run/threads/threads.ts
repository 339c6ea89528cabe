import { checkInteger } from '../../geometry/options.ts'
import { createSharedMemory } from '../../wasm/shared-memory.ts'
import { current, shareMemory, take } from '../memory/memory.ts'
import { computedOn } from '../programs/engine.ts'
import { runOnThreads } from '../programs/parallel.ts'
import { dropPrograms } from '../programs/programs.ts'
import { Pace } from './pace.ts'
import { partRun, partsApart, plannedParts } from './part-runs.ts'
import { publisherInto, startPool } from './start-pool.ts'
import { canShare, type Pool } from './worker-pool.ts'
import { MOST_PARTS } from './worker-text.ts'

/** No more threads than parts that there can be. */
const MOST_THREADS = MOST_PARTS

let pool: Pool | undefined
let isShared = false

/**
 * Lets layers and operations that slide a window compute on so many threads, this one and workers that share the memory of
 * programs. Workers are started at once, and take part as soon as they run; what is too small for them stays on one thread.
 * Results are the same to the last bit. Workers sleep while there is nothing to do, and let the process end.
 *
 * @param threads 1 ends all workers; more than 30 are 30
 * @returns how many threads there may be: 1 where memory cannot be shared, which in pages takes isolation, or no worker started
 * @throws SamepadError when it is not an integer of at least 1
 */
export function setThreads(threads: number): number {
  const wanted = Math.min(checkInteger('setThreads', 'threads', threads, 1), MOST_THREADS)
  pool?.end()
  pool = undefined
  runOnThreads(undefined)
  if (wanted === 1 || !canShare() || !share()) return 1
  pool = startPool(wanted)
  if (!pool) return 1
  pool.use(current())
  /** Threads that nobody uses; another lot where one of them died. */
  const freePool = (): Pool | undefined => {
    if (pool?.isBusy) return undefined
    if (pool?.isOver) pool = startPool(wanted)
    pool?.use(current())
    return pool
  }
  const paces = new WeakMap<object, Pace>()
  runOnThreads({
    plans: (shared, most) => plannedParts(shared, Math.min(wanted, most))?.map((part) => part.shared),
    ready(shared, holdings, most) {
      const own = freePool()
      const parts = own && plannedParts(shared, Math.min(wanted, most))
      return own && partRun(parts, holdings, own, (...parts) => computedOn(own.run(...parts)))
    },
    apart(shared, holdings, most) {
      const own = freePool()
      const parts = own && partsApart(shared, Math.min(wanted - 1, most))
      return own && partRun(parts, holdings, own, (...parts) => own.runApart(...parts))
    },
    together(known, run) {
      const own = freePool()
      if (!own) return run()
      const pace = paces.get(known) ?? new Pace()
      paces.set(known, pace)
      const { way } = pace
      const begun = performance.now()
      const answer = way === 'several' ? own.awake(run) : own.asleep(run)
      pace.took(performance.now() - begun)
      return answer
    },
  })
  return wanted
}

/** Lets there be at least so many threads: those that `setThreads` started, or more. Fulfilled when they can be given work. */
export async function needThreads(threads: number): Promise<void> {
  if (threads === 1) return
  if ((pool?.threads ?? 1) < Math.min(threads, MOST_THREADS)) setThreads(threads)
  await pool?.ready()
}

/** Makes the memory of programs one that threads share, and compiles programs for that; whether there is one. */
function share(): boolean {
  if (isShared) return true
  try {
    shareMemory(createSharedMemory, publisherInto({ take, memory: current }))
  } catch {
    return false
  }
  isShared = true
  dropPrograms() // those that there are cannot run on it
  return true
}
