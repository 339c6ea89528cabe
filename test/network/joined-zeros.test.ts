import { expect, it } from 'vitest'
import { ModelBuilder } from '../../src/models/builder.ts'
import { diff } from '../../src/models.ts'
import type { Model } from '../../src/network/model.ts'

/** A pool with channels added behind it: as a Pad, or as a value of one number that is joined to it. */
function pooled(channels: number, isPad: boolean): Model {
  const builder = new ModelBuilder()
  builder.input('x', [1, 3, 8, 8])
  builder.node('MaxPool', ['x'], ['p'], { kernel_shape: [2, 2], strides: [2, 2] }, { name: 'pool' })
  if (isPad) builder.node('Pad', ['p'], ['y'], { mode: 'constant', pads: [0, 0, 0, 0, 0, channels, 0, 0] })
  else {
    builder.node('ConstantOfShape', [builder.made([4], [1, channels, 4, 4])], ['zeros'])
    builder.node('Concat', ['p', 'zeros'], ['y'], { axis: 1 })
  }
  builder.output('y')
  return builder.model({ size: 0 }, { framework: 'onnx' })
}

it('zeros joined to channels are a Pad of channels', async () => {
  expect((await diff(pooled(4, false), pooled(4, true))).equal).toBe(true)
  expect((await diff(pooled(4, false), pooled(5, true))).equal).toBe(false)
})
