import { FETCHED } from '../plan/dense.ts'
import type { Code, Local } from '../wasm/code.ts'
import { push, walk } from './loops.ts'
import type { Quantity } from './size-numbers.ts'

/** Bytes of a line of a processor's caches. */
const LINE = 64

/**
 * Brings memory into a near cache before it is used, so many times `FETCHED` bytes, by one load of each line, the result of which
 * nobody uses. Loads that follow each other at once wait for a far cache together; between multiplications nearly each would wait
 * alone. (Engines keep unused loads, because they could fail.)
 */
export function fetchLines(code: Code, from: Local, count: Quantity): void {
  const sink = code.local('i32')
  push(code, count).if(() =>
    walk(code, count, { from }, { from: FETCHED }, ({ from }) => {
      for (let place = 0; place < FETCHED; place += LINE) code.load(sink, from, place, 'i32.load')
    }),
  )
}
