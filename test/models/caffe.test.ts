import { describe, expect, it } from 'vitest'
import { audit } from '../../src/models.ts'
import { bytesOf, windowsOf } from './windows-of.ts'

const input = 'name: "net"\ninput: "x"\ninput_dim: 1\ninput_dim: 3\ninput_dim: 10\ninput_dim: 12\n'
const layer = (type: string, parameters: string): string =>
  `${input}layer { name: "a" type: "${type}" bottom: "x" top: "y" ${parameters} }`
const pool = (parameters: string): string => layer('Pooling', `pooling_param { ${parameters} }`)
const convolution = (parameters: string): string =>
  layer('Convolution', `convolution_param { num_output: 8 ${parameters} }`)

describe('pools', () => {
  it.each([
    ['round up', 'kernel_size: 3 stride: 2', 'a 0,0 0,0 5x6'],
    ['unless they are told otherwise', 'kernel_size: 3 stride: 2 round_mode: FLOOR', 'a 0,0 0,0 4x5'],
    ['or told so by number', 'kernel_size: 3 stride: 2 round_mode: 1', 'a 0,0 0,0 4x5'],
    // 10 + 2 cells: a sixth window of 2 would begin at 10, within the padding behind the cells (9 + 1 of padding).
    ['leave out a window of padding alone, where there is padding', 'kernel_size: 2 stride: 2 pad: 1', 'a 1,1 1,1 6x7'],
    ['keep it where there is none', 'kernel_size: 1 stride: 4', 'a 0,0 0,0 4x4'],
    [
      'height and width of their own',
      'kernel_h: 3 kernel_w: 5 stride_h: 1 stride_w: 2 pad_h: 1 pad_w: 0',
      'a 1,1 0,0 10x5',
    ],
  ])('%s', async (_, parameters, expected) => {
    const [line] = await windowsOf(pool(`pool: MAX ${parameters}`))
    expect(line).toBe(expected)
  })

  it('over the whole picture have no window', async () => {
    expect(await windowsOf(pool('pool: AVE global_pooling: true'))).toEqual([])
  })
})

describe('convolutions', () => {
  it.each([
    ['one number for all axes', 'kernel_size: 3 stride: 2 pad: 1', 'a 1,1 1,1 5x6'],
    ['a list', 'kernel_size: 3 kernel_size: 5 pad: 1 pad: 0', 'a 1,1 0,0 10x8'],
    ['a list in brackets', 'kernel_size: [3, 5] pad: [1, 0]', 'a 1,1 0,0 10x8'],
    ['height and width of their own', 'kernel_h: 3 kernel_w: 5 pad_h: 1 stride_w: 2', 'a 1,1 0,0 10x4'],
    ['dilation', 'kernel_size: 3 dilation: 2', 'a 0,0 0,0 6x8'],
  ])('%s', async (_, parameters, expected) => {
    expect(await windowsOf(convolution(parameters))).toEqual([expected])
  })

  it('of the first generation have types in capitals', async () => {
    const text = `${input}layers { name: "a" type: CONVOLUTION bottom: "x" top: "y" convolution_param { num_output: 8 kernel_size: 3 } }`
    expect(await windowsOf(text)).toEqual(['a 0,0 0,0 8x10'])
  })

  it('transposed ones crop', async () => {
    const text = layer('Deconvolution', 'convolution_param { num_output: 3 group: 3 kernel_size: 4 stride: 2 pad: 1 }')
    expect(await windowsOf(text)).toEqual(['a 1,1 1,1 20x24'])
  })
})

it('layers in place follow one another, and those of training alone are left out', async () => {
  const text = `${input}
    layer { name: "a" type: "Convolution" bottom: "x" top: "y" convolution_param { num_output: 8 kernel_size: 3 } }
    layer { name: "r" type: "ReLU" bottom: "y" top: "y" }
    layer { name: "t" type: "Pooling" bottom: "y" top: "y" include { phase: TRAIN } pooling_param { kernel_size: 2 stride: 2 } }
    layer { name: "u" type: "Pooling" bottom: "y" top: "y" exclude { phase: TEST } pooling_param { kernel_size: 2 stride: 2 } }
    layer { name: "v" type: "Pooling" bottom: "y" top: "y" include { phase: TEST } pooling_param { kernel_size: 2 stride: 2 } }
    layer { name: "f" type: "InnerProduct" bottom: "y" top: "z" inner_product_param { num_output: 10 } }`
  expect(await windowsOf(text)).toEqual(['a 0,0 0,0 8x10', 'v 0,0 0,0 4x5'])
  expect((await audit(bytesOf(text))).findings).toEqual([])
})

it('a scale that is another value is no list of channels', async () => {
  const text = `${input}
    layer { name: "g" type: "Pooling" bottom: "x" top: "g" pooling_param { pool: AVE global_pooling: true } }
    layer { name: "s" type: "Scale" bottom: "x" bottom: "g" top: "y" scale_param { axis: 0 } }
    layer { name: "a" type: "Convolution" bottom: "y" top: "z" convolution_param { num_output: 8 kernel_size: 3 } }`
  expect(await windowsOf(text)).toEqual(['a 0,0 0,0 8x10'])
})

it.each([
  ['a brace too few', 'layer { name: "a"', /^prototxt: a message must be closed/],
  ['a brace too many', 'layer { } }', /^prototxt: a brace must close a message/],
  ['a text that is not closed', 'layer { name: "a }', /^prototxt: a text must be closed/],
  ['messages without end', `layer { ${'a { '.repeat(100)}`, /^prototxt: messages must lie at most 64 deep/],
])('%s is refused', async (_, text, expected) => {
  await expect(windowsOf(text)).rejects.toThrow(expected)
})
