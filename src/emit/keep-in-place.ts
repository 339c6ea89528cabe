import type { Code, Local } from '../wasm/code.ts'
import { constant } from './program.ts'

/**
 * Keeps sums where they are written, on engines that move additions to the end of their block, behind all that is loaded there,
 * which then does not fit into registers. A branch that could change the sums needs them before it; it is never taken, since
 * addresses are multiples of four, which no engine knows.
 */
export function keepInPlace(code: Code, address: Local, sums: readonly Local[]): void {
  code.get(address).emit('i32.const', 1).emit('i32.and')
  code.if(() => {
    for (const sum of sums) constant(code, 0).set(sum)
  })
}
