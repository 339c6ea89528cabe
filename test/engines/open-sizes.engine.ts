import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { loadNetwork } from '../../src/graph.ts'
import { readModel } from '../../src/models.ts'
import { openSizes, tiles } from '../../src/tiles.ts'
import { comparePieces, type Engine, type Value } from '../tiles/run-pieces.ts'
import { engine } from './engine.ts'

// MLSD finds lines in photos. Its files were exported for one size each.

const { InferenceSession, Tensor } = engine('onnxruntime-node')
const file = (size: number): string =>
  join(import.meta.dirname, `../../bench/node_modules/jp.keijiro.mlsd/ONNX/mlsd_${size}x${size}_tiny.onnx`)
const INPUT = 'input_image_with_alpha:0'

/** A picture with edges and gradients, with an alpha that is one. */
function picture(height: number, width: number): Value {
  const data = new Float32Array(height * width * 4)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4
      const edge = (x * 3 + y * 2) % 97 < 40 ? 160 : 30
      for (let channel = 0; channel < 3; channel++) data[at + channel] = edge + ((x * y * (channel + 1)) % 61)
      data[at + 3] = 1
    }
  }
  return { dims: [1, height, width, 4], data }
}

async function sessionOf(bytes: Uint8Array): Promise<Engine> {
  const session = await InferenceSession.create(bytes, {
    graphOptimizationLevel: 'disabled',
    intraOpNumThreads: 1,
    logSeverityLevel: 4,
  })
  return ({ dims, data }) => session.run({ [INPUT]: new Tensor('float32', data, dims) })
}

it('MLSD, exported for 320 x 320 and opened, gives the same there, bit for bit', { timeout: 600_000 }, async () => {
  const { bytes, inputs, left, changes } = await openSizes(file(320))
  expect([inputs, left, changes.length]).toEqual([{ [INPUT]: [1, 'height', 'width', 4] }, [], 5])
  const expected = await (await sessionOf(readFileSync(file(320))))(picture(320, 320))
  const found = await (await sessionOf(bytes))(picture(320, 320))
  expect(Object.keys(found)).toEqual(['offsets', 'scores'])
  for (const [name, { dims, data }] of Object.entries(expected)) {
    expect(found[name].dims).toEqual(dims)
    expect(found[name].data.findIndex((one, index) => one !== data[index])).toBe(-1)
  }
})

it('pieces of MLSD are the whole, bit for bit, by onnxruntime and by samepad', { timeout: 600_000 }, async () => {
  const { bytes } = await openSizes(file(320))
  const shape = [1, 448, 640, 4]
  const plan = tiles(await readModel(bytes), { inputs: { [INPUT]: shape }, tile: [448, 512] })
  expect([plan.isExact, plan.pieces]).toEqual([true, 4])
  expect(plan.axes.map(({ step, halo }) => [step, halo])).toEqual([
    [16, [134, 149]],
    [16, [134, 149]],
  ])
  expect(await comparePieces(await sessionOf(bytes), plan, picture(448, 640))).toEqual([])
  const network = await loadNetwork(bytes, { deterministic: true })
  const run: Engine = ({ dims, data }) =>
    Object.fromEntries(
      Object.entries(network.run({ [INPUT]: { data, shape: dims } })).map(([name, value]) => [
        name,
        { dims: value.shape, data: value.data },
      ]),
    )
  expect(await comparePieces(run, plan, picture(448, 640))).toEqual([])
  network.release()
})
