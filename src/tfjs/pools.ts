import type { Problem } from '../reference/problem.ts'
import { noFilter } from '../run/layers/no-filter.ts'
import { average, maximum, type PoolOperation } from '../run/layers/pool.ts'
import { filterTask } from './filters.ts'
import type { KernelRow } from './task.ts'
import { isFault, poolProblem } from './windows.ts'

/** Whether a pool gives what it is given, which the library does in plain JavaScript without a copy. */
const isSame = ({ geometry: { axes } }: Problem): boolean => axes.every(({ kernel, stride }) => kernel * stride === 1)

/** The kernel of a pool. */
function poolRow(name: string, operation: PoolOperation): KernelRow {
  return {
    name,
    plan({ x }, attrs, planning) {
      const problem = x && poolProblem(operation.op, x, attrs)
      if (!problem || (!planning.isCompiled && isSame(problem))) return undefined
      const packing = {
        kind: `${name} ${JSON.stringify(problem)}`,
        of: [],
        filter: () => noFilter,
        steps: noFilter.steps,
      }
      const setting = { problem, operation, source: 'x', isFault: isFault(problem.geometry, attrs) }
      return filterTask(setting, packing, planning)
    },
  }
}

export const poolRows: readonly KernelRow[] = [
  poolRow('MaxPool', maximum),
  poolRow('MaxPool3D', maximum),
  poolRow('AvgPool', average),
  poolRow('AvgPool3D', average),
]
