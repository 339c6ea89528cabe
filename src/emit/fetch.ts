import type { Code, Local } from '../wasm/code.ts'
import { shifted, walk } from './loops.ts'

/** Bytes of a line of a processor's caches. */
const LINE = 64
/** Lines that are fetched by each pass of a loop. */
const ABREAST = 8

/**
 * Brings memory into a near cache before it is used, by one load of each line, the result of which nobody uses. Loads that follow
 * each other at once wait for a far cache together; between multiplications nearly each would wait alone. (Engines keep unused
 * loads, because they could fail.)
 */
export function fetchLines(code: Code, at: Local, bytes: number): void {
  const sink = code.local('i32')
  const load = (from: Local, lines: number): void => {
    for (let line = 0; line < lines; line++) code.load(sink, from, line * LINE, 'i32.load')
  }
  const each = ABREAST * LINE
  const passes = Math.floor(bytes / each)
  walk(code, passes, { at }, { at: each }, (next) => load(next.at, ABREAST))
  const rest = shifted(code, { at }, { at: passes * each })
  load(rest.at, Math.floor((bytes % each) / LINE))
}
