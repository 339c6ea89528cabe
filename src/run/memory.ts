import { SamepadError, Verbatim } from '../geometry/error.ts'
import { createMemory, type WasmMemory } from '../wasm/engine.ts'

/** A piece of program memory that belongs to somebody until it is freed. */
export interface Block {
  /** Its first byte, and one past its last. */
  readonly address: number
  readonly end: number
  /** Whether it was neither freed nor dropped with all memory. */
  isThere: boolean
  /** It as an array, once somebody asked for that; an empty one when memory has grown since. */
  floats: Float32Array | undefined
}

const PAGE = 65536
const ALIGNMENT = 64 // a cache line
const FIRST = ALIGNMENT // address 0 stays unused
/** Wasm has 32-bit addresses; half of them keep every sum of an address and an offset positive. */
const MOST_BYTES = 2 ** 31

/** One memory for all programs, which run one at a time. It grows to what is in use together, and is reused. */
let memory: WasmMemory | undefined
/** All of it; asking WebAssembly for its buffer takes as long as a small program. */
let view: Float32Array = new Float32Array(0)
let integerView: Int32Array = new Int32Array(0)
/** Buffers that memory had while threads share it: what lies on them lies in memory, also after it has grown. */
let buffers: WeakSet<ArrayBufferLike> | undefined
let create = (): WasmMemory => createMemory(0)
/** Every block in use. */
const blocks = new Set<Block>()
/** What lies between them, in order of addresses; behind the last one all is free. */
let gaps: Gap[] = [{ begin: FIRST, end: Number.POSITIVE_INFINITY }]
/** Blocks that were freed while somebody may still write into them; undefined where nobody may. */
let waiting: Block[] | undefined
/** The block in which an array lies that was asked for, or a part of one. */
const owners = new WeakMap<Float32Array, Block>()

interface Gap {
  begin: number
  end: number
}

/**
 * Takes so many bytes.
 *
 * @returns undefined where the engine has none left
 */
export function take(bytes: number): Block | undefined {
  const size = alignedTo(Math.max(1, bytes))
  const index = gaps.findIndex(({ begin, end }) => end - begin >= size)
  const gap = gaps[index]
  const block: Block = { address: gap.begin, end: gap.begin + size, isThere: true, floats: undefined }
  if (!reaches(block.end)) return undefined
  gap.begin = block.end
  if (gap.begin === gap.end) gaps.splice(index, 1)
  blocks.add(block)
  return block
}

/** Bytes rounded up to where the next block may begin. */
export function alignedTo(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT
}

/** Gives a block back; freeing one that is no longer there does nothing. */
export function free(block: Block): void {
  if (!block.isThere) return
  blocks.delete(block)
  forget(block)
  if (waiting) waiting.push(block)
  else addGap(block)
}

/** Lets nobody have what is freed from now on, until that is ended. */
export function keepFreed(): () => void {
  const kept: Block[] = []
  waiting = kept
  return () => {
    if (waiting !== kept) return
    waiting = undefined
    for (const block of kept) addGap(block)
  }
}

function addGap(block: Block): void {
  const gap: Gap = { begin: block.address, end: block.end }
  const index = gaps.findIndex(({ begin }) => begin >= gap.end)
  const [before, behind] = [gaps[index - 1], gaps[index]]
  const [joins, joined] = [before?.end === gap.begin, behind.begin === gap.end]
  if (joins) gap.begin = before.begin
  if (joined) gap.end = behind.end
  gaps.splice(joins ? index - 1 : index, Number(joins) + Number(joined), gap)
}

/** Who still has a block keeps no memory alive by it. */
function forget(block: Block): void {
  block.isThere = false
  block.floats = undefined
}

/** All of program memory as floats; valid until more is taken. */
export function floats(): Float32Array {
  current()
  return view
}

/** All of program memory as integers; valid until more is taken. */
export function integers(): Int32Array {
  const { buffer } = floats()
  if (integerView.buffer !== buffer) integerView = new Int32Array(buffer)
  return integerView
}

/** The first floats of a block: the same array each time, until more is taken. */
export function floatsOf(block: Block, length: number): Float32Array {
  const { buffer } = floats()
  if (block.floats?.buffer === buffer) return block.floats
  const own = new Float32Array(buffer, block.address, length)
  block.floats = own
  owners.set(own, block)
  return own
}

/** The memory that programs are bound to. Fails where WebAssembly is missing. */
export function current(): WasmMemory {
  if (!memory) {
    memory = create()
    look(memory)
  }
  return memory
}

/** Looks at memory anew, which is another one or has grown. */
function look({ buffer }: WasmMemory): void {
  view = new Float32Array(buffer)
  buffers?.add(buffer)
}

/**
 * Moves all that lies in memory into one that threads share; arrays on it are empty then, as when it grows.
 *
 * @param shared makes one of so many pages, which grows to so many; from now on all are made by it. May fail, and nothing is done
 */
export function shareMemory(shared: (pages: number, maximum: number) => WasmMemory): void {
  const next = shared(view.byteLength / PAGE, MOST_BYTES / PAGE)
  new Float32Array(next.buffer).set(view)
  memory?.grow(0) // which empties the arrays on it
  memory = next
  buffers = new WeakSet()
  create = () => shared(0, MOST_BYTES / PAGE)
  look(next)
}

/** Whether two arrays lie in one piece of memory. */
export function onOneBuffer(a: Float32Array, b: Float32Array): boolean {
  return a.buffer === b.buffer || (liesHere(a) && liesHere(b))
}

/** What there is to say of a tensor in program memory that is no longer there. */
export function released(): SamepadError {
  return new SamepadError('programTensor', 'a tensor must not be used after its memory', new Verbatim('released'))
}

function liesHere(data: Float32Array): boolean {
  return data.buffer === view.buffer || buffers?.has(data.buffer) === true
}

/** Whether an array in program memory lies in a block that was handed out as an array and is still there. */
function isOwned(data: Float32Array): boolean {
  return (owners.get(data) ?? ownerOfPart(data))?.isThere === true
}

function ownerOfPart(data: Float32Array): Block | undefined {
  const [begin, end] = [data.byteOffset, data.byteOffset + data.byteLength]
  for (const block of blocks) {
    if (!block.floats || block.address > begin || end > block.end) continue
    owners.set(data, block)
    return block
  }
  return undefined
}

/**
 * Where an array lies in program memory; undefined where it does not.
 *
 * @throws SamepadError when its memory was given back: it may be somebody else's by now
 */
export function addressOf(data: Float32Array): number | undefined {
  if (!liesHere(data)) return undefined
  if (!isOwned(data)) throw released()
  return data.byteOffset
}

/**
 * Values that stay where they are when memory is taken: those that lie in program memory are copied out of it.
 *
 * @throws SamepadError when their memory was given back
 */
export function settled(data: Float32Array): Float32Array {
  return addressOf(data) === undefined ? data : data.slice()
}

/** What a program reads or writes. */
export interface ProgramValues {
  /** Where it lies in program memory; undefined where it has to be copied. */
  readonly address: number | undefined
  /** Copies the values to an address in program memory. */
  copyTo(address: number): void
  /** Copies the values from there. */
  copyFrom(address: number): void
}

/**
 * An operation's values for as long as it runs. Taking memory may make all of it move, and arrays that lie there empty:
 * an address stays.
 */
export class Values implements ProgramValues {
  readonly address: number | undefined
  readonly #data: Float32Array
  readonly #length: number

  /** @throws SamepadError when they lie in program memory that was given back: it may be somebody else's by now */
  constructor(data: Float32Array) {
    this.address = addressOf(data)
    this.#data = data
    this.#length = data.length
  }

  /** The values as they lie now; valid until memory is taken. */
  get data(): Float32Array {
    if (this.address === undefined || this.#data.length === this.#length) return this.#data
    return floats().subarray(this.address / 4, this.address / 4 + this.#length)
  }

  copyTo(address: number): void {
    floats().set(this.data, address / 4)
  }

  copyFrom(address: number): void {
    this.data.set(floats().subarray(address / 4, address / 4 + this.#length))
  }
}

/** Bytes of program memory, and how many of them blocks take. */
export function blocksUse(): { readonly bytes: number; readonly used: number } {
  let used = 0
  for (const { address, end } of blocks) used += end - address
  return { bytes: view.byteLength, used }
}

/** Drops all of program memory. Whatever lay there is gone; the next program begins with an empty one. */
export function dropMemory(): void {
  memory = undefined
  view = new Float32Array(0)
  integerView = new Int32Array(0)
  blocks.forEach(forget)
  blocks.clear()
  gaps = [{ begin: FIRST, end: Number.POSITIVE_INFINITY }]
  buffers &&= new WeakSet()
  waiting = undefined
}

/** Whether memory goes so far, or could be grown: by a quarter at least, since growing may copy it. */
function reaches(end: number): boolean {
  try {
    const had = floats().byteLength
    if (end > MOST_BYTES) return false
    if (end > had) growBy(Math.ceil((end - had) / PAGE), Math.floor(Math.min(had / 4, MOST_BYTES - had) / PAGE))
    return true
  } catch {
    return false
  }
}

/** Grows memory by so many pages, or where those are not to be had by those that are missing. */
function growBy(missing: number, generous: number): void {
  try {
    current().grow(Math.max(missing, generous))
  } catch {
    current().grow(missing)
  }
  look(current())
}
