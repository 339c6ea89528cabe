// What runs a network on a piece.

/** A tensor in row-major order. */
export interface PieceTensor {
  readonly data: Float32Array
  readonly shape: readonly number[]
}

/** A network that is loaded. */
export interface Engine {
  run(input: string, tensor: PieceTensor): Promise<Readonly<Record<string, PieceTensor>>>
  release(): Promise<void>
}

/** How a network is loaded. */
export interface EngineOptions {
  readonly model: string
  readonly engine: EngineName
  /** The same bits on every machine, with samepad's own engine. */
  readonly deterministic: boolean
}

export const engineNames = ['samepad', 'onnxruntime-node'] as const

export type EngineName = (typeof engineNames)[number]
