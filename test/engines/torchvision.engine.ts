import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadNetwork } from '../../src/graph.ts'
import { layouts } from '../../src/tensor/tensor.ts'
import { tensorFrom } from '../graph/onnx-bytes.ts'
import { engine } from './engine.ts'
import { PYTHON, runPython } from './python.ts'

// Networks of torchvision as PyTorch exports them, by samepad and by onnxruntime: what each operator set, open sizes and modules
// that torchvision has none of are written as. It needs Debian's packages python3-torch and python3-torchvision.

const hasTorchvision = spawnSync(PYTHON, ['-c', 'import torch, torchvision']).status === 0

interface Exported {
  readonly name: string
  readonly opset: number
  /** Whether batch, height and width are open. */
  readonly open: boolean
  readonly shape: readonly number[]
}

const networks: readonly Exported[] = [
  { name: 'squeezenet1_1', opset: 11, open: false, shape: [1, 3, 64, 48] },
  { name: 'shufflenet_v2_x0_5', opset: 13, open: true, shape: [1, 3, 64, 64] },
  { name: 'mobilenet_v3_small', opset: 17, open: true, shape: [1, 3, 64, 64] },
  { name: 'lraspp_mobilenet_v3_large', opset: 16, open: true, shape: [1, 3, 64, 64] },
  { name: 'Between', opset: 14, open: true, shape: [1, 3, 20, 24] },
]

describe.skipIf(!hasTorchvision)('networks of torchvision', () => {
  const folder = mkdtempSync(join(tmpdir(), 'samepad-torchvision-'))
  const fileOf = (name: string): string => join(folder, `${name}.onnx`)
  // biome-ignore lint/suspicious/noExplicitAny: the engine has no types here
  let ort: any
  beforeAll(() => {
    ort = engine('onnxruntime-node')
    runPython(
      'torchvision_networks.py',
      networks.map((one) => ({ ...one, file: fileOf(one.name) })),
    )
  }, 300_000)
  afterAll(() => rmSync(folder, { recursive: true }))

  it.each(networks)('$name of operator set $opset', async ({ name, open, shape }) => {
    const bytes = new Uint8Array(readFileSync(fileOf(name)))
    const session = await ort.InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 3 })
    const [batch, channels, height, width] = shape
    const others = [
      [batch + 1, channels, height + 13, width - 5],
      [batch, channels, height + 2, width + 7],
    ]
    for (const layout of layouts) {
      const network = await loadNetwork(bytes, { layout })
      for (const [seed, sizes] of (open ? [shape, ...others] : [shape]).entries()) {
        const x = tensorFrom(seed, sizes)
        const { y: wanted } = await session.run({ x: new ort.Tensor('float32', x.data, sizes) })
        const { y: found } = network.run({ x })
        expect(found.shape).toEqual([...wanted.dims])
        const numbers: Float32Array = wanted.data
        const [least, most] = [Math.min, Math.max].map((best) => numbers.reduce((a, b) => best(a, b)))
        const apart = numbers.reduce((worst, one, at) => Math.max(worst, Math.abs(one - found.data[at])), 0)
        expect(most).toBeGreaterThan(least)
        expect(apart / (most - least)).toBeLessThanOrEqual(2e-5)
      }
      network.release()
    }
  })
})
