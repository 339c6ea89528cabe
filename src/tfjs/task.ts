import type { Values } from '../run/memory.ts'
import type { KeptLayers } from './kept-layers.ts'
import type { KernelAttributes, KernelTensors } from './library.ts'
import type { Storage } from './storage.ts'

/** The shapes of a kernel's tensors, by their names. */
export type KernelShapes = Readonly<Record<string, readonly number[] | undefined>>

/** A kernel that samepad has. */
export interface KernelRow {
  readonly name: string
  /** What it computes; undefined where samepad cannot, or is not asked to. */
  readonly plan: (shapes: KernelShapes, attrs: KernelAttributes, planning: KernelPlanning) => KernelTask | undefined
}

/** How kernels are planned. */
export interface KernelPlanning {
  readonly deterministic: boolean
  /** At most so many threads. */
  readonly threads: number | undefined
}

/** What a kernel computes from tensors of certain shapes. */
export interface KernelTask {
  /** Of the output. */
  readonly shape: readonly number[]
  run(given: KernelRun): void
}

/** The tensors of a run. */
export interface KernelRun {
  readonly tensors: KernelTensors
  readonly storage: Storage
  readonly layers: KeptLayers
  /** The values of an input. */
  values(name: string): Values
  readonly output: Values
}
