import type { Model } from '../../network/model.ts'
import { fileKindOf } from '../file-kinds.ts'
import type { Format } from '../format.ts'
import { openingEdits } from './opening-edits.ts'
import { readOnnx } from './read.ts'
import { respellOnnx } from './respell.ts'

/** Its files have no mark of their own: what is of no other known kind is taken for one, and tried last. */
export const onnx: Format = {
  name: 'ONNX',
  endings: ['.onnx'],
  matches: ({ bytes }) => fileKindOf(bytes) === undefined,
  async read(source) {
    const read = await readOnnx(source)
    const model: Model = {
      ...read,
      respell: (site, rewrite) => respellOnnx(model, site, rewrite),
      reopen: (opening) => openingEdits(model, opening),
    }
    return model
  },
}
