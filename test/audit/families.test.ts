import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { audit } from '../../src/models.ts'
import { randomOf } from '../models/onnx/mutate.ts'
import { realModels, realNames } from '../models/onnx/real-models.ts'
import { contradictions } from './contradictions.ts'
import { chain, inShort, type Spec } from './networks.ts'

const folder = join(import.meta.dirname, 'cases')
const caseOf = (name: string): string => join(folder, `${name}.onnx`)

/** A layer of any kind, often as exporters write it. */
function randomLayer(random: () => number): Spec {
  const below = (count: number): number => Math.floor(random() * count)
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]
  const opType = pick(['Conv', 'Conv', 'MaxPool', 'AveragePool', 'ConvTranspose'])
  const axis = () => ({
    kernel: 1 + below(7),
    stride: pick([1, 2, 2, 3, 4]),
    begin: below(4),
    extra: pick([0, 0, 0, 1, 2]),
  })
  const both = random() < 0.7 ? new Array(2).fill(axis()) : [axis(), axis()]
  const list = (of: (one: ReturnType<typeof axis>) => number): number[] => both.map(of)
  const isPool = opType.endsWith('Pool')
  const begin = (one: ReturnType<typeof axis>): number => Math.min(one.begin, one.kernel - 1)
  const end = (one: ReturnType<typeof axis>): number =>
    isPool ? Math.min(begin(one) + one.extra, one.kernel - 1) : begin(one) + one.extra
  const padding: Spec[1] =
    random() < 0.3
      ? { auto_pad: pick(['SAME_UPPER', 'SAME_LOWER', 'VALID']) }
      : { pads: [...list(begin), ...list(end)] }
  const more = {
    ...(isPool && random() < 0.3 && { ceil_mode: 1 }),
    ...(opType === 'ConvTranspose' && random() < 0.4 && { output_padding: list(({ stride }) => below(stride)) }),
  }
  return [
    opType,
    { kernel_shape: list(({ kernel }) => kernel), strides: list(({ stride }) => stride), ...padding, ...more },
  ]
}

/** The cells that each window reads, by the definition. */
function windows(input: number, kernel: number, stride: number, begin: number, output: number): string {
  const window = (index: number): number[] =>
    Array.from({ length: kernel }, (_, tap) => index * stride - begin + tap).map((cell) =>
      cell >= 0 && cell < input ? cell : -1,
    )
  return JSON.stringify(Array.from({ length: Math.max(0, output) }, (_, index) => window(index)))
}

/** Whether TensorFlow's SAME, and whether a layer of PyTorch, has the windows of an axis; both as their sources say it. */
function oracle(
  op: string,
  n: number,
  k: number,
  s: number,
  begin: number,
  output: number,
): { same: boolean; pytorch: boolean } {
  const own = windows(n, k, s, begin, output)
  const total = Math.max(0, (Math.ceil(n / s) - 1) * s + k - n)
  const same = own === windows(n, k, s, Math.floor(total / 2), Math.ceil(n / s))
  const outputs = (p: number): number[] => {
    const room = (n + 2 * p - k) / s
    const ceiled = Math.ceil(room) + 1
    return op === 'Conv'
      ? [Math.floor(room) + 1]
      : [Math.floor(room) + 1, (ceiled - 1) * s >= n + p ? ceiled - 1 : ceiled]
  }
  const numbers = Array.from({ length: k + 1 }, (_, p) => p)
  const said = numbers.some((p) => outputs(p).some((count) => own === windows(n, k, s, p, count)))
  return { same, pytorch: said || (s === 1 && same) }
}

describe('heading, column and JSON never contradict each other', () => {
  it.each(readdirSync(folder).filter((file) => file.endsWith('.onnx')))('%s', async (file) => {
    expect(contradictions(await audit(join(folder, file)))).toEqual([])
  })

  it.each(realNames)('%s, sizes open and given', async (name) => {
    const { path, inputs } = realModels[name]
    expect(contradictions(await audit(path))).toEqual([])
    expect(contradictions(await audit(path, { inputs }))).toEqual([])
  })

  it('random networks', async () => {
    const random = randomOf(11)
    const families = new Map<string, number>()
    for (let trial = 0; trial < 600; trial++) {
      const specs = Array.from({ length: 1 + Math.floor(random() * 4) }, () => randomLayer(random))
      const size = (): number => 20 + Math.floor(random() * 30)
      const input = trial % 3 === 0 ? ['n', 2, 'height', trial % 2 ? size() : 'width'] : [1, 2, size(), size()]
      const found = await audit(chain(specs, { input }))
      expect(contradictions(found), JSON.stringify(specs)).toEqual([])
      for (const { family } of found.nodes) families.set(family, (families.get(family) ?? 0) + 1)
    }
    // Every word of the column was tried.
    expect([...families.keys()].sort()).toEqual([
      ...['PyTorch symmetric', 'SAME at some sizes', 'SAME_LOWER', 'TensorFlow SAME', 'both', 'both sides alike'],
      ...['causal', 'neither', 'no padding', 'rounded up'],
    ])
  })
})

it('both, and the words of the families, are what the definitions say, at every size', async () => {
  const random = randomOf(12)
  const seen = new Map<string, number>()
  for (let trial = 0; trial < 1500; trial++) {
    const spec = randomLayer(random)
    if (spec[0] === 'ConvTranspose') continue
    const input = [1, 2, 8 + Math.floor(random() * 20), 8 + Math.floor(random() * 20)]
    const { nodes } = await audit(chain([spec], { input }))
    const [{ axes, family }] = nodes
    const { kernel_shape: kernels, strides } = spec[1] as Record<string, number[]>
    const each = axes.map(({ input: n = 0, padBegin = 0, output = 0 }, axis) =>
      oracle(spec[0], n, kernels[axis], strides[axis], padBegin, output),
    )
    if (axes.some(({ output }) => output === undefined)) continue
    const expected = each.every(({ same }) => same)
      ? each.every(({ pytorch }) => pytorch)
        ? 'both'
        : 'TensorFlow SAME'
      : undefined
    const isNamed = family === 'both' || family === 'TensorFlow SAME'
    expect([JSON.stringify(spec), input, isNamed ? family : undefined]).toEqual([JSON.stringify(spec), input, expected])
    seen.set(String(expected), (seen.get(String(expected)) ?? 0) + 1)
  }
  for (const word of ['both', 'TensorFlow SAME', 'undefined']) expect(seen.get(word)).toBeGreaterThan(12)
})

describe('what both families pad alike has no vote', () => {
  const conv = (kernel: number, stride: number, more: object): Spec => [
    'Conv',
    { kernel_shape: [kernel, kernel], strides: [stride, stride], ...more },
  ]
  const pads = (begin: number, end: number): object => ({ pads: [begin, begin, end, end] })
  const of = (opType: string, [, attributes]: Spec): Spec => [opType, attributes]
  const familyOf = async (spec: Spec, size: number | string = 48): Promise<string> =>
    (await audit(chain([spec], { input: [1, 2, size, size] }))).nodes[0].family

  it.each<[string, Spec, string, (number | string)?]>([
    ['a transposed kernel of 4, stride 2, cropped by 1', of('ConvTranspose', conv(4, 2, pads(1, 1))), 'both'],
    ['its neighbour, cropped by one more at the end', of('ConvTranspose', conv(3, 2, pads(0, 1))), 'TensorFlow SAME'],
    [
      'its neighbour, as PyTorch has it for a kernel of 3',
      of('ConvTranspose', conv(3, 2, { ...pads(1, 1), output_padding: [1, 1] })),
      'PyTorch symmetric',
    ],
    ['a transposed kernel of twice the stride', of('ConvTranspose', conv(8, 4, pads(2, 2))), 'both'],
    ['the same on open sizes', of('ConvTranspose', conv(8, 4, pads(2, 2))), 'both', 'size'],
    ['a convolution of twice its stride', conv(8, 4, pads(2, 2)), 'both'],
    ['a kernel of 3 that ends a cell later', conv(3, 2, pads(0, 1)), 'TensorFlow SAME'],
    ['a rounded-up pool', of('MaxPool', conv(3, 2, { ceil_mode: 1 })), 'both'],
    ['a pool that rounds up by its pads, as from Caffe', of('MaxPool', conv(3, 2, pads(0, 1))), 'both'],
    ['an average that rounds up by its pads', of('AveragePool', conv(3, 2, pads(0, 1))), 'both'],
    ['the same on open sizes', of('MaxPool', conv(3, 2, pads(0, 1))), 'both sides alike', 'size'],
    [
      'a pool with padding on both sides is not everybody’s',
      of('MaxPool', conv(3, 2, pads(1, 1))),
      'PyTorch symmetric',
    ],
    ['a pool whose stride is its kernel', of('MaxPool', conv(2, 2, {})), 'both'],
    [
      'the same with SAME on a size that it does not divide',
      of('MaxPool', conv(2, 2, { auto_pad: 'SAME_UPPER' })),
      'both',
      47,
    ],
    [
      'a pool with SAME on open sizes tells',
      of('MaxPool', conv(3, 2, { auto_pad: 'SAME_UPPER' })),
      'TensorFlow SAME',
      'size',
    ],
    ['stride 1 and an even kernel, where PyTorch has SAME too', conv(4, 1, pads(1, 2)), 'both'],
  ])('%s', async (_, spec, expected, size) => {
    expect(await familyOf(spec, size)).toBe(expected)
  })

  it('networks of PyTorch with transposed layers are not accused of two conventions', async () => {
    const [pose, generator] = [await audit(caseOf('simplebaseline')), await audit(caseOf('gan-k4-k4'))]
    expect([pose.style, pose.votes, inShort(pose)]).toEqual(['symmetric', { 'tf-same': 0, symmetric: 5 }, []])
    expect([generator.style, inShort(generator)]).toEqual(['either', []])
  })

  it('two conventions are told where the transposed layers have one of their own', async () => {
    const encoder = [conv(3, 2, pads(1, 1)), conv(3, 2, pads(1, 1))]
    const decoder = new Array(2).fill(of('ConvTranspose', conv(3, 2, pads(0, 1))))
    const found = await audit(chain([...encoder, ...decoder]))
    expect(inShort(found)).toEqual(['warning mixed-conventions'])
  })

  it('an output_shape without pads: the heading says no more than the column', async () => {
    const found = await audit(caseOf('ct765'))
    expect([found.style, found.nodes[0].family]).toEqual(['either', 'both'])
  })

  it('0,1 by hand before a convolution of stride 2, sizes open: notes', async () => {
    const found = await audit(caseOf('sdvae-pt'))
    expect(found.style).toBe('either')
    expect(new Set(found.findings.map(({ severity, rule }) => `${severity} ${rule}`))).toEqual(
      new Set(['note baked-pads', 'note foldable-pad']),
    )
  })
})
