import type { ForeignHeap } from '../memory/foreign-heap.ts'
import type { Block } from '../memory/heap.ts'
import { free } from '../memory/memory.ts'
import { computedOn } from '../programs/engine.ts'
import { runOnThreadsIn } from '../programs/parallel.ts'
import { dropPrograms } from '../programs/programs.ts'
import { partRun, plannedParts } from './part-runs.ts'
import { publisherInto, startPool } from './start-pool.ts'
import { canShare } from './worker-pool.ts'

/**
 * Lets plans that work in memory that somebody lends run on so many threads, where threads share it. What `setThreads` starts is
 * for samepad's own memory alone.
 *
 * @returns what ends them; undefined where none may be started
 */
export function startThreadsIn(heap: ForeignHeap, threads: number): (() => void) | undefined {
  let pool = heap.isShared && threads > 1 && canShare() ? startPool(threads) : undefined
  if (!pool) return undefined
  pool.use(heap.memory())
  const { publish } = heap
  const code = new Set<Block>()
  const put = publisherInto(heap)
  heap.publish = (emitted) => {
    const published = put(emitted)
    if (published.shared) code.add(published.shared)
    return published
  }
  dropPrograms() // those that there are lie nowhere
  runOnThreadsIn(heap, (shared, holdings, most) => {
    if (pool?.isOver) pool = startPool(threads) // one of them died
    const own = pool
    own?.use(heap.memory())
    const parts = own && plannedParts(shared, Math.min(threads, most))
    return own && partRun(parts, holdings, own, (...parts) => computedOn(own.run(...parts)))
  })
  return () => {
    runOnThreadsIn(heap, undefined)
    heap.publish = publish
    pool?.end()
    dropPrograms()
    for (const block of code) free(block)
  }
}
