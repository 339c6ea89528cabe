import { SamepadError, Verbatim } from '../../geometry/error.ts'
import type { WasmMemory } from '../../wasm/engine.ts'
import { type Block, forget, type Heap, owners, type Publish } from './heap.ts'
import { OwnHeap } from './own-heap.ts'

// The memory of programs, which run one at a time: samepad's own, or one that is lent for a while.

const own = new OwnHeap()
let heap: Heap = own
let integerView: Int32Array = new Int32Array(0)
const nowhere = new Float32Array(0)

/** Lets all that is run meanwhile work on another heap. It must not wait for anything. */
export function within<T>(other: Heap, body: () => T): T {
  const before = heap
  heap = other
  try {
    return body()
  } finally {
    heap = before
  }
}

/** The heap that programs work on. */
export function currentHeap(): Heap {
  return heap
}

/**
 * Takes so many bytes.
 *
 * @returns undefined where the engine has none left
 */
export function take(bytes: number): Block | undefined {
  return heap.take(bytes)
}

/** Gives a block back; freeing one that is no longer there does nothing. */
export function free(block: Block): void {
  if (!block.isThere) return
  forget(block)
  block.heap.giveBack(block)
}

/** Lets nobody have what is freed from now on, until that is ended. */
export function keepFreed(): () => void {
  return own.keepFreed()
}

/** All of program memory as floats; valid until more is taken. */
export function floats(): Float32Array {
  return heap.floats()
}

/** All of program memory as integers; valid until more is taken. */
export function integers(): Int32Array {
  const { buffer } = floats()
  if (integerView.buffer !== buffer) integerView = new Int32Array(buffer)
  return integerView
}

/** The first floats of a block: the same array each time, until more is taken. */
export function floatsOf(block: Block, length: number): Float32Array {
  const { buffer } = block.heap.floats()
  if (block.floats?.buffer === buffer) return block.floats
  const array = new Float32Array(buffer, block.address, length)
  block.floats = array
  owners.set(array, block)
  return array
}

/** The memory that programs are bound to. Fails where WebAssembly is missing. */
export function current(): WasmMemory {
  return heap.memory()
}

/**
 * Moves all that lies in samepad's own memory into one that threads share; arrays on it are empty then, as when it grows.
 *
 * @param shared makes one of so many pages, which grows to so many; from now on all are made by it. May fail, and nothing is done
 * @param publish what becomes of code for it
 */
export function shareMemory(shared: (pages: number, maximum: number) => WasmMemory, publish: Publish): void {
  own.share(shared)
  own.publish = publish
}

/** Whether two arrays lie in one piece of memory. */
export function onOneBuffer(a: Float32Array, b: Float32Array): boolean {
  return a.buffer === b.buffer || (heap.contains(a) && heap.contains(b))
}

/** What there is to say of a tensor in program memory that is no longer there. */
export function released(): SamepadError {
  return new SamepadError('programTensor', 'a tensor must not be used after its memory', new Verbatim('released'))
}

/**
 * Where an array lies in program memory; undefined where it does not.
 *
 * @throws SamepadError when its memory was given back: it may be somebody else's by now
 */
export function addressOf(data: Float32Array): number | undefined {
  if (!heap.contains(data)) return undefined
  if (!heap.isOwned(data)) throw released()
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
  readonly length: number
  readonly #data: Float32Array

  /** @throws SamepadError when they lie in program memory that was given back: it may be somebody else's by now */
  constructor(data: Float32Array, address = addressOf(data), length = data.length) {
    this.address = address
    this.length = length
    this.#data = data
  }

  /** Values of which only the place in program memory is known: making an array takes as long as a small program. */
  static at(address: number, length: number): Values {
    return new Values(nowhere, address, length)
  }

  /** The values as they lie now; valid until memory is taken. */
  get data(): Float32Array {
    if (this.address === undefined || this.#data.length === this.length) return this.#data
    return floats().subarray(this.address / 4, this.address / 4 + this.length)
  }

  copyTo(address: number): void {
    floats().set(this.data, address / 4)
  }

  copyFrom(address: number): void {
    this.data.set(floats().subarray(address / 4, address / 4 + this.length))
  }
}

/** Bytes of samepad's own memory, and how many of them blocks take. */
export function blocksUse(): { readonly bytes: number; readonly used: number } {
  return own.use()
}

/** Drops all of samepad's own memory. Whatever lay there is gone; the next program begins with an empty one. */
export function dropMemory(): void {
  own.drop()
  integerView = new Int32Array(0)
}
