import type { Format } from '../format.ts'
import { readPaddle } from './read.ts'

export const paddle: Format = {
  name: 'Paddle',
  endings: ['.pdmodel'],
  matches: ({ name }) => name.endsWith('.pdmodel'),
  read: readPaddle,
}
