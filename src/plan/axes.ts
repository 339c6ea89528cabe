import type { SharedAxis } from '../reference/reduce.ts'
import { FLOAT } from './plan.ts'
import type { Amount, Tables } from './tables.ts'

/** An axis of some tensors in a program: its size, and bytes from neighbour to neighbour of each. */
export interface AxisAmounts {
  readonly size: Amount
  readonly steps: readonly Amount[]
}

/** The same axes, as few as can be: those of one element go, neighbours that lie as one axis become one. */
export function joined(axes: readonly SharedAxis[]): SharedAxis[] {
  const list: SharedAxis[] = []
  for (const { size, steps } of axes) {
    if (size === 1) continue
    const outer = list[list.length - 1]
    if (outer?.steps.every((step, tensor) => step === steps[tensor] * size)) {
      list[list.length - 1] = { size: outer.size * size, steps }
    } else list.push({ size, steps })
  }
  return list
}

/** Axes with names for what the tables hold of them. */
export function namedAxes(axes: readonly SharedAxis[], name: string, tables: Tables): AxisAmounts[] {
  return axes.map(({ size, steps }, axis) => ({
    size: tables.number(`${name} ${axis}`, size),
    steps: steps.map((step, tensor) => tables.number(`step of ${name} ${axis} ${tensor}`, step * FLOAT)),
  }))
}

/** float32 numbers as a list of the tables. */
export function listNumbers(numbers: readonly number[], tables: Tables): Amount {
  return tables.list('operands', new Int32Array(Float32Array.from(numbers).buffer))
}
