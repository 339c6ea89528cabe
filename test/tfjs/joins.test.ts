import { expect, it } from 'vitest'
import { convRows, type FilterTask } from '../../src/tfjs/filters.ts'
import { join } from '../../src/tfjs/joins.ts'

const planning = { deterministic: true, threads: undefined, isCompiled: true }
const SHAPE = [1, 9, 7, 6]

it('slopes that change with each call are left to their own kernel after some; one that comes again has its task', () => {
  const attrs = { strides: 1, pad: 'same', dataFormat: 'NHWC', dilations: 1 }
  const row = convRows.find(({ name }) => name === 'Conv2D')
  const task = row?.plan({ x: SHAPE, filter: [1, 1, 6, 6] }, attrs, planning) as FilterTask
  const output = { dataId: {}, shape: SHAPE, dtype: 'float32' }
  const followed = (alpha: number) =>
    join({ task, tensors: {} }, output, 'LeakyRelu', { x: output }, { alpha }, planning)?.task
  const made = Array.from({ length: 100 }, (_, step) => followed(step / 128))
  expect(made.filter((one) => one !== undefined)).toEqual(made.slice(0, 16))
  expect(made[15]?.shape).toEqual(SHAPE)
  expect(followed(15 / 128)).toBe(made[15])
})
