import type { Format } from '../format.ts'
import { readTflite } from './read.ts'
import { identifier } from './schema.ts'

export const tflite: Format = {
  name: 'TFLite',
  endings: ['.tflite', '.lite'],
  matches: ({ text }) => text.slice(4, 8) === identifier,
  read: readTflite,
}
