import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Diff, diff, readModel } from '../../src/models.ts'

const text = (content: string): Uint8Array => new TextEncoder().encode(content)

const ours = (name: string): string => join(import.meta.dirname, 'files', name)

const ofNames = async (a: string, b: string): Promise<Diff> => diff(await readModel(a), await readModel(b))

/** One picture layer as a print of PyTorch's, and as an ncnn file on 8 cells. */
const print = (...layers: string[]): Uint8Array =>
  text(`Net(\n${layers.map((layer, index) => `  (l${index}): ${layer}`).join('\n')}\n)\n`)

const ncnn = (layer: string): Uint8Array => text(`7767517\n2 2\nInput data 0 1 data 0=8 1=8 2=1\n${layer}\n`)

const darknet = (layer: string): Uint8Array => text(`[net]\nwidth=8\nheight=8\nchannels=1\n\n${layer}\n`)

const first = async (a: Uint8Array, b: Uint8Array): Promise<unknown> => {
  const { pairs } = await diff(a, b)
  const [{ difference, fault, atOtherSizes }] = pairs
  return [difference, fault?.name, atOtherSizes]
}

describe('one layer in two formats', () => {
  it('SAME at the end against both sides', async () => {
    const print1 = print('Conv2d(1, 4, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1))')
    const same = ncnn('Convolution c 1 1 data out 0=4 1=3 3=2 4=-233 6=36')
    expect(await first(print1, same)).toEqual(['padding', 'grid-shift', undefined])
    const both = ncnn('Convolution c 1 1 data out 0=4 1=3 3=2 4=1 6=36')
    expect(await first(print1, both)).toEqual([undefined, undefined, undefined])
  })

  it('a side lost, or sides in another order', async () => {
    const conv = (sides: string): Uint8Array => ncnn(`Convolution c 1 1 data out 0=4 1=4 3=1 ${sides} 6=64`)
    const all = conv('4=1 14=2 15=1 16=2')
    const print1 = print('Conv2d(1, 4, kernel_size=(4, 4), stride=(1, 1), padding=(2, 1))')
    expect(await first(print1, all)).toEqual([undefined, undefined, undefined])
    expect(await first(print1, conv('4=1 14=2 15=1 16=0'))).toEqual(['padding', 'lost-side', undefined])
    expect(await first(print1, conv('4=2 14=1 15=2 16=1'))).toEqual(['padding', 'permuted-sides', undefined])
  })

  it('windows that begin elsewhere, of which none can tell a family', async () => {
    const up = ncnn('Pooling p 1 1 data out 0=0 1=3 2=2 5=0')
    const both = ncnn('Pooling p 1 1 data out 0=0 1=3 2=2 3=1 5=1')
    const { pairs } = await diff(up, both)
    expect(pairs[0].fault).toEqual({
      name: 'grid-shift',
      text:
        'the second pads where the first rounds its output up: the windows of the second begin 1 cell earlier; ' +
        'the sizes agree, the places do not',
    })
    // A text without sizes is held against the size of the other file: nothing is lost there.
    const printed = print('MaxPool2d(kernel_size=3, stride=2, padding=1, dilation=1, ceil_mode=False)')
    expect(await first(printed, up)).toEqual(['padding', 'grid-shift', undefined])
    // Both round down: only the begin differs.
    const end = ncnn('Pooling p 1 1 data out 0=0 1=3 2=2 14=1 15=1 5=1')
    expect((await diff(both, end)).pairs[0].fault?.text).toBe(
      'the windows of the second begin 1 cell later; the sizes agree, the places do not',
    )
  })

  it('files of two sizes are compared at that of the first', async () => {
    const sized = (size: number, pads: string): Uint8Array =>
      text(
        `7767517\n2 2\nInput data 0 1 data 0=${size} 1=${size} 2=1\nConvolution c 1 1 data out 0=4 1=3 3=2 ${pads} 6=36\n`,
      )
    const alike = await diff(sized(8, '4=1'), sized(12, '4=1'))
    expect([alike.equal, alike.notes, alike.pairs[0].b.axes[0].input]).toEqual([
      true,
      ['The files say inputs of 8x8 and 12x12; both are compared at 8x8'],
      8,
    ])
    const apart = await diff(sized(8, '4=-233'), sized(12, '4=1'))
    expect(apart.pairs[0].difference).toBe('padding')
    expect((await diff(sized(8, '4=1'), sized(8, '4=1'))).notes).toEqual([])
    const given = await diff(sized(8, '4=1'), sized(12, '4=1'), { inputs: { data: [1, 1, 16, 16] } })
    expect([given.equal, given.notes, given.pairs[0].b.axes[0].input]).toEqual([true, [], 16])
  })

  it('a shortcut that a text names elsewhere goes with the only one like it', async () => {
    const conv = (kernel: number, stride: number, padding: number): string =>
      `Conv2d(4, 4, kernel_size=(${kernel}, ${kernel}), stride=(${stride}, ${stride}), padding=(${padding}, ${padding}))`
    const layer = (name: string, from: string, to: string, words: string): string =>
      `Convolution ${name} 1 1 ${from} ${to} 0=4 ${words}\n`
    const net = text(
      '7767517\n7 8\nInput data 0 1 data 0=8 1=8 2=4\n' +
        layer('stem', 'data', 'd', '1=5 4=2 6=400') +
        'Split s 1 2 d d1 d2\n' +
        layer('short', 'd1', 'a', '1=1 3=2 6=16') +
        layer('c1', 'd2', 'b', '1=3 3=2 4=1 6=144') +
        layer('c2', 'b', 'c', '1=3 4=1 6=144') +
        'Eltwise add 2 1 a c out 0=1\n',
    )
    const printed = print(conv(5, 1, 2), conv(3, 2, 1), conv(3, 1, 1), conv(1, 2, 0))
    const found = await diff(printed, net)
    expect([found.equal, found.onlyA, found.onlyB]).toEqual([true, [], []])
    expect(found.pairs.map(({ a, b }) => `${a.name} ${b.name}`)).toEqual(['l0 stem', 'l1 c1', 'l2 c2', 'l3 short'])
    // Two that are alike could be either: neither is guessed.
    const two = await diff(print(conv(5, 1, 2), conv(3, 2, 1), conv(3, 1, 1), conv(1, 2, 0), conv(1, 2, 0)), net)
    expect([two.onlyA.length, two.onlyB.length]).toEqual([2, 1])
  })

  it('rounding of a pool', async () => {
    const pool = (ceil: string): Uint8Array =>
      print(`MaxPool2d(kernel_size=3, stride=2, padding=0, dilation=1, ceil_mode=${ceil})`)
    const up = ncnn('Pooling p 1 1 data out 0=0 1=3 2=2 5=0')
    expect(await first(pool('False'), up)).toEqual(['padding', 'pool-rounding', undefined])
    expect(await first(pool('True'), up)).toEqual([undefined, undefined, undefined])
  })

  const faultBetween = async (a: Uint8Array, b: Uint8Array): Promise<unknown> => (await diff(a, b)).pairs[0].fault

  it('the divisor of an average, where a print hides it: said', async () => {
    const hidden = print('AvgPool2d(kernel_size=3, stride=2, padding=1)')
    const average = (flag: number): Uint8Array => ncnn(`Pooling p 1 1 data out 0=1 1=3 2=2 3=1 5=1 6=${flag}`)
    const text =
      'the averages divide by other counts: one counts cells of padding, or of a last window, that the other leaves out'
    expect(await faultBetween(average(0), average(1))).toEqual({ name: 'divisor', text })
    expect(await faultBetween(average(1), average(1))).toBeUndefined()
    // What a print hides is taken for the default, which counts padding.
    expect(await faultBetween(hidden, average(0))).toEqual({
      name: 'divisor',
      text: `${text}; one of the files hides how, so look it up`,
    })
    expect(await faultBetween(hidden, average(1))).toBeUndefined()
  })

  const padded = (padding: string, layer: string): Uint8Array =>
    text(`7767517\n3 3\nInput data 0 1 data 0=8 1=8 2=1\nPadding p 1 1 data wide ${padding}\n${layer}\n`)

  it('zeros before a maximum, which pads with minus infinity by itself', async () => {
    const within = ncnn('Pooling p 1 1 data out 0=0 1=3 2=2 3=1 5=1')
    const before = (value: string): Uint8Array =>
      padded(`0=1 1=1 2=1 3=1 4=0 5=${value}`, 'Pooling q 1 1 wide out 0=0 1=3 2=2 5=1')
    expect(await faultBetween(within, before('0'))).toEqual({
      name: 'pool-fill',
      text: 'the second pads a maximum with zeros: it wins over what is below; a pool pads with minus infinity',
    })
    expect(await faultBetween(within, before('-3.402823e+38'))).toBeUndefined()
  })

  it('another mode', async () => {
    const before = (type: number): Uint8Array =>
      padded(`0=1 1=1 2=1 3=1 4=${type}`, 'Convolution c 1 1 wide out 0=4 1=3 6=36')
    const reflect = print('Conv2d(1, 4, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1), padding_mode=reflect)')
    expect(await faultBetween(reflect, before(2))).toBeUndefined()
    expect(await faultBetween(reflect, before(1))).toEqual({
      name: 'pad-mode',
      text: 'the first pads with reflect, the second with edge',
    })
    expect(await faultBetween(reflect, before(0))).toMatchObject({ name: 'pad-mode' })
  })

  it('SAME against the numbers of one size: equal there, and where they part', async () => {
    const same = ncnn('Convolution c 1 1 data out 0=4 1=3 3=2 4=-233 6=36')
    const baked = ncnn('Convolution c 1 1 data out 0=4 1=3 3=2 4=0 15=1 16=1 14=0 6=36')
    const [, , told] = (await first(same, baked)) as string[]
    expect(told).toMatch(/^at odd sizes /)
    expect(await first(same, same)).toEqual([undefined, undefined, undefined])
  })

  it('a Darknet layer and an ncnn layer, whose names have nothing in common', async () => {
    const cfg = darknet('[convolutional]\nfilters=4\nsize=3\nstride=2\npad=1')
    expect((await diff(cfg, ncnn('Convolution c 1 1 data out 0=4 1=3 3=2 4=1 6=36'))).equal).toBe(true)
  })
})

describe('one network in several formats', () => {
  const layers = [ours('tiny.h5'), ours('tiny.synthetic.keras'), ours('tiny-layers.model.json')]

  it('Keras, Keras 3 and TensorFlow.js: alike in every window', async () => {
    for (const other of layers.slice(1)) {
      const found = await ofNames(layers[0], other)
      expect([found.equal, found.pairs.length], other).toEqual([true, 8])
    }
  })

  it('print and TorchScript of one model pair every window', async () => {
    const found = await ofNames(ours('tiny.print.txt'), ours('tiny.traced.pt'))
    expect([found.pairs.length, found.onlyA, found.onlyB]).toEqual([9, [], []])
  })

  it('Keras beside PyTorch: the strided layers part, and the crop of the transposed one', async () => {
    const { pairs } = await ofNames(ours('tiny.h5'), ours('tiny.traced.pt'))
    const faults = pairs.flatMap(({ fault }) => fault?.name ?? [])
    expect(faults).toEqual(expect.arrayContaining(['grid-shift', 'transposed-crop']))
  })
})

/** Pairs, layers that pad otherwise, layers of one file only, and the drift in cells. */
type Row = readonly [a: string, b: string, pairs: number, differ: number, alone: number, drift: number]

const [front, mobile] = ['onnx/face_detection_front_128x128_barracuda.onnx', 'pytorch/mobilenet_v2.topology.onnx']
const openvino = 'openvino/mobilenet_v2_1.0_224_i8.xml'

const caffeNet = 'caffe/bvlc-models_bvlc_alexnet_deploy.prototxt'
const [tiny, keras] = ['pytorch/tiny.traced.pt', 'keras/tiny.h5']

const table: readonly Row[] = [
  [front, 'tflite/face_detection_short_range.tflite', 40, 0, 0, 0],
  [front, 'tfjs/blazeface-front.model.json', 40, 0, 0, 0],
  [front, 'ncnn/blazeface.param', 36, 0, 4, 0],
  [mobile, 'tflite/mobilenet_v2_quantized_1x3x224x224.tflite', 52, 0, 0, 0],
  [mobile, 'pytorch/mobilenet_v2.print.txt', 52, 0, 0, 0],
  [mobile, openvino, 52, 5, 2, 31],
  ['mnn/MobileNetV2_224.mnn', openvino, 54, 0, 0, 0],
  [mobile, 'pytorch/mobilenet_v2.traced.noweights.pt', 52, 0, 0, 0],
  [mobile, 'mnn/MobileNetV2_224.mnn', 52, 5, 2, 31],
  ['tflite/mobilenet_v2_quantized_1x3x224x224.tflite', openvino, 52, 5, 2, 31],
  // The network that ncnn's file was made of widens its first block too, by 1: conv2_1/expand, 32 channels of 32.
  [mobile, 'ncnn/mobilenet_v2.param', 52, 0, 1, 0],
  // This one strides at conv4_3 instead of conv4_7: a window and thirteen sizes differ, the padding does not.
  [mobile, 'caffe/x2paddle-MobileNetV2_mobilenet_v2_deploy.prototxt', 52, 14, 2, 0],
  ['mnn/mobilenet-v1-1.0.mnn', 'ncnn/mobilenet.param', 27, 5, 2, 31],
  ['darknet/alexeyab-yolov4-tiny.cfg', 'ncnn/yolov4-tiny.param', 24, 0, 0, 0],
  [caffeNet, 'ncnn/alexnet.param', 8, 0, 0, 0],
  // The one has groups of two in three layers, the other has not.
  [caffeNet, 'darknet/debian-alexnet.cfg', 5, 0, 6, 0],
  // AdaptiveAvgPool2d is a pool of one cell in ONNX, and not known in the others.
  ['pytorch/alexnet.topology.onnx', 'pytorch/alexnet.print.txt', 8, 0, 1, 0],
  ['pytorch/alexnet.topology.onnx', 'pytorch/alexnet.traced.noweights.pt', 8, 0, 1, 0],
  ['pytorch/resnet18.topology.onnx', 'pytorch/resnet18.print.txt', 21, 0, 0, 0],
  ['pytorch/resnet18.topology.onnx', 'pytorch/resnet18.traced.noweights.pt', 21, 0, 0, 0],
  // Caffe's pool of 3 with stride 2 rounds up without padding, where PyTorch's has 1.
  ['pytorch/resnet18.topology.onnx', 'ncnn/resnet18.param', 21, 1, 2, 2],
  ['pytorch/efficientnet_b0.topology.onnx', 'pytorch/efficientnet_b0.print.txt', 81, 0, 0, 0],
  ['pytorch/efficientnet_b0.topology.onnx', 'pytorch/efficientnet_b0.traced.noweights.pt', 81, 0, 0, 0],
  ['caffe/x2paddle-MNasNet_deploy_MnasNet.prototxt', 'ncnn/mnasnet.param', 51, 0, 2, 0],
  // Version 1 pads its strided layers by Pads on both sides, version 2 was exported with SAME.
  ['mnn/resnet-v2-50.mnn', 'openvino/resnet_v1_50_i8.xml', 57, 4, 2, 29],
  [tiny, 'pytorch/tiny.scripted.pt', 9, 0, 0, 0],
  // Outside of a Sequential a print has no wiring, so its ZeroPad2d pads no layer: one side is lost.
  [tiny, 'pytorch/tiny.print.txt', 9, 1, 0, 0],
  // ONNX has no even kernel with SAME of PyTorch; 3x3 stands there instead of 4x4.
  [tiny, 'pytorch/tiny-nosame.onnx', 8, 0, 2, 0],
  ['pytorch/tiny-nosame.print.txt', 'pytorch/tiny-nosame.onnx', 9, 1, 0, 0],
  [keras, 'keras/tiny-big.h5', 8, 0, 0, 0],
  [keras, 'keras/tiny.synthetic.keras', 8, 0, 0, 0],
  [keras, 'tfjs/tiny-layers/model.json', 8, 0, 0, 0],
  [keras, 'pytorch/tiny-nosame.onnx', 6, 5, 5, 11],
]

const folder = process.env.MODELS
const has = ([a, b]: Row): boolean => folder !== undefined && [a, b].every((name) => existsSync(join(folder, name)))
const there = table.filter(has)

describe(`real files of other formats: ${there.length} of ${table.length} pairs are here`, () => {
  for (const [a, b, pairs, differ, alone, drift] of there) {
    it(`${a} and ${b}`, async () => {
      const found = await ofNames(join(folder ?? '', a), join(folder ?? '', b))
      const { onlyA, onlyB } = found
      const count = found.pairs.filter(({ difference }) => difference).length
      const cells = Math.abs(found.drift?.cells ?? 0)
      expect([found.pairs.length, count, onlyA.length + onlyB.length, cells]).toEqual([pairs, differ, alone, drift])
    })
  }

  it('none is missing where the folder is named', () => {
    expect(folder === undefined || there.length > 0).toBe(true)
  })
})
