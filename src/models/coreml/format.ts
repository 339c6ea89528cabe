import type { Format } from '../format.ts'
import { readCoreml } from './read.ts'
import { readMil } from './read-text.ts'

/** The first bytes are those of other formats too, so the name counts. */
export const coreml: Format = {
  name: 'Core ML',
  endings: ['.mlmodel'],
  inFolder: ['Data/com.apple.CoreML/model.mlmodel'],
  matches: ({ name }) => name.endsWith('.mlmodel'),
  read: readCoreml,
}

/** Compiled models have their program as text. */
export const milText: Format = {
  name: 'Core ML text',
  endings: ['.mil'],
  inFolder: ['model.mil'],
  matches: ({ text }) => /^\s*program\(\d/.test(text),
  read: readMil,
}
