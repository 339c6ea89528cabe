import { describe, expect, it } from 'vitest'
import { audit, rules } from '../../src/models.ts'
import { chain, findingsOf, type Spec } from './networks.ts'

const conv = (kernel: number, stride: number, more: object): Spec => [
  'Conv',
  { kernel_shape: [kernel, kernel], strides: [stride, stride], ...more },
]
const pads = (begin: number, end: number): object => ({ pads: [begin, begin, end, end] })
const same = { auto_pad: 'SAME_UPPER' }
const pool = (kernel: number, stride: number, more: object): Spec => ['MaxPool', { ...conv(kernel, stride, more)[1] }]
const average = (kernel: number, stride: number, more: object): Spec => [
  'AveragePool',
  { ...pool(kernel, stride, more)[1] },
]
const pad = (begin: number, end: number, more: object = {}): Spec => [
  'Pad',
  { amounts: [0, 0, begin, begin, 0, 0, end, end], ...more },
]
const relu: Spec = ['Relu', {}]
const open = { input: ['n', 2, 'height', 'width'] }

type Options = Parameters<typeof chain>[1]
interface Case {
  readonly rule: string
  readonly name: string
  readonly specs: readonly Spec[]
  readonly options?: Options
}

/** Networks that trip a rule, with how often and how badly; the message holds the text. */
/** A Pad of early operator sets that holds a value. */
const padOf = (value: number): Spec => ['Pad', { pads: [0, 0, 1, 1, 0, 0, 1, 1], value: { float: value } }]

const tripping: readonly (Case & {
  readonly severity: string
  readonly says: string
  readonly fix?: string
  readonly count?: number
})[] = [
  {
    rule: 'pad-not-zero-point',
    name: 'one of integers whose zero point is 0',
    specs: [padOf(1), ['ConvInteger', { kernel_shape: [3, 3] }]],
    options: { opset: 10 },
    severity: 'warning',
    says: 'padded 1,1 with 1, which is not what the zero point stands for',
  },
  {
    rule: 'auto-pad-refused',
    name: 'dilation',
    specs: [conv(3, 1, { ...same, dilations: [2, 2] })],
    severity: 'error',
    says: 'onnxruntime refuses it, not supported with dilation',
    fix: 'write pads 2,2',
  },
  {
    rule: 'auto-pad-refused',
    name: 'a pool smaller than its stride',
    specs: [pool(1, 2, same)],
    severity: 'error',
    says: 'padding values must be non-negative',
    fix: 'write pads 0,0',
  },
  {
    rule: 'auto-pad-refused',
    name: 'a word that is none',
    specs: [conv(3, 2, { auto_pad: 'same_upper' })],
    severity: 'error',
    says: "auto_pad 'same_upper' is none of NOTSET, VALID, SAME_UPPER, SAME_LOWER",
  },
  {
    rule: 'auto-pad-misread',
    name: 'a dilated pool',
    specs: [pool(2, 1, { ...same, dilations: [2, 2] })],
    severity: 'warning',
    says: 'onnxruntime: the total leaves the dilation out',
    fix: 'write pads 1,1',
  },
  {
    rule: 'auto-pad-misread',
    name: 'a kernel far smaller than the stride',
    specs: [conv(1, 4, same)],
    severity: 'warning',
    says: 'the total is not clamped at 0',
    fix: 'write pads 0,0',
  },
  {
    rule: 'auto-pad-misread',
    name: 'SAME_LOWER in rten',
    specs: [conv(3, 2, { auto_pad: 'SAME_LOWER' })],
    severity: 'note',
    says: 'rten: SAME_LOWER is run as SAME_UPPER',
    fix: 'write pads 1,0',
  },
  {
    rule: 'transposed-swap',
    name: 'before opset 11',
    specs: [['ConvTranspose', { kernel_shape: [3, 3], strides: [2, 2], auto_pad: 'SAME_UPPER' }]],
    options: { opset: 9 },
    severity: 'warning',
    says: 'onnxruntime',
    fix: 'write pads 1,0',
  },
  {
    rule: 'transposed-swap',
    name: 'older runtimes',
    specs: [['ConvTranspose', { kernel_shape: [3, 3], strides: [2, 2], auto_pad: 'SAME_UPPER' }]],
    severity: 'note',
    says: 'onnxruntime (< 1.13): SAME_UPPER and SAME_LOWER are swapped',
    fix: 'write pads 0,1',
  },
  {
    rule: 'transposed-swap',
    name: 'an output_shape',
    specs: [['ConvTranspose', { kernel_shape: [3, 3], strides: [2, 2], output_shape: [64, 96] }]],
    severity: 'note',
    says: 'output_shape is read otherwise by onnx-tensorrt',
    fix: 'write pads 1,0',
  },
  {
    rule: 'pads-refused',
    name: 'a pool padded by its kernel',
    specs: [pool(2, 2, pads(2, 2))],
    severity: 'error',
    says: 'padding must be smaller than the kernel',
  },
  {
    rule: 'pads-refused',
    name: 'negative pads',
    specs: [conv(3, 1, pads(-1, 0))],
    severity: 'error',
    says: 'padding must not be negative',
  },
  {
    rule: 'cannot-run',
    name: 'an input that is too small',
    specs: [conv(5, 1, {})],
    options: { input: [1, 2, 4, 4] },
    severity: 'error',
    says: 'a window must fit into what it reads',
  },
  {
    rule: 'auto-pad-with-pads',
    name: 'both',
    specs: [conv(3, 2, { ...same, ...pads(1, 1) })],
    severity: 'error',
    says: 'auto_pad SAME_UPPER beside pads 1,1',
    fix: 'write pads 0,1',
  },
  {
    rule: 'empty-window',
    name: 'a padded convolution',
    specs: [conv(3, 2, pads(5, 5))],
    options: { input: [1, 2, 8, 8] },
    severity: 'warning',
    says: 'on 8 cells 3 windows of it see only padding',
  },
  {
    rule: 'empty-window',
    name: 'a dilated even kernel',
    specs: [['MaxPool', { kernel_shape: [2, 2], dilations: [2, 2], pads: [1, 1, 1, 1] }]],
    options: { input: [1, 2, 1, 1] },
    severity: 'error',
    says: 'see only padding',
  },
  {
    rule: 'empty-window',
    name: 'on every size',
    specs: [conv(3, 1, pads(4, 4))],
    options: open,
    severity: 'warning',
    says: 'on every size some windows',
  },
  {
    rule: 'ceil-window',
    name: 'a window behind the input',
    specs: [pool(2, 3, { ...pads(1, 1), ceil_mode: 1 })],
    options: { input: [1, 2, 2, 2] },
    severity: 'warning',
    says: 'on 2 cells onnxruntime has 1 outputs',
  },
  {
    rule: 'ceil-window',
    name: 'VALID, which the specification does not round up',
    specs: [pool(2, 3, { auto_pad: 'VALID', ceil_mode: 1 })],
    options: { input: [1, 2, 7, 6] },
    severity: 'warning',
    says: 'without rounding up, 2 on 7 cells, onnxruntime rounds up to 3',
  },
  {
    rule: 'baked-pads',
    name: '0,1 on an open size',
    specs: [conv(3, 2, pads(0, 1)), conv(5, 2, pads(1, 2))],
    options: open,
    severity: 'warning',
    says: 'pads 1,2 are TensorFlow SAME on even sizes only',
    count: 2,
  },
  {
    rule: 'baked-pads',
    name: 'of a diffusion model',
    specs: [conv(3, 2, pads(0, 1)), conv(5, 2, pads(2, 2)), conv(5, 2, pads(2, 2)), conv(5, 2, pads(2, 2))],
    options: open,
    severity: 'note',
    says: 'pads 0,1 are TensorFlow SAME on even sizes only',
  },
  {
    rule: 'baked-pads',
    name: 'symmetric ones from TensorFlow',
    specs: [conv(3, 2, pads(1, 1))],
    options: { ...open, producer: 'tf2onnx' },
    severity: 'note',
    says: 'on odd sizes only',
  },
  {
    rule: 'mixed-conventions',
    name: 'half and half',
    specs: [conv(3, 2, pads(0, 1)), conv(3, 2, pads(1, 1))],
    severity: 'warning',
    says: '1 layer as TensorFlow SAME, 1 symmetric',
  },
  {
    rule: 'symmetric-among-same',
    name: 'one of four',
    specs: [conv(3, 2, pads(1, 1)), ...new Array(3).fill(conv(3, 2, pads(0, 1)))],
    severity: 'warning',
    says: '3x3 stride 2, pads 1,1, amid 3 layers',
  },
  {
    rule: 'same-among-symmetric',
    name: 'one of four',
    specs: [conv(3, 2, pads(0, 1)), ...new Array(3).fill(conv(3, 2, pads(1, 1)))],
    severity: 'warning',
    says: '3x3 stride 2, pads 0,1, amid 3 layers',
  },
  {
    rule: 'zeros-before-max',
    name: 'zeros',
    specs: [pad(1, 1), pool(3, 2, {})],
    severity: 'warning',
    says: 'win over negative values',
    fix: 'fold',
  },
  {
    rule: 'counted-padding',
    name: 'from TensorFlow',
    specs: [average(3, 2, { ...same, count_include_pad: 1 })],
    options: { producer: 'tf2onnx' },
    severity: 'warning',
    says: 'counts its padding 0,1',
  },
  {
    rule: 'counted-padding',
    name: 'a Pad before it',
    specs: [pad(0, 1), average(3, 2, {})],
    options: { producer: 'tf2onnx' },
    severity: 'warning',
    says: 'counts its padding 0,1',
  },
  {
    rule: 'foldable-pad',
    name: 'before a convolution',
    specs: [pad(0, 1), conv(3, 2, {})],
    severity: 'note',
    says: 'could be pads 0,1',
    fix: 'fold the Pad into pads 0,1',
  },
  {
    rule: 'foldable-pad',
    name: 'behind a ReLU, before a maximum',
    specs: [relu, pad(0, 1), pool(3, 2, {})],
    severity: 'note',
    says: 'could be pads 0,1',
    fix: 'fold',
  },
  {
    rule: 'foldable-pad',
    name: 'before a counting average',
    specs: [pad(1, 1), average(3, 2, {})],
    severity: 'note',
    says: 'could be pads 1,1',
    fix: 'fold',
  },
  {
    rule: 'pads-refused-elsewhere',
    name: 'a convolution padded at its end',
    specs: [conv(3, 2, pads(0, 1))],
    severity: 'note',
    says: 'refused by OpenCV (< 4.5.4)',
  },
  {
    rule: 'pads-refused-elsewhere',
    name: 'an average padded at its end',
    specs: [average(3, 2, pads(0, 1))],
    severity: 'note',
    says: 'onnx2torch: takes one number for both sides',
  },
  {
    rule: 'auto-pad-misread',
    name: 'open sizes, which a plugin works out before they are known',
    specs: [pool(3, 2, same)],
    options: open,
    severity: 'note',
    says: 'OpenVINO, GPU plugin (< 2025.4 on open sizes): nothing is padded before',
    fix: '',
  },
  {
    rule: 'auto-pad-refused',
    name: 'open sizes, which a converter needs',
    specs: [conv(3, 2, { auto_pad: 'SAME_LOWER' })],
    options: open,
    severity: 'note',
    says: 'burn-onnx (on open sizes) refuses it, it works the padding out before the sizes are known',
    fix: 'write pads 1,1',
  },
  {
    rule: 'grid-drift',
    name: 'two strided layers',
    specs: [conv(3, 2, pads(0, 1)), conv(3, 2, pads(0, 1))],
    severity: 'note',
    says: 'by 3 cells of the input over 2 strided layers',
  },
  { rule: 'cannot-run', name: 'a wide window', specs: [pool(33, 1, {})], severity: 'error', says: 'got 33 and 32' },
  {
    rule: 'declared-shape',
    name: 'another height',
    specs: [pool(2, 2, {})],
    options: { output: [1, 2, 15, 24] },
    severity: 'warning',
    says: "declares 1x2x15x24 for 'y', but it is 1x2x16x24",
  },
]

/** Networks much like those, of which a rule has nothing to say. */
const quiet: readonly Case[] = [
  {
    rule: 'pad-not-zero-point',
    name: 'the zero point',
    specs: [padOf(0), ['ConvInteger', { kernel_shape: [3, 3] }]],
    options: { opset: 10 },
  },
  { rule: 'cannot-run', name: 'a window as wide as the picture', specs: [pool(32, 1, {})] },
  { rule: 'declared-shape', name: 'the true one', specs: [pool(2, 2, {})], options: { output: [1, 2, 16, 24] } },
  { rule: 'auto-pad-refused', name: 'no dilation', specs: [conv(3, 1, same)] },
  { rule: 'auto-pad-refused', name: 'numbers', specs: [conv(3, 1, { ...pads(2, 2), dilations: [2, 2] })] },
  { rule: 'auto-pad-misread', name: 'stride 1', specs: [conv(3, 1, same)] },
  { rule: 'auto-pad-misread', name: 'numbers', specs: [conv(1, 4, {})] },
  {
    rule: 'transposed-swap',
    name: 'an even crop',
    specs: [['ConvTranspose', { kernel_shape: [4, 4], strides: [2, 2], pads: [1, 1, 1, 1] }]],
  },
  { rule: 'pads-refused', name: 'ordinary pads', specs: [pool(3, 2, pads(1, 1))] },
  {
    rule: 'auto-pad-with-pads',
    name: 'NOTSET beside pads',
    specs: [conv(3, 2, { auto_pad: 'NOTSET', ...pads(1, 1) })],
  },
  {
    rule: 'empty-window',
    name: 'half a kernel',
    specs: [pool(3, 2, pads(1, 1)), conv(5, 1, pads(2, 2))],
    options: open,
  },
  {
    rule: 'empty-window',
    name: 'a dilated kernel that reaches',
    specs: [conv(3, 1, { ...pads(4, 4), dilations: [4, 4] })],
    options: open,
  },
  {
    rule: 'ceil-window',
    name: 'a window that begins inside',
    specs: [pool(3, 2, { ceil_mode: 1 })],
    options: { input: [1, 2, 6, 6] },
  },
  {
    rule: 'ceil-window',
    name: 'VALID on sizes where nothing is to be rounded',
    specs: [pool(2, 2, { auto_pad: 'VALID', ceil_mode: 1 })],
    options: { input: [1, 2, 6, 8] },
  },
  { rule: 'baked-pads', name: 'a fixed size', specs: [conv(3, 2, pads(0, 1))] },
  { rule: 'baked-pads', name: 'symmetric', specs: [conv(3, 2, pads(1, 1))], options: open },
  { rule: 'baked-pads', name: 'no padding', specs: [conv(3, 2, {}), pool(2, 2, {})], options: open },
  { rule: 'baked-pads', name: 'auto_pad', specs: [conv(3, 2, same)], options: open },
  { rule: 'mixed-conventions', name: 'one kind', specs: [conv(3, 2, pads(0, 1)), conv(5, 2, pads(1, 2))] },
  {
    rule: 'mixed-conventions',
    name: 'stride 1, where PyTorch has SAME too, beside symmetric layers',
    specs: [pool(2, 1, pads(0, 1)), conv(3, 2, pads(1, 1))],
  },
  {
    rule: 'mixed-conventions',
    name: 'no padding and rounded-up pools beside it',
    specs: [conv(3, 2, pads(1, 1)), pool(3, 2, { ceil_mode: 1 }), conv(3, 2, {})],
  },
  {
    rule: 'symmetric-among-same',
    name: 'odd sizes, where both are one',
    specs: [conv(3, 2, pads(1, 1)), conv(3, 2, pads(1, 1))],
    options: { input: [1, 2, 33, 33] },
  },
  { rule: 'same-among-symmetric', name: 'all symmetric', specs: new Array(4).fill(conv(3, 2, pads(1, 1))) },
  { rule: 'zeros-before-max', name: 'behind a ReLU', specs: [relu, pad(1, 1), pool(3, 2, {})] },
  { rule: 'zeros-before-max', name: 'pads of its own', specs: [pool(3, 2, pads(1, 1))] },
  { rule: 'counted-padding', name: 'from elsewhere', specs: [average(3, 2, { ...pads(1, 1), count_include_pad: 1 })] },
  // Factorized reductions of NASNet: cells that move by one, before a pool of one tap.
  {
    rule: 'counted-padding',
    name: 'a shift before one tap',
    specs: [pad(-1, 1), average(1, 2, {})],
    options: { producer: 'tf2onnx' },
  },
  {
    rule: 'empty-window',
    name: 'a shift before one tap',
    specs: [pad(-1, 1), average(1, 2, {})],
    options: { input: [1, 2, 9, 9] },
  },
  { rule: 'counted-padding', name: 'not counted', specs: [average(3, 2, same)], options: { producer: 'tf2onnx' } },
  { rule: 'foldable-pad', name: 'reflected', specs: [pad(1, 1, { mode: 'reflect' }), conv(3, 2, {})] },
  {
    rule: 'foldable-pad',
    name: 'channels too',
    specs: [
      ['Pad', { amounts: [0, 0, 1, 1, 0, 1, 1, 1] }],
      ['MaxPool', { kernel_shape: [3, 3] }],
    ],
  },
  { rule: 'foldable-pad', name: 'negative', specs: [pad(-1, 1), conv(3, 2, {})] },
  { rule: 'foldable-pad', name: 'before SAME', specs: [pad(0, 1), conv(3, 2, same)] },
  {
    rule: 'foldable-pad',
    name: 'before an average that does not count',
    specs: [pad(1, 1), average(3, 2, { ...pads(1, 1) })],
  },
  { rule: 'pads-refused-elsewhere', name: 'both sides alike', specs: [conv(3, 2, pads(1, 1)), pool(3, 2, pads(1, 1))] },
  { rule: 'pads-refused-elsewhere', name: 'auto_pad, of which other rules speak', specs: [conv(3, 2, same)] },
  { rule: 'auto-pad-misread', name: 'a size that is known', specs: [pool(3, 2, same)] },
  { rule: 'auto-pad-refused', name: 'a size that is known', specs: [conv(3, 2, { auto_pad: 'SAME_LOWER' })] },
  { rule: 'grid-drift', name: 'an odd size', specs: [conv(3, 2, pads(1, 1))], options: { input: [1, 2, 33, 33] } },
  { rule: 'grid-drift', name: 'no stride', specs: [conv(3, 1, pads(1, 1))] },
]

describe('rules', () => {
  it.each(tripping)('$rule: $name', async ({ rule, specs, options, severity, says, fix, count = 1 }) => {
    const found = await findingsOf(rule, chain(specs, options))
    expect(found).toHaveLength(count)
    const last = found[found.length - 1]
    expect(last.severity).toBe(severity)
    expect(last.message).toContain(says)
    expect(last.fix?.what ?? '').toContain(fix ?? '')
    if (!fix) expect(last.fix).toBeUndefined()
  })

  it.each(quiet)('$rule says nothing: $name', async ({ rule, specs, options }) => {
    expect(await findingsOf(rule, chain(specs, options))).toEqual([])
  })

  it('every rule has a network that trips it and one that does not', () => {
    // What is unexpected depends on what is expected: expect.test.ts has its networks. What only other formats can say is in
    // test/models/remarks.test.ts, what files beside a model hold in test/cli/missing-files.test.ts.
    const elsewhere = ['unexpected-padding', 'stale-pads', 'missing-files', 'remark', 'unknown-operators']
    const names = rules.map(({ name }) => name).filter((name) => !elsewhere.includes(name))
    expect(names.filter((name) => !tripping.some(({ rule }) => rule === name))).toEqual([])
    expect(names.filter((name) => !quiet.some(({ rule }) => rule === name))).toEqual([])
    expect(new Set(names).size).toBe(names.length)
  })

  it('every rule says what, why, an example and what to do', () => {
    for (const { name, what, why, example, fix } of rules) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/)
      for (const text of [why, example, fix]) expect(text).toMatch(/^[A-Za-z0-9].{20,}\.$/s)
      expect(what).toMatch(/^[a-zA-Z].{15,}[^.]$/)
    }
  })

  it('a finding points at the bytes of its node', async () => {
    const bytes = chain([conv(3, 2, { ...same, dilations: [2, 2] })])
    const [{ node }] = (await audit(bytes)).findings
    expect(node).toMatchObject({ index: 0, name: 'conv0', path: 'main' })
    const { byteOffset = 0, byteLength = 0 } = node ?? {}
    const text = new TextDecoder('latin1').decode(bytes.subarray(byteOffset, byteOffset + byteLength))
    expect(text).toContain('SAME_UPPER')
    expect(text).not.toContain('graph')
  })
})
