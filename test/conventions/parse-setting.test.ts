import { describe, expect, it } from 'vitest'
import { compare } from '../../src/analysis/compare.ts'
import { attributesOf, impliedFill } from '../../src/conventions/attributes.ts'
import { includes } from '../../src/conventions/versions.ts'
import {
  conventions,
  findConvention,
  formatSetting,
  isTransposed,
  parseSetting,
  type Setting,
} from '../../src/geometry.ts'

describe('a setting as people write it', () => {
  it.each([
    [
      'pytorch k3 s2 p1',
      { convention: 'pytorch.explicit', op: 'conv', kernel: 3, stride: 2, dilation: 1, pads: [1, 1] },
    ],
    ['tf k3 s2 same', { convention: 'tensorflow.same', op: 'conv', kernel: 3, stride: 2, dilation: 1 }],
    ['onnx k3 s2 SAME_LOWER', { convention: 'onnx.same-lower', op: 'conv', kernel: 3, stride: 2, dilation: 1 }],
    ['torch maxpool k2', { convention: 'pytorch.valid', op: 'maxPool', kernel: 2, stride: 2, dilation: 1 }],
    [
      'torch max_pool k3 s2 p1 ceil',
      {
        convention: 'pytorch.max-pool.explicit',
        op: 'maxPool',
        kernel: 3,
        stride: 2,
        dilation: 1,
        pads: [1, 1],
        ceilMode: true,
      },
    ],
    [
      'ort@1.12 transposed same_upper k3 s2',
      {
        convention: 'onnxruntime.before-1.13.transposed.same-upper',
        op: 'convTranspose',
        kernel: 3,
        stride: 2,
        dilation: 1,
      },
    ],
    [
      'ort@1.30 transposed same_upper k3 s2',
      { convention: 'onnxruntime.transposed.same-upper', op: 'convTranspose', kernel: 3, stride: 2, dilation: 1 },
    ],
    [
      'ort transposed same_upper k3 s2 out5',
      {
        convention: 'onnxruntime.transposed.same-upper',
        op: 'convTranspose',
        kernel: 3,
        stride: 2,
        dilation: 1,
        outputShape: 5,
      },
    ],
    [
      'pytorch k3 s2 pad0,1',
      { convention: 'pytorch.valid', op: 'conv', kernel: 3, stride: 2, dilation: 1, padded: [0, 1] },
    ],
    [
      'timm.avg-pool.same k3 s2',
      { convention: 'timm.avg-pool.same', op: 'averagePool', kernel: 3, stride: 2, dilation: 1 },
    ],
    [
      '  onnx   K3  D2 avgpool include Same_Upper ',
      { convention: 'onnx.same-upper', op: 'averagePool', kernel: 3, stride: 3, dilation: 2, countIncludePad: true },
    ],
  ])('%s', (text, setting) => {
    expect(parseSetting(text)).toEqual(setting)
  })

  it('is read again as it was written, for every convention and everything that it takes', () => {
    const values = {
      pads: [1, 2],
      fill: 'reflect',
      ceilMode: true,
      countIncludePad: false,
      outputPadding: 1,
      outputShape: 5,
    }
    for (const convention of conventions) {
      for (const op of convention.ops) {
        const taken = Object.fromEntries(attributesOf(convention, op).map((name) => [name, values[name]]))
        const around = isTransposed(convention.rule) ? {} : { padded: [0, 1], drop: 1, cut: 2, every: 3, trim: true }
        const setting = {
          convention: convention.id,
          op,
          kernel: 3,
          stride: 2,
          dilation: 2,
          ...taken,
          ...(impliedFill(convention) && { fill: impliedFill(convention) }),
          ...around,
        } as Setting
        expect(parseSetting(formatSetting(setting))).toEqual(setting)
      }
    }
  })

  it('a word that says what the padding holds says it of the setting, whether or not the framework has it as its own', () => {
    expect(parseSetting('flax k3 circular')).toMatchObject({ convention: 'flax.circular', fill: 'circular' })
    expect(parseSetting('flax.circular k3 circular')).toMatchObject({ convention: 'flax.circular', fill: 'circular' })
    expect(parseSetting('pytorch k3 p1 circular')).toMatchObject({ convention: 'pytorch.explicit', fill: 'circular' })
    const zeros = compare(parseSetting('flax k3 circular'), parseSetting('pytorch k3 p1'))
    const wrapped = compare(parseSetting('flax k3 circular'), parseSetting('pytorch k3 p1 circular'))
    expect([zeros.equal, wrapped.equal]).toEqual([false, true])
  })

  it("without a word for the padding there is none, or the framework's numbers where it has no such word", () => {
    expect(parseSetting('pytorch transposed k3 s2')).toMatchObject({
      convention: 'pytorch.transposed.explicit',
      pads: [0, 0],
    })
    expect(parseSetting('torch maxpool k3 s2 ceil')).toMatchObject({
      convention: 'pytorch.max-pool.explicit',
      pads: [0, 0],
      ceilMode: true,
    })
  })

  it.each([
    ['', "setting: a setting must begin with a framework, such as tf, pytorch or onnx, got ''"],
    ['tf k3 k5 same', "setting: a setting must say its kernel once, got 'tf k3 k5 same'"],
    ['tf k3 same valid', "setting: a setting must say its padding once, got 'tf k3 same valid'"],
    ['tf k3,5 same', /^setting: each word must be an operation, .*, got '5'$/],
    ['tf same', "setting: a setting must name a kernel, such as k3, got 'tf same'"],
    ['cafe k3', "setting: the framework is called caffe, got 'cafe'"],
    ['tf k3 same s0', 'setting: stride must be an integer of at least 1, got 0'],
    [
      'tf k3 same_lower',
      "setting: the padding of TensorFlow for conv must be one of: same, valid, explicit, got 'same-lower'",
    ],
    [
      'pytorch transposed k3 same',
      "setting: the padding of PyTorch for convTranspose must be one of: explicit, got 'same'",
    ],
    ['tf k3 s2 same 3', /^setting: each word must be an operation, a padding, or one like k3, 3x3, s2, .*, got '3'$/],
    ['tf k3 s2 valid p1', 'setting: tensorflow.valid takes nothing else for conv, got pads'],
    [
      'keras transposed k3 s2 same out7',
      'setting: keras.transposed.same takes only outputPadding for convTranspose, got outputShape',
    ],
    [
      'onnx transposed k3 p1 drop1',
      'setting: onnx.transposed.explicit takes only pads, outputPadding, outputShape for convTranspose, got drop',
    ],
    ['tf@abc k3 same', "setting: a version must be numbers with dots, as in ort@1.12, got 'abc'"],
    [
      'keras-torch transposed k3 s2 same',
      'setting: this rule of Keras on PyTorch is known for versions < 2026.05, to be named as keras-torch@version, got no version',
    ],
    ['tf k99999999999999999999 same', /^setting: kernel must be at most 9007199254740991/],
    ['paddle.same maxpool k3', "setting: paddle.same is a rule for conv, got 'maxPool'"],
  ])('%j is refused', (text, message) => {
    expect(() => parseSetting(text)).toThrow(message)
  })

  it('a version chooses among the rows of a framework, none means the newest', () => {
    const id = (version?: string) => findConvention('onnxruntime', 'convTranspose', 'SAME_LOWER', version)?.id
    expect([id('1.4'), id('1.12.1'), id('1.13'), id('1.30.0'), id()]).toEqual([
      'onnxruntime.before-1.13.transposed.same-lower',
      'onnxruntime.before-1.13.transposed.same-lower',
      'onnxruntime.transposed.same-lower',
      'onnxruntime.transposed.same-lower',
      'onnxruntime.transposed.same-lower',
    ])
  })
})

it('every row for certain versions is reached by one of them', () => {
  for (const { id, framework, ops, padding, versions } of conventions) {
    if (versions === undefined) continue
    const { from = '0.1', below } = versions
    const found = (version: string | undefined): string | undefined =>
      findConvention(framework, ops[0], padding, version)?.id
    // Of rows that apply to one version, for different operator sets, the first is meant.
    const first = conventions.find((one) => {
      const isAsked = one.framework === framework && one.padding === padding && one.ops.includes(ops[0])
      return isAsked && one.versions !== undefined && includes(one.versions, from)
    })
    expect(found(from), id).toBe(first?.id)
    if (below !== undefined) expect(found(below), id).not.toBe(id)
  }
  expect(parseSetting('onnx@9 transposed k3 s2 same_upper').convention).toBe('onnx.opset-1.transposed.same-upper')
  expect(parseSetting('onnx@11 transposed k3 s2 same_upper').convention).toBe('onnx.transposed.same-upper')
})
