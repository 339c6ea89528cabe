import { fact, INT64 } from './fact.ts'
import type { Infer, Operator } from './operator.ts'
import { anySign, keepsSign, nonNegative } from './sign.ts'

// Operators of detectors: boxes, and the regions under them.

/** [boxes that are selected, 3]: batch, class and box. */
const suppression: Infer = () => [fact([undefined, 3], INT64)]

/** [regions, channels, height, width]. */
const roiAlign: Infer = (call) => {
  const [input, regions] = call.inputs
  const sizes = [call.int('output_height') ?? 1, call.int('output_width') ?? 1]
  return [fact([regions?.shape?.[0], input?.shape?.[1], ...sizes], input?.elementType)]
}

const roiPool: Infer = (call) => {
  const [input, regions] = call.inputs
  const sizes = call.ints('pooled_shape')
  return [sizes && fact([regions?.shape?.[0], input?.shape?.[1], ...sizes], input?.elementType)]
}

/** Rows of operators of detectors. */
export const detecting: readonly Operator[] = [
  { name: 'NonMaxSuppression', infer: suppression, cells: 'none', sign: nonNegative },
  { name: 'RoiAlign', infer: roiAlign, cells: 'mix', sign: keepsSign },
  { name: 'MaxRoiPool', infer: roiPool, cells: 'mix', sign: anySign },
]
