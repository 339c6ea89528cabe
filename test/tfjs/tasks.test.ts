import { expect, it } from 'vitest'
import type { KernelAttributes } from '../../src/tfjs/library.ts'
import { Tasks } from '../../src/tfjs/tasks.ts'

const tensors = { x: { dataId: {}, shape: [2, 3], dtype: 'float32' } }

/** Tasks of a kernel that writes down with which attributes it was planned. */
function planned(): { readonly tasks: Tasks; readonly seen: KernelAttributes[] } {
  const seen: KernelAttributes[] = []
  const plan = (_shapes: unknown, attrs: KernelAttributes) => {
    seen.push(attrs)
    return { shape: [seen.length], isSlow: false, isFault: false, run: () => undefined }
  }
  return { tasks: new Tasks({ name: 'Any', plan }, { deterministic: false, threads: 1, isCompiled: true }), seen }
}

it('the same shapes with another attribute are another task, also where JSON has no such number', () => {
  const { tasks, seen } = planned()
  const values = [
    0,
    -0,
    1,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NaN,
    null,
    undefined,
    '0',
    [0],
    {},
  ]
  const found = values.map((constantValue) => tasks.find(tensors, { constantValue }))
  expect(seen.map(({ constantValue }) => constantValue)).toStrictEqual(values)
  expect(values.map((constantValue) => tasks.find(tensors, { constantValue }))).toStrictEqual(found)
  expect(seen).toHaveLength(values.length)
})
