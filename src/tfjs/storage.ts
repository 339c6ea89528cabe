import { SamepadError } from '../geometry/index.ts'
import { ForeignHeap } from '../run/memory/foreign-heap.ts'
import { Values, within } from '../run/memory/memory.ts'
import { startThreadsIn } from '../run/threads/lent-threads.ts'
import type { WasmMemory } from '../wasm/engine.ts'
import type { DataRecords } from './deferred.ts'
import type { LibraryTensor } from './library.ts'

/** Where the tensors of a backend lie, and how more are made. */
export interface Storage {
  /**
   * A new tensor of float32. Made before values are looked at: it may make memory grow.
   *
   * @throws SamepadError when there is no memory for it
   */
  output(shape: readonly number[]): LibraryTensor
  /** The values of a tensor, where they are. */
  values(tensor: LibraryTensor): Values
  /** Runs programs where the tensors lie. */
  run<T>(body: () => T): T
  /** Bytes of the backend's memory that are in use here. */
  readonly used: number
  /** At most so many threads compute a kernel; as many as `setThreads` was asked for where nothing is said. */
  readonly threads: number | undefined
  /** Whether the library's own kernels are compiled code. */
  readonly isCompiled: boolean
  /** What the backend knows of tensors, where it reads that whenever it reads them. */
  readonly records?: DataRecords | undefined
  /** Ends what was started for it. */
  release(): void
}

interface WasmModule {
  /** Of older versions without. */
  readonly tfjs?: { getThreadsCount?(): number }
  readonly asm?: Readonly<Record<string, unknown>>
  readonly wasmMemory?: WasmMemory
  _malloc(bytes: number): number
  _free(address: number): void
}

/** The WebAssembly backend. */
interface WasmBackend {
  readonly wasm: WasmModule
  readonly dataIdMap: DataRecords
  makeOutput(shape: readonly number[], dtype: string): LibraryTensor
  disposeData(dataId: object): boolean
}

/** The backend in plain JavaScript. */
interface CpuBackend {
  makeTensorInfo(shape: readonly number[], dtype: string, values: Float32Array): LibraryTensor
  readSync(dataId: object): Float32Array
}

/** The storage of a backend, by what it has; undefined for others. */
export function storageOf(backend: object): Storage | undefined {
  if (isWasm(backend)) return inHeapOf(backend)
  return isCpu(backend) ? inArraysOf(backend) : undefined
}

const isWasm = (backend: object): backend is WasmBackend => 'wasm' in backend && 'dataIdMap' in backend
const isCpu = (backend: object): backend is CpuBackend => 'makeTensorInfo' in backend && 'bufferSync' in backend

/** Tensors lie in the backend's memory, and programs run there: nothing is copied. */
function inHeapOf(backend: WasmBackend): Storage {
  const { wasm, dataIdMap } = backend
  const heap = new ForeignHeap({
    memory: memoryOf(wasm),
    allocate: (bytes) => wasm._malloc(bytes),
    free: (address) => wasm._free(address),
  })
  const threads = wasm.tfjs?.getThreadsCount?.() ?? 1
  const endThreads = startThreadsIn(heap, threads)
  return {
    output(shape) {
      const output = backend.makeOutput(shape, 'float32')
      if (dataIdMap.get(output.dataId).memoryOffset > 0) return output
      backend.disposeData(output.dataId)
      throw new SamepadError('accelerate', 'the backend must have memory for an output', shape)
    },
    values: ({ dataId, shape }) => Values.at(dataIdMap.get(dataId).memoryOffset, elementsOf(shape)),
    run: (body) => within(heap, body),
    get used() {
      return heap.used
    },
    ...{ threads: endThreads ? threads : 1, isCompiled: true },
    records: dataIdMap,
    release: () => endThreads?.(),
  }
}

/** The build without threads exports its memory, that with threads is given one. */
function memoryOf({ asm = {}, wasmMemory }: WasmModule): WasmMemory {
  const isMemory = (value: unknown): value is WasmMemory =>
    Object.prototype.toString.call(value) === '[object WebAssembly.Memory]'
  const memory = [wasmMemory, ...Object.values(asm)].find(isMemory)
  if (memory) return memory
  throw new SamepadError(
    'accelerate',
    "the backend must have a WebAssembly.Memory as 'asm.memory' or 'wasmMemory'",
    asm,
  )
}

/** Tensors are arrays, which are copied into samepad's own memory for a run. */
function inArraysOf(backend: CpuBackend): Storage {
  return {
    output: (shape) => backend.makeTensorInfo(shape, 'float32', new Float32Array(elementsOf(shape))),
    values: ({ dataId }) => new Values(backend.readSync(dataId)),
    run: (body) => body(),
    used: 0,
    ...{ threads: undefined, isCompiled: false },
    release: () => undefined,
  }
}

function elementsOf(shape: readonly number[]): number {
  let elements = 1
  for (const size of shape) elements *= size
  return elements
}
