import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { encode } from 'fast-png'
import { floats, ints, model, node } from '../models/onnx/make-model.ts'

/** A small picture network: a stem that is padded by a Pad, a strided layer and a pool. */
export function pictureModel(
  strided: Readonly<Record<string, number | string | readonly number[]>>,
  shape: readonly (number | string)[] = ['batch', 3, 'height', 'width'],
): Uint8Array {
  return model({
    nodes: [
      node('Pad', 'x amounts', 'padded', {}, { name: 'pad' }),
      node('Conv', 'padded w1', 'a', { kernel_shape: [3, 3], strides: [2, 2] }, { name: 'stem' }),
      node('Relu', 'a', 'b', {}, { name: 'relu' }),
      node('Conv', 'b w2', 'c', { kernel_shape: [5, 5], strides: [2, 2], ...strided }, { name: 'down' }),
      node('MaxPool', 'c', 'y', { kernel_shape: [2, 2], strides: [2, 2] }, { name: 'pool' }),
    ],
    inputs: { x: shape },
    initializers: [ints('amounts', [0, 0, 0, 0, 0, 0, 1, 1]), floats('w1', [4, 3, 3, 3]), floats('w2', [6, 4, 5, 5])],
  })
}

/** A folder of its own with the files that the examples of the commands name. */
export function modelFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'samepad-'))
  mkdirSync(join(folder, 'models', 'old'), { recursive: true })
  const [same, symmetric] = [pictureModel({ auto_pad: 'SAME_UPPER' }), pictureModel({ pads: [2, 2, 2, 2] })]
  for (const name of ['model.onnx', 'before.onnx', 'models/one.onnx']) writeFileSync(join(folder, name), same)
  for (const name of ['after.onnx', 'models/old/two.onnx']) writeFileSync(join(folder, name), symmetric)
  writeFileSync(join(folder, 'fixed.onnx'), pictureModel({ auto_pad: 'SAME_UPPER' }, [1, 3, 64, 96]))
  const data = Uint8Array.from({ length: 96 * 64 * 3 }, (_, index) => (index * 7) % 256)
  writeFileSync(join(folder, 'photo.png'), encode({ width: 96, height: 64, channels: 3, data }))
  return folder
}

/** A folder with these files, by their paths; one of its own unless it is given. */
export function folderOf(
  files: Readonly<Record<string, Uint8Array | string>>,
  folder = mkdtempSync(join(tmpdir(), 'samepad-')),
): string {
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), bytes)
  }
  return folder
}
