import * as samepad from '../../dist/index.js'
import type { OnnxNode } from '../../src/conventions/spell/index.ts'
import type { Untyped } from '../engines/packages.ts'
import type { Values } from '../tensors.ts'
import {
  concatenated,
  doubled,
  each,
  means,
  multiplied,
  normalized,
  scattered,
  shares,
  sliced,
  transposed,
} from './definitions.ts'

type Tensor = samepad.Tensor

/** An operation to time on every engine. Tensors with channels have them before the spatial axes. */
export interface Operation {
  readonly name: string
  /** `stream` reads and writes each element once, with hardly any work between: memory is its limit. */
  readonly kind: 'stream' | 'other'
  /** Of the inputs. */
  readonly shapes: readonly (readonly number[])[]
  readonly samepad: (inputs: readonly Tensor[], output: Tensor | undefined) => Tensor
  /** Nodes on `x0`, `x1`, ...; the last gives `y`. */
  readonly onnx: readonly OnnxNode[]
  readonly tfjs: (tf: Untyped, inputs: readonly Untyped[]) => Untyped
  /** TensorFlow.js has this for channels behind the spatial axes only: it is given images so. */
  readonly channelsLast?: boolean
  readonly definition: (inputs: readonly Values[]) => Values
}

/** 1.6 MB as an image and as a matrix. */
const image = [1, 32, 112, 112] as const
const matrix = [784, 512] as const

type Options = { readonly output: Tensor }
const options = (output: Tensor | undefined): Options => ({ output: output as Tensor })

function node(
  opType: string,
  inputs: readonly string[],
  attributes: OnnxNode['attributes'] = {},
  constants: OnnxNode['constants'] = [],
  output = 'y',
): OnnxNode {
  const names = [...inputs, ...constants.map(({ name }) => name)]
  return { opType, inputs: names, outputs: [output], attributes, constants }
}

const integers = (name: string, values: readonly number[]): OnnxNode['constants'][number] => ({
  ...{ name, type: 'int64', shape: [values.length], values },
})

/** An operation on two tensors, element by element. */
function binary(
  operation: samepad.BinaryOperation,
  names: { readonly name: string; readonly opType: string; readonly tfjs: string },
  definition: (a: number, b: number) => number,
): Operation {
  return {
    ...{ name: names.name, kind: 'stream', shapes: [image, image], onnx: [node(names.opType, ['x0', 'x1'])] },
    samepad: ([a, b], output) => operation(a, b, options(output)),
    tfjs: (tf, [a, b]) => tf[names.tfjs](a, b),
    definition: each(definition),
  }
}

/** A function of each element. */
function activation(
  name: samepad.PlainName,
  kind: Operation['kind'],
  onnx: readonly OnnxNode[],
  tfjs: Operation['tfjs'],
  definition: (x: number) => number,
): Operation {
  return {
    ...{ name, kind, shapes: [image], onnx, tfjs },
    samepad: ([x], output) => samepad.activate(x, name, options(output)),
    definition: each(definition),
  }
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))
const erf = 'erf' // of a vector, as TensorFlow.js calls it

const activations: readonly Operation[] = [
  activation(
    'relu',
    'stream',
    [node('Relu', ['x0'])],
    (tf, [x]) => tf.relu(x),
    (x) => Math.max(x, 0),
  ),
  activation('sigmoid', 'other', [node('Sigmoid', ['x0'])], (tf, [x]) => tf.sigmoid(x), sigmoid),
  activation('tanh', 'other', [node('Tanh', ['x0'])], (tf, [x]) => tf.tanh(x), Math.tanh),
  activation(
    'silu',
    'other',
    [node('Sigmoid', ['x0'], {}, [], 'share'), node('Mul', ['x0', 'share'])],
    (tf, [x]) => tf.tidy(() => tf.mul(x, tf.sigmoid(x))),
    (x) => x * sigmoid(x),
  ),
  activation(
    'gelu',
    'other',
    [node('Gelu', ['x0'])],
    (tf, [x]) => tf.tidy(() => tf.mul(tf.mul(x, 0.5), tf.add(tf[erf](tf.mul(x, Math.SQRT1_2)), 1))),
    (x) => x * normalShare(x),
  ),
  activation(
    'hardSwish',
    'other',
    [node('HardSwish', ['x0'])],
    (tf, [x]) => tf.tidy(() => tf.mul(x, tf.mul(tf.relu6(tf.add(x, 3)), 1 / 6))),
    (x) => (x * Math.min(Math.max(x + 3, 0), 6)) / 6,
  ),
]

/** The share of a normal distribution below x, by its series: enough for the values that are timed. */
function normalShare(x: number): number {
  let [sum, term] = [x, x]
  for (let n = 1; n < 60; n++) sum += term *= (x * x) / (2 * n + 1)
  return 0.5 + (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * sum
}

const half = [1, 16, 112, 112] as const
const wide = [1, 64, 112, 112] as const
const lastHalf = [1, 112, 112, 16] as const

const moves: readonly Operation[] = [
  {
    ...{
      name: 'concat channels',
      kind: 'other',
      shapes: [half, half],
      onnx: [node('Concat', ['x0', 'x1'], { axis: 1 })],
    },
    samepad: (inputs, output) => samepad.concat(inputs, 1, options(output)),
    tfjs: (tf, inputs) => tf.concat(inputs, 1),
    definition: concatenated(1),
  },
  {
    ...{ name: 'concat last', kind: 'other', shapes: [lastHalf, lastHalf] },
    onnx: [node('Concat', ['x0', 'x1'], { axis: 3 })],
    samepad: (inputs, output) => samepad.concat(inputs, 3, options(output)),
    tfjs: (tf, inputs) => tf.concat(inputs, 3),
    definition: concatenated(3),
  },
  {
    ...{ name: 'slice', kind: 'other', shapes: [wide] },
    onnx: [node('Slice', ['x0'], {}, [integers('from', [0, 16, 1, 1]), integers('to', [1, 48, 111, 111])])],
    samepad: ([x], output) => samepad.slice(x, [[], [16, 48], [1, 111], [1, 111]], options(output)),
    tfjs: (tf, [x]) => tf.slice(x, [0, 16, 1, 1], [1, 32, 110, 110]),
    definition: sliced([0, 16, 1, 1], [1, 32, 110, 110]),
  },
  {
    ...{
      name: 'transpose to nhwc',
      kind: 'other',
      shapes: [image],
      onnx: [node('Transpose', ['x0'], { perm: [0, 2, 3, 1] })],
    },
    samepad: ([x], output) => samepad.transpose(x, [0, 2, 3, 1], options(output)),
    tfjs: (tf, [x]) => tf.transpose(x, [0, 2, 3, 1]),
    definition: transposed([0, 2, 3, 1]),
  },
  {
    ...{
      name: 'transpose matrix',
      kind: 'other',
      shapes: [matrix],
      onnx: [node('Transpose', ['x0'], { perm: [1, 0] })],
    },
    samepad: ([x], output) => samepad.transpose(x, [1, 0], options(output)),
    tfjs: (tf, [x]) => tf.transpose(x, [1, 0]),
    definition: transposed([1, 0]),
  },
  {
    ...{ name: 'depthToSpace', kind: 'other', shapes: [[1, 128, 56, 56]], channelsLast: true },
    onnx: [node('DepthToSpace', ['x0'], { blocksize: 2 })],
    samepad: ([x], output) => samepad.depthToSpace(x, 2, options(output)),
    tfjs: (tf, [x]) => tf.depthToSpace(x, 2, 'NHWC'),
    definition: scattered(2),
  },
]

const reductions: readonly Operation[] = [
  {
    ...{ name: 'mean over cells', kind: 'other', shapes: [image] },
    onnx: [node('ReduceMean', ['x0'], { keepdims: 0 }, [integers('axes', [2, 3])])],
    samepad: ([x], output) => samepad.reduce(x, 'mean', { axes: [2, 3], ...options(output) }),
    tfjs: (tf, [x]) => tf.mean(x, [2, 3]),
    definition: means([2, 3]),
  },
  {
    ...{ name: 'mean over channels', kind: 'other', shapes: [image] },
    onnx: [node('ReduceMean', ['x0'], { keepdims: 0 }, [integers('axes', [1])])],
    samepad: ([x], output) => samepad.reduce(x, 'mean', { axes: [1], ...options(output) }),
    tfjs: (tf, [x]) => tf.mean(x, [1]),
    definition: means([1]),
  },
  {
    ...{ name: 'softmax', kind: 'other', shapes: [matrix], onnx: [node('Softmax', ['x0'], { axis: -1 })] },
    samepad: ([x], output) => samepad.softmax(x, options(output)),
    tfjs: (tf, [x]) => tf.softmax(x),
    definition: shares,
  },
  {
    ...{ name: 'layerNorm', kind: 'other', shapes: [matrix, [512], [512]] },
    onnx: [node('LayerNormalization', ['x0', 'x1', 'x2'])],
    samepad: ([x, scale, shift], output) => samepad.layerNorm(x, { scale, shift, ...options(output) }),
    tfjs: (tf, [x, scale, shift]) =>
      tf.tidy(() => {
        const { mean, variance } = tf.moments(x, [1], true)
        const normal = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5)))
        return tf.add(tf.mul(normal, scale), shift)
      }),
    definition: normalized,
  },
]

const scales = { name: 'scales', type: 'float', shape: [4], values: [1, 1, 2, 2] } as const
const small = [1, 32, 56, 56] as const

/** Twice as many cells, each at its place between those of the input. */
function resizing(mode: 'nearest' | 'linear', tfjs: string): Operation {
  return {
    ...{ name: `resize ${mode} x2`, kind: 'other', shapes: [small], channelsLast: true },
    onnx: [node('Resize', ['x0', ''], { mode }, [scales])],
    samepad: ([x], output) => samepad.resize(x, { scales: 2, mode, ...options(output) }),
    tfjs: (tf, [x]) => tf.image[tfjs](x, [112, 112], false, true),
    definition: doubled(mode),
  }
}

const square = [512, 512] as const
const matmul: Operation = {
  ...{ name: 'matmul 512', kind: 'other', shapes: [square, square], onnx: [node('MatMul', ['x0', 'x1'])] },
  samepad: ([a, b], output) => samepad.matmul(a, b, options(output)),
  tfjs: (tf, [a, b]) => tf.matMul(a, b),
  definition: multiplied,
}

const prelu: Operation = {
  ...{ name: 'prelu', kind: 'other', shapes: [image, [32, 1, 1]], channelsLast: true },
  onnx: [node('PRelu', ['x0', 'x1'])],
  samepad: ([x, slope], output) => samepad.activate(x, { prelu: slope }, options(output)),
  tfjs: (tf, [x, slope]) => tf.prelu(x, slope),
  definition: ([x, slope]) => ({
    shape: x.shape,
    data: x.data.map((value, index) => (value < 0 ? value * slope.data[Math.floor(index / 112 ** 2) % 32] : value)),
  }),
}

/** What stands between layers, on 1.6 MB. */
export const operations: readonly Operation[] = [
  binary(samepad.add, { name: 'add', opType: 'Add', tfjs: 'add' }, (a, b) => a + b),
  binary(samepad.multiply, { name: 'multiply', opType: 'Mul', tfjs: 'mul' }, (a, b) => a * b),
  binary(samepad.minimum, { name: 'minimum', opType: 'Min', tfjs: 'minimum' }, Math.min),
  ...activations,
  prelu,
  ...moves,
  ...reductions,
  resizing('nearest', 'resizeNearestNeighbor'),
  resizing('linear', 'resizeBilinear'),
  matmul,
]
