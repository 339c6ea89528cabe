import { SamepadError, Verbatim } from '../geometry/error.ts'
import { loadNetwork } from '../graph.ts'
import { externalFiles, sourceOf } from './files.ts'
import { MovingHandler, passedOn } from './handler.ts'
import { NetworkSession } from './network-session.ts'
import type { Onnxruntime, RuntimeBackend, RuntimeSession, SessionHandler, SessionOptions } from './runtime.ts'

/** The name of the execution provider. */
export const PROVIDER = 'samepad'

/** How sessions on samepad are made. */
export interface BackendSettings {
  readonly deterministic: boolean
  readonly threads: number | undefined
  /** Whether onnxruntime takes samepad where a session names no provider. */
  readonly byDefault: boolean
  readonly warn: (message: string) => void
}

/** The execution provider. */
export class SamepadBackend implements RuntimeBackend {
  settings: BackendSettings
  readonly #ort: Onnxruntime

  constructor(ort: Onnxruntime, settings: BackendSettings) {
    this.#ort = ort
    this.settings = settings
  }

  async init(): Promise<void> {}

  async createInferenceSessionHandler(
    model: string | Uint8Array,
    options: SessionOptions = {},
  ): Promise<SessionHandler> {
    const { deterministic, threads, byDefault, warn } = this.settings
    // With `byDefault`, onnxruntime's own choice would be samepad again.
    const executionProviders = remaining(options) ?? (byDefault ? ['cpu'] : undefined)
    const open = (): Promise<RuntimeSession> =>
      this.#ort.InferenceSession.create(model, { ...options, executionProviders })
    const what = typeof model === 'string' ? model : `a model of ${model.length} bytes`
    const where = executionProviders ? `onnxruntime (${executionProviders.map(nameOf).join(', ')})` : 'onnxruntime'
    const tell = (refusal: unknown): void =>
      warn(`samepad: ${what} runs on ${where}: ${refusal instanceof Error ? refusal.message : refusal}`)
    try {
      checkSession(options)
      const [source, externalData] = [await sourceOf(model), await externalFiles(options)]
      const network = await loadNetwork(source, { deterministic, threads, externalData })
      return new MovingHandler(new NetworkSession(network, this.#ort.Tensor), open, tell)
    } catch (refusal) {
      tell(refusal)
      return passedOn(await open())
    }
  }
}

type Provider = NonNullable<SessionOptions['executionProviders']>[number]

const nameOf = (provider: Provider): string => (typeof provider === 'string' ? provider : provider.name)

/**
 * The providers that a session names beside samepad; undefined where it names none. onnxruntime shows a backend its own name
 * alone, by a proxy that answers for this one property; the list as it was written is in the property's descriptor.
 */
function remaining(options: SessionOptions): readonly Provider[] | undefined {
  const written: unknown = Object.getOwnPropertyDescriptor(options, 'executionProviders')?.value
  if (!Array.isArray(written)) return undefined
  const others = (written as readonly Provider[]).filter((provider) => nameOf(provider) !== PROVIDER)
  return others.length > 0 ? others : undefined
}

/** Options that ask for what only onnxruntime has. */
function checkSession({ preferredOutputLocation, optimizedModelFilePath, enableGraphCapture }: SessionOptions): void {
  const places =
    typeof preferredOutputLocation === 'string'
      ? [preferredOutputLocation]
      : Object.values(preferredOutputLocation ?? {})
  const elsewhere = places.find((place) => place !== 'cpu')
  if (elsewhere !== undefined) refuse('preferredOutputLocation must be cpu', elsewhere)
  if (optimizedModelFilePath !== undefined) refuse('no optimised model must be written', optimizedModelFilePath)
  if (enableGraphCapture) refuse('no graph must be captured', 'enableGraphCapture')
}

function refuse(must: string, got: string): never {
  throw new SamepadError('onnxruntime', must, new Verbatim(got))
}
