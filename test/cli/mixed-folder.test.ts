import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { folderOf, pictureModel } from './model-folder.ts'
import { typed } from './typed.ts'

const print = readFileSync(join(import.meta.dirname, '../models/files/tiny.print.txt'), 'utf8')
const cfg = '[net]\nwidth=32\nheight=32\nchannels=3\n\n[convolutional]\nfilters=8\nsize=3\nstride=2\npad=1\n'

it('a folder of several formats is audited file by file; files of other kinds with such endings are passed', async () => {
  const cwd = folderOf({
    ...{ 'm/a.onnx': pictureModel({}), 'm/b.txt': print, 'm/c.cfg': cfg },
    ...{ 'm/notes.txt': 'Numbers of today\n', 'm/setup.cfg': '[metadata]\nname = x\n', 'm/pom.xml': '<project/>\n' },
    ...{ 'm/model.json': '{"name": "a package"}\n', 'm/x.pb': 'no graph', 'm/readme.md': '# Models\n' },
  })
  const { exitCode, stdout, stderr } = await typed('audit m --fail-on error --json', { cwd })
  expect([exitCode, stderr]).toEqual([0, ''])
  const files = JSON.parse(stdout) as { file: string; format: string }[]
  expect(files.map(({ file, format }) => [file, format])).toEqual([
    ['m/a.onnx', 'ONNX'],
    ['m/b.txt', 'PyTorch print(model)'],
    ['m/c.cfg', 'Darknet'],
  ])
  // What is named is read, whatever it is.
  const named = await typed('audit m/notes.txt', { cwd })
  expect([named.exitCode, named.stderr]).toEqual([2, expect.stringContaining('got a text file')])
})

it("JSON of TensorFlow.js is found under any name; Keras's JSON without layers is passed", async () => {
  const layers = readFileSync(join(import.meta.dirname, '../models/files/tiny-layers.model.json'), 'utf8')
  const cwd = folderOf({
    ...{ 'm/net.json': layers, 'm/graph.json': '{"format":"graph-model","modelTopology":{"node":[]}}' },
    'm/tokenizer.json': '{"module": "keras_hub", "class_name": "BertTokenizer", "config": {}}',
  })
  const { stdout, stderr } = await typed('audit m --fail-on error --json', { cwd })
  expect(stderr).toBe('')
  expect((JSON.parse(stdout) as { file: string; format: string }[]).map(({ file, format }) => [file, format])).toEqual([
    ['m/graph.json', 'TensorFlow.js graph-model'],
    ['m/net.json', 'TensorFlow.js layers-model'],
  ])
})

it('the first line of an audit says the format; of ONNX it says the exporter and the operator set', async () => {
  const cwd = folderOf({ 'a.onnx': pictureModel({}), 'c.cfg': cfg })
  expect((await typed('audit c.cfg', { cwd })).stdout).toContain('\nDarknet, 1 operator, 1 spatial node;')
  expect((await typed('audit a.onnx', { cwd })).stdout).toMatch(/\n.*operator set \d+, 3 spatial nodes;/)
})

it('standard input may be of any format', async () => {
  const stdin = new TextEncoder().encode(print)
  const { exitCode, stdout } = await typed('audit - --fail-on error', { stdin })
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining('PyTorch print(model), ')])
})

it.each(['phase', 'sizes'])('%s of a file that names no input says so', async (command) => {
  const { stdout } = await typed(`${command} test/models/files/tiny.print.txt`)
  expect(stdout.replaceAll('\n', ' ')).toContain(
    'A file of PyTorch print(model) names no input, so sizes cannot be followed',
  )
})
