import { describe, expect, it } from 'vitest'
import { auditLines } from '../../src/cli/audit-lines.ts'
import { plain } from '../../src/cli/style.ts'
import { audit, diff } from '../../src/models.ts'
import { floats, ints, model, node } from '../models/onnx/make-model.ts'

// What stands near a window and what does not belong to it: cases beside those that were judged wrongly once.

type Size = number | string
type Nodes = readonly ReturnType<typeof node>[]

const values = [
  ...[floats('w', [1, 1, 3, 3]), floats('w4', [1, 1, 4, 4]), floats('scale9', [9])],
  ...[ints('all', [0, 0, 1, 1, 0, 0, 1, 1]), ints('less', [0, 0, -1, -1, 0, 0, -1, -1])],
  ...[ints('begin', [0, 0, 1, 1, 0, 0, 0, 0]), ints('end', [0, 0, 0, 0, 0, 0, 1, 1])],
  ...[ints('0', [0, 0]), ints('1', [1, 1]), ints('-1', [-1, -1]), ints('last', [2 ** 53 - 1, 2 ** 53 - 1])],
  ...[ints('axes', [2, 3]), ints('from-the-end', [-2, -1]), ints('first', [-(2 ** 53) + 1, -(2 ** 53) + 1])],
]
const network = (nodes: Nodes, sizes: readonly Size[] = [8, 8]): Uint8Array =>
  model({ nodes, inputs: { x: [1, 1, ...sizes] }, initializers: values })

const isAlike = async (a: Nodes, b: Nodes, sizes?: readonly Size[]): Promise<boolean> =>
  (await diff(network(a, sizes), network(b, sizes))).equal

const strided = { kernel_shape: [3, 3], strides: [2, 2] }
const conv = (from: string, attributes = {}): Nodes => [node('Conv', `${from} w`, 'y', { ...strided, ...attributes })]

describe('two Pads', () => {
  const between = (opType: string, first: string, second: string): Nodes => [
    ...[node('Pad', `x ${first}`, 'p'), node(opType, 'p', 'q'), node('Pad', `q ${second}`, 'r')],
    ...conv('r'),
  ]
  const one = conv('x', { pads: [1, 1, 1, 1] })

  it('are one where what stands between keeps zeros', async () => {
    for (const opType of ['Identity', 'Relu', 'Neg']) {
      expect(await isAlike(between(opType, 'end', 'begin'), one)).toBe(true)
      expect(await isAlike(between(opType, 'end', 'end'), one)).toBe(false)
    }
  })

  it('are not where it makes something else of them, nor where cells are gone', async () => {
    expect(await isAlike(between('Exp', 'end', 'begin'), one)).toBe(false)
    expect(await isAlike(between('Exp', 'end', 'begin'), between('Sigmoid', 'end', 'begin'))).toBe(false)
    expect(await isAlike(between('Relu', 'less', 'all'), conv('x'))).toBe(false)
  })
})

it('a Pad is not seen through what mixes cells, and counts by itself', async () => {
  for (const mixing of [
    node('LayerNormalization', 'p scale9', 'q'),
    node('Softmax', 'p', 'q', { axis: -1 }),
    node('LpNormalization', 'p', 'q', { axis: 2 }),
  ]) {
    const padded = (amounts: string): Nodes => [node('Pad', `x ${amounts}`, 'p'), mixing, ...conv('q')]
    const { nodes } = await audit(network(padded('end')))
    expect(nodes[0].axes[1]).toMatchObject({ input: 9, padBegin: 0, padEnd: 0 })
    expect(await isAlike(padded('end'), padded('begin'))).toBe(false)
  }
})

describe.each([[[8, 9]], [['height', 'width']]] as Size[][][])('behind a window on %s', (sizes) => {
  const cut = (from: string, to: string, axes = 'axes'): Nodes => [
    node('Conv', 'x w', 'c', { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }),
    node('Slice', `c ${from} ${to} ${axes}`, 'y'),
  ]
  const without = (pads: number[]): Nodes => [node('Conv', 'x w', 'y', { kernel_shape: [3, 3], pads })]

  it('ends and axes may be counted from the end', async () => {
    expect(await isAlike(cut('0', '-1'), without([1, 1, 0, 0]), sizes)).toBe(true)
    expect(await isAlike(cut('0', '-1', 'from-the-end'), without([1, 1, 0, 0]), sizes)).toBe(true)
    expect(await isAlike(cut('1', 'last'), without([0, 0, 1, 1]), sizes)).toBe(true)
    expect(await isAlike(cut('1', 'last'), without([1, 1, 0, 0]), sizes)).toBe(false)
  })

  it('a transposed layer is cropped from both sides, however that is written', async () => {
    const transposed = (pads: number[], to = 'c'): Nodes => [
      node('ConvTranspose', 'x w4', to, { kernel_shape: [4, 4], strides: [2, 2], pads }),
    ]
    const whole = transposed([1, 1, 1, 1], 'y')
    for (const written of [
      [...transposed([0, 0, 0, 0]), node('Slice', 'c 1 -1 axes', 'y')],
      [...transposed([0, 0, 0, 0]), node('Pad', 'c less', 'y')],
      [...transposed([1, 1, 0, 0]), node('Slice', 'c 0 -1 axes', 'y')],
      [...transposed([0, 0, 1, 1]), node('Slice', 'c 1 last axes', 'y')],
    ]) {
      expect(await isAlike(written, whole, sizes)).toBe(true)
      expect(await isAlike(written, transposed([2, 2, 0, 0], 'y'), sizes)).toBe(false)
    }
  })
})

describe('what is not known', () => {
  const linesOf = async (bytes: Uint8Array): Promise<string> =>
    auditLines({ file: 'm', audit: await audit(bytes), accepted: [] }, { all: true, isOne: true }, plain).join('\n')

  it('is said of a window as far as the file tells it', async () => {
    const weights = model({
      nodes: [node('Custom', 'x', 'w', {}, { domain: 'own' }), ...conv('x', { kernel_shape: [3, 3] })],
      inputs: { x: [1, 1, 8, 8] },
    })
    expect(await linesOf(weights)).toContain("Conv 'y'  3x3 stride 2 ")
    const none = model({
      nodes: [node('Custom', 'x', 'w', {}, { domain: 'own' }), node('Conv', 'x w', 'y', { strides: [2, 1] })],
      inputs: { x: [1, 1, 8, 8] },
    })
    expect(await linesOf(none)).toContain("Conv 'y'  ?x? stride 2x1 ")
  })

  it('follows from the size only where that is open', async () => {
    const turned: Nodes = [node('Conv', 'x w', 'c', { kernel_shape: [3, 3] }), node('Slice', 'c -1 first axes -1', 'y')]
    expect(await linesOf(network(turned))).toContain('What is padded or taken away around 1 node is not known.')
    expect(await linesOf(network(turned, ['height', 'width']))).toContain('is not known until the size is.')
    expect(await linesOf(network(conv('x')))).not.toContain('not known')
  })

  it('is named by its word where sizes are open', async () => {
    const mixed: Nodes = [
      node('Conv', 'x w', 'a', { ...strided, auto_pad: 'SAME_UPPER' }),
      ...conv('a', { auto_pad: 'SAME_LOWER' }),
    ]
    const [finding] = (await audit(network(mixed, ['height', 'width']))).findings
    expect(finding.message).toContain(
      "Conv 'a' (3x3 stride 2, pads SAME_UPPER) and Conv 'y' (3x3 stride 2, pads SAME_LOWER)",
    )
  })
})

it('a window that does not fit is told of once', async () => {
  const { findings } = await audit(network(conv('x'), [2, 8]))
  expect(findings.map(({ rule }) => rule)).toEqual(['cannot-run'])
})
