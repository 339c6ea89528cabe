import type { Format } from '../format.ts'
import { readOnnx } from './read.ts'

/** The version of the format, then who wrote it, an operator set or the graph. The bytes are no mark, so it is tried last. */
export const onnx: Format = {
  name: 'ONNX',
  endings: ['.onnx'],
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a message's first bytes
  matches: ({ name, text }) => name.endsWith('.onnx') || /^\x08[\x01-\x20][\x12\x1a\x22\x28\x32\x3a\x42]/.test(text),
  read: readOnnx,
}
