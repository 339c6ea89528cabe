import type { WasmMemory } from '../../wasm/engine.ts'
import { onSharedMemory } from '../../wasm/shared-memory.ts'
import { ALIGNMENT, type Block, type Heap, type Publish } from './heap.ts'

/** Somebody's memory, and how pieces of it are had. */
export interface Lender {
  readonly memory: WasmMemory
  /** The address of so many bytes; 0 where there are none. It alone makes memory grow. */
  allocate(bytes: number): number
  free(address: number): void
}

let count = 0

/** A memory that somebody else owns: what lies there is his, and pieces of it are asked of him. */
export class ForeignHeap implements Heap {
  readonly name = `${++count} `
  publish: Publish
  readonly #lender: Lender
  /** Blocks in use, and what the lender calls them. */
  readonly #lent = new Map<Block, number>()
  /** Whether threads share it. */
  readonly isShared: boolean
  #view: Float32Array

  constructor(lender: Lender) {
    this.#lender = lender
    const { buffer } = lender.memory
    // Not by its class, which pages that are not isolated do not have.
    this.isShared = Object.prototype.toString.call(buffer) === '[object SharedArrayBuffer]'
    this.#view = new Float32Array(buffer)
    this.publish = (bytes) => ({ bytes: this.isShared ? onSharedMemory(bytes) : bytes })
  }

  /** Bytes of it that are in use here. */
  get used(): number {
    let used = 0
    for (const { address, end } of this.#lent.keys()) used += end - address
    return used
  }

  memory(): WasmMemory {
    return this.#lender.memory
  }

  floats(): Float32Array {
    // What has grown leaves an empty view behind, or where threads share it, a short one.
    if (this.isShared || this.#view.length === 0) this.#look()
    return this.#view
  }

  take(bytes: number): Block | undefined {
    const size = Math.max(1, bytes)
    const lent = this.#allocate(size + ALIGNMENT - 1)
    if (lent === 0) return undefined
    const address = Math.ceil(lent / ALIGNMENT) * ALIGNMENT
    const block = { heap: this, address, end: address + size, isThere: true, floats: undefined }
    this.#lent.set(block, lent)
    return block
  }

  giveBack(block: Block): void {
    const lent = this.#lent.get(block)
    this.#lent.delete(block)
    if (lent !== undefined) this.#lender.free(lent)
  }

  contains(data: Float32Array): boolean {
    return data.buffer === this.floats().buffer
  }

  isOwned(): boolean {
    return true
  }

  #look(): void {
    const { buffer } = this.#lender.memory
    if (buffer !== this.#view.buffer) this.#view = new Float32Array(buffer)
  }

  #allocate(bytes: number): number {
    try {
      return this.#lender.allocate(bytes) >>> 0 // addresses of 2 GiB and more are negative there
    } catch {
      return 0
    }
  }
}
