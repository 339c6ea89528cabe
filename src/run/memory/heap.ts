import type { WasmMemory } from '../../wasm/engine.ts'

/** A piece of a heap that belongs to somebody until it is freed. */
export interface Block {
  readonly heap: Heap
  /** Its first byte, and one past its last. */
  readonly address: number
  readonly end: number
  /** Whether it was neither freed nor dropped with all memory. */
  isThere: boolean
  /** It as an array, once somebody asked for that; an empty one when memory has grown since. */
  floats: Float32Array | undefined
}

/** A memory that programs work on, and who hands out pieces of it: samepad itself, or somebody who lends his. */
export interface Heap {
  /** Tells its programs apart from those of other heaps. */
  readonly name: string
  /** The memory that programs are bound to. Fails where WebAssembly is missing. */
  memory(): WasmMemory
  /** All of it as floats; valid until more is taken. */
  floats(): Float32Array
  /** Takes so many bytes; undefined where there are none. */
  take(bytes: number): Block | undefined
  /** Takes back a block that was there until now. */
  giveBack(block: Block): void
  /** Whether an array lies in it. */
  contains(data: Float32Array): boolean
  /** Whether an array that lies in it may be used: what it lies in was not given back. */
  isOwned(data: Float32Array): boolean
  /** What becomes of code before it is compiled. */
  readonly publish: Publish
}

/** What code is before it is compiled, and where threads find it. */
export type Publish = (bytes: Uint8Array) => { readonly bytes: Uint8Array; readonly shared?: Block | undefined }

export const ALIGNMENT = 64 // a cache line

/** Bytes rounded up to where the next block may begin. */
export function alignedTo(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT
}

/** The block in which an array lies that was asked for, or a part of one. */
export const owners = new WeakMap<Float32Array, Block>()

/** Who still has a block keeps no memory alive by it. */
export function forget(block: Block): void {
  block.isThere = false
  block.floats = undefined
}
