import type { Format } from '../format.ts'
import { readNnef } from './read.ts'

export const nnef: Format = {
  name: 'NNEF',
  endings: ['.nnef'],
  inFolder: ['graph.nnef'],
  matches: ({ text }) => /^\s*(#.*\s+)*(version\s+\d+\.\d+\s*;|graph\s+\w+\s*\()/.test(text),
  read: readNnef,
}
