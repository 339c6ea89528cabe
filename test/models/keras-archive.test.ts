import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { readModel } from '../../src/models/read-model.ts'

const archive = (entries: Readonly<Record<string, string>>): Blob & { readonly name: string } =>
  Object.assign(new Blob([zipSync(packed(entries), { level: 0 }) as Uint8Array<ArrayBuffer>]), { name: 'net.keras' })
const packed = (entries: Readonly<Record<string, string>>): Record<string, Uint8Array> =>
  Object.fromEntries(Object.entries(entries).map(([name, text]) => [name, new TextEncoder().encode(text)]))

describe('a .keras file that cannot be read', () => {
  it('of a class of its own is told by that class', async () => {
    const config = JSON.stringify({ class_name: 'NestedDenseModel', config: { num: 3 } })
    await expect(readModel(archive({ 'metadata.json': '{}', 'config.json': config }))).rejects.toThrow(
      'keras: a model must be Sequential or Functional (of other classes the file has no layers), got NestedDenseModel',
    )
  })

  it('without a configuration is told by what it is', async () => {
    await expect(readModel(archive({ 'metadata.json': '{}' }))).rejects.toThrow(
      'model: the file must be a model of Keras, got a Keras 3 zip file without its configuration',
    )
  })
})

it('a file that only its name makes a model is told by what it is', async () => {
  const page = Object.assign(new Blob(['<!doctype html><html></html>']), { name: 'net.mlmodel' })
  await expect(readModel(page)).rejects.toThrow(/^model: the file must be a model of Core ML, got a web page \(HTML\)/)
})
