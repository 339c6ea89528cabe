import type { Range } from '../geometry/index.ts'
import { type Structure, VECTOR } from '../plan/plan.ts'
import type { Code, Local } from '../wasm/code.ts'
import { vectors } from './loops.ts'
import { multiplyAdd } from './program.ts'
import type { Behind } from './store-block.ts'

/** Sums of products of a tile, rows of vectors, which stay in registers. */
export interface Sums {
  readonly rows: readonly (readonly Local[])[]
  /** Adds to some rows the product of vectors, which lie side by side, and a number of each row's own. */
  add(vectors: LoadedVectors, numberOf: (row: number) => Behind, rows: Range): void
}

/** Vectors so many bytes behind an address; there may be fewer than a row has. */
export interface LoadedVectors extends Behind {
  readonly count?: number
}

/** New variables for the sums of a tile, and for what is multiplied. */
export function sumsOf(code: Code, plan: Pick<Structure, 'relaxed'>, height: number, width: number): Sums {
  const rows = Array.from({ length: height }, () => vectors(code, width))
  const loaded = vectors(code, width)
  const [number] = vectors(code, 1)
  return {
    rows,
    add({ at, place, count = width }, numberOf, { begin, end }) {
      const used = loaded.slice(0, count)
      for (const [index, vector] of used.entries()) code.load(vector, at, place + index * VECTOR)
      for (let row = begin; row < end; row++) {
        const { at, place } = numberOf(row)
        code.load(number, at, place, 'v128.load32_splat')
        for (const [index, vector] of used.entries()) multiplyAdd(code, plan, number, vector, rows[row][index])
      }
    },
  }
}
