import { SamepadError } from '../geometry/error.ts'
import { checkBoolean, checkInteger, checkOptions } from '../geometry/options.ts'
import { type BackendSettings, PROVIDER, SamepadBackend } from './backend.ts'
import type { Onnxruntime } from './runtime.ts'

/** Options of `register`. */
export interface RegisterOptions {
  /**
   * Whether sessions that name no execution providers run on samepad too, such as those of a library that one cannot tell
   * otherwise. Once true it stays so. Default: false.
   */
  readonly byDefault?: boolean | undefined
  /** As that of `loadNetwork`. Default: false. */
  readonly deterministic?: boolean | undefined
  /** As that of `loadNetwork`. */
  readonly threads?: number | undefined
  /** Is told, once for a session, which model runs on onnxruntime instead, and why. Default: `console.warn`. */
  readonly warn?: ((message: string) => void) | undefined
}

const STAGE = 'register'
/** onnxruntime takes a provider without being asked where this is not below zero, the highest first; its own have up to 100. */
const [ASKED, FIRST] = [-1, 1000]

/** What is registered with a copy of onnxruntime, by a class of its own. */
const registered = new WeakMap<object, SamepadBackend>()

/**
 * Makes samepad an execution provider of onnxruntime, called `samepad`. A session that names it runs on samepad; one whose
 * model samepad does not run is opened with the other providers that it names, or with onnxruntime's own choice where it
 * names no others, and a warning says why. Sessions that do not name it are as they were.
 *
 * Called again, it changes the options for sessions that are opened from then on.
 *
 * @param ort the module `onnxruntime-web` or `onnxruntime-node`, from 1.17 on
 * @throws SamepadError where that is no onnxruntime, and on options that are none
 */
export function register(ort: Onnxruntime, options: RegisterOptions = {}): void {
  checkOptions(STAGE, options, ['byDefault', 'deterministic', 'threads', 'warn'])
  const { registerBackend, InferenceSession, Tensor } = Object(ort) as Partial<Onnxruntime>
  if (!registerBackend || !InferenceSession || !Tensor) {
    throw new SamepadError(STAGE, 'there must be registerBackend, InferenceSession and Tensor, as in onnxruntime', ort)
  }
  const known = registered.get(InferenceSession)
  const settings = settingsOf(options, known?.settings)
  const backend = known ?? new SamepadBackend(ort, settings)
  backend.settings = settings
  ort.registerBackend(PROVIDER, backend, settings.byDefault ? FIRST : ASKED)
  registered.set(InferenceSession, backend)
}

function settingsOf(options: RegisterOptions, before: BackendSettings | undefined): BackendSettings {
  const { byDefault = false, deterministic = false, threads, warn = (message) => console.warn(message) } = options
  if (typeof warn !== 'function') throw new SamepadError(STAGE, 'warn must be a function', warn)
  return {
    byDefault: checkBoolean(STAGE, 'byDefault', byDefault) || (before?.byDefault ?? false),
    deterministic: checkBoolean(STAGE, 'deterministic', deterministic),
    threads: threads === undefined ? undefined : checkInteger(STAGE, 'threads', threads, 1),
    warn,
  }
}
