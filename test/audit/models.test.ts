import { expect, it } from 'vitest'
import { audit } from '../../src/models.ts'
import { floats, graph, model, node } from '../models/onnx/make-model.ts'
import { realModels } from '../models/onnx/real-models.ts'
import { inShort } from './networks.ts'

const telling = async (name: keyof typeof realModels, inputs = {}) => {
  const { nodes } = await audit(realModels[name].path, { inputs })
  return nodes.flatMap(({ lean, window, axes: [axis], family }) => {
    return lean ? [`${window} ${axis.padBegin},${axis.padEnd} ${family}`] : []
  })
}

it('BlazeFace: the four uneven layers are TensorFlow SAME, and nothing else tells', async () => {
  const found = await audit(realModels.blazeface.path)
  expect(found).toMatchObject({
    ...{ producer: 'tf2onnx 1.7.2', opset: 12, style: 'tf-same', votes: { 'tf-same': 4, symmetric: 0 } },
    inputs: [{ name: 'input:0', shape: [1, 128, 128, 3] }],
  })
  expect(await telling('blazeface')).toEqual([
    '5x5 stride 2 1,2 TensorFlow SAME',
    ...new Array(3).fill('3x3 stride 2 0,1 TensorFlow SAME'),
  ])
  expect(found.nodes.filter(({ family }) => family === 'both')).toHaveLength(36)
  const [drift, ...refused] = found.findings
  expect(drift.message).toBe(
    'symmetric padding instead would move the grid by 15 cells of the input over 4 strided layers at an input size ' +
      'of 128; at 113 and 129 both pad alike',
  )
  expect(refused.map(({ severity, rule }) => `${severity} ${rule}`)).toEqual(['note pads-refused-elsewhere'])
})

it.each([{ sizes: 'open' }, { sizes: 'given' }])(
  'PP-OCR, sizes $sizes: symmetric, and nothing to complain of',
  async ({ sizes }) => {
    const findings: Record<string, string[]> = {}
    for (const name of ['detection', 'recognition', 'angle'] as const) {
      const inputs = sizes === 'given' ? realModels[name].inputs : {}
      const found = await audit(realModels[name].path, { inputs })
      expect([name, found.style]).toEqual([name, 'symmetric'])
      findings[name] = inShort(found)
    }
    // The recognizer's height is written in its file.
    const known = ['note grid-drift']
    const open = sizes === 'given' ? known : []
    expect(findings).toEqual({ detection: open, recognition: known, angle: open })
  },
)

it('PP-OCR: transposed convolutions of kernel and stride 2 are everybody’s', async () => {
  const { nodes } = await audit(realModels.detection.path)
  const transposed = nodes.filter(({ opType }) => opType === 'ConvTranspose')
  expect(transposed.map(({ window, family }) => `${window} ${family}`)).toEqual(new Array(2).fill('2x2 stride 2 both'))
})

it('silero-vad: layers inside If, padded on both sides alike, the reflecting Pad seen, and nothing to complain of', async () => {
  const found = await audit(realModels.voice.path, { inputs: realModels.voice.inputs })
  expect(found.style).toBe('symmetric')
  expect(new Set(found.nodes.map(({ path }) => path))).toEqual(
    new Set(['main / If_0.else_branch', 'main / If_0.then_branch']),
  )
  expect(found.nodes.flatMap(({ pad }) => (pad ? [pad] : []))).toEqual([[[0, 32]], [[0, 64]]])
  expect(inShort(found)).toEqual([])
})

it('silero-vad of 2021: no layer tells, and nothing to complain of', async () => {
  const found = await audit(realModels.voiceLegacy.path, { inputs: realModels.voiceLegacy.inputs })
  expect([found.style, found.nodes.length, inShort(found)]).toEqual(['either', 36, []])
})

it('bytes and a Blob are read like the file', async () => {
  const { readFileSync } = await import('node:fs')
  const bytes = new Uint8Array(readFileSync(realModels.blazeface.path))
  const fromFile = await audit(realModels.blazeface.path)
  expect(await audit(bytes)).toEqual(fromFile)
  expect(await audit(new Blob([bytes]))).toEqual(fromFile)
})

it('a branch that is known not to be taken has no say', async () => {
  const branch = (pads: readonly number[]) =>
    graph({
      nodes: [node('Conv', 'x w', 'inner', { kernel_shape: [3], strides: [2], pads })],
      outputs: { inner: undefined },
    })
  const bytes = model({
    nodes: [
      node('Constant', '', 'which', { value: { tensor: { dataType: 9, dims: [], rawData: Uint8Array.of(1) } } }),
      node('If', 'which', 'y', { then_branch: { graph: branch([0, 1]) }, else_branch: { graph: branch([-1, 5]) } }),
    ],
    inputs: { x: [1, 2, 8] },
    initializers: [floats('w', [2, 2, 3])],
  })
  const found = await audit(bytes)
  expect(found.nodes.map(({ axes: [axis] }) => [axis.padBegin, axis.padEnd])).toEqual([[0, 1]])
  expect([found.style, inShort(found)]).toEqual(['tf-same', ["note pads-refused-elsewhere Conv 'inner'"]])
})
