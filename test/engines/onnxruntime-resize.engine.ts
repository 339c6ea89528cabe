import { expect, it } from 'vitest'
import { resize } from '../../src/index.ts'
import { engine } from './engine.ts'
import { onnxModel } from './onnx-model.ts'

const roundings = ['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil'] as const
const [most, scales] = [9, [0.35, 0.4, 0.6, 0.75, 0.9, 1.2, 1.4, 1.7, 2.3, 2.4, 3, 3.5]]

/** ONNX Runtime with a scale, for any number of cells. */
async function sessionOf(scale: number, coordinates: string, nearest: string) {
  const constants = [
    { name: 'roi', type: 'float', shape: [0], values: [] },
    { name: 'scales', type: 'float', shape: [3], values: [1, 1, scale] },
  ] as const
  const attributes = { mode: 'nearest', coordinate_transformation_mode: coordinates, nearest_mode: nearest }
  const node = { opType: 'Resize', inputs: ['x', 'roi', 'scales'], outputs: ['y'], attributes, constants }
  const { InferenceSession } = engine('onnxruntime-node')
  return InferenceSession.create(onnxModel([node], { x: [1, 1, 'cells'] }), { logSeverityLevel: 4 })
}

const ramp = (cells: number): Float32Array => Float32Array.from({ length: cells }, (_, cell) => cell)

// Places are divided by the scale in float32, which decides which of two cells is nearer. Where as many outputs as cells are
// left, ONNX Runtime copies whatever the scale is; with aligned corners it takes whole outputs where ONNX's definition does not.
it.each(['half_pixel', 'half_pixel_symmetric', 'pytorch_half_pixel', 'asymmetric', 'tf_half_pixel_for_nn'] as const)(
  'ONNX Runtime takes the same nearest cells, %s',
  async (coordinates) => {
    const { Tensor } = engine('onnxruntime-node')
    let compared = 0
    for (const nearest of roundings) {
      for (const scale of scales) {
        const session = await sessionOf(scale, coordinates, nearest)
        for (let cells = 1; cells <= most; cells++) {
          const outputs = Math.floor(Math.fround(cells * Math.fround(scale)))
          if (outputs === 0 || outputs === cells) continue
          const x = { data: ramp(cells), shape: [1, 1, cells] }
          const { y } = await session.run({ x: new Tensor('float32', x.data, x.shape) })
          const { data } = resize(x, { scales: scale, coordinates, nearest })
          expect([...data], `${cells} cells times ${scale}, ${nearest}`).toEqual([...y.data])
          compared++
        }
        await session.release()
      }
    }
    expect(compared).toBeGreaterThan(250)
  },
)
