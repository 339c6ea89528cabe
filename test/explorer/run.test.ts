import { inputsOf, readModel } from 'samepad/models'
import { describe, expect, it } from 'vitest'
import { classNameAt, readClassNames } from '../../explorer/views/model/run/class-names.ts'
import { compareOutput } from '../../explorer/views/model/run/outputs.ts'
import { feedsOf, guessScaling, photoInput } from '../../explorer/views/model/run/photo-input.ts'
import { run } from '../../explorer/views/model/run/state.ts'
import { modelBytes } from '../graph/onnx-bytes.ts'

const value = (name: string, shape: readonly (number | string)[]) => ({ name, shape, type: 'float32' })
const tensor = (shape: number[], data: readonly number[]) => ({ shape, data: Float32Array.from(data) })

describe('the size of a photo', () => {
  const { read, write } = run.parts.pixels

  it.each([
    ['96x160', [96, 160]],
    [' 64 × 48 ', [64, 48]],
    ['128', [128, 128]],
    ['', undefined],
  ])('is typed as %j', (text, size) => {
    expect(read(text)).toEqual(size)
    expect(read(write(read(text)))).toEqual(size)
  })

  it.each(['0x5', '5x', 'x', '-4', '1.5', '2049', '10x10x10'])('refuses %j', (text) => {
    expect(() => read(text)).toThrow(`a size must be HEIGHTxWIDTH, of 1 to 2048 pixels each, got '${text}'`)
  })
})

describe('the input that takes a photo', () => {
  const photo = [300, 451] as const

  it.each([
    [[1, 3, 224, 192], { isLast: false, channels: 3, size: [224, 192], shape: [1, 3, 224, 192] }],
    [[1, 128, 64, 4], { isLast: true, channels: 4, size: [128, 64], shape: [1, 128, 64, 4] }],
    [['n', 1, 'h', 'w'], { isLast: false, channels: 1, size: [224, 320], shape: [1, 1, 224, 320] }],
    [['n', 'h', 'w', 3], { isLast: true, channels: 3, size: [224, 320], shape: [1, 224, 320, 3] }],
  ])('%j', (sizes, { shape, ...rest }) => {
    expect(photoInput([value('x', sizes)], {}, undefined, photo)).toEqual({ name: 'x', ...rest, shapes: { x: shape } })
  })

  it('has the sizes that were typed, those of the run first; others are 1', () => {
    const inputs = [value('scale', ['n', 2]), value('x', ['n', 3, 'h', 'w'])]
    expect(photoInput(inputs, { x: [1, 3, 64, 96] }, undefined, photo).size).toEqual([64, 96])
    const typed = photoInput(inputs, { x: [1, 3, 64, 96] }, [10, 20], photo)
    expect(typed.shapes).toEqual({ x: [1, 3, 10, 20], scale: [1, 2] })
    const feeds = feedsOf(typed, new Uint8ClampedArray(800).fill(51), 'unit')
    expect([...new Set(feeds.x.data)]).toEqual([Math.fround(0.2)])
    expect(feeds.scale).toEqual(tensor([1, 2], [1, 1]))
  })

  it('must be there, and of a size that a page can hold', () => {
    const take = (shape: number[]) => photoInput([value('x', shape)], {}, undefined, photo)
    expect(() => take([1, 16000])).toThrow(
      "an input must take pictures: batch, 1, 3 or 4 channels, height and width, got 'x: 1x16000'",
    )
    expect(() => take([1, 7, 9, 9])).toThrow('an input must take pictures')
    expect(() => take([1, 3, 9000, 9000])).toThrow('a photo must have at most 2048 pixels on each side')
  })
})

describe('a photo’s bytes', () => {
  const rgba = Uint8ClampedArray.of(0, 51, 255, 255, 10, 20, 30, 255)
  const input = (shape: number[]) => photoInput([value('x', shape)], {}, undefined, [1, 2])

  it('lie as the network has its channels', () => {
    expect([...feedsOf(input([1, 3, 1, 2]), rgba, 'bytes').x.data]).toEqual([0, 10, 51, 20, 255, 30])
    const grey = [0.587 * 51 + 0.114 * 255, 0.299 * 10 + 0.587 * 20 + 0.114 * 30].map(Math.fround)
    expect([...feedsOf(input([1, 1, 2, 1]), rgba, 'bytes').x.data]).toEqual(grey)
    const signed = [...feedsOf(input([1, 2, 1, 4]), rgba, 'signed').x.data]
    expect(signed.slice(0, 4)).toEqual([-1, -0.6, 1, 1].map(Math.fround))
    const [red, , , , blue] = feedsOf(input([1, 3, 1, 2]), rgba, 'imagenet').x.data
    expect(red).toBeCloseTo(-0.485 / 0.229, 5)
    expect(blue).toBeCloseTo((1 - 0.406) / 0.225, 5)
  })

  it('have blue first where that is asked for, each colour scaled as before', () => {
    expect([...feedsOf(input([1, 3, 1, 2]), rgba, 'bytes', true).x.data]).toEqual([255, 30, 51, 20, 0, 10])
    expect([...feedsOf(input([1, 2, 1, 4]), rgba, 'bytes', true).x.data]).toEqual([255, 51, 0, 255, 30, 20, 10, 255])
    const scaled = feedsOf(input([1, 3, 1, 2]), rgba, 'imagenet').x.data
    const [r, g, b] = [0, 2, 4].map((at) => [...scaled.slice(at, at + 2)])
    expect([...feedsOf(input([1, 3, 1, 2]), rgba, 'imagenet', true).x.data]).toEqual([b, g, r].flat())
    const grey = feedsOf(input([1, 1, 2, 1]), rgba, 'bytes').x
    expect(feedsOf(input([1, 1, 2, 1]), rgba, 'bytes', true).x).toEqual(grey)
  })

  it.each([
    [[1, 3, 8, 8], 'Conv', 'imagenet', 'its channels come first, as PyTorch has them'],
    [[1, 8, 8, 3], 'Conv', 'signed', 'its channels come last, as TensorFlow has them'],
    [[1, 1, 8, 8], 'Conv', 'unit', 'its picture is not red, green and blue'],
    [[1, 3, 8, 8], 'Sub', 'bytes', 'it scales by itself, with Sub'],
    [[1, 8, 8, 3], 'BatchNormalization', 'bytes', 'it scales by itself, with BatchNormalization'],
  ])('of a network that takes %j and begins with %s are scaled as %s', async (shape, opType, scaling, why) => {
    const model = await readModel(
      modelBytes({
        inputs: { x: shape },
        outputs: ['y'],
        nodes: [
          ['Identity', ['x'], ['a']],
          ['Cast', ['a'], ['b'], { to: 1 }],
          [opType, ['b', 'w'], ['y']],
        ],
      }),
    )
    const [{ name, shape: sizes = [] }] = inputsOf(model)
    const found = photoInput([{ name, shape: sizes, type: 'float32' }], {}, undefined, [8, 8])
    expect(guessScaling(model, found, 'float32')).toEqual({ scaling, why })
    expect(guessScaling(model, found, 'uint8')).toEqual({ scaling: 'bytes', why: 'its input is uint8' })
  })
})

describe('an output of two runs', () => {
  it('that is a row has its largest values of both, each once', () => {
    const own = tensor([1, 8], [0, 5, 1, 9, 2, 3, 4, 8])
    const report = compareOutput('y', own, tensor([1, 8], [7, 5, 1, 9, 2, 3, 4, 2]), [32, 32])
    expect(report).toMatchObject({ isRow: true, least: 0, most: 9, largest: 7, share: 0.25, map: undefined })
    expect(report.at).toEqual({ place: [0, 0], values: [0, 7] })
    expect(report.entries.map(({ place }) => place[1])).toEqual([3, 7, 1, 6, 5, 0])
  })

  it('that is none has the entries that differ most', () => {
    const own = tensor([1, 4, 2], [1, 2, 3, 4, 5, 6, 7, 8])
    const report = compareOutput('y', own, tensor([1, 4, 2], [1, 2, 3, 0, 5, 6, 8, 8]), [32, 32])
    expect(report.entries.slice(0, 2)).toEqual([
      { place: [0, 1, 1], values: [4, 0] },
      { place: [0, 3, 0], values: [7, 8] },
    ])
    expect(report.map).toBeUndefined()
  })

  it('counts what is no number in one of them as far apart, in both as alike', () => {
    const report = compareOutput('y', tensor([3], [Number.NaN, 1, Number.NaN]), tensor([3], [Number.NaN, 1, 2]), [9, 9])
    expect(report).toMatchObject({ largest: Number.POSITIVE_INFINITY, share: 1 / 3, at: { place: [2] } })
  })

  it.each([
    ['channels first', [1, 2, 4, 6]],
    ['channels last', [1, 4, 6, 2]],
    ['no channels', [1, 4, 6]],
  ])('of the photo’s form is a picture, %s', (_, shape) => {
    const channels = shape.length === 3 ? 1 : 2
    const count = 24 * channels
    const own = tensor(
      shape,
      Array.from({ length: count }, (_, at) => at % 5),
    )
    // One cell of the last row differs in all of its channels.
    const cell = 3 * 6 + 2
    const places =
      shape[1] === 4 ? Array.from({ length: channels }, (_, one) => cell * channels + one) : [cell, 24 + cell]
    const other = tensor(shape, own.data.map((value, at) => (places.includes(at) ? value + 3 : value)) as never)
    const { map } = compareOutput('y', own, other, [64, 96])
    expect(map).toMatchObject({ channels, brightest: 3 })
    const [one, two, heat] = map!.pixels
    expect([heat.width, heat.height]).toEqual([6, 4])
    const lit = Array.from({ length: 24 }, (_, at) => at).filter((at) => heat.data[4 * at] > 6)
    expect(lit).toEqual([cell])
    const differing = Array.from({ length: 24 }, (_, at) => at).filter((at) => one.data[4 * at] !== two.data[4 * at])
    expect(differing).toEqual([cell])
  })

  it.each([[[1, 2, 6, 4]], [[1, 512, 16]], [[2, 3, 64, 96]], [[1, 1, 2, 3]]])('of shape %j is none', (shape) => {
    const data = new Array(shape.reduce((a, b) => a * b)).fill(1)
    expect(compareOutput('y', tensor(shape, data), tensor(shape, data), [64, 96]).map).toBeUndefined()
  })
})

describe('names of classes', () => {
  it.each([
    ['lines', 'tench\ngoldfish\n\n', ['tench', 'goldfish']],
    ['numbers in front', '0: tench\r\n1: goldfish\r\n', ['tench', 'goldfish']],
    ['keys of WordNet', 'n01440764 tench, Tinca tinca\nn01443537 goldfish', ['tench, Tinca tinca', 'goldfish']],
    ['a list', '["tench", "goldfish"]', ['tench', 'goldfish']],
    ['an index', '{"1": ["n01443537", "goldfish"], "0": ["n01440764", "tench"]}', ['tench', 'goldfish']],
    ['names that are numbers', '0\n1\n2', ['0', '1', '2']],
  ])('are read from %s', (_, text, names) => {
    expect(readClassNames(text)).toEqual(names)
  })

  it('must be there', () => {
    expect(() => readClassNames('\n')).toThrow('there must be 1 to 100000 names, one a line, got 0')
    expect(() => readClassNames('["tench"')).toThrow('names must be lines of text, or JSON')
  })

  it('stand for as many entries, or for one less', () => {
    const names = ['tench', 'goldfish']
    expect([0, 1].map((at) => classNameAt(names, at, 2))).toEqual(names)
    expect([0, 1, 2].map((at) => classNameAt(names, at, 3))).toEqual(['none of these', ...names])
    expect([classNameAt(names, 0, 1), classNameAt(names, 0, 4)]).toEqual([undefined, undefined])
  })
})
