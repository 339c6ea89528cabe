import { type Hold, Remembered } from '../analysis/remembered.ts'
import { bind, compileModule, type Exports, instantiate } from '../wasm/engine.ts'
import { type Block, blocksUse, current, dropMemory, free } from './memory.ts'
import { dropPlans } from './plans.ts'

/** Compiled code that works on program memory. */
export interface Program {
  readonly run: Exports[string]
  /** Bytes of its code. */
  readonly code: number
  /** Its code where threads read it. */
  readonly shared?: Block | undefined
}

/** The most bytes of code of programs that nobody holds: a few hundred, of the longest some thirty. */
export const MOST_IDLE = 2 ** 22

/** Programs by what tells them apart: layers alike share one. Those of layers stay, some others are kept for more. */
const programs = new Remembered<Program | undefined>({
  weigh: (program) => program?.code ?? 0,
  most: MOST_IDLE,
  dropped: (program) => program?.shared && free(program.shared),
})

/**
 * A program, compiled where it is not there, which stays until it is let go.
 *
 * @param key equal for equal programs only
 * @param emit its code
 * @returns undefined where the engine has no memory for it
 */
export function holdProgram(key: string, emit: () => Uint8Array): Hold<Program | undefined> | undefined {
  const hold = programs.hold(key, () => compile(emit()))
  if (hold.answer) return hold
  programs.forget(hold)
  return undefined
}

/** Compiles a program that is not there without making this thread wait. Where that cannot be, nothing is done. */
export async function prepareProgram(key: string, emit: () => Uint8Array): Promise<void> {
  if (programs.has(key)) return
  const { bytes, shared } = publish(emit())
  try {
    const module = await compileModule(bytes)
    const isNew = !programs.has(key) && shared?.isThere !== false
    if (isNew) programs.get(key, () => ({ run: bind(module, current()).run, code: bytes.length, shared }))
    else if (shared) free(shared)
  } catch {
    if (shared) free(shared)
  }
}

/** Lets go of a program that was held once. */
export function letGo(hold: Hold<Program | undefined>): void {
  programs.release(hold)
}

/** What code is before it is compiled, and where threads find it. */
type Publish = (bytes: Uint8Array) => { readonly bytes: Uint8Array; readonly shared?: Block | undefined }

let publish: Publish = (bytes) => ({ bytes })

function compile(emitted: Uint8Array): Program | undefined {
  try {
    const { bytes, shared } = publish(emitted)
    return { run: instantiate(bytes, current()).run, code: bytes.length, shared }
  } catch {
    return undefined
  }
}

/** Forgets all programs: from now on they are compiled otherwise, for another kind of memory. */
export function publishPrograms(how: Publish): void {
  publish = how
  programs.clear()
}

/**
 * Bytes of program memory, how many of them are in use, and bytes of the WebAssembly code of all programs that are kept;
 * what an engine makes of code is some times as long.
 */
export function memoryUse(): { readonly bytes: number; readonly used: number; readonly code: number } {
  let code = 0
  for (const program of programs.answers()) code += program?.code ?? 0
  return { ...blocksUse(), code }
}

/** Forgets all programs and the memory that they ran in. */
export function releaseMemory(): void {
  programs.clear()
  dropPlans()
  dropMemory()
}
