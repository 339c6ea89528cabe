import type { NetworkSession } from './network-session.ts'
import type { RuntimeFetches, RuntimeSession, RuntimeTensors, RuntimeValue, SessionHandler } from './runtime.ts'

/**
 * A session that runs on samepad. A run that samepad refuses is tried on onnxruntime: if it is done there, the session stays
 * there; if not, the caller sees the error that it would have seen without samepad.
 */
export class MovingHandler implements SessionHandler {
  readonly inputNames: readonly string[]
  readonly outputNames: readonly string[]
  readonly inputMetadata: readonly RuntimeValue[]
  readonly outputMetadata: readonly RuntimeValue[]
  readonly #own: NetworkSession
  readonly #open: () => Promise<RuntimeSession>
  readonly #tell: (refusal: unknown) => void
  #place: 'samepad' | 'onnxruntime' | 'nowhere' = 'samepad'
  #other: Promise<RuntimeSession> | undefined

  /**
   * @param open opens the session on onnxruntime
   * @param tell says that the session has moved, and why
   */
  constructor(own: NetworkSession, open: () => Promise<RuntimeSession>, tell: (refusal: unknown) => void) {
    this.inputNames = own.inputNames
    this.outputNames = own.outputNames
    this.inputMetadata = own.inputMetadata
    this.outputMetadata = own.outputMetadata
    this.#own = own
    this.#open = open
    this.#tell = tell
  }

  async run(feeds: RuntimeTensors, fetches: RuntimeFetches, options: object): Promise<RuntimeTensors> {
    this.#checkPlace()
    let refusal: unknown
    if (this.#place === 'samepad') {
      try {
        return this.#own.run(feeds, fetches)
      } catch (error) {
        refusal = error
      }
    }
    const session = await this.#elsewhere(refusal)
    const outputs = await session.run(feeds, fetches, options)
    if (this.#place === 'samepad') {
      this.#place = 'onnxruntime'
      this.#own.release()
      this.#tell(refusal)
    }
    return outputs
  }

  async dispose(): Promise<void> {
    this.#checkPlace()
    this.#place = 'nowhere'
    this.#own.release()
    const session = await this.#other?.catch(() => undefined)
    await session?.release()
  }

  startProfiling(): void {}
  endProfiling(): void {}

  /** The session on onnxruntime. Where it cannot be opened, samepad's refusal says more. */
  async #elsewhere(refusal: unknown): Promise<RuntimeSession> {
    this.#other ??= this.#open()
    try {
      return await this.#other
    } catch {
      this.#other = undefined
      throw refusal
    }
  }

  #checkPlace(): void {
    if (this.#place === 'nowhere') throw new Error('Session already disposed.') // in onnxruntime's words
  }
}

/** The handler of a session that onnxruntime runs. */
export function passedOn(session: RuntimeSession): SessionHandler {
  const { inputNames, outputNames, inputMetadata, outputMetadata } = session
  return {
    ...{ inputNames, outputNames, inputMetadata, outputMetadata },
    run: (feeds, fetches, options) => session.run(feeds, fetches, options),
    dispose: () => session.release(),
    startProfiling: () => session.startProfiling(),
    endProfiling: () => session.endProfiling(),
  }
}
