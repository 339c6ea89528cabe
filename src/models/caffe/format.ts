import type { Format } from '../format.ts'
import { readCaffe } from './read.ts'

export const caffe: Format = {
  name: 'Caffe',
  endings: ['.prototxt'],
  matches: ({ name, text }) =>
    name.endsWith('.prototxt') || /^\s*(name:\s*"[^"\n]*"\s*)?(layers?\s*\{|input:)/.test(text),
  read: readCaffe,
}
