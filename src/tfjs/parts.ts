import type { ElementwiseProblem } from '../reference/elementwise.ts'
import type { Values } from '../run/memory/memory.ts'
import { computeParts, type OutputPart, PlannedPart } from '../run/programs/compute-parts.ts'
import { SMALL } from '../run/programs/rounding.ts'
import type { KernelTask } from './task.ts'

/** A tensor by its name, the output as the parts before left it, or values that stay. */
export type PartSource = string | typeof OUTPUT | Values

export const OUTPUT = 0

/** A part of an output, and what it is made of. */
export interface NamedPart {
  readonly problem: ElementwiseProblem
  readonly of: readonly PartSource[]
}

/** The task of an output that is made in parts, one after the other. */
export function partsTask(shape: readonly number[], named: readonly NamedPart[]): KernelTask {
  const parts = named.map(({ problem, of }) => ({ part: new PlannedPart(problem), of }))
  const functions = parts.reduce((sum, { part }) => sum + part.functions, 0)
  return {
    ...{ shape, isFault: false },
    isSlow: functions < SMALL || parts.some(({ part }) => !part.placed),
    run({ values, output }) {
      const named = (of: PartSource): Values => (typeof of === 'string' ? values(of) : of === OUTPUT ? output : of)
      const given = parts.map(({ part, of }): OutputPart => ({ part, inputs: of.map(named) }))
      computeParts(given, output)
    },
    release() {
      for (const { part } of parts) part.release()
    },
  }
}
