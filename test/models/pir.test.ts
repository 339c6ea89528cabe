import { describe, expect, it } from 'vitest'
import { SamepadError } from '../../src/geometry.ts'
import { readModel, type SpatialNode, spatialNodes } from '../../src/models.ts'
import fc from '../fast-check.ts'

// From the published form (paddle/fluid/pir/serialize_deserialize): no real file can be had here.

const value = (number: number, ...shape: number[]) => ({
  '%': number,
  TT: { '#': '0.t_dtensor', D: [{ '#': '0.t_f32' }, shape, 'NCHW', [], 0] },
})
const uses = (...numbers: number[]) => numbers.map((number) => ({ '%': number }))
const int = (N: string, D: number) => ({ N, AT: { '#': '0.a_i32', D } })
const flag = (N: string, D: boolean) => ({ N, AT: { '#': '0.a_bool', D } })
const word = (N: string, D: string) => ({ N, AT: { '#': '0.a_str', D } })
const list = (N: string, ...D: number[]) => ({
  N,
  AT: { '#': '0.a_array', D: D.map((one) => ({ '#': '0.a_i32', D: one })) },
})
const array = (number: number, ...D: number[]) => ({
  ...{ '#': '1.full_int_array', I: [], O: [value(number, D.length)] },
  A: [{ N: 'value', AT: { '#': '1.a_intarray', D } }],
})
const program = (...ops: object[]): string =>
  JSON.stringify(
    {
      base_code: { magic: 'pir', trainable: false, version: 1 },
      program: {
        regions: [
          {
            '#': 'region_0',
            blocks: [
              {
                '#': 'block_0',
                args: [],
                ops: [
                  { '#': 'p', A: [0, 1, 1, 'w'], O: value(1, 8, 3, 3, 3) },
                  { '#': '1.data', I: [], A: [word('name', 'x')], O: [value(2, -1, 3, 32, 33)] },
                  ...ops,
                  { '#': '1.fetch', I: uses(9), A: [], O: [] },
                ],
              },
            ],
          },
        ],
      },
    },
    undefined,
    1,
  )
const read = async (text: string): Promise<SpatialNode[]> =>
  spatialNodes(await readModel(new TextEncoder().encode(text)))

const conv = (algorithm: string, paddings: number[], dilations = [1, 1]) => ({
  ...{ '#': '1.conv2d', I: uses(2, 1), O: [value(9, -1, 8, 16, 17)] },
  A: [
    list('strides', 2, 2),
    list('paddings', ...paddings),
    word('padding_algorithm', algorithm),
    list('dilations', ...dilations),
    int('groups', 1),
    word('data_format', 'NCHW'),
  ],
})

describe('a program of Paddle 3', () => {
  it.each([
    [
      'two numbers pad both sides',
      'EXPLICIT',
      [1, 2],
      [
        [1, 1],
        [2, 2],
      ],
    ],
    [
      'four are top, bottom, left, right',
      'EXPLICIT',
      [0, 1, 2, 3],
      [
        [0, 1],
        [2, 3],
      ],
    ],
    [
      'SAME leaves the numbers out of account',
      'SAME',
      [7, 7],
      [
        [0, 1],
        [1, 1],
      ],
    ],
  ])('of a convolution %s', async (_, algorithm, paddings, pads) => {
    const [window] = await read(program(conv(algorithm, paddings)))
    expect(window).toMatchObject({ op: 'conv', weightsShape: [8, 3, 3, 3], inputShape: [undefined, 3, 32, 33] })
    expect(window.axes.map((axis) => axis.pads)).toEqual(pads)
    expect(window.node.line).toBeGreaterThan(20)
  })

  it('a pool takes its kernel from another operator, and says whether it counts padding', async () => {
    const pool = {
      ...{ '#': '1.pool2d', I: uses(2, 5), O: [value(9, -1, 3, 16, 17)] },
      A: [
        list('strides', 2, 2),
        list('paddings', 1, 1),
        flag('ceil_mode', true),
        flag('exclusive', false),
        word('pooling_type', 'avg'),
        flag('global_pooling', false),
        flag('adaptive', false),
        word('padding_algorithm', 'EXPLICIT'),
      ],
    }
    const [window] = await read(program(array(5, 3, 2), pool))
    expect(window).toMatchObject({
      op: 'averagePool',
      written: { kernelShape: [3, 2], ceilMode: true, countIncludePad: true, pads: [1, 1, 1, 1] },
    })
  })

  it('values side by side go through a list', async () => {
    const join = { '#': '0.combine', I: uses(2, 2), A: [], O: [{ '%': 6, TT: { '#': '0.t_vec', D: [] } }] }
    const axis = { '#': '1.full', I: [], A: [int('value', 1)], O: [value(7, 1)] }
    const concat = { '#': '1.concat', I: uses(6, 7), A: [], O: [value(8, -1, 6, 32, 33)] }
    const text = program(join, axis, concat, { ...conv('VALID', [0, 0]), I: uses(8, 1) })
    const { graph, format } = await readModel(new TextEncoder().encode(text))
    expect(format).toBe('Paddle PIR')
    expect(graph.nodes[0]).toMatchObject({
      opType: 'Concat',
      inputs: ['%2', '%2'],
      attributes: [{ name: 'axis', int: 1 }],
    })
  })

  it('spoilt texts end in an error or a model', async () => {
    const text = program(array(5, 3, 2), conv('EXPLICIT', [1, 1]))
    await fc.assert(
      fc.asyncProperty(
        fc.nat(text.length - 1),
        fc.nat(40),
        fc.constantFrom('', '0', '[', '{}', 'null', '"'),
        async (at, cut, put) => {
          try {
            await read(text.slice(0, at) + put + text.slice(at + cut))
          } catch (error) {
            expect(error).toBeInstanceOf(SamepadError)
          }
        },
      ),
      { seed: 13, numRuns: 2000 },
    )
  })
})
