import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { modelBytes } from '../../test/graph/onnx-bytes.ts'
import { makeFolder } from '../src/output/output-place.ts'
import { act, inPieces, newFolder, readJson, readZarr, runCommand, setUp } from './fixtures.ts'

// Where outputs go, and what of a model counts.

it('a run that is refused leaves no folder behind, and none of its notes in the folder of another', async () => {
  const { folder } = await setUp(60, 60)
  await expect(act(folder, 'run', 'model.onnx', 'in.zarr', 'new/out.zarr', '--tile', '2')).rejects.toThrow(/^tiles:/)
  await expect(act(folder, 'run', 'none.onnx', 'in.zarr', 'new/out.zarr')).rejects.toThrow(/^model:/)
  expect(existsSync(join(folder, 'new'))).toBe(false)
  mkdirSync(join(folder, 'letters'))
  writeFileSync(join(folder, 'letters', 'letter.txt'), 'Dear')
  await expect(act(folder, 'run', 'model.onnx', 'in.zarr', 'letters')).rejects.toThrow(/^output: OUTPUT must be new/)
  expect(readdirSync(join(folder, 'letters'))).toEqual(['letter.txt'])
  await expect(act(folder, 'run', 'model.onnx', 'in.zarr', 'letters/letter.txt')).rejects.toThrow(
    /^output: OUTPUT must/,
  )
})

it('a folder is made with those above it, or the system says why not, at once', async () => {
  const folder = newFolder()
  await Promise.all([makeFolder(join(folder, 'a/b/c')), makeFolder(join(folder, 'a/b/d'))])
  expect(readdirSync(join(folder, 'a/b'))).toEqual(['c', 'd'])
  writeFileSync(join(folder, 'file'), '')
  for (const place of ['/proc/none/out.zarr', join(folder, 'file/out.zarr')])
    await expect(makeFolder(place)).rejects.toThrow(/^output: OUTPUT must lie where this user may make folders, got E/)
})

it('a PNG or TIFF that is there is kept, unless --overwrite is given; what cannot be written is refused at once', async () => {
  const { folder } = await setUp(60, 60)
  const words = ['run', 'model.onnx', 'in.zarr', 'out.png', '--workers', '1']
  writeFileSync(join(folder, 'out.png'), 'dear')
  await expect(act(folder, ...words)).rejects.toThrow(/^output: OUTPUT must be a new file; --overwrite writes over/)
  expect(readFileSync(join(folder, 'out.png'), 'utf8')).toBe('dear')
  expect(await runCommand(folder, ...words, '--overwrite')).toMatchObject({ code: 0 })
  expect(readFileSync(join(folder, 'out.png')).subarray(1, 4).toString()).toBe('PNG')
  await expect(act(folder, 'run', 'model.onnx', 'in.zarr', 'o.zarr', '--overwrite')).rejects.toThrow(
    /^run: --overwrite must go with a PNG or TIFF; a run into a Zarr goes on, got /,
  )
  await expect(act(folder, 'run', 'model.onnx', 'in.zarr', 'none/out.png')).rejects.toThrow(
    /^output: OUTPUT must lie where this user may write, got ENOENT/,
  )
  const preview = (name: string) =>
    act(folder, 'run', 'model.onnx', 'in.zarr', 'o.zarr', '--preview', join(folder, name))
  await expect(preview('in.zarr/c.png')).rejects.toThrow(/^output: --preview must be another place than INPUT/)
  await expect(preview('o.zarr/c.png')).rejects.toThrow(/^output: --preview must be another place than OUTPUT/)
  await expect(preview('none/c.png')).rejects.toThrow(
    /^output: --preview must lie where this user may write, got ENOENT/,
  )
  expect(existsSync(join(folder, 'o.zarr'))).toBe(false)
  await expect(preview('model.onnx')).rejects.toThrow(/^run: --preview must be a file that ends in .png/)
})

it('weights in other files count as the model does', async () => {
  const { folder } = await setUp(60, 60)
  const weights = Float32Array.from({ length: 54 }, (_, index) => (index % 5) - 2)
  const model = (location: string): Uint8Array =>
    modelBytes({
      inputs: { x: [1, 3, 'h', 'w'] },
      outputs: ['y'],
      nodes: [['Conv', ['x', 'w'], ['y'], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }]],
      constants: { w: { shape: [2, 3, 3, 3], data: [], external: { location, offset: '0', length: '216' } } },
    })
  writeFileSync(join(folder, 'model.onnx'), model('weights.bin'))
  const words = ['run', 'model.onnx', 'in.zarr', 'out.zarr', '--tile', '48', '--workers', '1']
  await expect(act(folder, ...words)).rejects.toThrow(
    "model: the file of its weights must lie beside it, got 'weights.bin'",
  )
  writeFileSync(join(folder, 'weights.bin'), new Uint8Array(weights.buffer))
  expect(await runCommand(folder, ...words)).toMatchObject({ code: 0 })
  weights[0] = 7
  writeFileSync(join(folder, 'weights.bin'), new Uint8Array(weights.buffer))
  await expect(act(folder, ...words)).rejects.toThrow(/^output: OUTPUT holds a run with another model/)
  writeFileSync(join(folder, 'outside.onnx'), model('../weights.bin'))
  await expect(act(folder, 'run', 'outside.onnx', 'in.zarr', 'other.zarr')).rejects.toThrow(
    /external data must lie within the model's folder, got '..\/weights.bin'/,
  )
})

it.each(['gzip', 'zstd'])('chunks are compressed by %s, and read again', async (compression) => {
  const { folder, expected } = await setUp(90, 118)
  const words = [...inPieces, '--compress', compression]
  expect(await runCommand(folder, ...words)).toMatchObject({ code: 0 })
  expect((await readZarr(join(folder, 'out.zarr'))).data).toEqual(expected.y)
  expect(readJson(folder, 'out.zarr', 'zarr.json').codecs).toMatchObject([{ name: 'bytes' }, { name: compression }])
  const chunk = readFileSync(join(folder, 'out.zarr/c/0/0/0/0'))
  expect([...chunk.subarray(0, 2)]).toEqual(compression === 'gzip' ? [0x1f, 0x8b] : [0x28, 0xb5])
  await expect(act(folder, ...words.slice(0, -2))).rejects.toThrow(/another type of output/)
  await expect(act(folder, 'run', 'model.onnx', 'in.zarr', 'o.png', '--compress', compression)).rejects.toThrow(
    /^run: --compress must go with a Zarr/,
  )
})
