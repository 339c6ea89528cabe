import type { Rule } from '../call.ts'
import { elementwise } from './elementwise.ts'
import { making } from './making.ts'
import { moving } from './moving.ts'
import { reducing } from './reducing.ts'
import { resizing } from './resizing.ts'

/**
 * What operators do to shapes and to the small tensors that models compute sizes with, by the operator's name. The
 * domains that fuse or quantise ONNX's operators use the same names for the same shapes.
 */
export const rules: ReadonlyMap<string, Rule> = new Map(
  Object.entries({ ...elementwise, ...moving, ...reducing, ...resizing, ...making }),
)
