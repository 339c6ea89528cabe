import type { Format } from '../format.ts'
import { readPrint } from './print.ts'
import { readPt2 } from './pt2.ts'
import { readTorchScript } from './script.ts'

export const print: Format = {
  name: 'PyTorch print(model)',
  endings: ['.txt'],
  sharesEndings: true,
  matches: ({ text }) => /^\s*\(\w+\): (\d+ x )?[A-Z]\w*\(/m.test(text) || /^[A-Z]\w*\(\r?\n\s+\(/.test(text),
  read: readPrint,
}

export const pt2: Format = {
  name: 'torch.export',
  endings: ['.pt2'],
  matches: ({ entries }) =>
    entries.some((name) => /(^|\/)(models\/[^/]+|serialized_exported_program)\.json$/.test(name)),
  read: readPt2,
}

export const torchScript: Format = {
  name: 'TorchScript',
  endings: ['.pt', '.ptl', '.pth'],
  sharesEndings: true,
  matches: ({ entries }) => entries.some((name) => /(^|\/)code\/.*\.py$/.test(name)),
  read: readTorchScript,
}
