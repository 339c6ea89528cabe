import { SamepadError } from 'samepad/geometry'
import { loadNetwork } from 'samepad/graph'
import { ofRuntime } from './check-engine.ts'
import type { Engine, EngineName, EngineOptions } from './engine.ts'

const loaders: Readonly<Record<EngineName, (options: EngineOptions) => Promise<Engine>>> = {
  samepad: async ({ model, deterministic }) => {
    const network = await loadNetwork(model, { deterministic })
    return {
      run: async (input, { data, shape }) => network.run({ [input]: { data, shape } }),
      release: async () => network.release(),
    }
  },
  'onnxruntime-node': async ({ model }) => {
    const { InferenceSession, Tensor } = ofRuntime<Runtime>((require) => require('onnxruntime-node'))
    // Pieces run side by side, so each takes one thread.
    const session = await InferenceSession.create(model, { intraOpNumThreads: 1, logSeverityLevel: 3 })
    return {
      run: async (input, { data, shape }) => {
        const results = await session.run({ [input]: new Tensor('float32', data, shape) })
        return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, floats(name, value)]))
      },
      release: async () => session.release(),
    }
  },
}

/** Loads a network. */
export const loadEngine = (options: EngineOptions): Promise<Engine> => loaders[options.engine](options)

interface RuntimeTensor {
  readonly data: unknown
  readonly dims: readonly number[]
}

interface Runtime {
  readonly InferenceSession: {
    create(
      path: string,
      options: object,
    ): Promise<{ run(feeds: object): Promise<Record<string, RuntimeTensor>>; release(): Promise<void> }>
  }
  readonly Tensor: new (type: string, data: Float32Array, dims: readonly number[]) => RuntimeTensor
}

function floats(name: string, { data, dims }: RuntimeTensor): { data: Float32Array; shape: readonly number[] } {
  if (data instanceof Float32Array) return { data, shape: dims }
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    return { data: Float32Array.from(data, Number), shape: dims }
  }
  if (ArrayBuffer.isView(data) && 'length' in data) return { data: Float32Array.from(data as Uint8Array), shape: dims }
  throw new SamepadError('engine', `output ${name} must hold numbers`, data)
}
