import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { modelBytes, numbersFrom, tensorFrom } from '../graph/onnx-bytes.ts'

// The package in tiles/ has a lockfile of its own, so its types are not those of this folder.
const { loadEngine } = await import(join(import.meta.dirname, '../../tiles/src/engine/load.ts'))

it('samepad-tiles runs pieces by the onnxruntime-node of the folder where it is typed, or says what to install', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'samepad-engine-'))
  const model = join(folder, 'model.onnx')
  const bytes = modelBytes({
    inputs: { x: [1, 2, 'h', 'w'] },
    outputs: ['y'],
    nodes: [['Conv', ['x', 'w'], ['y'], { kernel_shape: [3, 3], auto_pad: 'SAME_LOWER', strides: [2, 2] }]],
    constants: { w: { shape: [3, 2, 3, 3], data: numbersFrom(1, 54) } },
  })
  writeFileSync(model, bytes)
  const tensor = tensorFrom(2, [1, 2, 11, 14])
  const folderTyped = vi.spyOn(process, 'cwd').mockReturnValue(join(import.meta.dirname, '../../bench'))
  const [own, other] = [
    await loadEngine({ model, engine: 'samepad', deterministic: true }),
    await loadEngine({ model, engine: 'onnxruntime-node', deterministic: false }),
  ]
  const [{ y }, { y: found }] = [await own.run('x', tensor), await other.run('x', tensor)]
  expect(found.shape).toEqual(y.shape)
  y.data.forEach((value: number, index: number) => {
    expect(Math.abs(found.data[index] - value)).toBeLessThan(1e-5)
  })
  await other.release()
  folderTyped.mockReturnValue(folder)
  await expect(loadEngine({ model, engine: 'onnxruntime-node', deterministic: false })).rejects.toThrow(
    'engine: onnxruntime-node must be installed in this folder (npm install onnxruntime-node)',
  )
  folderTyped.mockRestore()
})
