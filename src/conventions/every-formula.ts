import { counts, shares, totals } from './forward-rules.ts'
import type { Formulas } from './onnx-formulas.ts'
import { rejections } from './rejections.ts'
import { crops, transposedSizes } from './transposed-rules.ts'

/** Those of all rows. */
export const everyFormula: Formulas = { totals, shares, counts, sizes: transposedSizes, crops, rejections }
