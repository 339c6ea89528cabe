import type { Format } from '../format.ts'
import { readExecutorch } from './read.ts'

export const executorch: Format = {
  name: 'ExecuTorch',
  endings: ['.pte'],
  matches: ({ text }) => /^.{4}ET\d\d/s.test(text),
  read: readExecutorch,
}
