import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Audit, audit, type Diff, diff } from '../../src/models.ts'
import { floats, ints, model, node } from '../models/onnx/make-model.ts'
import { chain, findingsOf, inShort, type Spec } from './networks.ts'

// What stands in the padding and around a window is part of what its layer computes.

const caseOf = (name: string): string => join(import.meta.dirname, 'cases', `${name}.onnx`)
const ofCases = (a: string, b: string): Promise<Diff> => diff(caseOf(a), caseOf(b))
const reasons = ({ pairs }: Diff): unknown[] => pairs.map(({ reason }) => reason)
const tellsOf = ({ nodes }: Audit): unknown[] =>
  nodes.map(({ window, axes, family }) => [
    window,
    ...axes.map(({ padBegin, padEnd, output }) => `${padBegin},${padEnd} ${output}`),
    family,
  ])

const conv = (kernel: number, more: object = {}): Spec => ['Conv', { kernel_shape: [kernel, kernel], ...more }]
const pad = (begin: number, end: number, more: object = {}): Spec => [
  'Pad',
  { amounts: [0, 0, begin, begin, 0, 0, end, end], ...more },
]
const isAlike = async (a: readonly Spec[], b: readonly Spec[]): Promise<boolean> =>
  (await diff(chain(a), chain(b))).equal

/** A Pad that holds a value, then a window. */
const holding = (value: number, window: Spec): Uint8Array => {
  const [opType, attributes] = window
  return model({
    nodes: [node('Pad', 'x amounts value', 'p'), node(opType, opType === 'Conv' ? 'p w' : 'p', 'y', attributes)],
    inputs: { x: [1, 1, 9, 9] },
    initializers: [
      ...[ints('amounts', [0, 0, 1, 1, 0, 0, 1, 1]), floats('value', [], [value])],
      floats('w', [1, 1, 3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9]),
    ],
  })
}

describe('what stands in the padding', () => {
  it('is a difference: mirrored and zeros, mirrored and the edge', async () => {
    expect(reasons(await ofCases('reflect7', 'zero7'))).toEqual(['padded with reflect and zeros'])
    expect(reasons(await ofCases('pvr', 'pve'))).toEqual(['padded with reflect and edge'])
    expect((await ofCases('reflect7', 'reflect7')).equal).toBe(true)
    // Padding that no window reads makes no difference.
    const strided = conv(2, { strides: [2, 2] })
    expect(await isAlike([pad(0, 1, { mode: 'reflect' }), strided], [pad(0, 1), strided])).toBe(true)
  })

  it('is told by the audit, where it is not plain', async () => {
    const told = async (source: string | Uint8Array): Promise<unknown> =>
      (await audit(source)).nodes.map(({ fillings }) => fillings.map(({ mode, value }) => value ?? mode))
    expect(await told(caseOf('reflect7'))).toEqual([['reflect']])
    expect(await told(caseOf('pve'))).toEqual([['edge']])
    expect(await told(caseOf('zero7'))).toEqual([[]])
    expect(await told(caseOf('qpad0'))).toEqual([[0]])
    expect(await told(caseOf('qpad128'))).toEqual([[]])
    expect(await told(caseOf('padmax'))).toEqual([[0]])
    expect(await told(caseOf('padmax-inf'))).toEqual([[]])
    expect(await told(caseOf('qpadmax'))).toEqual([[]])
  })

  it.each<[string, Spec]>([
    ['convolutions', conv(3)],
    ['averages', ['AveragePool', { kernel_shape: [3, 3] }]],
    ['maxima', ['MaxPool', { kernel_shape: [3, 3] }]],
  ])('a constant 0 is not a constant 1 before %s', async (_, window) => {
    expect((await diff(holding(0, window), holding(1, window))).equal).toBe(false)
    expect((await diff(holding(1, window), holding(1, window))).equal).toBe(true)
  })

  it('is not the zero point, where values are quantised', async () => {
    expect(reasons(await ofCases('qpad0', 'qpad128'))).toEqual(['padded with value 0 and zeros'])
    const { pairs } = await ofCases('qpad0', 'qpad128')
    expect(pairs[0].fault?.text).toBe('the first pads with 0, which is not the zero point there')
    expect((await ofCases('qpad128', 'qpad128')).pairs[0].fault).toBeUndefined()
    const rule = 'pad-not-zero-point'
    const [finding] = (await audit(caseOf('qpad0'))).findings.filter((one) => one.rule === rule)
    expect(finding).toMatchObject({ severity: 'warning' })
    expect(finding.message).toBe('padded 0,1 with 0, which is not the zero point 128')
    for (const name of ['qpad128', 'qpadmax', 'qdqpad']) {
      expect(inShort(await audit(caseOf(name))).filter((text) => text.includes(rule))).toEqual([])
    }
    expect(await findingsOf(rule, holding(1, conv(3)))).toEqual([])
  })

  it('is what was added last, where the padding of two axes crosses', async () => {
    const along = (axis: number, value: number, names: string): ReturnType<typeof node> =>
      node('Pad', `${names.split(' ')[0]} a${axis} v${value}`, names.split(' ')[1])
    const both = (first: [number, number], second: [number, number]): Uint8Array =>
      model({
        nodes: [along(...first, 'x p'), along(...second, 'p q'), node('Conv', 'q w', 'y', { kernel_shape: [2, 2] })],
        inputs: { x: [1, 1, 4, 4] },
        initializers: [
          ...[ints('a2', [0, 0, 1, 0, 0, 0, 0, 0]), ints('a3', [0, 0, 0, 1, 0, 0, 0, 0])],
          ...[floats('v1', [], [1]), floats('v2', [], [2]), floats('w', [1, 1, 2, 2], [1, 2, 3, 4])],
        ],
      })
    const found = await diff(both([2, 1], [3, 2]), both([3, 2], [2, 1]))
    expect(reasons(found)).toEqual(['what stands in the corners differs'])
    expect((await diff(both([2, 1], [3, 1]), both([3, 1], [2, 1]))).equal).toBe(true)
  })
})

describe('what stands around a window', () => {
  it('several Pads in a row', async () => {
    expect(await isAlike([pad(1, 1), pad(1, 2), conv(3)], [pad(2, 3), conv(3)])).toBe(true)
    expect(await isAlike([pad(1, 1), pad(1, 2), conv(3)], [pad(1, 2), conv(3)])).toBe(false)
    const mirrored = { mode: 'reflect' }
    expect(await isAlike([pad(0, 2, mirrored), pad(0, 1, mirrored), conv(3)], [pad(0, 3, mirrored), conv(3)])).toBe(
      false,
    )
    expect(await isAlike([pad(-1, 0), pad(1, 0), conv(3)], [conv(3)])).toBe(false)
  })

  it('a Pad through quantisation, and through what keeps each cell', async () => {
    const { nodes } = await audit(caseOf('qdqpad'))
    expect(nodes[0]).toMatchObject({ axes: [{ input: 6, padBegin: 0, padEnd: 1 }, { input: 6 }], fillings: [] })
    expect(await isAlike([pad(1, 1), ['Relu', {}], conv(3)], [conv(3, { pads: [1, 1, 1, 1] })])).toBe(true)
    // A sigmoid makes one half of the zeros.
    expect(await isAlike([pad(1, 1), ['Sigmoid', {}], conv(3)], [['Sigmoid', {}], pad(1, 1), conv(3)])).toBe(false)
  })

  it('a crop behind a transposed convolution, outputs that are thinned out: as the code for PyTorch writes them', async () => {
    expect(await ofCases('own-ct', 'own-ct-ref')).toMatchObject({ equal: true })
    expect(await ofCases('own-dil', 'own-dil-ref')).toMatchObject({ equal: true })
    expect(tellsOf(await audit(caseOf('own-ct')))).toEqual([['3x3 stride 2', '0,1 16', '0,1 16', 'TensorFlow SAME']])
    expect(tellsOf(await audit(caseOf('own-dil')))).toEqual([
      ['3x3 stride 2 dilation 3', '3,3 8', '3,3 8', 'PyTorch symmetric'],
    ])
    const transposed = (more: object): Spec => ['ConvTranspose', { kernel_shape: [3, 3], strides: [2, 2], ...more }]
    expect(await isAlike([transposed({}), pad(0, -1)], [transposed({ auto_pad: 'SAME_UPPER' })])).toBe(true)
    expect(await isAlike([transposed({}), pad(-1, 0)], [transposed({ auto_pad: 'SAME_UPPER' })])).toBe(false)
  })

  it('more padding than is wanted, and outputs dropped; a causal trim', async () => {
    const both = conv(3, { pads: [2, 2, 2, 2] })
    expect(await isAlike([both, pad(0, -2)], [conv(3, { pads: [2, 2, 0, 0] })])).toBe(true)
    expect(await isAlike([both, pad(-1, 0)], [conv(3, { pads: [1, 1, 2, 2] })])).toBe(true)
    expect(await isAlike([both, pad(0, -1)], [conv(3, { pads: [2, 2, 0, 0] })])).toBe(false)
  })

  it('a crop that another node reads too belongs to nobody', async () => {
    const nodes = [
      ...[node('Conv', 'x w', 'c'), node('Pad', 'c crop', 'd'), node('Relu', 'c', 'r')],
      node('MaxPool', 'd', 'y', { kernel_shape: [2, 2] }),
    ]
    const initializers = [floats('w', [1, 1, 3, 3]), ints('crop', [0, 0, 0, 0, 0, 0, -1, -1])]
    const parts = { nodes, inputs: { x: [1, 1, 9, 9] }, outputs: { y: undefined, r: undefined }, initializers }
    expect(tellsOf(await audit(model(parts)))).toEqual([
      ['3x3', '0,0 7', '0,0 7', 'no padding'],
      ['2x2', '0,-1 5', '0,-1 5', 'neither'],
    ])
  })

  it('negative Pads in front stay right', async () => {
    expect(tellsOf(await audit(caseOf('negpad')))).toEqual([['3x3', '1,1 8', '-1,-1 4', 'neither']])
  })
})

describe('pads that follow from open sizes', () => {
  it('are SAME where they are so on all sizes that are tried', async () => {
    const { nodes, style } = await audit(caseOf('timm-dyn-int'))
    expect(nodes.map(({ family }) => family)).toEqual(['TensorFlow SAME', 'TensorFlow SAME'])
    expect(style).toBe('tf-same')
  })

  /** A network that pads by a total that it works out, before a window of 5 cells and stride 3. */
  const dynamic = (total: readonly ReturnType<typeof node>[], order = 'zeros begin zeros end', held = 0): Uint8Array =>
    model({
      nodes: [
        ...[node('Shape', 'x', 'n', { start: 2, end: 3 }), ...total, node('Div', 't two', 'begin')],
        ...[node('Sub', 't begin', 'end'), node('Concat', order, 'pads', { axis: 0 })],
        ...[node('Pad', 'x pads held', 'p'), node('Conv', 'p w', 'y', { kernel_shape: [5], strides: [3] })],
      ],
      inputs: { x: ['batch', 1, 'length'] },
      initializers: [
        ...[ints('zeros', [0, 0]), ints('zero', [0]), ints('one', [1]), ints('two', [2]), ints('three', [3])],
        ...[
          ints('five', [5]),
          ints('six', [6]),
          floats('held', [], [held]),
          floats('w', [1, 1, 5]),
          floats('s', [], [3]),
        ],
      ],
    })
  const less = [node('Sub', 'covered n', 'short'), node('Max', 'short zero', 't')]
  const covering = (size: string): ReturnType<typeof node>[] => [
    ...[node('Add', 'n two', 'up'), node('Div', 'up three', 'count'), node('Sub', 'count one', 'last')],
    ...[node('Mul', 'last three', 'start'), node('Add', `start ${size}`, 'covered'), ...less],
  ]

  it.each([
    [
      'by what is left of a division',
      [
        ...[node('Mod', 'n three', 'r'), node('Equal', 'r zero', 'whole'), node('Where', 'whole three r', 'rest')],
        ...[node('Sub', 'five rest', 'short'), node('Max', 'short zero', 't')],
      ],
    ],
    [
      'rounded up among numbers with a point',
      [
        ...[
          node('Cast', 'n', 'f', { to: 1 }),
          node('Div', 'f s', 'q'),
          node('Ceil', 'q', 'c'),
          node('Cast', 'c', 'i', { to: 7 }),
        ],
        ...[
          node('Sub', 'i one', 'last'),
          node('Mul', 'last three', 'start'),
          node('Add', 'start five', 'covered'),
          ...less,
        ],
      ],
    ],
    ['rounded up among integers', covering('five')],
  ])('are SAME %s', async (_, total) => {
    const [layer] = (await audit(dynamic(total))).nodes
    expect(layer).toMatchObject({ family: 'TensorFlow SAME', workedOut: { isKnown: true }, fillings: [] })
    expect(layer.workedOut?.tried).toBeGreaterThanOrEqual(64)
    const conv = node('Conv', 'x w', 'y', { kernel_shape: [5], strides: [3], auto_pad: 'SAME_UPPER' })
    const same = model({ nodes: [conv], inputs: { x: ['batch', 1, 'length'] }, initializers: [floats('w', [1, 1, 5])] })
    expect((await diff(dynamic(total), same)).equal).toBe(true)
    expect((await diff(dynamic(total, undefined, 1), same)).equal).toBe(false)
    expect((await audit(dynamic(total, 'zeros end zeros begin'))).nodes[0].family).toBe('SAME_LOWER')
  })

  it('are not SAME where they are larger by a cell', async () => {
    const [layer] = (await audit(dynamic(covering('six')))).nodes
    expect(layer).toMatchObject({ follows: [], workedOut: { isKnown: false } })
    expect((await diff(dynamic(covering('six')), dynamic(covering('five')))).equal).toBe(false)
    expect((await diff(dynamic(covering('six')), dynamic(covering('six')))).equal).toBe(true)
  })

  it('are not known where they are nothing that has a name, and never none', async () => {
    const [layer] = (await audit(caseOf('padopen-min'))).nodes
    expect(layer).toMatchObject({ window: '3 stride 2', follows: [] })
    expect(layer.axes[0]).toMatchObject({ padBegin: undefined, padEnd: undefined })
    expect((await ofCases('padopen-min', 'padopen-min')).equal).toBe(true)
  })
})

describe('numbers that no network has', () => {
  const absurd = (amount: number, start: number, step: number, shape: (number | string)[]): Uint8Array =>
    model({
      nodes: [
        ...[node('Pad', 'x amounts', 'p', { mode: 'edge' }), node('Conv', 'p w', 'c', { kernel_shape: [3, 3] })],
        node('Slice', 'c starts ends axes steps', 'y'),
      ],
      inputs: { x: shape },
      initializers: [
        ...[floats('w', [1, 1, 3, 3]), ints('amounts', [0, 0, amount, 1, 0, 0, 1, amount])],
        ...[ints('starts', [start]), ints('ends', [2 ** 52]), ints('axes', [3]), ints('steps', [step])],
      ],
    })
  const large = [1, 2 ** 20, 2 ** 52]

  it('end at once and in no error', async () => {
    for (const shape of [
      [1, 1, 9, 9],
      [1, 1, 'h', 'w'],
    ])
      for (const amount of large)
        for (const start of large)
          for (const step of large) {
            const bytes = absurd(amount, start, step, shape)
            expect((await audit(bytes)).nodes).toHaveLength(1)
            expect((await diff(bytes, bytes)).equal).toBe(true)
            expect((await diff(bytes, absurd(1, 0, 1, shape))).equal).toBe(false)
          }
  })
})

describe('what is not known of a file', () => {
  const given = (mode: string): Uint8Array =>
    model({
      nodes: [node('Pad', 'x amounts', 'p', { mode }), node('Conv', 'p w', 'y', { kernel_shape: [3, 3] })],
      inputs: { x: [1, 1, 9, 9], amounts: [8] },
      initializers: [floats('w', [1, 1, 3, 3])],
    })

  it('is the same in the same file, and may differ in another', async () => {
    expect((await diff(given('edge'), given('edge'))).equal).toBe(true)
    expect(reasons(await diff(given('edge'), given('reflect')))).toEqual([
      'what they pad is not known until the size is',
    ])
  })
})

describe('Pads and Slices around no window', () => {
  const network = (begin: number): Uint8Array =>
    model({
      nodes: [
        ...[node('Conv', 'x w', 'c', { kernel_shape: [3, 3] }), node('Relu', 'c', 'r'), node('Pad', 'r amounts', 'p')],
        ...[node('Add', 'p x', 's'), node('Conv', 'c w', 'd', { kernel_shape: [1, 1] })],
      ],
      inputs: { x: [1, 1, 9, 9] },
      outputs: { s: undefined, d: undefined },
      initializers: [floats('w', [1, 1, 3, 3]), ints('amounts', [0, 0, begin, 1, 0, 0, 2 - begin, 1])],
    })

  it('are compared too', async () => {
    expect(await diff(network(1), network(2))).toMatchObject({ equal: false, first: undefined })
    expect((await diff(network(1), network(2))).elsewhere).toContain("Pad 'p'")
    expect((await diff(network(1), network(1))).elsewhere).toBeUndefined()
  })
})
