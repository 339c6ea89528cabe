import type { Structure } from '../plan/plan.ts'
import type { Code, Local } from '../wasm/code.ts'
import { constant, multiplyAdd } from './program.ts'

/** How the cells of a pool's windows are taken together. */
export interface Candidates {
  readonly instruction: 'f32x4.add' | 'f32x4.pmax' | 'f32x4.max'
  /** What changes nothing. */
  readonly fill: number
  /** Is shown every vector of cells that is loaded, and whether there is padding in it. */
  show(cells: Local, padded: boolean): void
  /** Ends a body in which cells were shown. */
  shown(): void
}

const unseen = { show() {}, shown() {} }
/** Sums that show NaN; with one, each would wait for that before it. */
const SUMS = 3

/**
 * Finds the sums or the largest of candidates. f32x4.max takes eight instructions of a processor; pmax takes one and loses
 * NaN. So it is tried with pmax, while products of two candidates are summed: only if a sum is no number, which NaN makes
 * it and infinities may, everything is done once more. Padding, which is infinite, is not multiplied.
 *
 * @param each takes all candidates
 */
export function pool(
  code: Code,
  plan: Pick<Structure, 'op' | 'relaxed'>,
  each: (candidates: Candidates) => void,
): void {
  if (plan.op !== 'maxPool') {
    each({ ...unseen, instruction: 'f32x4.add', fill: 0 })
    return
  }
  const totals = Array.from({ length: SUMS }, () => code.local('v128'))
  const held = code.local('v128')
  const fill = Number.NEGATIVE_INFINITY
  let turn = 0
  let holds = false
  const next = (): Local => totals[turn++ % SUMS]
  const add = (cells: Local, total = next()): Code => code.compute(total, 'f32x4.add', total, cells)
  for (const total of totals) constant(code, 0).set(total)
  each({
    instruction: 'f32x4.pmax',
    fill,
    show(cells, padded) {
      if (padded) {
        add(cells)
        return
      }
      if (holds) multiplyAdd(code, plan, held, cells, next())
      else code.get(cells).set(held)
      holds = !holds
    },
    shown() {
      if (holds) add(held)
      holds = false
    },
  })
  const [first, ...others] = totals
  for (const total of others) add(total, first)
  code.get(first).get(first).emit('f32x4.ne').emit('v128.any_true')
  code.if(() => each({ ...unseen, instruction: 'f32x4.max', fill }))
}
