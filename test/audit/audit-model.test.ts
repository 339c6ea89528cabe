import { join } from 'node:path'
import { expect, it } from 'vitest'
import {
  audit,
  auditModel,
  type Format,
  kerasH5,
  layersModel,
  openSource,
  print,
  torchScript,
} from '../../src/models.ts'

const files = join(import.meta.dirname, '../models/files')

const own: readonly [file: string, format: Format, words: string][] = [
  ['tiny.h5', kerasH5, 'Keras'],
  ['tiny-layers.model.json', layersModel, 'Keras'],
  ['tiny.print.txt', print, 'PyTorch'],
  ['tiny.scripted.pt', torchScript, 'PyTorch'],
]

for (const [file, format, words] of own) {
  it(`${file}: read by its own format alone, a model has the same audit`, async () => {
    const path = join(files, file)
    const source = openSource(path)
    const found = auditModel(await format.read(source))
    source.close()
    expect(found.format).toBe(words)
    expect(found.nodes.length).toBeGreaterThan(0)
    expect({ ...found, format: format.name }).toEqual(await audit(path))
  })
}
