import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fix, type Target } from '../../src/models.ts'
import { chain, type Spec } from '../audit/networks.ts'
import { answered, printed, typed } from '../cli/typed.ts'
import { bytesOf, realModels } from '../models/onnx/real-models.ts'
import { engine } from './engine.ts'

// `samepad verify` finds onnxruntime in the folder where it is typed.
const cwd = join(import.meta.dirname, '..', '..', 'bench')
const folder = mkdtempSync(join(tmpdir(), 'samepad-'))

/** Writes a model and gives its path. */
function written(name: string, bytes: Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

interface Output {
  readonly name: string
  readonly largest: number
  readonly equal: boolean
}

async function verified(a: string, b: string, options = ''): Promise<readonly Output[]> {
  const { outputs } = await answered(`verify ${a} ${b}${options} --engine onnxruntime`, { cwd })
  return outputs as Output[]
}

describe('onnxruntime', () => {
  it('computes the same of BlazeFace with auto_pad, and with pads again', async () => {
    const original = realModels.blazeface.path
    const automatic = written('automatic.onnx', (await fix(original, { to: 'auto-pad' })).bytes)
    const back = written('back.onnx', (await fix(automatic, { to: 'explicit' })).bytes)
    for (const other of [automatic, back]) {
      const outputs = await verified(original, other)
      expect(outputs).toHaveLength(4)
      expect(outputs.map(({ largest }) => largest)).toEqual([0, 0, 0, 0])
    }
  })

  it('computes something else of a symmetric copy', async () => {
    const copy = written('symmetric.onnx', (await fix(bytesOf('blazeface'), { to: 'symmetric' })).bytes)
    const { exitCode, stdout } = await typed(`verify ${realModels.blazeface.path} ${copy} --engine onnxruntime`, {
      cwd,
    })
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/^Different, run by onnxruntime-node \d/)
    const outputs = await verified(realModels.blazeface.path, copy)
    expect(Math.min(...outputs.map(({ largest }) => largest))).toBeGreaterThan(1)
  })

  const options = {
    detection: ' --input x=1x3x96x128',
    recognition: ' --input x=1x3x48x96',
    angle: ' --input x=1x3x48x96',
    voice: ' --input input=1x512 --input state=2x1x128 --value sr=16000',
  } as const

  it.each(Object.keys(options) as (keyof typeof options)[])('%s: runs after a rewrite, at its size', async (name) => {
    const shapes = { ...realModels[name].inputs, ...(name === 'detection' ? { x: [1, 3, 96, 128] } : {}) }
    const inputs = name === 'voice' ? { input: [1, 512], state: [2, 1, 128] } : shapes
    const rewritten = await fix(realModels[name].path, { to: 'auto-pad', inputs })
    expect(rewritten.changes.length).toBeGreaterThan(3)
    const path = written(`${name}.onnx`, rewritten.bytes)
    const outputs = await verified(realModels[name].path, path, options[name])
    expect(outputs.filter(({ equal }) => !equal)).toEqual([])
  })

  const uneven = { pads: [0, 1, 1, 2] }
  const window = (kernel: number, stride: number, more: object): Spec[1] => ({
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    ...more,
  })
  const pad = (begin: number, end: number): Spec => ['Pad', { amounts: [0, 0, begin, end, 0, 0, end, begin] }]

  it.each<[string, Spec[], { unsafe?: boolean; to?: Target }]>([
    ['a Pad before a convolution', [pad(0, 1), ['Conv', window(3, 2, {})]], {}],
    ['a Pad before an average', [pad(1, 0), ['AveragePool', window(3, 2, {})]], {}],
    ['a Pad behind a ReLU, before a maximum', [['Relu', {}], pad(0, 1), ['MaxPool', window(3, 2, {})]], {}],
    ['a transposed convolution', [['ConvTranspose', window(3, 2, { auto_pad: 'SAME_UPPER' })]], {}],
    ['SAME_LOWER', [['Conv', window(4, 3, { auto_pad: 'SAME_LOWER' })]], {}],
    ['a pool with SAME', [['MaxPool', window(3, 2, { auto_pad: 'SAME_UPPER' })]], { to: 'explicit' }],
    ['an average with SAME', [['AveragePool', window(3, 2, { auto_pad: 'SAME_LOWER' })]], { to: 'explicit' }],
  ])('computes the same after fix: %s', async (name, specs, options) => {
    const bytes = chain(specs, { input: [2, 2, 13, 18] })
    const fixed = await fix(bytes, options)
    expect(fixed.changes).toHaveLength(1)
    const paths = [written('one.onnx', bytes), written('two.onnx', fixed.bytes)]
    const outputs = await verified(paths[0], paths[1])
    expect([name, ...outputs.map(({ equal }) => equal)]).toEqual([name, true])
  })

  it('refuses what the audit calls refused, and takes it after fix', async () => {
    const { InferenceSession } = engine('onnxruntime-node')
    const options = { logSeverityLevel: 4 }
    const specs: readonly Spec[] = [
      ['Conv', window(3, 1, { auto_pad: 'SAME_UPPER', dilations: [2, 2] })],
      ['MaxPool', window(1, 2, { auto_pad: 'SAME_UPPER' })],
    ]
    for (const spec of specs) {
      const path = written('refused.onnx', chain([spec]))
      const says = await printed(`audit ${path}`, 1)
      expect(says).toContain('auto-pad-refused')
      const { stderr } = await typed(`verify ${path} ${path} --engine onnxruntime`, { cwd })
      expect(stderr.replace(/\s+/g, ' ')).toContain('verify: onnxruntime must run')
      const fixed = written('taken.onnx', (await fix(readFileSync(path))).bytes)
      await (await InferenceSession.create(fixed, options)).release()
      expect((await typed(`verify ${fixed} ${fixed} --engine onnxruntime`, { cwd })).exitCode).toBe(0)
    }
  })

  const cases = join(import.meta.dirname, '..', 'audit', 'cases')
  const [zeros, least] = [join(cases, 'padmax.onnx'), join(cases, 'padmax-inf.onnx')]
  const says = async (a: string, b: string, options = ''): Promise<string> =>
    (await typed(`verify ${a} ${b}${options} --engine onnxruntime`, { cwd })).stdout.replace(/\s+/g, ' ')

  it('compares models as they are written, and says where the optimiser changes one', async () => {
    const apart = await says(zeros, least)
    expect(apart).toMatch(/^Different, run by onnxruntime-node [\d.]+ without graph optimisation/)
    expect(apart).toMatch(
      /optimiser changes what \S*padmax.onnx computes: y differs between the levels disabled and all/,
    )
    const alike = await says(zeros, least, ' --optimization basic')
    expect(alike).toMatch(/^Equal up to rounding, run by onnxruntime-node [\d.]+ with graph optimisation basic/)
    expect(alike).toContain('y differs between the levels basic and disabled')
    expect(await says(least, least)).not.toContain('optimiser')
  })

  it.each([
    ['a maximum', () => readFileSync(join(cases, 'asympool.onnx')), ''],
    ['a convolution of three axes', () => readFileSync(join(cases, 'asym3d.onnx')), ''],
    ['a counted average', () => chain([['AveragePool', { ...window(3, 2, uneven), count_include_pad: 1 }]]), ''],
    ['before operator set 11', () => chain([['MaxPool', window(3, 2, uneven)]], { opset: 9 }), ''],
  ])('computes the same with the uneven padding as a Pad in front: %s', async (name, bytesOf, options) => {
    const before = written(`uneven ${name.replaceAll(' ', '-')}.onnx`.replaceAll(' ', '-'), Uint8Array.from(bytesOf()))
    const fixed = await fix(readFileSync(before), { to: 'pad-node' })
    expect(fixed.changes).toHaveLength(1)
    const after = written('pad-node.onnx', fixed.bytes)
    expect((await verified(before, after, options)).map(({ equal }) => equal)).toEqual([true])
  })

  it('takes the values that it is given', async () => {
    const path = written('given.onnx', chain([['Relu', {}]], { input: [1, 1, 2, 2] }))
    const header = JSON.stringify({ x: { dtype: 'F32', shape: [1, 1, 2, 2], data_offsets: [0, 16] } })
    const head = new Uint8Array(8 + header.length)
    new DataView(head.buffer).setBigUint64(0, BigInt(header.length), true)
    head.set(new TextEncoder().encode(header), 8)
    const data = written(
      'given.safetensors',
      Uint8Array.from([...head, ...new Uint8Array(Float32Array.of(-1, 2, 3, 77).buffer)]),
    )
    const { outputs } = await answered(`verify ${path} ${path} --data ${data} --engine onnxruntime`, { cwd })
    expect(outputs).toEqual([{ name: 'y', dims: [1, 1, 2, 2], equal: true, largest: 0, scale: 77 }])
    const { stderr } = await typed(`verify ${realModels.blazeface.path} ${path} --data ${data} --engine onnxruntime`, {
      cwd,
    })
    expect(stderr.replace(/\s+/g, ' ')).toContain(
      "verify: --data must have a tensor of one of the inputs input:0, got ['x']",
    )
    const filled = await answered(`verify ${path} ${path} --value x=5 --engine onnxruntime`, { cwd })
    expect(filled.outputs).toMatchObject([{ scale: 5 }])
  })
})
