import type { Task, Values } from '../tensors.ts'

/** A layer made ready in an engine: its weights packed or uploaded, its input in place. */
export interface Prepared {
  /** Computes once; the result is dropped or written where the last one was. */
  readonly run: () => unknown
  /** Computes once and gives the result, channels before the spatial axes. */
  readonly result: () => Promise<Values>
  readonly release: () => unknown
  /** What a reader must know of how it ran. */
  readonly note?: () => string | undefined
}

/** Something that computes layers, on one thread. */
export interface Engine {
  readonly name: string
  /** samepad itself; another engine on WebAssembly; native code. */
  readonly kind: 'samepad' | 'wasm' | 'native'
  readonly version: string
  /** @throws Error with the engine's own words where it cannot do a layer */
  readonly prepare: (task: Task) => Promise<Prepared>
}
