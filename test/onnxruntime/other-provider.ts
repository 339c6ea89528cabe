// onnxruntime-common under the name that vad-web asks for: the classes and the registry of providers that onnxruntime-web and
// onnxruntime-node are made of, without a runtime.
import * as ort from 'onnxruntime-web'

/** What a session of the other provider was opened with, and what became of it. */
export interface OtherSession {
  readonly model: string | Uint8Array
  readonly options: Readonly<Record<string, unknown>>
  runs: number
  isReleased: boolean
}

/** A provider beside samepad: the output `y` is the input `x` and 1000. It takes any model and keeps a list of its sessions. */
export class OtherProvider {
  readonly sessions: OtherSession[] = []
  /** What opening a session ends with, and what a run does. */
  refusal: Error | undefined
  runRefusal: Error | undefined

  /** Makes it a provider of onnxruntime, that is taken without being named too where the priority is not below 0. */
  register(name: string, priority: number): this {
    ort.registerBackend(
      name,
      {
        init: async () => {},
        createInferenceSessionHandler: async (model, options = {}) => {
          if (this.refusal) throw this.refusal
          const { executionProviders } = options
          const session = { model, options: { ...options, executionProviders }, runs: 0, isReleased: false }
          this.sessions.push(session)
          return this.#handler(session)
        },
      },
      priority,
    )
    return this
  }

  #handler(session: OtherSession) {
    const metadata = (name: string) => ({ name, isTensor: true, type: 'float32', shape: ['n'] }) as const
    return {
      ...{ inputNames: ['x'], inputMetadata: [metadata('x')], outputNames: ['y'], outputMetadata: [metadata('y')] },
      startProfiling() {},
      endProfiling() {},
      dispose: async () => {
        session.isReleased = true
      },
      run: async ({ x }: ort.InferenceSession.OnnxValueMapType, fetches: object) => {
        session.runs++
        if (this.runRefusal) throw this.runRefusal
        const data = Float32Array.from(x.data as Float32Array, (value) => value + 1000)
        return Object.fromEntries(Object.keys(fetches).map((name) => [name, new ort.Tensor(data, [...x.dims])]))
      },
    }
  }
}
