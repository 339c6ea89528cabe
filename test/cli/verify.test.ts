import { describe, expect, it } from 'vitest'
import { compareRuns } from '../../src/cli/compare-outputs.ts'
import { floats, model, node } from '../models/onnx/make-model.ts'
import { folderOf, modelFolder } from './model-folder.ts'
import { typed } from './typed.ts'

const tensor = (...data: number[]) => ({ dims: [data.length], data })
const compared = (first: Record<string, number[]>, second: Record<string, number[]>) => {
  const outputs = (of: Record<string, number[]>) =>
    Object.fromEntries(Object.entries(of).map(([name, data]) => [name, tensor(...data)]))
  return compareRuns([outputs(first)], [outputs(second)], 0.01).map(({ name, equal, only }) => [name, equal, only])
}

describe('outputs are paired', () => {
  it('by their names, whatever their order', () => {
    expect(compared({ y: [1], z: [2] }, { z: [2], y: [1] })).toEqual([
      ['y', true, undefined],
      ['z', true, undefined],
    ])
  })

  it('in their order where only one model has the name: never with one that has a partner', () => {
    expect(compared({ y: [1], logits: [2] }, { scores: [2], y: [1] })).toEqual([
      ['y', true, undefined],
      ['logits', true, undefined],
    ])
  })

  it('or told to be of one model alone', () => {
    expect(compared({ y: [1] }, { y: [1], more: [5] })).toEqual([
      ['y', true, undefined],
      ['more', false, 'second'],
    ])
    expect(compared({ y: [1], more: [5] }, { y: [1] })).toEqual([
      ['y', true, undefined],
      ['more', false, 'first'],
    ])
  })
})

it('samepad verify tells outputs that only one of the files has, and that they are a difference', async () => {
  const made = (outputs: string[]): Uint8Array =>
    model({
      nodes: [node('Conv', 'x w', 'y', { kernel_shape: [3, 3] }), node('Relu', 'y', 'z')],
      inputs: { x: [1, 2, 8, 9] },
      initializers: [floats('w', [3, 2, 3, 3])],
      outputs: Object.fromEntries(outputs.map((name) => [name, undefined])),
    })
  const cwd = folderOf({ 'one.onnx': made(['y']), 'two.onnx': made(['y', 'z']) })
  for (const [line, which] of [
    ['verify one.onnx two.onnx', 'second'],
    ['verify two.onnx one.onnx', 'first'],
  ]) {
    const { exitCode, stdout } = await typed(line, { cwd })
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(new RegExp(`equal +y +1x3x6x7.*\\n *differs +z +1x3x6x7 +only in the ${which}`))
  }
})

describe('samepad verify', () => {
  it('runs both models by itself', async () => {
    const cwd = modelFolder()
    const same = await typed('verify before.onnx before.onnx --input 1x3x32x32', { cwd })
    expect([same.exitCode, same.stderr]).toEqual([0, ''])
    expect(same.stdout).toMatch(/^Equal up to rounding, run by samepad\.\n\n {2,}output/)
  })

  it('says which engine may run what samepad does not', async () => {
    const cwd = folderOf({ 'lstm.onnx': model({ nodes: [node('LSTM', 'x x x', 'y')], inputs: { x: [1, 1, 4] } }) })
    const { exitCode, stderr } = await typed('verify lstm.onnx lstm.onnx', { cwd })
    expect([exitCode, stderr.replace(/\s+/g, ' ')]).toEqual([
      2,
      "lstm.onnx: loadNetwork: every node must be one that samepad runs, got LSTM 'y' is LSTM; --engine onnxruntime, " +
        'which is your own onnxruntime-node, may run it ',
    ])
  })

  it('says what it needs', async () => {
    const { exitCode, stderr } = await typed('verify before.onnx after.onnx --engine onnxruntime', {
      cwd: modelFolder(),
    })
    expect(exitCode).toBe(2)
    expect(stderr).toBe(`verify: onnxruntime-node must be installed where you are: npm install
onnxruntime-node, got none
samepad verify --help shows how it is written
`)
  })
})
