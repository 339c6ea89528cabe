import type { Values } from '../run/memory/memory.ts'
import type { KeptLayers } from './kept-layers.ts'
import type { KernelAttributes, KernelTensors } from './library.ts'

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
  /** Whether the library's own kernels are compiled code: some of them are as fast then. */
  readonly isCompiled: boolean
}

/** What a kernel computes from tensors of certain shapes. */
export interface KernelTask {
  /** Of the output. */
  readonly shape: readonly number[]
  /** Whether there is no program for it: the kernel that was there is better, if there was one. */
  readonly isSlow: boolean
  /** Whether that kernel gives another answer than TensorFlow's, which is the one here. */
  readonly isFault: boolean
  /** Whether it is better than the kernel that was there for these tensors; always where nothing is said. */
  readonly isWorthIt?: ((tensors: KernelTensors, layers: KeptLayers) => boolean) | undefined
  run(given: KernelRun): void
  /** Lets go of what it keeps. */
  readonly release?: (() => void) | undefined
}

/** The tensors of a run. */
export interface KernelRun {
  readonly tensors: KernelTensors
  readonly layers: KeptLayers
  /** The values of an input. */
  values(name: string): Values
  readonly output: Values
}
