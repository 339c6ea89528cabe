import { describe, expect, it } from 'vitest'
import { paddle } from '../../src/models/paddle/format.ts'
import { spatialNodes } from '../../src/network/spatial-nodes.ts'
import { message } from './proto.ts'
import { readAs, shown } from './shown.ts'

// Programs written by the schema (paddle/fluid/framework/framework.proto): Paddle does not pack its lists.

type Attribute = number | boolean | string | readonly number[]
type Attributes = Readonly<Record<string, Attribute>>
type Names = Readonly<Record<string, string>>

function attribute([name, given]: readonly [string, Attribute]): Uint8Array {
  if (typeof given === 'number') return message({ 1: name, 2: 0, 3: given })
  if (typeof given === 'boolean') return message({ 1: name, 2: 6, 10: given })
  if (typeof given === 'string') return message({ 1: name, 2: 2, 5: given })
  return message({ 1: name, 2: 3, 6: given })
}

const names = (given: Names): Uint8Array[] => Object.entries(given).map(([key, one]) => message({ 1: key, 2: one }))
const operator = (type: string, inputs: Names, outputs: Names, attributes: Attributes = {}): Uint8Array =>
  message({ 1: names(inputs), 2: names(outputs), 3: type, 4: Object.entries(attributes).map(attribute) })
const variable = (name: string, ...dims: readonly number[]): Uint8Array =>
  message({ 1: name, 2: message({ 1: 7, 3: message({ 1: message({ 1: 5, 2: dims }) }) }) })

/** A program that does one thing with x [-1, 4, 9, 10] and a filter. */
function program(type: string, attributes: Attributes, filter: readonly number[], x = [-1, 4, 9, 10]): Uint8Array {
  const [isPool, isPad] = [type.startsWith('pool'), type.startsWith('pad')]
  const inputs: Names = isPool || isPad ? { X: 'x' } : { Input: 'x', Filter: 'w' }
  const block = message({
    1: 0,
    3: [variable('x', ...x), variable('w', ...filter)],
    4: [
      operator('feed', { X: 'feed' }, { Out: 'x' }, { col: 0 }),
      operator(type, inputs, isPool || isPad ? { Out: 'y' } : { Output: 'y' }, attributes),
      operator('fetch', { X: 'y' }, { Out: 'fetch' }, { col: 0 }),
    ],
  })
  return message({ 1: block })
}

const one = async (...given: Parameters<typeof program>) => shown(await readAs(paddle, program(...given)))

describe('convolutions', () => {
  const filter = [8, 4, 3, 3]
  const strided = { strides: [2, 2], dilations: [1, 1], groups: 1 }

  it('two paddings are of both sides, four are top, bottom, left, right', async () => {
    expect(await one('conv2d', { ...strided, paddings: [1, 2] }, filter)).toEqual([
      'conv 4>8 g1: k3 s2 d1 1,1 9>5; k3 s2 d1 2,2 10>6',
    ])
    expect(await one('conv2d', { ...strided, paddings: [0, 1, 2, 3] }, filter)).toEqual([
      'conv 4>8 g1: k3 s2 d1 0,1 9>4; k3 s2 d1 2,3 10>7',
    ])
  })

  it('SAME and VALID leave the numbers out of account', async () => {
    const written = { ...strided, paddings: [5, 5] }
    expect(await one('conv2d', { ...written, padding_algorithm: 'SAME' }, filter)).toEqual([
      'conv 4>8 g1: k3 s2 d1 1,1 9>5; k3 s2 d1 0,1 10>5',
    ])
    expect(await one('conv2d', { ...written, padding_algorithm: 'VALID' }, filter)).toEqual([
      'conv 4>8 g1: k3 s2 d1 0,0 9>4; k3 s2 d1 0,0 10>4',
    ])
    expect(await one('conv2d', { ...written, padding_algorithm: 'EXPLICIT' }, filter)).toEqual([
      'conv 4>8 g1: k3 s2 d1 5,5 9>9; k3 s2 d1 5,5 10>9',
    ])
  })

  it('SAME resets the dilation to 1, and numbers do not', async () => {
    const dilated = { strides: [1, 1], dilations: [2, 2], paddings: [2, 2] }
    const axes = async (more: Attributes) =>
      spatialNodes(await readAs(paddle, program('conv2d', { ...dilated, ...more }, filter)), {
        inputs: { x: [1, 4, 9, 10] },
      })[0].geometry?.axes.map(({ dilation, padBegin, padEnd, output }) => [dilation, padBegin, padEnd, output])
    expect(await axes({ padding_algorithm: 'SAME' })).toEqual([
      [1, 1, 1, 9],
      [1, 1, 1, 10],
    ])
    expect(await axes({})).toEqual([
      [2, 2, 2, 9],
      [2, 2, 2, 10],
    ])
  })

  it('depthwise ones have their groups, and NHWC its channels last', async () => {
    expect(await one('depthwise_conv2d', { ...strided, groups: 4, paddings: [1, 1] }, [4, 1, 3, 3])).toEqual([
      'conv 4>4 g4: k3 s2 d1 1,1 9>5; k3 s2 d1 1,1 10>5',
    ])
    const last = { ...strided, paddings: [0, 1, 0, 1], data_format: 'NHWC' }
    expect(await one('conv2d', last, filter, [-1, 9, 10, 4])).toEqual([
      'conv 4>8 g1: k3 s2 d1 0,1 9>4; k3 s2 d1 0,1 10>5',
    ])
  })

  it('transposed ones crop, with padding of the output or its size', async () => {
    const crop = { ...strided, paddings: [1, 1] }
    expect(await one('conv2d_transpose', { ...crop, output_padding: [] }, [4, 8, 3, 3])).toEqual([
      'convTranspose 4>8 g1: k3 s2 d1 1,1 9>17; k3 s2 d1 1,1 10>19',
    ])
    expect(await one('conv2d_transpose', { ...crop, output_padding: [1, 1] }, [4, 8, 3, 3])).toEqual([
      'convTranspose 4>8 g1: k3 s2 d1 1,0 9>18; k3 s2 d1 1,0 10>20',
    ])
    expect(await one('conv2d_transpose', { ...crop, output_size: [18, 19] }, [4, 8, 3, 3])).toEqual([
      'convTranspose 4>8 g1: k3 s2 d1 1,0 9>18; k3 s2 d1 1,1 10>19',
    ])
  })

  it('three axes have six paddings', async () => {
    const given = { strides: [1, 1, 1], dilations: [1, 1, 1], paddings: [0, 1, 1, 0, 2, 2] }
    expect(await one('conv3d', given, [8, 4, 3, 3, 3], [-1, 4, 9, 10, 11])).toEqual([
      'conv 4>8 g1: k3 s1 d1 0,1 9>8; k3 s1 d1 1,0 10>9; k3 s1 d1 2,2 11>13',
    ])
  })
})

describe('pools', () => {
  const pool = { pooling_type: 'max', ksize: [2, 2], strides: [2, 2], paddings: [0, 0] }

  it('round up where they say so', async () => {
    expect(await one('pool2d', { ...pool, ceil_mode: true }, [])).toEqual([
      'maxPool 4>4 g1: k2 s2 d1 0,0 9>5; k2 s2 d1 0,0 10>5',
    ])
    expect(await one('pool2d', pool, [])).toEqual(['maxPool 4>4 g1: k2 s2 d1 0,0 9>4; k2 s2 d1 0,0 10>5'])
  })

  it('an average leaves its padding out unless exclusive is false', async () => {
    const counts = async (more: Attributes) =>
      spatialNodes(await readAs(paddle, program('pool2d', { ...pool, pooling_type: 'avg', ...more }, [])))[0].axes.map(
        ({ setting }) => setting?.countIncludePad,
      )
    expect(await counts({})).toEqual([false, false])
    expect(await counts({ exclusive: true })).toEqual([false, false])
    expect(await counts({ exclusive: false })).toEqual([true, true])
  })

  it('global and adaptive ones slide nothing', async () => {
    expect(await one('pool2d', { ...pool, global_pooling: true }, [])).toEqual([])
    expect(await one('pool2d', { ...pool, adaptive: true, ksize: [1, 1] }, [])).toEqual([])
  })

  it('SAME is TensorFlow’s', async () => {
    expect(await one('pool2d', { ...pool, ksize: [3, 3], padding_algorithm: 'SAME' }, [])).toEqual([
      'maxPool 4>4 g1: k3 s2 d1 1,1 9>5; k3 s2 d1 0,1 10>5',
    ])
  })
})

it('pad3d names its last axis first', async () => {
  const block = message({
    3: [variable('x', -1, 4, 8, 9, 10), variable('w', 8, 4, 1, 1, 1)],
    4: [
      operator('feed', { X: 'feed' }, { Out: 'x' }),
      operator('pad3d', { X: 'x' }, { Out: 'p' }, { paddings: [1, 2, 3, 4, 5, 6], mode: 'replicate' }),
      operator('conv3d', { Input: 'p', Filter: 'w' }, { Output: 'y' }, { strides: [1, 1, 1], paddings: [0, 0, 0] }),
    ],
  })
  const [conv] = spatialNodes(await readAs(paddle, message({ 1: block })))
  expect(conv.pad).toMatchObject({
    filling: { mode: 'edge' },
    pads: [
      [5, 6],
      [3, 4],
      [1, 2],
    ],
  })
})

it('a file without a block is none', async () => {
  await expect(readAs(paddle, message({ 4: message({ 1: 0 }) }))).rejects.toThrow(
    /^paddle: a program must have a block/,
  )
})
