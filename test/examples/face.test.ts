import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bestFace, distance, toInput } from '../../examples/face/detect.ts'
import { loadBlazeFace } from '../../examples/face/network.ts'
import { Picture } from '../../examples/face/picture.ts'
import { readSafetensors } from '../../src/index.ts'
import { probeFeatures } from '../../src/wasm/engine.ts'

const data = join(import.meta.dirname, '../../examples/face/data')
const weights = readSafetensors(join(data, 'blazeface-front.safetensors'))
const expected = readSafetensors(join(data, 'expected.safetensors'))
const photo = Picture.readPng(join(data, 'astronaut.png'))

const largestDifference = (a: Float32Array, b: Float32Array): number =>
  a.reduce((largest, value, index) => Math.max(largest, Math.abs(value - b[index])), 0)

describe('BlazeFace', () => {
  const same = loadBlazeFace(weights, { padding: 'same' })(expected.get('input'))

  it.each(['scores16', 'scores8', 'boxes16', 'boxes8'] as const)('%s are those of onnxruntime', (name) => {
    // Values reach 155, where float32 numbers lie 1.5e-5 apart, and sums are taken in another order. Without relaxed SIMD
    // products are rounded before they are added, which onnxruntime does not do.
    const within = probeFeatures().relaxed ? 1.5e-4 : 2e-4
    const wanted = expected.get(name)
    expect(same.outputs[name].shape).toEqual(wanted.shape)
    expect(largestDifference(same.outputs[name].data, wanted.data)).toBeLessThan(within)
  })

  it('without WebAssembly runs on the reference, within 1e-4 of onnxruntime', () => {
    const demo = ['--no-expose-wasm', '--import', 'tsx', 'examples/face/main.ts']
    const text = execFileSync(process.execPath, demo, { cwd: join(import.meta.dirname, '../..'), encoding: 'utf8' })
    expect(text).toContain('computed by: reference')
    expect(Number(text.match(/ONNX Runtime by (\S+) at most/)?.[1])).toBeLessThan(1e-4)
  })

  it('reads the photo as the network wants it', () => {
    expect(largestDifference(toInput(photo).data, expected.get('input').data)).toBeLessThan(1e-6)
  })

  it('pads the four layers with stride 2 at the end, and nothing else unevenly', () => {
    const uneven = same.layers.filter(({ geometry }) =>
      geometry.axes.some(({ padBegin, padEnd }) => padBegin !== padEnd),
    )
    expect(uneven.map(({ name, geometry }) => [name, geometry.axes[0].padBegin, geometry.axes[1].padEnd])).toEqual([
      ['stem', 1, 2],
      ['blocks.2.depthwise', 0, 1],
      ['blocks.5.depthwise', 0, 1],
      ['blocks.11.depthwise', 0, 1],
    ])
  })

  it('with symmetric padding keeps its score and its shapes, and moves its box by 22 pixels', () => {
    const symmetric = loadBlazeFace(weights, { padding: 'symmetric' })(expected.get('input'))
    const [right, wrong] = [same, symmetric].map(({ outputs }) => bestFace(outputs, photo.width))
    expect(right.score).toBeCloseTo(0.92, 2)
    expect(wrong.score).toBeCloseTo(0.93, 2)
    expect(distance(right.centre, wrong.centre)).toBeCloseTo(22, 0)
    expect(symmetric.layers.map(({ geometry }) => geometry.axes[0].output)).toEqual(
      same.layers.map(({ geometry }) => geometry.axes[0].output),
    )
  })
})
