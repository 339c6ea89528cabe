import { fileKindOf } from '../file-kinds.ts'
import type { Format } from '../format.ts'
import { readOnnx } from './read.ts'

/** Its files have no mark of their own: what is of no other known kind is taken for one, and tried last. */
export const onnx: Format = {
  name: 'ONNX',
  endings: ['.onnx'],
  matches: ({ bytes }) => fileKindOf(bytes) === undefined,
  read: readOnnx,
}
