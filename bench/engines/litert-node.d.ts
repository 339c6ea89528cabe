import type { Untyped } from './packages.ts'

/** LiteRT.js, loaded with its WebAssembly by Node. */
export function loadLiteRt(): Promise<Untyped>
