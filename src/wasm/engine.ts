import type { Code } from './code.ts'
import { Module } from './module.ts'

/** The part of the WebAssembly interface that is used; written down here, since TypeScript has it for browsers only. */
export interface WasmMemory {
  readonly buffer: ArrayBufferLike
  grow(pages: number): number
}

interface WebAssemblyInterface {
  readonly Module: new (bytes: Uint8Array) => object
  compile(bytes: Uint8Array): Promise<object>
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown }
  readonly Memory: new (limits: { initial: number; maximum?: number; shared?: boolean }) => WasmMemory
}

/** Functions of a module by their exported names. */
export type Exports = Readonly<Record<string, (...values: number[]) => number>>

function webAssembly(): WebAssemblyInterface {
  return (globalThis as unknown as { WebAssembly: WebAssemblyInterface }).WebAssembly
}

/** A new memory of so many pages of 64 KiB, of a kind. Fails where WebAssembly is missing. */
export function createMemory(pages: number, kind?: Readonly<{ maximum: number; shared: boolean }>): WasmMemory {
  return new (webAssembly().Memory)({ initial: pages, ...kind })
}

/** Compiles a module at once and binds it to a memory. */
export function instantiate(bytes: Uint8Array, memory: WasmMemory): Exports {
  const { Module: Compiled } = webAssembly()
  return bind(new Compiled(bytes), memory)
}

/** Binds a compiled module to a memory. */
export function bind(module: object, memory: WasmMemory): Exports {
  const { Instance } = webAssembly()
  return new Instance(module, { env: { memory } }).exports as Exports
}

/** Compiles a module on other threads of the engine. Rejects where that cannot be. */
export async function compileModule(bytes: Uint8Array): Promise<object> {
  return webAssembly().compile(bytes)
}

/** What this engine can compile. */
export interface Features {
  /** WebAssembly with SIMD, allowed by the page's policy. */
  readonly simd: boolean
  /** Relaxed SIMD: a multiply and an add in one instruction, rounded once or twice as the processor has it. */
  readonly relaxed: boolean
  /**
   * Whether instructions stay in the order in which they are written. V8 up to 12 (Node 22, Chromium 12x) moves additions
   * to the end of their block, far behind the loads of what they add, which then do not fit into registers: written out
   * there, the taps of a kernel take twice as long as in a loop. Sums may be written out where this holds.
   */
  readonly ordered: boolean
}

/** Whether a body with two vectors as parameters and one as result can be compiled. */
function compiles(write: (code: Code) => void): boolean {
  const module = new Module()
  module.function('probe', ['v128', 'v128'], ['v128'], (code) => {
    const [a, b] = code.parameters
    write(code.get(a).get(b))
  })
  try {
    ;new (webAssembly().Module)(module.encode())
    return true
  } catch {
    return false // no WebAssembly, no such instruction, or a policy that forbids compiling
  }
}

let probed: Features | undefined

/** Tries once what can be compiled. Compiling is tried, since validating ignores a page's policy. */
export function probeFeatures(): Features {
  probed ??= {
    simd: compiles((code) => code.emit('f32x4.add')),
    relaxed: compiles((code) => code.get(code.parameters[0]).emit('f32x4.relaxed_madd')),
    ordered: 'Float16Array' in globalThis, // nothing tells; this came with V8 13.5, and to others when they were in order
  }
  return probed
}
