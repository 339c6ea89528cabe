import { createRequire } from 'node:module'
import { join } from 'node:path'
import { SamepadError, Verbatim } from 'samepad/geometry'
import { loadNetwork } from 'samepad/graph'
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
    const { InferenceSession, Tensor } = onnxruntime()
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

/** The user's own onnxruntime, of the folder where the command is typed. */
function onnxruntime(): Runtime {
  try {
    return createRequire(join(process.cwd(), 'package.json'))('onnxruntime-node')
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error)
    throw new SamepadError(
      'engine',
      'onnxruntime-node must be installed in this folder (npm install onnxruntime-node)',
      new Verbatim(why),
    )
  }
}

function floats(name: string, { data, dims }: RuntimeTensor): { data: Float32Array; shape: readonly number[] } {
  if (data instanceof Float32Array) return { data, shape: dims }
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    return { data: Float32Array.from(data, Number), shape: dims }
  }
  if (ArrayBuffer.isView(data) && 'length' in data) return { data: Float32Array.from(data as Uint8Array), shape: dims }
  throw new SamepadError('engine', `output ${name} must hold numbers`, data)
}
