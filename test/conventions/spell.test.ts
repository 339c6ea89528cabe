import { describe, expect, it } from 'vitest'
import { argumentsOf, type Framework, onnxNodes, spell } from '../../src/conventions/spell/index.ts'
import { type Geometry, type ResolveOptions, resolve } from '../../src/index.ts'

// That the code computes the right thing is tested in test/engines, by running it; here is how it reads.

const frameworks: readonly Framework[] = ['pytorch', 'tensorflow', 'keras', 'jax', 'onnx', 'tfjs', 'webnn']

/** The body of the code, without imports, the function's head and indentation. */
function body(code: string): string[] {
  return code
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => !/^(def layer|function layer|import |from |}?$)/.test(line))
}

const lopsided: ResolveOptions = { input: [6, 5], kernel: [3, 2], strides: [2, 1], padding: 'same' }

describe('convolution', () => {
  const geometry = resolve(lopsided) // pads [[0, 1], [0, 1]]

  it('is a whole function, ready to paste', () => {
    expect(spell(geometry, 'pytorch')).toBe(`import torch.nn.functional as F


def layer(x, weight, bias=None):
    # x [N, C, 6, 5], weight [out, C, 3, 2] -> [N, out, 3, 5]
    x = F.pad(x, (0, 1, 0, 1))
    return F.conv2d(x, weight, bias, stride=(2, 1))
`)
    expect(spell(geometry, 'tfjs')).toBe(`function layer(tf, x, weight, bias) {
  // x [N, 6, 5, C], weight [out, C, 3, 2] -> [N, 3, 5, out]
  weight = tf.transpose(weight, [2, 3, 1, 0])  // [...kernel, C, out]
  x = tf.conv2d(x, weight, [2, 1], [[0, 0], [0, 1], [0, 1], [0, 0]])
  return bias ? tf.add(x, bias) : x
}
`)
    expect(spell(geometry, 'onnx')).toBe(`from onnx.helper import make_node

# x [N, C, 6, 5], weight [out, C, 3, 2] -> y [N, out, 3, 5]; operator set 19 or later
nodes = [
    make_node('Conv', ['x', 'weight', 'bias'], ['y'], kernel_shape=[3, 2], strides=[2, 1], pads=[0, 0, 1, 1]),
]
`)
  })

  it('has the pads in the order of each framework', () => {
    const [input, padding] = [
      [9, 9],
      [
        [1, 2],
        [3, 4],
      ] as const,
    ]
    const different = resolve({ input, kernel: [3, 4], padding })
    const orders: Record<Framework, string> = {
      pytorch: 'F.pad(x, (3, 4, 1, 2))',
      tensorflow: 'padding=((0, 0), (1, 2), (3, 4), (0, 0))',
      keras: 'ops.pad(x, ((0, 0), (1, 2), (3, 4), (0, 0)))',
      jax: 'padding=((1, 2), (3, 4))',
      onnx: 'pads=[1, 3, 2, 4]',
      tfjs: '[[0, 0], [1, 2], [3, 4], [0, 0]]',
      webnn: 'padding: [1, 2, 3, 4]',
    }
    for (const framework of frameworks) expect(spell(different, framework)).toContain(orders[framework])
  })

  it("uses PyTorch's own padding where it makes the same windows", () => {
    const line = (options: ResolveOptions): string =>
      body(spell(resolve(options), 'pytorch'))
        .slice(1)
        .join('; ')
    expect(line({ input: [7, 7], kernel: 3, strides: 2, padding: 'same' })).toBe(
      'return F.conv2d(x, weight, bias, stride=2, padding=1)',
    )
    expect(line({ input: [7, 6], kernel: 4, padding: 'same' })).toBe("return F.conv2d(x, weight, bias, padding='same')")
    // The last cell of the end padding is in no window.
    expect(line({ input: 5, kernel: 3, strides: 2, padding: [[1, 2]] })).toBe(
      'return F.conv1d(x, weight, bias, stride=2, padding=1)',
    )
  })

  it('runs dilated at stride 1 and subsamples where both are refused, even on different axes', () => {
    const both = resolve({ input: [9, 8], kernel: [3, 2], strides: [2, 1], dilations: [1, 3] })
    expect(body(spell(both, 'tensorflow', { bias: false }))).toEqual([
      '# x [N, 9, 8, C], weight [out, C, 3, 2] -> [N, 4, 5, out]',
      'weight = tf.transpose(weight, (2, 3, 1, 0))  # [...kernel, C, out]',
      '# stride and dilation are refused together: dilated at stride 1, then every nth',
      "x = tf.nn.convolution(x, weight, strides=(1, 1), padding='VALID', dilations=(1, 3))",
      'return x[:, ::2]',
    ])
    expect(spell(both, 'pytorch')).toContain('stride=(2, 1), dilation=(1, 3)')
    expect(spell(both, 'jax')).toContain('window_strides=(2, 1), padding=((0, 0), (0, 0)), rhs_dilation=(1, 3)')
  })

  it('goes through two axes in WebNN', () => {
    const line = resolve({ input: 6, kernel: 3, strides: 2, padding: 'same' })
    expect(body(spell(line, 'webnn', { groups: 2 }))).toEqual([
      '// x [N, C, 6], weight [out, C / 2, 3] -> [N, out, 3]',
      'const [n, c] = x.shape',
      'x = builder.reshape(x, [n, c, 1, 6])',
      'weight = builder.reshape(weight, [...weight.shape.slice(0, 2), 1, 3])',
      'x = builder.conv2d(x, weight, { padding: [0, 0, 0, 1], strides: [1, 2], groups: 2, bias })',
      'return builder.reshape(x, [n, x.shape[1], 3])',
    ])
  })
})

describe('transposed convolution', () => {
  const transposed = (kernel: number, options: object = {}): Geometry =>
    resolve({ op: 'convTranspose', input: 5, kernel, strides: 2, padding: 'same', ...options })

  it("is PyTorch's padding and output_padding where they can say it", () => {
    const last = (geometry: Geometry): string => body(spell(geometry, 'pytorch')).slice(1).join('; ')
    expect(last(transposed(4))).toBe('return F.conv_transpose1d(x, weight, bias, stride=2, padding=1)')
    expect(last(transposed(1))).toBe('return F.conv_transpose1d(x, weight, bias, stride=2, output_padding=1)')
    expect(last(transposed(3, { padding: 'same-lower' }))).toBe(
      'return F.conv_transpose1d(x, weight, bias, stride=2, padding=1, output_padding=1)',
    )
  })

  it('is sliced where more is cropped at the end than at the start', () => {
    expect(body(spell(transposed(3), 'pytorch'))).toEqual([
      '# x [N, C, 5], weight [C, out, 3] -> [N, out, 10]',
      '# what padding= and output_padding= cannot crop is sliced off',
      'y = F.conv_transpose1d(x, weight, bias, stride=2)',
      'return y[..., :10]',
    ])
    expect(spell(transposed(3), 'onnx')).toContain('strides=[2], pads=[0, 1])')
  })

  it('has a sample of zeros where output_padding would have to reach the stride', () => {
    const far = transposed(3, { strides: 1, dilations: 3, padding: 0, outputPadding: 2 })
    expect(onnxNodes(far, { bias: false })).toEqual([
      {
        opType: 'Pad',
        inputs: ['x', 'pads1'],
        outputs: ['t2'],
        attributes: {},
        constants: [{ name: 'pads1', type: 'int64', shape: [6], values: [0, 0, 0, 0, 0, 2] }],
      },
      {
        opType: 'ConvTranspose',
        inputs: ['t2', 'weight'],
        outputs: ['y'],
        attributes: { kernel_shape: [3], dilations: [3] },
        constants: [],
      },
    ])
    expect(spell(far, 'pytorch')).toContain('output_padding=2, dilation=3')
  })
})

describe('pooling', () => {
  const negative = resolve({
    ...lopsided,
    op: 'maxPool',
    padding: [
      [0, 1],
      [0, 1],
    ],
    strides: [2, 3],
  })

  it('pads a maximum with -inf, or not at all', () => {
    expect(body(spell(negative, 'keras'))).toEqual([
      '# x [N, 6, 5, C] -> [N, 3, 2, C]',
      "x = ops.pad(x, ((0, 0), (0, 1), (0, 1), (0, 0)), constant_values=float('-inf'))",
      "return ops.max_pool(x, (3, 2), (2, 3), 'valid', data_format='channels_last')",
    ])
    // ceil_mode makes the same windows.
    expect(spell(negative, 'pytorch')).toContain('return F.max_pool2d(x, (3, 2), (2, 3), ceil_mode=True)')
    // PyTorch allows half the kernel.
    expect(body(spell(resolve({ op: 'maxPool', input: 5, kernel: 3, strides: 1, padding: 2 }), 'pytorch'))).toEqual([
      '# x [N, C, 5] -> [N, C, 7]',
      "x = F.pad(x, (2, 2), value=float('-inf'))",
      'return F.max_pool1d(x, 3, 1)',
    ])
  })

  it('divides an average by the cells that count', () => {
    const average = resolve({ ...lopsided, op: 'averagePool' })
    expect(body(spell(average, 'pytorch'))).toEqual([
      '# x [N, C, 6, 5] -> [N, C, 3, 5]',
      'def mean(x):',
      'return F.avg_pool2d(x, (3, 2), (2, 1))',
      'real = x.new_ones(1, 1, 6, 5)  # the cells that count in the divisor',
      'return mean(F.pad(x, (0, 1, 0, 1))) / mean(F.pad(real, (0, 1, 0, 1)))',
    ])
    expect(body(spell(average, 'tensorflow'))).toEqual([
      '# x [N, 6, 5, C] -> [N, 3, 5, C]',
      '# the padding of SAME for this size of input',
      "return tf.nn.avg_pool(x, (3, 2), (2, 1), 'SAME')",
    ])
    expect(body(spell(average, 'pytorch', { countIncludePad: true })).slice(1)).toEqual([
      'x = F.pad(x, (0, 1, 0, 1))',
      'return F.avg_pool2d(x, (3, 2), (2, 1))',
    ])
  })
})

it('takes and gives the other layout by a transposition', () => {
  expect(body(spell(resolve({ input: [6, 5], kernel: 3 }), 'pytorch', { layout: 'nhwc', bias: false }))).toEqual([
    '# x [N, 6, 5, C], weight [out, C, 3, 3] -> [N, 4, 3, out]',
    'x = x.movedim(-1, 1)',
    'y = F.conv2d(x, weight)',
    'return y.movedim(1, -1)',
  ])
})

describe('argumentsOf', () => {
  it('gives the numbers under the names of a framework, in its order', () => {
    const geometry = resolve({
      input: [6, 5],
      kernel: [3, 2],
      strides: [2, 1],
      padding: [
        [0, 1],
        [1, 0],
      ],
    })
    const shared = { dilations: [1, 1], strides: [2, 1] }
    const expected: Record<Framework, object> = {
      pytorch: { kernel_size: [3, 2], stride: [2, 1], dilation: [1, 1], pad: [1, 0, 0, 1] },
      tensorflow: {
        ...shared,
        paddings: [
          [0, 0],
          [0, 1],
          [1, 0],
          [0, 0],
        ],
      },
      keras: {
        kernel_size: [3, 2],
        strides: [2, 1],
        dilation_rate: [1, 1],
        pad_width: [
          [0, 0],
          [0, 1],
          [1, 0],
          [0, 0],
        ],
      },
      jax: {
        window_strides: [2, 1],
        rhs_dilation: [1, 1],
        padding: [
          [0, 1],
          [1, 0],
        ],
      },
      onnx: { ...shared, kernel_shape: [3, 2], pads: [0, 1, 1, 0] },
      tfjs: {
        ...shared,
        pad: [
          [0, 0],
          [0, 1],
          [1, 0],
          [0, 0],
        ],
      },
      webnn: { ...shared, padding: [0, 1, 1, 0] },
    }
    for (const framework of frameworks) expect(argumentsOf(geometry, framework)).toEqual(expected[framework])
  })

  it("gives PyTorch's symmetric padding where it can say it, and the crops of a transposed axis", () => {
    const lower = { op: 'convTranspose', input: 5, kernel: 3, strides: 2, padding: 1, outputPadding: 1 } as const
    expect(argumentsOf(resolve(lower), 'pytorch')).toEqual({
      ...{ kernel_size: [3], stride: [2], dilation: [1] },
      ...{ padding: [1], output_padding: [1] },
    })
    expect(argumentsOf(resolve(lower), 'webnn')).toMatchObject({ padding: [1, 1], outputPadding: [1] })
  })

  it('takes every spelling of a framework', () => {
    const geometry = resolve(lopsided)
    expect(spell(geometry, 'torch')).toBe(spell(geometry, 'pytorch'))
    expect(argumentsOf(geometry, 'TF')).toEqual(argumentsOf(geometry, 'tensorflow'))
    expect(resolve({ ...lopsided, padding: 'SAME' as never })).toEqual(geometry)
    expect(resolve({ ...lopsided, padding: 'SAME_UPPER' as never })).toEqual(geometry)
  })

  it('has only names that the calls of the operation take', () => {
    const pool = resolve({ op: 'maxPool', input: [6, 5], kernel: [3, 2], strides: 2, padding: 1 })
    const names = (framework: Framework): string[] => Object.keys(argumentsOf(pool, framework)).sort()
    expect(names('tensorflow')).toEqual(['ksize', 'paddings', 'strides'])
    expect(names('keras')).toEqual(['pad_width', 'pool_size', 'strides'])
    expect(names('jax')).toEqual(['padding', 'window_dilation', 'window_dimensions', 'window_strides'])
    expect(names('tfjs')).toEqual(['filterSize', 'pad', 'strides'])
    expect(names('webnn')).toEqual(['dilations', 'padding', 'strides', 'windowDimensions'])
  })

  it('has end pads with which rounding down gives the windows of ceilMode', () => {
    const geometry = resolve({ op: 'maxPool', input: 6, kernel: 3, strides: 2, ceilMode: true })
    expect(argumentsOf(geometry, 'onnx').pads).toEqual([0, 1])
  })
})

describe('bad input', () => {
  const geometry = resolve(lopsided)
  // biome-ignore lint/suspicious/noExplicitAny: these calls are wrong on purpose
  const wrong = (...given: any[]) => {
    return () => spell(given[0], given[1], given[2])
  }

  it.each([
    [
      wrong(geometry, 'caffe'),
      "spell: the framework must be one of pytorch, tensorflow, keras, jax, onnx, tfjs, webnn, got 'caffe'",
    ],
    [
      wrong(lopsided, 'pytorch'),
      'spell: the geometry must be one that resolve returned, got an object with keys input, kernel, strides, padding',
    ],
    [wrong(geometry, 'pytorch', { group: 2 }), "spell: the option is called groups, got 'group'"],
    [wrong(geometry, 'pytorch', { groups: 0 }), 'spell: groups must be an integer of at least 1, got 0'],
    [wrong(geometry, 'pytorch', { bias: 1 }), 'spell: bias must be true or false, got 1'],
    [wrong(geometry, 'pytorch', { layout: 'nhcw' }), "spell: layout must be one of nchw, nhwc, got 'nhcw'"],
    [
      wrong(resolve({ ...lopsided, op: 'maxPool' }), 'pytorch', { groups: 2 }),
      "spell: options are layout, got 'groups'",
    ],
    [
      wrong(resolve({ ...lopsided, op: 'averagePool' }), 'pytorch', { countIncludePad: 'yes' }),
      "spell: countIncludePad must be true or false, got 'yes'",
    ],
    [
      wrong(resolve({ op: 'maxPool', input: 3, kernel: 2, strides: 1, padding: 2 }), 'pytorch'),
      "spell: every window must have a real cell, got 'only padding for output 0 of axis 0'",
    ],
    [wrong(resolve({ input: [4, 4, 4, 4], kernel: 1 }), 'pytorch'), 'spell: there must be 1 to 3 axes, got 4'],
    [
      () => argumentsOf(geometry, 'caffe' as Framework),
      "argumentsOf: the framework must be one of pytorch, tensorflow, keras, jax, onnx, tfjs, webnn, got 'caffe'",
    ],
    [() => onnxNodes(geometry, { groups: 1.5 }), 'onnxNodes: groups must be an integer of at least 1, got 1.5'],
  ])('%#: an error says what must hold', (call, message) => {
    expect(call).toThrow(message)
  })
})
