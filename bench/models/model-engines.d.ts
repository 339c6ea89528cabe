import type { Values } from '../tensors.ts'

/** Runs a model on an input of its shape, and gives its outputs by their names. */
export type ModelRun = (
  data: Float32Array,
  shape: readonly number[],
) => Readonly<Record<string, Values>> | Promise<Readonly<Record<string, Values>>>

/** Engines that run whole models, by name: each opens a file, to run on so many threads. */
export const modelEngines: Readonly<Record<string, (path: string, threads: number) => Promise<ModelRun>>>
