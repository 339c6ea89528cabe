import type { Format } from '../format.ts'
import { readMnn } from './read.ts'

/** Its files have no mark of their own, so their name counts. */
export const mnn: Format = {
  name: 'MNN',
  endings: ['.mnn'],
  matches: ({ name }) => name.endsWith('.mnn'),
  read: readMnn,
}
