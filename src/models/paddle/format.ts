import type { Format } from '../format.ts'
import { readPaddle } from './read.ts'
import { readPir } from './read-json.ts'

export const paddle: Format = {
  name: 'Paddle',
  endings: ['.pdmodel'],
  inFolder: ['inference.pdmodel'],
  matches: ({ name }) => name.endsWith('.pdmodel'),
  read: readPaddle,
}

export const paddlePir: Format = {
  name: 'Paddle PIR',
  endings: ['.json'],
  inFolder: ['inference.json'],
  sharesEndings: true,
  matches: ({ text }) => /^\s*\{\s*"base_code"\s*:\s*\{[^}]*"magic"\s*:\s*"pir"/.test(text),
  read: readPir,
}
