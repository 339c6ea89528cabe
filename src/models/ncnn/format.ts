import type { Format } from '../format.ts'
import { isParam } from './param.ts'
import { readNcnn } from './read.ts'
import { readPnnx } from './read-pnnx.ts'

/** Types of layers that pnnx writes: PyTorch's own. */
const isPnnx = (text: string): boolean => /^(pnnx\.|nn\.|F\.|torch\.)/m.test(text)

export const pnnx: Format = {
  name: 'pnnx',
  endings: ['.pnnx.param'],
  matches: ({ bytes, text }) => isParam(bytes) && isPnnx(text),
  read: readPnnx,
}

export const ncnn: Format = {
  name: 'ncnn',
  endings: ['.param', '.param.bin'],
  matches: ({ bytes, text }) => isParam(bytes) && !isPnnx(text),
  read: readNcnn,
}
