import { multiples } from '../plan/gather.ts'
import { LANES } from '../plan/plan.ts'
import type { Code } from '../wasm/code.ts'
import { vectors } from './loops.ts'
import type { TileWriter } from './narrow.ts'

/** Divides each result by how many cells its window counts. */
export function averaged(code: Code, write: TileWriter['write']): TileWriter {
  // What windows count along the looked up axes, and what the last results were divided by.
  const [count, divisor] = vectors(code, 2)
  let divisors = ''
  return {
    line(entries) {
      entries.forEach((entry, axis) => {
        code.get(entry.count).emit('f32.convert_i32_s').emit('f32x4.splat')
        if (axis > 0) code.get(count).emit('f32x4.mul')
        code.set(count)
      })
    },
    write(...tile) {
      divisors = ''
      write(...tile)
    },
    settle(result, { row: { counts = [] }, column }, row, vector) {
      const lanes = multiples(LANES, 1).map((lane) => (column.counts?.[vector * LANES + lane] ?? 1) * counts[row])
      const key = lanes.join()
      if (key !== divisors) {
        code.emitBytes('v128.const', new Uint8Array(Float32Array.from(lanes).buffer))
        code.get(count).emit('f32x4.mul').set(divisor)
      }
      divisors = key
      code.compute(result, 'f32x4.div', result, divisor)
    },
  }
}
