import { describe, expect, it } from 'vitest'
import { type Framework, onnxNodes, spell } from '../../src/conventions/spell/index.ts'
import type { Op } from '../../src/index.ts'
import { type Case, casesOf, ROUNDING } from './cases.ts'
import { runPython } from './python.ts'

/** Runs the code of cases and gives what was wrong with the first few that fail. */
function failuresOf(script: string, framework: Framework, cases: readonly Case[]): string[] {
  const input = cases.map(({ name, geometry, options, x, weight, bias, expected }) => ({
    name,
    code: spell(geometry, framework, options),
    inputs: [x, weight, bias].flatMap((tensor) =>
      tensor ? [{ data: Array.from(tensor.data), shape: tensor.shape }] : [],
    ),
    expected: { data: Array.from(expected.data), shape: expected.shape },
    allowed: geometry.op === 'averagePool' ? ROUNDING : 0,
  }))
  const answer = runPython(script, input) as { cases: number; failures: string[] }
  expect(answer.cases).toBe(cases.length)
  return answer.failures.slice(0, 5)
}

const ops: readonly Op[] = ['conv', 'convTranspose', 'maxPool', 'averagePool']

it.each(ops)('PyTorch runs the code of %s', (op) => {
  expect(failuresOf('torch_layers.py', 'pytorch', casesOf(op, 300, 3))).toEqual([])
})

// These frameworks cannot be installed from the registries that the tests may use.
describe.each<Framework>(['tensorflow', 'keras', 'jax'])('a stand-in, by its documentation, for %s', (framework) => {
  it.each(ops)('runs the code of %s', (op) => {
    expect(failuresOf('stand_in_layers.py', framework, casesOf(op, 150, 4))).toEqual([])
  })
})

it.each(ops)('the ONNX text of %s makes the nodes of onnxNodes', (op) => {
  const cases = casesOf(op, 300, 1)
  const texts = cases.map(({ geometry, options }) => spell(geometry, 'onnx', options))
  const nodes = cases.map(({ geometry, options }) => onnxNodes(geometry, options))
  // Python's repr of a float, since JSON has no infinity.
  const float = (value: number): string => (Number.isFinite(value) ? value.toFixed(1) : '-inf')
  expect(runPython('onnx_text.py', texts)).toEqual(
    nodes.map((list) => ({
      nodes: list.map(({ constants: _, ...node }) => node),
      constants: list.flatMap(({ constants }) =>
        constants.map((constant) => ({ ...constant, values: constant.values.map(float) })),
      ),
    })),
  )
})
