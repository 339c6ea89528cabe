import { createMemory, type WasmMemory } from '../wasm/engine.ts'

/** A piece of program memory that belongs to somebody until it is freed. */
export interface Block {
  /** Its first byte. */
  readonly address: number
  /** How many times all memory had been dropped when it was taken: a block of an earlier memory is no longer there. */
  readonly generation: number
}

const PAGE = 65536
const ALIGNMENT = 64 // a cache line
const FIRST = ALIGNMENT // address 0 stays unused
/** Wasm has 32-bit addresses; half of them keep every sum of an address and an offset positive. */
const MOST_BYTES = 2 ** 31

/** Where free bytes lie and how many they are, in order of their addresses and never side by side. */
interface Gap {
  begin: number
  end: number
}

/** One memory for all programs, which run one at a time. It grows to what is in use together, and is reused. */
let memory: WasmMemory | undefined
let generation = 0
let gaps: Gap[] = []
/** Every block in use and its end. */
const ends = new Map<Block, number>()
let view = new Float32Array(0)

/**
 * Takes so many bytes.
 *
 * @returns undefined where the engine has none left
 */
export function take(bytes: number): Block | undefined {
  const size = alignedTo(Math.max(1, bytes))
  const gap = gaps.find(({ begin, end }) => end - begin >= size) ?? grown(size)
  if (!gap) return undefined
  const address = gap.begin
  gap.begin += size
  if (gap.begin === gap.end) gaps.splice(gaps.indexOf(gap), 1)
  const block = { address, generation }
  ends.set(block, address + size)
  return block
}

/** Bytes rounded up to where the next block may begin. */
export function alignedTo(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT
}

/** Gives a block back; freeing one twice, or one of an earlier memory, does nothing. */
export function free(block: Block): void {
  const end = ends.get(block)
  if (ends.delete(block) && end !== undefined) give(block.address, end)
}

/** Whether a block is still in the memory that there is now. */
export function isThere(block: Block): boolean {
  return block.generation === generation
}

/** All of program memory as floats; valid until more is taken. */
export function floats(): Float32Array<ArrayBuffer> {
  const { buffer } = current()
  if (view.buffer !== buffer) view = new Float32Array(buffer)
  return view as Float32Array<ArrayBuffer>
}

/** The memory that programs are bound to. */
export function current(): WasmMemory {
  memory ??= createMemory(1)
  return memory
}

/**
 * An operation's values for as long as it runs. Taking memory may make all of it move, and arrays that lie there empty:
 * an address stays.
 */
export class Values {
  /** Where they lie in program memory; undefined for those that lie elsewhere. */
  readonly address: number | undefined
  readonly #data: Float32Array
  readonly #length: number

  constructor(data: Float32Array) {
    this.address = memory && data.buffer === memory.buffer ? data.byteOffset : undefined
    this.#data = data
    this.#length = data.length
  }

  /** The values as they lie now; valid until memory is taken. */
  get data(): Float32Array {
    if (this.address === undefined || this.#data.length === this.#length) return this.#data
    return floats().subarray(this.address / 4, this.address / 4 + this.#length)
  }
}

/** Bytes of program memory, and how many of them are in use. */
export function memoryUse(): { readonly bytes: number; readonly used: number } {
  let used = 0
  for (const [{ address }, end] of ends) used += end - address
  return { bytes: memory?.buffer.byteLength ?? 0, used }
}

/** Drops all of program memory. Whatever lay there is gone; the next program begins with an empty one. */
export function dropMemory(): void {
  memory = undefined
  view = new Float32Array(0)
  gaps = []
  ends.clear()
  generation++
}

/** A gap of so many bytes at the end, where memory can be grown: by a quarter at least, since growing may copy it. */
function grown(size: number): Gap | undefined {
  try {
    const had = memory?.buffer.byteLength ?? 0
    const last = gaps.at(-1)
    const begin = last && last.end === had ? last.begin : Math.max(had, FIRST)
    if (begin + size > MOST_BYTES) return undefined
    const missing = Math.ceil((begin + size - had) / PAGE)
    if (!memory) memory = createMemory(missing)
    else growBy(memory, missing, Math.min(had >> 2, MOST_BYTES - had) >> 16)
    give(Math.max(had, FIRST), memory.buffer.byteLength)
    return gaps.at(-1)
  } catch {
    return undefined
  }
}

function growBy(memory: WasmMemory, missing: number, generous: number): void {
  try {
    memory.grow(Math.max(missing, generous))
  } catch {
    memory.grow(missing)
  }
}

/** Adds free bytes, joined with free neighbours. */
function give(begin: number, end: number): void {
  const at = gaps.findIndex((gap) => gap.begin >= end)
  const index = at < 0 ? gaps.length : at
  const [before, after] = [gaps[index - 1], gaps[index]]
  const joined = { begin: before?.end === begin ? before.begin : begin, end: after?.begin === end ? after.end : end }
  const from = before?.end === begin ? index - 1 : index
  gaps.splice(from, (before?.end === begin ? 1 : 0) + (after?.begin === end ? 1 : 0), joined)
}
