import { type Hold, Remembered } from '../../analysis/remembered.ts'
import { bind, compileModule, type Exports, instantiate, type WasmMemory } from '../../wasm/engine.ts'
import type { Block } from '../memory/heap.ts'
import { blocksUse, currentHeap, dropMemory, free } from '../memory/memory.ts'
import { dropPlans } from './plans.ts'

/** Compiled code that works on a memory. */
export interface Program {
  readonly run: Exports[string]
  readonly memory: WasmMemory
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
  const hold = programs.hold(currentHeap().name + key, () => compile(emit()))
  if (hold.answer) return hold
  programs.forget(hold)
  return undefined
}

/** Compiles a program that is not there without making this thread wait. Where that cannot be, nothing is done. */
export async function prepareProgram(key: string, emit: () => Uint8Array): Promise<void> {
  const heap = currentHeap()
  const question = heap.name + key
  if (programs.has(question)) return
  const { bytes, shared } = heap.publish(emit())
  try {
    const module = await compileModule(bytes)
    const isNew = !programs.has(question) && shared?.isThere !== false
    if (isNew) programs.get(question, () => boundTo(heap.memory(), (memory) => bind(module, memory), bytes, shared))
    else if (shared) free(shared)
  } catch {
    if (shared) free(shared)
  }
}

/** Lets go of a program that was held once. */
export function letGo(hold: Hold<Program | undefined>): void {
  programs.release(hold)
}

function compile(emitted: Uint8Array): Program | undefined {
  try {
    const heap = currentHeap()
    const { bytes, shared } = heap.publish(emitted)
    return boundTo(heap.memory(), (memory) => instantiate(bytes, memory), bytes, shared)
  } catch {
    return undefined
  }
}

function boundTo(
  memory: WasmMemory,
  exported: (memory: WasmMemory) => Exports,
  { length: code }: Uint8Array,
  shared: Block | undefined,
): Program {
  return { run: exported(memory).run, memory, code, shared }
}

/** Forgets all programs. */
export function dropPrograms(): void {
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
