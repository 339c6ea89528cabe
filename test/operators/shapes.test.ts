import { expect, it } from 'vitest'
import { everyRule } from '../../src/conventions/rows/index.ts'
import { readModel } from '../../src/models.ts'
import { walk } from '../../src/network/walk.ts'
import { floats, ints, model, node } from '../models/onnx/make-model.ts'
import cases from './inferred-shapes.json' with { type: 'json' }

// What ONNX's own shape inference (onnx 1.23.1) says of single nodes. ONNX's node tests, which test/engines reads, reach
// operator set 17; these reach 27.

interface Constant {
  readonly scalar?: number
  readonly values?: readonly number[]
  readonly float?: number
}
type Value = number | string | readonly number[]

it.each(cases.map((one, index) => [`${index} ${one.operator}`, one] as const))('%s', async (_, one) => {
  const constants = Object.entries(one.constants as Record<string, Constant>)
  const outputs = one.outputs.map((_, index) => `y${index}`)
  const bytes = model(
    {
      nodes: [node(one.operator, one.order.join(' '), outputs.join(' '), one.attributes as Record<string, Value>)],
      inputs: one.inputs as Record<string, number[]>,
      initializers: constants.map(([name, { scalar, values = [], float }]) => {
        const list = scalar === undefined ? values : [scalar]
        if (float) return floats(name, scalar === undefined ? [list.length] : [], list)
        return ints(name, scalar ?? values)
      }),
    },
    one.opset,
  )
  const conflicts: string[] = []
  const scope = walk(await readModel(bytes), {}, everyRule, { conflict: ({ message }) => conflicts.push(message) })
  const shapes = outputs.map((name) => scope.fact(name)?.shape?.map((size) => size ?? null))
  expect(shapes).toEqual(one.outputs)
  expect(conflicts).toEqual([])
})
