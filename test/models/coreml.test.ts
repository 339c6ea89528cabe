import { describe, expect, it } from 'vitest'
import { coreml } from '../../src/models/coreml/format.ts'
import { spatialNodes } from '../../src/network/spatial-nodes.ts'
import { entries, message, packed } from './proto.ts'
import { readAs, shown } from './shown.ts'

// Written by the schema (apple/coremltools mlmodel/format): a layer is a name, inputs, outputs, and the field of its kind.

type Layer = readonly [kind: number, parameters: Uint8Array]
const borders = (...sides: readonly (readonly [number, number])[]): Uint8Array =>
  message({ 10: sides.map(([start, end]) => message({ 1: start, 2: end })) })
const array = (...shape: readonly number[]): Uint8Array => message({ 5: message({ 1: packed(...shape) }) })

/** A network of layers in a row, from `v0` on. */
function network(layers: readonly Layer[], type = array(4, 9, 10)): Uint8Array {
  const row = layers.map(([kind, parameters], index) =>
    message({ 1: `layer ${index}`, 2: `v${index}`, 3: `v${index + 1}`, [kind]: parameters }),
  )
  return message({ 1: 4, 2: message({ 1: message({ 1: 'v0', 3: type }) }), 500: message({ 1: row }) })
}

const one = async (kind: number, parameters: Uint8Array, type?: Uint8Array) =>
  shown(await readAs(coreml, network([[kind, parameters]], type)))

/** A convolution 4 > 8 with a kernel of 3. */
const conv = (more: Parameters<typeof message>[0]) => message({ 1: 8, 2: 4, 20: packed(3, 3), ...more })

describe('a neural network', () => {
  it('valid carries explicit pads, start and end of height before those of width', async () => {
    const valid = message({ 1: borders([1, 2], [0, 3]) })
    expect(await one(100, conv({ 50: valid }))).toEqual(['conv 4>8 g1: k3 s1 d1 1,2 9>10; k3 s1 d1 0,3 10>11'])
    expect(await one(100, conv({ 50: message({}) }))).toEqual(['conv 4>8 g1: k3 s1 d1 0,0 9>7; k3 s1 d1 0,0 10>8'])
  })

  it.each([
    [0, '0,1'],
    [1, '1,0'],
  ])('same of mode %i has its odd cell there: %s', async (mode, pads) => {
    const same = message(mode === 0 ? {} : { 1: mode })
    const [shownAs] = await one(100, conv({ 30: packed(2, 2), 51: same }))
    expect(shownAs).toBe(`conv 4>8 g1: k3 s2 d1 1,1 9>5; k3 s2 d1 ${pads} 10>5`)
  })

  it('kernel, stride and dilation left out are 3, 1 and 1; groups of 0 are one', async () => {
    expect(await one(100, message({ 1: 8, 2: 4, 50: message({}) }))).toEqual([
      'conv 4>8 g1: k3 s1 d1 0,0 9>7; k3 s1 d1 0,0 10>8',
    ])
    expect(await one(100, message({ 1: 8, 2: 2, 10: 2, 40: packed(2, 1), 50: message({}) }))).toEqual([
      'conv 4>8 g2: k3 s1 d2 0,0 9>5; k3 s1 d1 0,0 10>8',
    ])
  })

  it('a deconvolution crops; beside the shape of its output its padding is not read', async () => {
    const crop = message({ 1: borders([1, 0], [1, 1]) })
    const strided = { 30: packed(2, 2), 60: 1, 50: crop }
    expect(await one(100, conv(strided))).toEqual(['convTranspose 4>8 g1: k3 s2 d1 1,0 9>18; k3 s2 d1 1,1 10>19'])
    expect(await one(100, conv({ ...strided, 100: packed(18, 20) }))).toEqual([
      'convTranspose 4>8 g1: k3 s2 d1 0,1 9>18; k3 s2 d1 0,1 10>20',
    ])
  })

  it('includeLastPixel rounds up with the pads that it carries, and drops a last window only if padded', async () => {
    const pool = (kernel: number, stride: number, pad: number) =>
      message({ 10: packed(kernel, kernel), 20: packed(stride, stride), 32: message({ 10: packed(pad, pad) }) })
    expect(await one(120, pool(2, 2, 0))).toEqual(['maxPool 4>4 g1: k2 s2 d1 0,0 9>5; k2 s2 d1 0,0 10>5'])
    expect(await one(120, pool(3, 2, 1))).toEqual(['maxPool 4>4 g1: k3 s2 d1 1,1 9>5; k3 s2 d1 1,1 10>6'])
    expect(await one(120, pool(2, 2, 1))).toEqual(['maxPool 4>4 g1: k2 s2 d1 1,1 9>5; k2 s2 d1 1,1 10>6'])
    // Not padded, a window that starts behind the last cell stays, as in Caffe.
    expect(await one(120, pool(2, 3, 0))).toEqual(['maxPool 4>4 g1: k2 s3 d1 0,0 9>4; k2 s3 d1 0,0 10>4'])
    // Without it, sizes are rounded down.
    expect(await one(120, message({ 10: packed(2, 2), 20: packed(2, 2), 30: message({}) }))).toEqual([
      'maxPool 4>4 g1: k2 s2 d1 0,0 9>4; k2 s2 d1 0,0 10>5',
    ])
  })

  it('an average counts padding unless it says that it does not', async () => {
    const padded = { 1: 1, 10: packed(3, 3), 30: message({ 1: borders([1, 1], [1, 1]) }) }
    const counts = async (more: object) => {
      const model = await readAs(coreml, network([[120, message({ ...padded, ...more })]]))
      return spatialNodes(model)[0].axes.map(({ setting }) => setting?.countIncludePad)
    }
    expect(await counts({})).toEqual([true, true])
    expect(await counts({ 50: 1 })).toEqual([false, false])
  })

  it('a global pool slides nothing', async () => {
    expect(await one(120, message({ 60: 1 }))).toEqual([])
  })

  it('three axes: numbers in pairs, none, or SAME', async () => {
    const kernel = { 1: 8, 2: 4, 20: 3, 21: 3, 22: 3, 31: 2, 32: 2, 33: 2 }
    const custom = { 80: 1, 81: 2, 82: 3, 83: 4, 84: 0, 85: 1 }
    const type = array(1, 4, 9, 10, 11)
    expect(await one(1471, message({ ...kernel, ...custom }), type)).toEqual([
      'conv 4>8 g1: k3 s2 d1 1,2 9>5; k3 s2 d1 3,4 10>8; k3 s2 d1 0,1 11>5',
    ])
    expect(await one(1471, message({ ...kernel, ...custom, 70: 1 }), type)).toEqual([
      'conv 4>8 g1: k3 s2 d1 0,0 9>4; k3 s2 d1 0,0 10>4; k3 s2 d1 0,0 11>5',
    ])
    expect(await one(1471, message({ ...kernel, ...custom, 70: 2 }), type)).toEqual([
      'conv 4>8 g1: k3 s2 d1 1,1 9>5; k3 s2 d1 0,1 10>5; k3 s2 d1 1,1 11>6',
    ])
    const pool = { 2: 2, 3: 3, 4: 4, 5: 1, 6: 2, 7: 3, 8: 1, 9: 0, 10: 1, 11: 1, 12: 0, 13: 2 }
    expect(await one(1465, message(pool), type)).toEqual([
      'maxPool 4>4 g1: k2 s1 d1 1,0 9>9; k3 s2 d1 1,1 10>5; k4 s3 d1 0,2 11>4',
    ])
  })

  it('a padding layer in front is worked in, by its mode', async () => {
    const pad = message({ 10: borders([0, 1], [0, 1]), 1: message({ 1: { float: 0.5 } }) })
    const model = await readAs(
      coreml,
      network([
        [200, pad],
        [100, conv({ 30: packed(2, 2), 50: message({}) })],
      ]),
    )
    expect(shown(model)).toEqual(['conv 4>8 g1: k3 s2 d1 0,0 10>4; k3 s2 d1 0,0 11>5'])
    expect(spatialNodes(model)[0].pad).toMatchObject({
      filling: { mode: 'constant', value: 0.5 },
      pads: [
        [0, 1],
        [0, 1],
      ],
    })
    const mirrored = message({ 10: borders([1, 1], [1, 1]), 2: message({}) })
    const reflect = await readAs(
      coreml,
      network([
        [200, mirrored],
        [100, conv({ 50: message({}) })],
      ]),
    )
    expect(spatialNodes(reflect)[0].pad?.filling.mode).toBe('reflect')
  })

  it('a picture has its height second in the schema', async () => {
    const picture = message({ 4: message({ 1: 10, 2: 9 }) })
    expect(await one(100, conv({ 50: message({}) }), picture)).toEqual([
      'conv 4>8 g1: k3 s1 d1 0,0 9>7; k3 s1 d1 0,0 10>8',
    ])
  })

  it('what is not known keeps its own domain, and nothing is told of what follows', async () => {
    const model = await readAs(
      coreml,
      network([
        [500, message({})],
        [100, conv({ 50: message({}) })],
      ]),
    )
    expect(model.graph.nodes[0].domain).toBe('coreml')
    expect(shown(model)).toEqual(['conv 4>8 g1: k3 s1 d1 0,0 ?>?; k3 s1 d1 0,0 ?>?'])
  })
})

describe('a pipeline', () => {
  it('holds networks, also one that classifies', async () => {
    const stage = network([[100, conv({ 50: message({}) })]])
    const pipeline = message({ 1: [stage, stage] })
    expect(shown(await readAs(coreml, message({ 202: pipeline })))).toHaveLength(2)
    expect(shown(await readAs(coreml, message({ 200: message({ 1: pipeline }) })))).toHaveLength(2)
  })

  it('and a model of another kind is none', async () => {
    await expect(readAs(coreml, message({ 1: 4, 400: message({}) }))).rejects.toThrow(/^coreml: a model must be/)
  })
})

// An ML Program: operations whose arguments are the names of constants, which are operations too.

const dimension = (size: number): Uint8Array => message(size < 0 ? { 2: message({}) } : { 1: message({ 1: size }) })
const tensorType = (shape: readonly number[]): Uint8Array =>
  message({ 1: message({ 1: 11, 2: shape.length, 3: shape.map(dimension) }) })
const named = (name: string, shape: readonly number[]): Uint8Array => message({ 1: name, 2: tensorType(shape) })
const value = (tensor: Uint8Array): Uint8Array => message({ 3: message({ 1: tensor }) })
const literal = (given: readonly number[] | string | boolean): Uint8Array => {
  if (typeof given === 'string') return value(message({ 4: message({ 1: given }) }))
  if (typeof given === 'boolean') return value(message({ 3: message({ 1: packed(Number(given)) }) }))
  return value(message({ 2: message({ 1: packed(...given) }) }))
}

type Arguments = Readonly<Record<string, readonly number[] | string | boolean>>
const constant = (name: string, attribute: Uint8Array, shape: readonly number[] = []): Uint8Array =>
  message({ 1: 'const', 3: named(name, shape), 5: entries({ val: attribute }) })

/** A program of one operation on x [1, 4, 9, 10], whose arguments are constants of their own or stand in the call. */
function program(type: string, given: Arguments, weight?: readonly number[], isInline = false): Uint8Array {
  const constants = Object.entries(given).map(([name, one]) => constant(`c_${name}`, literal(one)))
  if (weight) constants.push(constant('w', message({}), weight))
  const bound = (name: string, one: Arguments[string]): Uint8Array =>
    message({ 1: isInline ? message({ 2: literal(one) }) : message({ 1: `c_${name}` }) })
  const inputs = {
    x: message({ 1: message({ 1: 'x' }) }),
    ...(weight && { weight: message({ 1: message({ 1: 'w' }) }) }),
    ...Object.fromEntries(Object.entries(given).map(([name, one]) => [name, bound(name, one)])),
  }
  const operation = message({
    1: type,
    2: entries(inputs),
    3: message({ 1: 'y' }),
    5: entries({ name: literal('op') }),
  })
  const block = message({ 2: 'y', 3: [...constants, operation] })
  const main = message({ 1: named('x', [1, 4, 9, 10]), 3: entries({ CoreML8: block }) })
  return message({ 1: 8, 502: message({ 1: 1, 2: entries({ main }) }) })
}

const mil = async (...given: Parameters<typeof program>) => shown(await readAs(coreml, program(...given)))

describe('an ML Program', () => {
  const weight = [8, 4, 3, 3]

  it.each([false, true])('pads are begin and end of each axis in turn (in the call: %s)', async (isInline) => {
    const given = { pad_type: 'custom', pad: [1, 2, 0, 3], strides: [1, 2], dilations: [2, 1], groups: [1] }
    expect(await mil('conv', given, weight, isInline)).toEqual(['conv 4>8 g1: k3 s1 d2 1,2 9>8; k3 s2 d1 0,3 10>6'])
  })

  it.each([
    ['valid', '0,0 9>4; k3 s2 d1 0,0 10>4'],
    ['same', '1,1 9>5; k3 s2 d1 0,1 10>5'],
    ['same_lower', '1,1 9>5; k3 s2 d1 1,0 10>5'],
  ])('pad_type %s leaves the numbers out of account', async (pad_type, axes) => {
    const given = { pad_type, pad: [5, 5, 5, 5], strides: [2, 2] }
    expect(await mil('conv', given, weight)).toEqual([`conv 4>8 g1: k3 s2 d1 ${axes}`])
  })

  it('pools round up where asked, and an average counts padding unless told', async () => {
    const given = { kernel_sizes: [2, 2], strides: [2, 2], pad_type: 'custom', pad: [0, 0, 0, 0] }
    expect(await mil('max_pool', { ...given, ceil_mode: true })).toEqual([
      'maxPool 4>4 g1: k2 s2 d1 0,0 9>5; k2 s2 d1 0,0 10>5',
    ])
    expect(await mil('max_pool', given)).toEqual(['maxPool 4>4 g1: k2 s2 d1 0,0 9>4; k2 s2 d1 0,0 10>5'])
    const counts = async (more: Arguments) =>
      spatialNodes(await readAs(coreml, program('avg_pool', { ...given, ...more })))[0].axes[0].setting?.countIncludePad
    expect(await counts({})).toBe(true)
    expect(await counts({ exclude_padding_from_average: true })).toBe(false)
  })

  it('a transposed convolution may have the shape of its output, with batch and channels', async () => {
    const given = { pad_type: 'custom', pad: [1, 0, 0, 1], strides: [2, 2] }
    expect(await mil('conv_transpose', given, [4, 8, 3, 3])).toEqual([
      'convTranspose 4>8 g1: k3 s2 d1 1,0 9>18; k3 s2 d1 0,1 10>20',
    ])
    const same = { pad_type: 'same', strides: [2, 2], output_shape: [1, 8, 18, 20] }
    expect(await mil('conv_transpose', same, [4, 8, 3, 3])).toEqual([
      'convTranspose 4>8 g1: k3 s2 d1 0,1 9>18; k3 s2 d1 0,1 10>20',
    ])
  })
})
