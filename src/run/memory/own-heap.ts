import { createMemory, type WasmMemory } from '../../wasm/engine.ts'
import { ALIGNMENT, alignedTo, type Block, forget, type Heap, owners, type Publish } from './heap.ts'

const PAGE = 65536
const FIRST = ALIGNMENT // address 0 stays unused
/** Wasm has 32-bit addresses; half of them keep every sum of an address and an offset positive. */
const MOST_BYTES = 2 ** 31

interface Gap {
  begin: number
  end: number
}

/** Samepad's own memory, which grows to what is in use together, and is reused. */
export class OwnHeap implements Heap {
  readonly name = ''
  publish: Publish = (bytes) => ({ bytes })
  #memory: WasmMemory | undefined
  /** All of it; asking WebAssembly for its buffer takes as long as a small program. */
  #view: Float32Array = new Float32Array(0)
  /** Buffers that memory had while threads share it: what lies on them lies in memory, also after it has grown. */
  #buffers: WeakSet<ArrayBufferLike> | undefined
  #create = (): WasmMemory => createMemory(0)
  /** Every block in use. */
  readonly #blocks = new Set<Block>()
  /** What lies between them, in order of addresses; behind the last one all is free. */
  #gaps: Gap[] = [{ begin: FIRST, end: Number.POSITIVE_INFINITY }]
  /** Blocks that were freed while somebody may still write into them; undefined where nobody may. */
  #waiting: Block[] | undefined

  memory(): WasmMemory {
    if (!this.#memory) {
      this.#memory = this.#create()
      this.#look(this.#memory)
    }
    return this.#memory
  }

  floats(): Float32Array {
    this.memory()
    return this.#view
  }

  take(bytes: number): Block | undefined {
    const size = alignedTo(Math.max(1, bytes))
    const index = this.#gaps.findIndex(({ begin, end }) => end - begin >= size)
    const gap = this.#gaps[index]
    const block = { heap: this, address: gap.begin, end: gap.begin + size, isThere: true, floats: undefined }
    if (!this.#reaches(block.end)) return undefined
    gap.begin = block.end
    if (gap.begin === gap.end) this.#gaps.splice(index, 1)
    this.#blocks.add(block)
    return block
  }

  giveBack(block: Block): void {
    this.#blocks.delete(block)
    if (this.#waiting) this.#waiting.push(block)
    else this.#addGap(block)
  }

  contains(data: Float32Array): boolean {
    return data.buffer === this.#view.buffer || this.#buffers?.has(data.buffer) === true
  }

  /** Whether an array lies in a block that was handed out as an array and is still there. */
  isOwned(data: Float32Array): boolean {
    return (owners.get(data) ?? this.#ownerOfPart(data))?.isThere === true
  }

  /** Lets nobody have what is freed from now on, until that is ended. */
  keepFreed(): () => void {
    const kept = [...(this.#waiting ?? [])] // whoever asks last ends it for all
    this.#waiting = kept
    return () => {
      if (this.#waiting !== kept) return
      this.#waiting = undefined
      for (const block of kept) this.#addGap(block)
    }
  }

  /**
   * Moves all that lies in memory into one that threads share; arrays on it are empty then, as when it grows.
   *
   * @param shared makes one of so many pages, which grows to so many; from now on all are made by it. May fail, and nothing is done
   */
  share(shared: (pages: number, maximum: number) => WasmMemory): void {
    const next = shared(this.#view.byteLength / PAGE, MOST_BYTES / PAGE)
    new Float32Array(next.buffer).set(this.#view)
    this.#memory?.grow(0) // which empties the arrays on it
    this.#memory = next
    this.#buffers = new WeakSet()
    this.#create = () => shared(0, MOST_BYTES / PAGE)
    this.#look(next)
  }

  /** Its bytes, and how many of them blocks take. */
  use(): { readonly bytes: number; readonly used: number } {
    let used = 0
    for (const { address, end } of this.#blocks) used += end - address
    return { bytes: this.#view.byteLength, used }
  }

  /** Drops all of it. Whatever lay there is gone; the next program begins with an empty one. */
  drop(): void {
    this.#memory = undefined
    this.#view = new Float32Array(0)
    this.#blocks.forEach(forget)
    this.#blocks.clear()
    this.#gaps = [{ begin: FIRST, end: Number.POSITIVE_INFINITY }]
    this.#buffers &&= new WeakSet()
    this.#waiting = undefined
  }

  #addGap(block: Block): void {
    const gap: Gap = { begin: block.address, end: block.end }
    const index = this.#gaps.findIndex(({ begin }) => begin >= gap.end)
    const [before, behind] = [this.#gaps[index - 1], this.#gaps[index]]
    const [joins, joined] = [before?.end === gap.begin, behind.begin === gap.end]
    if (joins) gap.begin = before.begin
    if (joined) gap.end = behind.end
    this.#gaps.splice(joins ? index - 1 : index, Number(joins) + Number(joined), gap)
  }

  /** Looks at memory anew, which is another one or has grown. */
  #look({ buffer }: WasmMemory): void {
    this.#view = new Float32Array(buffer)
    this.#buffers?.add(buffer)
  }

  #ownerOfPart(data: Float32Array): Block | undefined {
    const [begin, end] = [data.byteOffset, data.byteOffset + data.byteLength]
    for (const block of this.#blocks) {
      if (!block.floats || block.address > begin || end > block.end) continue
      owners.set(data, block)
      return block
    }
    return undefined
  }

  /** Whether memory goes so far, or could be grown: by a quarter at least, since growing may copy it. */
  #reaches(end: number): boolean {
    try {
      const had = this.floats().byteLength
      if (end > MOST_BYTES) return false
      if (end > had) this.#grow(Math.ceil((end - had) / PAGE), Math.floor(Math.min(had / 4, MOST_BYTES - had) / PAGE))
      return true
    } catch {
      return false
    }
  }

  /** Grows memory by so many pages, or where those are not to be had by those that are missing. */
  #grow(missing: number, generous: number): void {
    const memory = this.memory()
    try {
      memory.grow(Math.max(missing, generous))
    } catch {
      memory.grow(missing)
    }
    this.#look(memory)
  }
}
