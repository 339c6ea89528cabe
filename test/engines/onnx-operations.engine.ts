import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import {
  add,
  type Interpolation,
  instanceNorm,
  layerNorm,
  matmul,
  multiply,
  type ResizeOptions,
  resize,
  softmax,
  type Tensor,
} from '../../src/index.ts'
import { readTensor } from '../../src/models/onnx/read-tensor.ts'
import { Wire } from '../../src/models/onnx/wire.ts'
import { type Node, readModel } from '../../src/models.ts'
import { attributeOf } from '../../src/network/model.ts'

// ONNX's own tests of operators that are one operation here, by their values. Debian's package libonnx-testdata has them.
const folder = '/usr/share/libonnx-testdata/data/node'

beforeAll(() => {
  if (!existsSync(folder)) throw new Error(`${folder} is missing; apt-get install libonnx-testdata brings it`)
})

/** What a test gives: a node, and its inputs, of which some may be missing. */
interface Given {
  readonly node: Node
  readonly inputs: readonly (Tensor | undefined)[]
}

const number = (node: Node, name: string, otherwise: number): number =>
  attributeOf(node, name)?.int ?? attributeOf(node, name)?.float ?? otherwise
const word = (node: Node, name: string, otherwise: string): string => attributeOf(node, name)?.string ?? otherwise
const x = ({ inputs }: Given): Tensor => inputs[0] as Tensor

const operators: Readonly<Record<string, (given: Given) => Tensor>> = {
  Softmax: (given) => softmax(x(given), { axis: number(given.node, 'axis', -1) }),
  InstanceNormalization(given) {
    const [, scale, shift] = given.inputs
    return instanceNorm(x(given), { scale, shift, epsilon: number(given.node, 'epsilon', 1e-5) })
  },
  LayerNormalization(given) {
    const { shape } = x(given)
    const axis = number(given.node, 'axis', -1)
    const axes = [...shape.keys()].slice(axis)
    const [, scale, shift] = given.inputs
    return layerNorm(x(given), { axes, scale, shift, epsilon: number(given.node, 'epsilon', 1e-5) })
  },
  MatMul: ({ inputs: [a, b] }) => matmul(a as Tensor, b as Tensor),
  Gemm({ node, inputs: [a, b, c] }) {
    const isSet = (name: string): boolean => number(node, name, 0) === 1
    const product = matmul(a as Tensor, b as Tensor, { transposeA: isSet('transA'), transposeB: isSet('transB') })
    const scaled = multiply(product, number(node, 'alpha', 1))
    return c ? add(scaled, multiply(c, number(node, 'beta', 1))) : scaled
  },
  Resize(given) {
    const { node, inputs } = given
    const spatial = (tensor: Tensor | undefined): number[] => [...(tensor?.data ?? [])].slice(2)
    const [scales, sizes] = [spatial(inputs[2]), spatial(inputs[3])]
    const options = {
      ...(sizes.length > 0 ? { sizes } : { scales }),
      mode: word(node, 'mode', 'nearest'),
      coordinates: word(node, 'coordinate_transformation_mode', 'half_pixel'),
      nearest: word(node, 'nearest_mode', 'round_prefer_floor'),
      cubicCoefficient: number(node, 'cubic_coeff_a', -0.75),
      excludeOutside: number(node, 'exclude_outside', 0) === 1,
    } as { sizes: number[] } & Interpolation & ResizeOptions
    return resize(x(given), options)
  },
}

const tests = existsSync(folder)
  ? readdirSync(folder).filter((name) =>
      /^test_(resize|layer_norm|instancenorm|softmax|matmul_|gemm)(?!.*(expanded|crop))/.test(name),
    )
  : []

it.each(tests)('%s', async (test) => {
  const { graph } = await readModel(join(folder, test, 'model.onnx'))
  const node = graph.nodes[graph.nodes.length - 1]
  let next = 0
  const inputs = node.inputs.map((name) =>
    !graph.inputs.some((input) => input.name === name) ? undefined : tensorIn(test, `input_${next++}.pb`),
  )
  const result = operators[node.opType]({ node, inputs })
  const expected = tensorIn(test, 'output_0.pb')
  expect(result.shape).toEqual(expected.shape)
  const off = [...result.data].map((value, index) => Math.abs(value - expected.data[index]))
  expect(Math.max(...off)).toBeLessThan(1e-5 * Math.max(...expected.data.map(Math.abs)))
})

it('there are enough of them', () => {
  expect(tests.length).toBeGreaterThan(60)
})

function tensorIn(test: string, file: string): Tensor {
  const bytes = new Uint8Array(readFileSync(join(folder, test, 'test_data_set_0', file)))
  const tensor = readTensor(new Wire([{ begin: 0, bytes }]), { start: 0, prefix: 0, begin: 0, end: bytes.length })
  return { data: Float32Array.from(tensor.values() ?? []), shape: tensor.dims }
}
