import { expect, it } from 'vitest'
import { convRows, type FilterTask } from '../../src/tfjs/filters.ts'
import { join } from '../../src/tfjs/joins.ts'

const planning = { deterministic: true, threads: undefined, isCompiled: true }
const SHAPE = [1, 9, 7, 6]

it('a slope that is another number in each call leaves no more tasks behind than a bound; one that comes again has its task', () => {
  const attrs = { strides: 1, pad: 'same', dataFormat: 'NHWC', dilations: 1 }
  const row = convRows.find(({ name }) => name === 'Conv2D')
  const task = row?.plan({ x: SHAPE, filter: [1, 1, 6, 6] }, attrs, planning) as FilterTask
  const output = { dataId: {}, shape: SHAPE, dtype: 'float32' }
  const followed = (alpha: number) =>
    join({ task, tensors: {} }, output, 'LeakyRelu', { x: output }, { alpha }, planning)?.task
  for (let step = 1; step <= 100; step++) {
    const made = followed(step / 128)
    expect(made?.shape).toEqual(SHAPE)
    expect(followed(step / 128)).toBe(made)
  }
  expect(task.longer.size).toBeLessThanOrEqual(16)
})
