import type { Format } from '../format.ts'
import { readCoreml } from './read.ts'

/** The first bytes are those of other formats too, so the name counts. */
export const coreml: Format = {
  name: 'Core ML',
  endings: ['.mlmodel'],
  matches: ({ name }) => name.endsWith('.mlmodel'),
  read: readCoreml,
}
