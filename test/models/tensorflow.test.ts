import { describe, expect, it } from 'vitest'
import { openSource } from '../../src/bytes/source.ts'
import type { Companion } from '../../src/models/format.ts'
import { graphDef, graphModel, savedModel } from '../../src/models/tensorflow/format.ts'
import type { Model } from '../../src/network/model.ts'
import { spatialNodes } from '../../src/network/spatial-nodes.ts'
import { readAs, shown } from './shown.ts'
import {
  constant,
  graphDefOf,
  graphModelOf,
  input,
  int,
  savedModelOf,
  type TfFunction,
  type TfNode,
  type TfValue,
  tf,
} from './tensorflow-nodes.ts'

type Given = readonly [nodes: readonly TfNode[], functions?: readonly TfFunction[]]

/** Files beside a model. */
const beside =
  (files: Readonly<Record<string, Uint8Array>>): Companion =>
  async (name) =>
    files[name] && openSource(files[name])

function readJson(...given: Given): Promise<Model> {
  const { text, weights } = graphModelOf(...given)
  return readAs(graphModel, text, beside({ 'weights.bin': weights }))
}

const files: readonly (readonly [string, (...given: Given) => Promise<Model>])[] = [
  ['model.json', readJson],
  ['GraphDef', (...given) => readAs(graphDef, graphDefOf(...given))],
  ['SavedModel', (...given) => readAs(savedModel, savedModelOf(...given))],
]

const x = input('x', 1, 9, 10, 4)
const w = constant('w', { dims: [3, 3, 4, 8] })
const padding = (s: string): Record<string, TfValue> => ({ padding: { s } })
const list = (...numbers: readonly number[]): TfValue => ({ list: numbers })
const strided = { strides: list(1, 2, 2, 1) }

describe.each(files)('%s', (_, read) => {
  const of = async (...given: Given): Promise<string[]> => shown(await read(...given))

  it.each([
    ['SAME', '1,1 9>5; k3 s2 d1 0,1 10>5'],
    ['VALID', '0,0 9>4; k3 s2 d1 0,0 10>4'],
  ])('padding %s leaves an empty list of explicit ones out of account', async (word, axes) => {
    const conv = tf('c: Conv2D(x w)', { ...strided, ...padding(word), explicit_paddings: list() })
    expect(await of([x, w, conv])).toEqual([`conv 4>8 g1: k3 s2 d1 ${axes}`])
  })

  it('EXPLICIT has a pair for each dimension, in the order of data_format', async () => {
    const last = { ...strided, ...padding('EXPLICIT'), explicit_paddings: list(0, 0, 1, 2, 0, 3, 0, 0) }
    expect(await of([x, w, tf('c: Conv2D(x w)', last)])).toEqual(['conv 4>8 g1: k3 s2 d1 1,2 9>5; k3 s2 d1 0,3 10>6'])
    const first = {
      ...{ strides: list(1, 1, 2, 3), dilations: list(1, 1, 2, 1), data_format: { s: 'NCHW' } },
      ...{ ...padding('EXPLICIT'), explicit_paddings: list(0, 0, 0, 0, 1, 2, 0, 3) },
    }
    expect(await of([input('x', 1, 4, 9, 10), w, tf('c: Conv2D(x w)', first)])).toEqual([
      'conv 4>8 g1: k3 s2 d2 1,2 9>4; k3 s3 d1 0,3 10>4',
    ])
  })

  it('a filter is [height, width, in, out]; a depthwise one [height, width, channels, multiplier]', async () => {
    const lopsided = constant('w', { dims: [5, 2, 2, 8] })
    const conv = tf('c: Conv2D(x w)', { strides: list(1, 1, 1, 1), ...padding('VALID') })
    expect(await of([x, lopsided, conv])).toEqual(['conv 4>8 g2: k5 s1 d1 0,0 9>5; k2 s1 d1 0,0 10>9'])
    const depthwise = tf('c: DepthwiseConv2dNative(x w)', { strides: list(1, 1, 1, 1), ...padding('SAME') })
    expect(await of([x, constant('w', { dims: [5, 2, 4, 3] }), depthwise])).toEqual([
      'conv 4>12 g4: k5 s1 d1 2,2 9>9; k2 s1 d1 0,1 10>10',
    ])
  })

  it('sizes of a transposed convolution come first, then the filter [height, width, out, in], then values', async () => {
    const sizes = int('sizes', 1, 17, 20, 8)
    const back = { ...strided, ...padding('SAME') }
    const filter = constant('w', { dims: [3, 3, 8, 4] })
    expect(await of([x, sizes, filter, tf('c: Conv2DBackpropInput(sizes w x)', back)])).toEqual([
      'convTranspose 4>8 g1: k3 s2 d1 1,1 9>17; k3 s2 d1 0,1 10>20',
    ])
    // Sizes that belong to no input are refused.
    const wrong = int('sizes', 1, 16, 20, 8)
    const [one] = spatialNodes(await read([x, wrong, filter, tf('c: Conv2DBackpropInput(sizes w x)', back)]))
    expect(one.reason).toMatch(/axis 0/)
  })

  it('MaxPoolV2 has kernel and strides as inputs, MaxPool as attributes', async () => {
    const pool = tf('p: MaxPoolV2(x k s)', padding('SAME'))
    const expected = ['maxPool 4>4 g1: k3 s2 d1 1,1 9>5; k2 s3 d1 0,1 10>4']
    expect(await of([x, int('k', 1, 3, 2, 1), int('s', 1, 2, 3, 1), pool])).toEqual(expected)
    const given = { ksize: list(1, 3, 2, 1), strides: list(1, 2, 3, 1), ...padding('SAME') }
    expect(await of([x, tf('p: MaxPool(x)', given)])).toEqual(expected)
    expect(
      await of([
        input('x', 1, 4, 9, 10),
        tf('p: MaxPool(x)', {
          ...given,
          ksize: list(1, 1, 3, 2),
          strides: list(1, 1, 2, 3),
          data_format: { s: 'NCHW' },
        }),
      ]),
    ).toEqual(expected)
  })

  it('an input may name an output, and those that only wait are none', async () => {
    const nodes = (reference: string) => [
      ...[x, w, int('axis', 3), tf('gate: NoOp()')],
      tf('halves: Split(axis x)', { num_split: { i: 2 } }),
      tf(`c: Conv2D(${reference} w ^gate)`, { ...strided, ...padding('SAME') }),
    ]
    const inputs = async (reference: string) =>
      (await read(nodes(reference))).graph.nodes.find(({ opType }) => opType === 'Conv')?.inputs[0]
    expect(await inputs('halves:1')).toBe('halves:1')
    expect(await inputs('halves:0')).toBe('halves')
    expect(await inputs('x')).toBe('x')
    expect(await of(nodes('x'))).toEqual(['conv 4>8 g1: k3 s2 d1 1,1 9>5; k3 s2 d1 0,1 10>5'])
    // Control inputs may stand first as well.
    const waiting = tf('c: Conv2D(^gate x w)', { ...strided, ...padding('SAME') })
    expect(await of([x, w, tf('gate: NoOp()'), waiting])).toHaveLength(1)
  })

  it('a Pad in front is worked in: its constant has a row for each dimension', async () => {
    const rows = constant('rows', { dims: [4, 2], ints: [0, 0, 0, 1, 2, 3, 0, 0] })
    const conv = tf('c: Conv2D(p w)', { ...strided, ...padding('VALID') })
    const model = await read([x, w, rows, tf('p: Pad(x rows)'), conv])
    expect(shown(model)).toEqual(['conv 4>8 g1: k3 s2 d1 0,0 10>4; k3 s2 d1 0,0 15>7'])
    expect(spatialNodes(model)[0].pad?.pads).toEqual([
      [0, 1],
      [2, 3],
    ])
  })

  it('MirrorPad is told by its mode', async () => {
    const rows = constant('rows', { dims: [4, 2], ints: [0, 0, 1, 1, 1, 1, 0, 0] })
    const conv = tf('c: Conv2D(p w)', { ...strided, ...padding('VALID') })
    for (const [word, mode] of [['REFLECT', 'reflect']]) {
      const mirror = tf('p: MirrorPad(x rows)', { mode: { s: word } })
      expect(spatialNodes(await read([x, w, rows, mirror, conv]))[0].pad?.filling.mode).toBe(mode)
    }
  })

  it('masks of a slice say which numbers do not count', async () => {
    const lists = [int('begin', 0, 1, 2, 0), int('end', 0, -1, 8, 0), int('step', 1, 1, 2, 1)]
    const conv = tf('c: Conv2D(cut w)', { strides: list(1, 1, 1, 1), ...padding('VALID') })
    const sliced = async (masks: Record<string, TfValue>) =>
      of([x, w, ...lists, tf('cut: StridedSlice(x begin end step)', masks), conv])
    // Batch and channels whole: height 1 to 8, width 2 to 7 by two.
    expect(await sliced({ begin_mask: { i: 9 }, end_mask: { i: 9 } })).toEqual([
      'conv 4>8 g1: k3 s1 d1 0,0 7>5; k3 s1 d1 0,0 3>1',
    ])
    // And with the end of height left out too: 1 to 9.
    expect(await sliced({ begin_mask: { i: 9 }, end_mask: { i: 11 } })).toEqual([
      'conv 4>8 g1: k3 s1 d1 0,0 8>6; k3 s1 d1 0,0 3>1',
    ])
  })

  it('a slice adds axes and leaves some out, in the order of what comes out', async () => {
    // x[:, newaxis, 2:9, 3, :] of [1, 9, 10, 4] is [1, 1, 7, 4].
    const lists = [int('begin', 0, 0, 2, 3), int('end', 0, 0, 9, 4), int('step', 1, 1, 1, 1)]
    const masks: Record<string, TfValue> = { begin_mask: { i: 1 }, end_mask: { i: 1 } }
    const cut = tf('cut: StridedSlice(x begin end step)', {
      ...masks,
      new_axis_mask: { i: 2 },
      shrink_axis_mask: { i: 8 },
    })
    const conv = tf('c: Conv2D(cut w)', { strides: list(1, 1, 1, 1), ...padding('VALID') })
    expect(await of([x, constant('w', { dims: [1, 3, 4, 8] }), ...lists, cut, conv])).toEqual([
      'conv 4>8 g1: k1 s1 d1 0,0 1>1; k3 s1 d1 0,0 7>5',
    ])
  })

  it('functions are followed, whose inputs within are node:output:0', async () => {
    const body: TfFunction = {
      ...{ name: 'body', inputs: ['image', 'filter'], ret: { identity: 'last:output:0' } },
      nodes: [tf('conv: Conv2D(image filter)', { ...strided, ...padding('SAME') }), tf('last: Relu(conv:output:0)')],
    }
    const call = tf('call: StatefulPartitionedCall(x w)', { f: { func: 'body' } })
    const pool = tf('p: MaxPool(call)', { ksize: list(1, 2, 2, 1), ...strided, ...padding('VALID') })
    expect(await of([x, w, call, pool], [body])).toEqual([
      'conv 4>8 g1: k3 s2 d1 1,1 9>5; k3 s2 d1 0,1 10>5',
      'maxPool 8>8 g1: k2 s2 d1 0,0 5>2; k2 s2 d1 0,0 5>2',
    ])
  })

  it('what is not known keeps its own name and domain', async () => {
    const model = await read([x, w, tf('odd: Conv(x w)'), tf('own: MyOp(x)')])
    expect(model.graph.nodes.map(({ opType, domain }) => [opType, domain])).toEqual([
      ['Conv', 'tensorflow'],
      ['MyOp', 'tensorflow'],
    ])
    expect(shown(model)).toEqual([])
  })
})

describe('constants', () => {
  it.each(['content', 'list', 'first'] as const)('of a graph may be written as %s', async (as) => {
    const ints = as === 'first' ? [2, 2, 2, 2, 2, 2, 2, 2] : [0, 0, 1, 2, 0, 0, 0, 0]
    const rows = constant('rows', { dims: [4, 2], ints, as })
    const nodes = [
      x,
      rows,
      tf('p: Pad(x rows)'),
      tf('m: MaxPool(p)', { ksize: list(1, 2, 2, 1), ...strided, ...padding('VALID') }),
    ]
    const [pool] = shown(await readAs(graphDef, graphDefOf(nodes)))
    expect(pool).toMatch(as === 'first' ? /13>6; .* 14>7$/ : /12>6; .* 10>5$/)
  })

  const rows = constant('rows', { dims: [4, 2], ints: [0, 0, 0, 1, 2, 3, 0, 0] })
  const conv = tf('c: Conv2D(p w)', { ...strided, ...padding('VALID') })
  const nodes = [x, w, rows, tf('p: Pad(x rows)'), conv]
  const padded = 'conv 4>8 g1: k3 s2 d1 0,0 10>4; k3 s2 d1 0,0 15>7'
  const unknown = 'conv 4>8 g1: k3 s2 d1 0,0 ?>?; k3 s2 d1 0,0 ?>?'

  it('of a model.json lie in files, one behind the other', async () => {
    const { text, weights } = graphModelOf(nodes, [], ['a.bin', 'b.bin'])
    const at = weights.length - 32
    for (const cut of [0, 4, at]) {
      const both = beside({ 'a.bin': weights.subarray(0, cut), 'b.bin': weights.subarray(cut) })
      expect(shown(await readAs(graphModel, text, both)), String(cut)).toEqual([padded])
    }
  })

  it('and where a file is missing or too short, the padding is not known, never none', async () => {
    const { text, weights } = graphModelOf(nodes, [], ['a.bin', 'b.bin'])
    const cases = [
      ...[undefined, beside({})],
      beside({ 'b.bin': weights }),
      beside({ 'a.bin': weights.subarray(0, 8), 'b.bin': weights.subarray(8, -4) }),
    ]
    for (const companion of cases) {
      const model = await readAs(graphModel, text, companion)
      expect(shown(model)).toEqual([unknown])
      expect(spatialNodes(model)[0].pad?.pads).toBeUndefined()
    }
  })
})

it('a SavedModel without a graph, and JSON that is none, are told', async () => {
  await expect(readAs(savedModel, new Uint8Array([8, 1]))).rejects.toThrow(
    /^tensorflow: a SavedModel must have a graph/,
  )
  await expect(readAs(graphModel, '{"format": "graph-model"')).rejects.toThrow(/^tfjs: a description must be JSON/)
})
