import type { Values } from '../tensors.ts'

/** Runs a model on an input of its shape, and gives its outputs by their names. */
export type ModelRun = (
  data: Float32Array,
  shape: readonly number[],
) => Readonly<Record<string, Values>> | Promise<Readonly<Record<string, Values>>>

/** The paths of a model: its file of ONNX, and that of TFLite where there is one, whose outputs are y0, y1, ... in ONNX. */
export interface ModelFiles {
  readonly path: string
  readonly tflite: string | undefined
}

/** Engines that run whole models, by name: each opens a file, to run on so many threads; undefined where it has none for that. */
export const modelEngines: Readonly<
  Record<string, (files: ModelFiles, threads: number) => Promise<ModelRun | undefined>>
>
