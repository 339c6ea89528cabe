import { describe, expect, it } from 'vitest'
import { layersModel } from '../../src/models/keras/format-json.ts'
import type { Model } from '../../src/models.ts'
import { spatialNodes } from '../../src/network/spatial-nodes.ts'
import { readAs, shown } from './shown.ts'

type Layer = readonly [className: string, config: object]

/** A Sequential model on 9 rows of 10 cells with 4 channels, as Keras 2 and TensorFlow.js write it. */
function sequential(input: readonly (number | null)[], ...list: readonly Layer[]): Promise<Model> {
  const layers = list.map(([class_name, config], index) => ({
    class_name,
    config: { name: `l${index}`, ...(index === 0 && { batch_input_shape: [null, ...input] }), ...config },
  }))
  const model_config = { class_name: 'Sequential', config: { name: 'net', layers } }
  return readAs(layersModel, JSON.stringify({ format: 'layers-model', modelTopology: { model_config } }))
}

const on2d = async (...list: readonly Layer[]): Promise<string[]> => shown(await sequential([9, 10, 4], ...list))
const conv = (config: object): Layer => ['Conv2D', { filters: 8, kernel_size: [3, 3], strides: [2, 2], ...config }]

describe('convolutions', () => {
  it.each([
    ['same', 'conv 4>8 g1: k3 s2 d1 1,1 9>5; k3 s2 d1 0,1 10>5'],
    ['valid', 'conv 4>8 g1: k3 s2 d1 0,0 9>4; k3 s2 d1 0,0 10>4'],
  ])('padding %s', async (padding, expected) => expect(await on2d(conv({ padding }))).toEqual([expected]))

  it('padding that is left out is valid, and one number is for all axes', async () => {
    const one = conv({ kernel_size: 3, strides: 1, dilation_rate: 2 })
    expect(await on2d(one)).toEqual(['conv 4>8 g1: k3 s1 d2 0,0 9>5; k3 s1 d2 0,0 10>6'])
  })

  it('causal pads all that the kernel reaches back, before the first cell', async () => {
    const config = { filters: 8, kernel_size: [3], strides: [1], dilation_rate: [2], padding: 'causal' }
    expect(shown(await sequential([9, 4], ['Conv1D', config]))).toEqual(['conv 4>8 g1: k3 s1 d2 4,0 9>9'])
    const same = { ...config, padding: 'same' }
    expect(shown(await sequential([9, 4], ['Conv1D', same]))).toEqual(['conv 4>8 g1: k3 s1 d2 2,2 9>9'])
  })

  it('channels may come first', async () => {
    const first = await sequential([4, 9, 10], conv({ padding: 'same', data_format: 'channels_first' }))
    expect(shown(first)).toEqual(['conv 4>8 g1: k3 s2 d1 1,1 9>5; k3 s2 d1 0,1 10>5'])
  })

  it('a depthwise one multiplies channels; a separable one has its window in the depthwise part', async () => {
    const config = { kernel_size: [3, 5], strides: [2, 2], depth_multiplier: 2, padding: 'same' }
    const window = 'k3 s2 d1 1,1 9>5; k5 s2 d1 1,2 10>5'
    expect(await on2d(['DepthwiseConv2D', config])).toEqual([`conv 4>8 g4: ${window}`])
    expect(await on2d(['SeparableConv2D', { ...config, filters: 6 }])).toEqual([
      `conv 4>8 g4: ${window}`,
      'conv 8>6 g1: k1 s1 d1 0,0 5>5; k1 s1 d1 0,0 5>5',
    ])
  })

  it('a transposed one: same is the input times the stride, output_padding says another size', async () => {
    const up = (config: object): Layer => ['Conv2DTranspose', { filters: 8, kernel_size: 3, strides: 2, ...config }]
    expect(await on2d(up({ padding: 'same' }))).toEqual(['convTranspose 4>8 g1: k3 s2 d1 0,1 9>18; k3 s2 d1 0,1 10>20'])
    const [{ axes }] = spatialNodes(await sequential([9, 10, 4], up({ padding: 'same', output_padding: [0, 1] })))
    expect(axes.map(({ output }) => output)).toEqual([17, 20])
    expect(await on2d(up({ padding: 'valid' }))).toEqual([
      'convTranspose 4>8 g1: k3 s2 d1 0,0 9>19; k3 s2 d1 0,0 10>21',
    ])
  })
})

describe('pools', () => {
  it('strides that are null are those of the window', async () => {
    const pool = (config: object): Layer => ['MaxPooling2D', { pool_size: [2, 3], padding: 'valid', ...config }]
    const expected = ['maxPool 4>4 g1: k2 s2 d1 0,0 9>4; k3 s3 d1 0,0 10>3']
    expect(await on2d(pool({ strides: null }))).toEqual(expected)
    expect(await on2d(pool({}))).toEqual(expected)
    expect(await on2d(pool({ strides: [1, 1] }))).toEqual(['maxPool 4>4 g1: k2 s1 d1 0,0 9>8; k3 s1 d1 0,0 10>8'])
  })

  it('averages leave padding out, and global ones slide nothing', async () => {
    const average = await sequential([9, 10, 4], ['AveragePooling2D', { pool_size: 3, strides: 2, padding: 'same' }])
    expect(spatialNodes(average)[0].axes[0].setting?.countIncludePad).toBe(false)
    expect(await on2d(['GlobalAveragePooling2D', {}])).toEqual([])
  })
})

describe('ZeroPadding2D in front', () => {
  const before = async (padding: unknown): Promise<unknown> => {
    const [{ pad }] = spatialNodes(await sequential([9, 10, 4], ['ZeroPadding2D', { padding }], conv({})))
    return pad?.pads
  }
  it.each([
    [
      'pairs of height and width',
      [
        [0, 1],
        [2, 3],
      ],
      [
        [0, 1],
        [2, 3],
      ],
    ],
    [
      'a number for each axis',
      [1, 2],
      [
        [1, 1],
        [2, 2],
      ],
    ],
    [
      'one number',
      1,
      [
        [1, 1],
        [1, 1],
      ],
    ],
  ])('%s', async (_, padding, expected) => expect(await before(padding)).toEqual(expected))
})

describe('models within models', () => {
  it('are followed', async () => {
    const inner = {
      name: 'inner',
      layers: [{ class_name: 'Conv2D', config: { name: 'c', filters: 8, kernel_size: 3 } }],
    }
    expect(await on2d(conv({ padding: 'same' }), ['Sequential', inner])).toEqual([
      'conv 4>8 g1: k3 s2 d1 1,1 9>5; k3 s2 d1 0,1 10>5',
      'conv 8>8 g1: k3 s1 d1 0,0 5>3; k3 s1 d1 0,0 5>3',
    ])
  })

  it('a layer of a class of its own is named, and nothing is said of sizes behind it', async () => {
    const model = await sequential([9, 10, 4], ['Lambda', {}], conv({ padding: 'same' }))
    expect(model.graph.nodes.map(({ opType, domain }) => [opType, domain])[0]).toEqual(['Lambda', 'keras'])
    expect(shown(model)).toEqual(['conv ?>8 g1: k3 s2 d1 ? ?>?; k3 s2 d1 ? ?>?'])
  })
})
