import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { modelBytes } from '../graph/onnx-bytes.ts'
import { typedWords } from './typed.ts'

const root = join(import.meta.dirname, '..', '..')
const face = join(root, 'examples', 'face', 'data', 'blazeface-front.onnx')
const folder = mkdtempSync(join(tmpdir(), 'samepad-run-'))
afterAll(() => rmSync(folder, { recursive: true }))

it('runs a model on random numbers and says what its outputs are', async () => {
  const { exitCode, stdout } = await typedWords(['run', face, '--profile'])
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/first run [\d.]+ ms, then [\d.]+ ms/)
  expect(stdout).toMatch(/Identity_2:0 +1x512x16 +-/)
  expect(stdout).toMatch(/^\d+ steps, [\d.]+ ms$/m)
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
})

it('tells the largest values of a row, on inputs that are given', async () => {
  const file = join(folder, 'model.onnx')
  const scale = { shape: [4], data: [1, -2, 3, 0.5] }
  const nodes = [['Mul', ['x', 's'], ['y']]] as const
  writeFileSync(file, modelBytes({ inputs: { x: ['n', 4] }, outputs: ['y'], nodes, constants: { s: scale } }))
  const { exitCode, stdout } = await typedWords(['run', file, '--value', 'x=2', '--input', '1x4', '--json'])
  expect(exitCode).toBe(0)
  const [output] = JSON.parse(stdout).outputs
  expect(output).toMatchObject({ name: 'y', shape: [1, 4], least: -4, most: 6, mean: 1.25 })
  expect(output.largest).toEqual([
    [2, 6],
    [0, 2],
    [3, 1],
    [1, -4],
  ])
})

it('names what does not run, and what is missing', async () => {
  const file = join(folder, 'other.onnx')
  writeFileSync(file, modelBytes({ inputs: { x: ['n', 4, 4] }, outputs: ['y'], nodes: [['Det', ['x'], ['y']]] }))
  const { exitCode, stderr } = await typedWords(['run', file, '--input', '1x4x4'])
  expect(exitCode).toBe(2)
  expect(stderr).toContain("Det 'y' is Det")
  expect((await typedWords(['run'])).stderr).toContain('run: there must be one model file')
  const caffe = join(folder, 'net.cfg')
  writeFileSync(caffe, '[net]\nwidth=8\nheight=8\nchannels=3\n[convolutional]\nfilters=2\nsize=3\nstride=1\npad=1\n')
  expect((await typedWords(['run', caffe])).stderr).toContain('run: the file must be ONNX, got Darknet')
})

it('explain --plan shows the steps of a model, and where they are', async () => {
  const { exitCode, stdout } = await typedWords(['explain', face, '--plan'])
  expect(exitCode).toBe(0)
  const words = stdout.replace(/\s+/g, ' ')
  expect(words).toMatch(/\d+ steps, \d+ kB for values \(\d+ kB live together\), \d+ kB of weights/)
  expect(stdout).toMatch(/^conv +k5x5 s2 p1,2 relu +1x24x64x64 +\S/m)
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
})
