import { createMemory, type WasmMemory } from './engine.ts'
import { ANY_MEMORY, HEADER } from './module.ts'

/** Limits of a memory that threads share: from no page on, to all that there can be. */
const SHARED_MEMORY = [0x03, 0x00, 0x80, 0x80, 0x04]

/** A memory of so many pages of 64 KiB for threads to share, which grows to so many at most. Fails where there is none. */
export function createSharedMemory(pages: number, maximum: number): WasmMemory {
  return createMemory(pages, { maximum, shared: true })
}

/** The same module, which `Module` encoded, over a memory that threads share. */
export function onSharedMemory(module: Uint8Array): Uint8Array<ArrayBuffer> {
  let at = HEADER.length + 1 // behind the number of the section of types, where its size stands
  let [types, shift] = [0, 0]
  for (let more = true; more; shift += 7) {
    more = module[at] >= 0x80
    types += (module[at++] & 0x7f) << shift
  }
  at += types + 1
  const size = module[at] // a few names
  const [before, limits] = [at, at + 1 + size - ANY_MEMORY.length]
  const longer = size + SHARED_MEMORY.length - ANY_MEMORY.length
  const rest = module.subarray(limits + ANY_MEMORY.length)
  return Uint8Array.from([
    ...module.subarray(0, before),
    longer,
    ...module.subarray(before + 1, limits),
    ...SHARED_MEMORY,
    ...rest,
  ])
}
