import type { Format } from '../format.ts'
import { readDarknet } from './read.ts'

export const darknet: Format = {
  name: 'Darknet',
  endings: ['.cfg'],
  sharesEndings: true,
  matches: ({ text }) => /^(\s*[#;][^\n]*\n|\s)*\[net(work)?\]/.test(text),
  read: readDarknet,
}
