import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SamepadError } from '../../src/geometry.ts'
import { readModel, type SpatialNode, spatialNodes } from '../../src/models.ts'
import fc from '../fast-check.ts'

const program = (statements: string, inputs = 'tensor<fp16, [1, 3, 32, 33]> x'): string => `program(1.0)
[buildInfo = dict<tensor<string, []>, tensor<string, []>>({{"coremlc-version", "3402.4.1; {"}})]
{
    func other<ios16>(tensor<fp32, [1]> x) {
        } -> (x);
    func main<ios16>(${inputs}) {
${statements}
        } -> (y);
}
`
const windows = async (text: string): Promise<SpatialNode[]> =>
  spatialNodes(await readModel(new TextEncoder().encode(text)))

const weight = `            tensor<fp16, [8, 3, 3, 3]> w = const()[name = tensor<string, []>("w"), val = tensor<fp16, [8, 3, 3, 3]>(BLOBFILE(path = tensor<string, []>("@model_path/weights/weight.bin"), offset = tensor<uint64, []>(64)))];\n`
const ints = (name: string, ...values: number[]): string =>
  `            tensor<int32, [${values.length}]> ${name} = const()[name = string("${name}"), val = tensor<int32, [${values.length}]>([${values.join(', ')}])];\n`
const conv = (type: string, more = ''): string =>
  `${weight}            string t = const()[name = string("t"), val = string("${type}")];
${ints('s', 2, 2)}${ints('d', 1, 1)}${ints('p', 0, 1, 2, 3)}            tensor<fp16, [1, 8, 16, 17]> y = conv(dilations = d, pad = p, pad_type = t, strides = s, weight = w, x = x)[name = string("the conv")]${more};`

describe('MIL as text', () => {
  it.each([
    [
      'same',
      [
        [0, 1],
        [1, 1],
      ],
    ],
    [
      'same_lower',
      [
        [1, 0],
        [1, 1],
      ],
    ],
    [
      'valid',
      [
        [0, 0],
        [0, 0],
      ],
    ],
    // Begin and end of each axis in turn.
    [
      'custom',
      [
        [0, 1],
        [2, 3],
      ],
    ],
  ])('a convolution with pad_type %s', async (type, pads) => {
    const [window, ...rest] = await windows(program(conv(type)))
    expect(rest).toEqual([])
    expect(window).toMatchObject({ name: 'the conv', weightsShape: [8, 3, 3, 3], inputShape: [1, 3, 32, 33] })
    expect(window.axes.map((axis) => axis.pads)).toEqual(pads)
    expect(window.node.line).toBe(12)
  })

  it('a pool with values where they are used, and several outputs', async () => {
    const text = program(
      `            tensor<fp16, [1, 3, 16, 16]> y = max_pool(x = x, kernel_sizes = tensor<int32, [2]>([3, 3]), strides = tensor<int32, [2]>([2, 2]), pad_type = string("custom"), pad = tensor<int32, [4]>([1, 1, 1, 1]), ceil_mode = bool(true))[name = string("a;b")];
            tensor<fp16, [1, 1, 16, 16]> a, tensor<fp16, [1, 2, 16, 16]> b = split(x = y)[name = string("s")];`,
    )
    const [pool] = await windows(text)
    expect(pool).toMatchObject({ name: 'a;b', op: 'maxPool', written: { ceilMode: true, pads: [1, 1, 1, 1] } })
    const { graph } = await readModel(new TextEncoder().encode(text))
    expect(graph.nodes.at(-1)).toMatchObject({ opType: 'split', outputs: ['a', 'b'], domain: 'coreml' })
  })

  it('what is no statement is told with its line', async () => {
    await expect(windows(program('            what is this;'))).rejects.toThrow(
      'mil: a statement must be an operation, got line 7',
    )
    await expect(windows(program('tensor<fp16, [1]> y = relu(x = x)[name = "'))).rejects.toThrow(/semicolon/)
  })

  it('spoilt texts end in an error or a model', async () => {
    const text = program(conv('same'))
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.nat(40), fc.string({ maxLength: 8 }), async (at, cut, put) => {
        try {
          await windows(text.slice(0, at) + put + text.slice(at + cut))
        } catch (error) {
          expect(error).toBeInstanceOf(SamepadError)
        }
      }),
      { seed: 13, numRuns: 2000 },
    )
  })

  it.skipIf(!process.env.MODELS)('a real file', async () => {
    const file = join(process.env.MODELS ?? '', 'coreml', 'add_model.mil')
    const { graph, format } = await readModel(new Uint8Array(readFileSync(file)))
    expect([format, graph.nodes.map(({ opType, name }) => [opType, name])]).toEqual([
      'Core ML text',
      [['Mul', 'op_3_cast_fp16']],
    ])
  })
})
