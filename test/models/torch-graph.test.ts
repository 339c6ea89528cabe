import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { pt2, torchScript } from '../../src/models/torch/format.ts'
import { spatialNodes } from '../../src/network/spatial-nodes.ts'
import { readAs, shown } from './shown.ts'

const file = (name: string): Uint8Array => Uint8Array.from(readFileSync(join(import.meta.dirname, 'files', name)))

/** tiny, a network with each trap once, on 33 x 50 cells: what PyTorch makes of it. */
const tiny = [
  'conv 3>8 g1: k3 s2 d1 1,1 33>17; k3 s2 d1 1,1 50>25',
  'conv 8>8 g8: k5 s2 d1 2,2 17>9; k5 s2 d1 2,2 25>13',
  'conv 8>16 g1: k3 s2 d1 0,0 10>4; k3 s2 d1 0,0 14>6',
  'conv 16>16 g1: k4 s1 d2 3,3 4>4; k4 s1 d2 3,3 6>6',
  'conv 16>16 g1: k3 s1 d1 0,0 6>4; k3 s1 d1 0,0 8>6',
  'maxPool 16>16 g1: k3 s2 d1 1,1 4>3; k3 s2 d1 1,1 6>4',
  'averagePool 16>16 g1: k2 s2 d1 0,0 3>1; k2 s2 d1 0,0 4>2',
  'convTranspose 16>4 g1: k3 s2 d1 1,0 1>2; k3 s2 d1 1,0 2>4',
  'conv 4>4 g1: k1 s1 d1 0,0 2>2; k7 s1 d1 3,3 4>4',
]

describe.each(['tiny.traced.pt', 'tiny.scripted.pt'])('TorchScript: %s', (name) => {
  it('is followed from its input to its output', async () => {
    const model = await readAs(torchScript, file(name))
    const [input] = model.graph.inputs
    expect(shown(model, { [input.name]: [1, 3, 33, 50] })).toEqual(tiny)
  })

  it('pads of F.pad and ZeroPad2d name the last axis first', async () => {
    const model = await readAs(torchScript, file(name))
    const [, , conv, , reflected, pool, average] = spatialNodes(model, {
      inputs: { [model.graph.inputs[0].name]: [1, 3, 33, 50] },
    })
    expect(conv.pad).toMatchObject({
      filling: { mode: 'constant', value: 0 },
      pads: [
        [0, 1],
        [0, 1],
      ],
    })
    expect(reflected.pad?.filling.mode).toBe('reflect')
    expect(pool.written.ceilMode).toBe(true)
    expect(average.written).toMatchObject({ ceilMode: expect.any(Boolean), countIncludePad: expect.any(Boolean) })
  })
})

// A program of torch.export, written by the schema (torch/_export/serde/schema.py): arguments have names, defaults are absent.

type Arguments = Readonly<Record<string, object>>
const tensor = (name: string): object => ({ as_tensor: { name } })
const ints = (...list: readonly number[]): object => ({ as_ints: list })
const node = (target: string, given: Arguments, output = 'y'): object => ({
  target: `torch.ops.aten.${target}`,
  inputs: Object.entries(given).map(([name, arg]) => ({ name, arg, kind: 1 })),
  outputs: [tensor(output)],
  metadata: { nn_module_stack: 'L__self__,,net.Net;L__self___stem,stem.0,torch.nn.Conv2d' },
})

type Size = number | string
const sizes = (list: readonly Size[]): object => ({
  sizes: list.map((size) => (typeof size === 'number' ? { as_int: size } : { as_expr: { expr_str: size } })),
})

function program(
  nodes: readonly object[],
  weight: readonly number[],
  x: readonly Size[],
  folder = 'net/models/model.json',
) {
  const graph = {
    ...{ inputs: [tensor('p_w'), tensor('x')], outputs: [tensor('y')], nodes },
    tensor_values: { p_w: sizes(weight), x: sizes(x) },
  }
  const signature = {
    input_specs: [{ parameter: { arg: { name: 'p_w' }, parameter_name: 'w' } }, { user_input: { arg: tensor('x') } }],
  }
  const json = JSON.stringify({ graph_module: { graph, signature }, schema_version: { major: 8, minor: 2 } })
  return zipSync({ [folder]: new TextEncoder().encode(json), 'net/archive_format': new TextEncoder().encode('pt2') })
}

const one = async (
  target: string,
  given: Arguments,
  weight: readonly number[] = [8, 4, 3, 3],
  x: readonly Size[] = [1, 4, 9, 10],
): Promise<string[]> => shown(await readAs(pt2, program([node(target, given)], weight, x)))

const conv = { input: tensor('x'), weight: tensor('p_w') }
const self = { self: tensor('x') }

describe('torch.export', () => {
  it('defaults are absent', async () => {
    expect(await one('conv2d.default', conv)).toEqual(['conv 4>8 g1: k3 s1 d1 0,0 9>7; k3 s1 d1 0,0 10>8'])
  })

  it('arguments are told by their names, whatever stands between', async () => {
    const given = { ...conv, dilation: ints(2, 1), padding: ints(1, 0) }
    expect(await one('conv2d.default', given)).toEqual(['conv 4>8 g1: k3 s1 d2 1,1 9>7; k3 s1 d1 0,0 10>8'])
    const grouped = { ...conv, groups: { as_int: 2 }, stride: ints(2, 3) }
    expect(await one('conv2d.default', grouped, [8, 2, 3, 3])).toEqual([
      'conv 4>8 g2: k3 s2 d1 0,0 9>4; k3 s3 d1 0,0 10>3',
    ])
  })

  it('same is PyTorch’s, with its odd cell at the end', async () => {
    const given = { ...conv, padding: { as_string: 'same' } }
    expect(await one('conv2d.padding', given, [8, 4, 4, 3])).toEqual([
      'conv 4>8 g1: k4 s1 d1 1,2 9>9; k3 s1 d1 1,1 10>10',
    ])
  })

  it('transposed ones crop, and add at the end', async () => {
    const given = { ...conv, stride: ints(2, 2), padding: ints(1, 1), output_padding: ints(1, 0) }
    expect(await one('conv_transpose2d.input', given, [4, 8, 3, 3])).toEqual([
      'convTranspose 4>8 g1: k3 s2 d1 1,0 9>18; k3 s2 d1 1,1 10>19',
    ])
    const general = { ...given, transposed: { as_bool: true }, dilation: ints(1, 1), groups: { as_int: 1 } }
    expect(await one('convolution.default', general, [4, 8, 3, 3])).toEqual(
      await one('conv_transpose2d.input', given, [4, 8, 3, 3]),
    )
    const forward = { ...general, transposed: { as_bool: false }, output_padding: ints(0, 0) }
    expect(await one('convolution.default', forward)).toEqual(['conv 4>8 g1: k3 s2 d1 1,1 9>5; k3 s2 d1 1,1 10>5'])
  })

  it('a pool without a stride moves by its kernel, and rounds up where it says so', async () => {
    expect(await one('max_pool2d.default', { ...self, kernel_size: ints(2, 2) })).toEqual([
      'maxPool 4>4 g1: k2 s2 d1 0,0 9>4; k2 s2 d1 0,0 10>5',
    ])
    const up = { ...self, kernel_size: ints(2, 2), stride: ints(2, 2), ceil_mode: { as_bool: true } }
    expect(await one('max_pool2d_with_indices.default', up)).toEqual([
      'maxPool 4>4 g1: k2 s2 d1 0,0 9>5; k2 s2 d1 0,0 10>5',
    ])
  })

  it('an average counts its padding unless told', async () => {
    const counts = async (more: Arguments) => {
      const given = { ...self, kernel_size: ints(3, 3), padding: ints(1, 1), ...more }
      const model = await readAs(pt2, program([node('avg_pool2d.default', given)], [1], [1, 4, 9, 10]))
      return spatialNodes(model)[0].written.countIncludePad
    }
    expect(await counts({})).toBe(true)
    expect(await counts({ count_include_pad: { as_bool: false } })).toBe(false)
  })

  it('pads name the last axis first', async () => {
    const pad = node('pad.default', { ...self, pad: ints(0, 1, 2, 3), mode: { as_string: 'reflect' } }, 'p')
    const nodes = [pad, node('conv2d.default', { ...conv, input: tensor('p') })]
    const [one] = spatialNodes(await readAs(pt2, program(nodes, [8, 4, 3, 3], [1, 4, 9, 10])))
    expect(one.pad).toMatchObject({
      filling: { mode: 'reflect' },
      pads: [
        [2, 3],
        [0, 1],
      ],
    })
  })

  it('sizes with a name are open, and a parameter is no input', async () => {
    const model = await readAs(pt2, program([node('conv2d.default', conv)], [8, 4, 3, 3], ['s0', 4, 's1', 10]))
    expect(model.graph.inputs.map(({ name, shape }) => [name, shape])).toEqual([['x', ['s0', 4, 's1', 10]]])
    expect(shown(model)).toEqual(['conv 4>8 g1: k3 s1 d1 0,0 ?>?; k3 s1 d1 0,0 10>8'])
    expect(spatialNodes(model)[0].name).toBe('stem.0')
  })

  it('an old archive has its program elsewhere', async () => {
    const bytes = program(
      [node('conv2d.default', conv)],
      [8, 4, 3, 3],
      [1, 4, 9, 10],
      'serialized_exported_program.json',
    )
    expect(shown(await readAs(pt2, bytes))).toHaveLength(1)
    await expect(readAs(pt2, zipSync({ 'a.json': new Uint8Array(2) }))).rejects.toThrow(/^pt2: an archive must have/)
  })
})
