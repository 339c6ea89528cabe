import type { Range } from '../geometry/index.ts'
import { type Structure, VECTOR } from '../plan/plan.ts'
import type { Code, Local } from '../wasm/code.ts'
import { vectors } from './loops.ts'
import { multiplyAdd } from './program.ts'

/** Sums of products of a tile, rows of vectors, which stay in registers. */
export interface Sums {
  readonly rows: readonly (readonly Local[])[]
  /** Adds to some rows the product of vectors, which lie side by side, and a number of each row's own. */
  add(vectors: Loaded, numbers: Loaded, rows: Range): void
}

/** What lies so many bytes behind an address; numbers lie a step apart, of vectors there may be fewer than a row has. */
export interface Loaded {
  readonly at: Local
  readonly place: number
  readonly step?: number
  readonly count?: number
}

/** New variables for the sums of a tile, and for what is multiplied. */
export function sumsOf(code: Code, plan: Pick<Structure, 'relaxed'>, height: number, width: number): Sums {
  const rows = Array.from({ length: height }, () => vectors(code, width))
  const loaded = vectors(code, width)
  const [number] = vectors(code, 1)
  return {
    rows,
    add({ at, place, count = width }, { at: from, place: first, step = 0 }, { begin, end }) {
      const used = loaded.slice(0, count)
      for (const [index, vector] of used.entries()) code.load(vector, at, place + index * VECTOR)
      for (let row = begin; row < end; row++) {
        code.load(number, from, first + row * step, 'v128.load32_splat')
        for (const [index, vector] of used.entries()) multiplyAdd(code, plan, number, vector, rows[row][index])
      }
    },
  }
}
