import { onSharedMemory } from '../../wasm/shared-memory.ts'
import type { Heap, Publish } from '../memory/heap.ts'
import { Pool } from './worker-pool.ts'

/** So many threads, this one and workers; undefined where no worker may be started. */
export function startPool(threads: number): Pool | undefined {
  try {
    return new Pool(threads)
  } catch {
    return undefined
  }
}

/** What puts code into a memory that threads share, where they find it. */
export function publisherInto(heap: Pick<Heap, 'take' | 'memory'>): Publish {
  return (emitted) => {
    const bytes = onSharedMemory(emitted)
    const shared = heap.take(bytes.length)
    if (shared) new Uint8Array(heap.memory().buffer, shared.address, bytes.length).set(bytes)
    return { bytes, shared }
  }
}
