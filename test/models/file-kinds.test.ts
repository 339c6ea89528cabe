import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { encode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { fileKindOf, fileKinds, HEAD } from '../../src/models/file-kinds.ts'
import { readModel } from './onnx/all.ts'
import { bytesOf, realModels } from './onnx/real-models.ts'

const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'))

/** The head of a zip file whose first entry has this name. */
const zip = (name: string): Uint8Array => latin1(`PK\x03\x04${'\x14'.padEnd(22, '\0')}${'\x05\0'}\0\0${name}content`)

/** Beginnings of files, and what they are. */
const samples: readonly (readonly [bytes: Uint8Array, is: string])[] = [
  [latin1(''), 'an empty file'],
  [latin1('version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n'), 'a Git LFS pointer'],
  [latin1('\x18\0\0\0ORTM\0\0'), 'an ONNX Runtime model (ORT)'],
  [latin1('\x3c\0\0\0\0\0\0\0{"w":{"dtype":"F32"'), 'a safetensors file, which holds weights and no network'],
  [latin1('GGUF\x03\0\0\0'), 'a GGUF file, which holds weights and no network'],
  [zip('archive/data.pkl'), 'a PyTorch file of weights, a state dict, which holds no network'],
  [zip('tiny/version'), 'a PyTorch file of weights, a state dict, which holds no network'],
  [zip('metadata.json'), 'a Keras 3 zip file without its configuration'],
  [zip('weights.npy'), 'a NumPy zip file (.npz)'],
  [zip('model.onnx'), 'a zip file'],
  [new Uint8Array(Buffer.from('\ufeffNet(\n  (0): ReLU()\n)', 'utf16le')), 'a text in UTF-16'],
  [latin1('\x93NUMPY\x01\0'), 'a NumPy array'],
  [gzipSync('model'), 'a gzip file'],
  [latin1('BZh91AY&SY'), 'a bzip2 file'],
  [latin1('\xfd7zXZ\0\0\x04'), 'an xz file'],
  [latin1('\x28\xb5\x2f\xfd\x04'), 'a Zstandard file'],
  [latin1('7z\xbc\xaf\x27\x1c\0\x04'), 'a 7z file'],
  [latin1(`${'model.onnx'.padEnd(257, '\0')}ustar\x0000`), 'a tar file'],
  [latin1('\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M'), 'a PyTorch file of before 1.6, a pickle'],
  [latin1('\x80\x04\x95\x0a\0'), "a pickle, as Python's programs write"],
  [encode({ width: 1, height: 1, data: new Uint8Array(4), channels: 4 }), 'a PNG picture'],
  [latin1('\xff\xd8\xff\xe0\0\x10JFIF'), 'a JPEG picture'],
  [latin1('GIF89a\x01'), 'a GIF picture'],
  [latin1('%PDF-1.7\n'), 'a PDF file'],
  [latin1('\x7fELF\x02'), 'a program (ELF)'],
  [latin1('\n<!DOCTYPE html>\n<html>'), 'a web page (HTML)'],
  [latin1('<?xml version="1.0"?>\n<svg>'), 'an XML file'],
  [latin1('{"layers": [1, 2]}'), 'a JSON file'],
  [latin1('Conv2d(3, 64, kernel_size=(7, 7))\n'), 'a text file'],
  [new Uint8Array(4096), 'a file of zeros'],
]

describe('a file that is no model is called what it is', () => {
  it.each(samples)('%#: %s', async (bytes, is) => {
    const advice = fileKindOf(bytes)?.advice
    const message = `model: the file must be a model of a known format, got ${is}${advice ? `; ${advice}` : ''}`
    await expect(readModel(bytes)).rejects.toThrow(new RegExp(`^${message.replace(/[()|.]/g, '\\$&')}$`))
    await expect(readModel(new Blob([Uint8Array.from(bytes)]))).rejects.toThrow(is)
  })

  it.each([
    ['x.json', 'a known format, got a JSON file'],
    ['x.cfg', 'Darknet, got a JSON file'],
  ])('%s must be a model of %s', async (name, says) => {
    await expect(readModel(new File(['{"layers": [1, 2]}'], name))).rejects.toThrow(says)
  })

  it('every kind has a sample', () => {
    expect(new Set(samples.map(([, is]) => is))).toEqual(new Set(fileKinds.map(({ is }) => is)))
  })
})

describe('an ONNX model is taken for nothing else', () => {
  const cases = join(import.meta.dirname, '../audit/cases')
  const paths = readdirSync(cases, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.onnx'))
    .map((name) => join(cases, name))
  it.each([...paths, ...Object.values(realModels).map(({ path }) => path)])('%s', (path) => {
    expect(fileKindOf(readFileSync(path).subarray(0, HEAD))).toBeUndefined()
  })

  it('and where it is spoilt, the place is told', async () => {
    const bytes = Uint8Array.from(readFileSync(join(cases, 'branches.onnx'))).subarray(0, 100)
    await expect(readModel(bytes)).rejects.toThrow(/^onnx: .* \(at byte \d+\)$/)
  })
})

it.each([
  ['model.bin', 'weights, by its name; the network is in the .xml, .param or model.json beside it'],
  ['yolo.weights', 'weights, by its name; the network is in the .cfg beside it'],
])('%s, which no first bytes tell, is told by its name', async (name, what) => {
  // Numbers of weights may be anything: here they look like no field of ONNX.
  const file = new File([Uint8Array.of(0x3f, 0x9c, 0xf1, 7)], name)
  await expect(readModel(file)).rejects.toThrow(`model: the file must be a model of a known format, got ${what}`)
  // A model that is called so is read.
  expect((await readModel(new File([bytesOf('angle')], name))).graph.nodes.length).toBeGreaterThan(9)
})
