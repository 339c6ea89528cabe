import { describe, expect, it } from 'vitest'
import { type FixOptions, fix, readModel, spatialNodes } from '../../src/models.ts'
import {
  constant,
  graphDefOf,
  input,
  savedModelOf,
  type TfFunction,
  type TfNode,
  type TfValue,
  tf,
} from '../models/tensorflow-nodes.ts'

// GraphDef and SavedModel: a word is a text of another length, so the lengths of all messages around it follow.

type Make = (nodes: readonly TfNode[], functions?: readonly TfFunction[]) => Uint8Array
/** A GraphDef is known by its name alone. */
const named = (bytes: Uint8Array): File => new File([bytes as Uint8Array<ArrayBuffer>], 'net.pb')
const list = (...numbers: readonly number[]): TfValue => ({ list: numbers })
const conv = (name: string, from: string, padding: string, more: Readonly<Record<string, TfValue>> = {}): TfNode =>
  tf(`${name}: Conv2D(${from} w)`, { strides: list(1, 2, 2, 1), padding: { s: padding }, ...more })
const [x, w] = [input('x', 1, 32, 24, 4), constant('w', { dims: [3, 3, 4, 4] })]
const words = async (bytes: Uint8Array): Promise<unknown[]> =>
  spatialNodes(await readModel(named(bytes))).map(({ written: { autoPad, pads } }) => pads ?? autoPad)

describe.each<[string, Make]>([
  ['GraphDef', graphDefOf],
  ['SavedModel', savedModelOf],
])('%s', (_, make) => {
  const fixed = async (nodes: readonly TfNode[], to: FixOptions['to']) => fix(named(make(nodes)), { to })

  it('numbers take the place of a word, in every node', async () => {
    const nodes = [x, w, conv('a', 'x', 'SAME'), conv('b', 'a', 'SAME')]
    const { bytes, changes, skipped } = await fixed(nodes, 'explicit')
    expect([changes.length, skipped]).toEqual([2, []])
    expect(await words(bytes)).toEqual([
      [0, 0, 1, 1],
      [0, 0, 1, 1],
    ])
  })

  it('other numbers take the place of numbers, and layouts with channels first are written so', async () => {
    const first = (...pads: number[]): Readonly<Record<string, TfValue>> => ({
      data_format: { s: 'NCHW' },
      strides: list(1, 1, 2, 2),
      explicit_paddings: list(0, 0, 0, 0, ...pads),
    })
    const nchw = input('x', 1, 4, 32, 24)
    const { bytes } = await fixed([nchw, w, conv('a', 'x', 'EXPLICIT', first(1, 1, 1, 1))], 'tf-same')
    expect(await words(bytes)).toEqual([[0, 0, 1, 1]])
    expect(bytes.length).toBeLessThan(make([nchw, w, conv('a', 'x', 'EXPLICIT', first(1, 1, 1, 1))]).length)
  })

  it('a word takes the place of another one, and what is not about padding stays', async () => {
    const pool = (padding: string): TfNode =>
      tf('p: MaxPool(x)', { ksize: list(1, 2, 2, 1), strides: list(1, 2, 2, 1), padding: { s: padding } })
    expect((await fixed([x, pool('SAME')], 'explicit')).bytes).toEqual(make([x, pool('VALID')]))
    const three = tf('p: MaxPool(x)', { ksize: list(1, 3, 3, 1), strides: list(1, 2, 2, 1), padding: { s: 'SAME' } })
    const { skipped, edits } = await fixed([x, three], 'explicit')
    expect([edits, skipped.map(({ reason }) => reason)]).toEqual([
      [],
      ['MaxPool of TensorFlow pads SAME or VALID alone'],
    ])
  })

  it('a node of a function is written once', async () => {
    const body: TfFunction = {
      ...{ name: 'f', inputs: ['x', 'w'], ret: { y: 'a:output:0' } },
      nodes: [conv('a', 'x', 'SAME')],
    }
    const call = tf('y: PartitionedCall(x w)', { f: { func: 'f' } })
    const { bytes, changes } = await fix(named(make([x, w, call], [body])), { to: 'explicit' })
    expect(changes).toHaveLength(1)
    expect(await words(bytes)).toEqual([[0, 0, 1, 1]])
  })

  it('a Pad in front stays, and it is said what it should do', async () => {
    const amounts = constant('p', { dims: [4, 2], ints: [0, 0, 1, 1, 1, 1, 0, 0] })
    const nodes = [x, w, amounts, tf('q: Pad(x p)'), conv('a', 'q', 'VALID')]
    const { edits, skipped } = await fixed(nodes, 'tf-same')
    expect([edits, skipped.map(({ reason }) => reason)]).toEqual([
      [],
      ['let q before it pad 0,1 where the model is made'],
    ])
  })
})
