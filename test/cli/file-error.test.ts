import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { modelFolder } from './model-folder.ts'
import { typed } from './typed.ts'

it.each([
  ['audit nope.onnx', "audit: the file must exist, got 'nope.onnx'"],
  ["audit '*.zork'", "audit: the pattern must match a file, got '*.zork'"],
  ['audit empty', "audit: a folder must have model files in it, got 'empty'"],
  ['diff text.onnx model.onnx', 'text.onnx: '],
  ['verify model.onnx text.onnx', 'text.onnx: '],
  ['run text.onnx', 'text.onnx: '],
  ['sizes text.onnx', 'text.onnx: '],
  ['phase text.onnx', 'text.onnx: '],
  ['tiles text.onnx --input 1x3x8x8 --tile 8', 'text.onnx: '],
  ['explain text.onnx --plan --input 1x3x8x8', 'text.onnx: '],
  ['fix text.onnx --open-sizes', 'text.onnx: '],
  ['verify before.onnx after.onnx --input x=text.npy', 'text.npy must be an array of NumPy'],
  ['verify before.onnx after.onnx --input 1x3x8x8 --data text.safetensors', 'text.safetensors: '],
  ['run before.onnx --input x=text.png', 'text.png must be a PNG'],
  ['audit model.onnx --baseline text.json', 'text.json must be right'],
  ['audit model.onnx --baseline nowhere/b.json --update-baseline', 'audit: the folder must exist'],
  ['run before.onnx --input 1x3x8x8 --output nowhere/y.npy', 'run: the folder must exist'],
])('samepad %s: the file is at fault, so nothing is said of how the command is written', async (line, says) => {
  const cwd = modelFolder()
  mkdirSync(join(cwd, 'empty'))
  for (const ending of ['onnx', 'npy', 'safetensors', 'png', 'json']) {
    writeFileSync(join(cwd, `text.${ending}`), 'a text and nothing else, long enough for any header')
  }
  const { exitCode, stdout, stderr } = await typed(line, { cwd })
  expect(stderr.replace(/\n/g, ' ')).toContain(says)
  expect(stderr).not.toContain('--help')
  expect([stdout, exitCode]).toEqual(['', 2])
})
