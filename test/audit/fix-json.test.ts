import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import {
  applyEdits,
  type FixOptions,
  fix,
  type Rewrite,
  readModel,
  type SourceLike,
  spatialNodes,
} from '../../src/models.ts'

const named = (name: string, bytes: string | Uint8Array): SourceLike =>
  Object.assign(new Blob([bytes as Uint8Array<ArrayBuffer>]), { name })
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const own = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(join(import.meta.dirname, '..', 'models', 'files', name)))

const base64 = { SAME: 'U0FNRQ==', VALID: 'VkFMSUQ=', EXPLICIT: 'RVhQTElDSVQ=', NHWC: 'TkhXQw==', NCHW: 'TkNIVw==' }

const dims = (shape: string): string => JSON.stringify(shape.split(' ').map((size) => ({ size }))).slice(1, -1)

/** A graph-model of one node behind an input; `#` in its text is the padding. */
const graph = (op: string, attr: string, shape = '1 32 32 3'): string =>
  `{"format": "graph-model", "modelTopology": {"node": [
{"name": "é", "op": "Placeholder", "attr": {"shape": {"shape": {"dim": [${dims(shape)}]}}}},
{"name": "w", "op": "Const", "attr": {}},
{"name": "c", "op": "${op}", "input": ["é", "w"], "attr": {${attr}}}
]}, "weightsManifest": [{"paths": [], "weights": [{"name": "w", "shape": [3, 3, 3, 4], "dtype": "float32"}]}]}`

const list = (...numbers: number[]): string => `{"list":{"i":${JSON.stringify(numbers.map(String))}}}`
const strides = `"strides": ${list(1, 2, 2, 1)}`
const padding = (word: keyof typeof base64): string => `"padding": {"s": "${base64[word]}"}`

type To = NonNullable<FixOptions['to']>
const rewritten: readonly (readonly [to: To, op: string, before: string, after: string, shape?: string])[] = [
  [
    'symmetric',
    'Conv2D',
    `${strides}, ${padding('SAME')}`,
    `${strides}, ${padding('EXPLICIT')},"explicit_paddings":${list(0, 0, 1, 1, 1, 1, 0, 0)}`,
  ],
  [
    'explicit',
    'Conv2D',
    `${padding('SAME')}, ${strides}`,
    `${padding('EXPLICIT')},"explicit_paddings":${list(0, 0, 0, 1, 0, 1, 0, 0)}, ${strides}`,
  ],
  [
    'explicit',
    'Conv2D',
    `"explicit_paddings": ${list()}, ${strides}, ${padding('SAME')}`,
    `"explicit_paddings": ${list(0, 0, 0, 1, 0, 1, 0, 0)}, ${strides}, ${padding('EXPLICIT')}`,
  ],
  [
    'auto-pad',
    'Conv2D',
    `${padding('EXPLICIT')}, "explicit_paddings": ${list(0, 0, 0, 1, 0, 1, 0, 0)}, ${strides}`,
    `${padding('SAME')}, "explicit_paddings": ${list(0, 0, 0, 1, 0, 1, 0, 0)}, ${strides}`,
  ],
  [
    ...([
      'explicit',
      'Conv2D',
      `"data_format": {"s": "${base64.NCHW}"}, "strides": ${list(1, 1, 2, 2)}, ${padding('SAME')}`,
    ] as const),
    `"data_format": {"s": "${base64.NCHW}"}, "strides": ${list(1, 1, 2, 2)}, ${padding('EXPLICIT')},"explicit_paddings":${list(0, 0, 0, 0, 0, 1, 0, 1)}`,
    '1 3 32 32',
  ],
  [
    'explicit',
    'MaxPool',
    `"ksize": ${list(1, 2, 2, 1)}, ${strides}, ${padding('SAME')}`,
    `"ksize": ${list(1, 2, 2, 1)}, ${strides}, ${padding('VALID')}`,
  ],
]

const cases = rewritten.map(([to, op, before, after, shape]) => ({ to, op, before, after, shape }))

describe('a node of a graph-model', () => {
  it.each(cases)('to $to: $op $before', async ({ to, op, before, after, shape }) => {
    const file = graph(op, before, shape)
    const result = await fix(named('model.json', file), { to })
    expect(result.skipped).toEqual([])
    expect(textOf(result.bytes)).toBe(graph(op, after, shape))
    expect(result.changes).toMatchObject([{ name: 'c', line: 4 }])
  })

  it('of a pool stays: TensorFlow.js has words alone', async () => {
    const file = graph('MaxPool', `"ksize": ${list(1, 3, 3, 1)}, ${strides}, ${padding('SAME')}`)
    const { skipped, bytes } = await fix(named('model.json', file), { to: 'explicit' })
    expect(skipped).toMatchObject([{ reason: 'MaxPool of TensorFlow pads SAME or VALID alone' }])
    expect(textOf(bytes)).toBe(file)
  })
})

/** A Sequential model of one layer on 33 cells, on which kernel 3 with stride 4 pads 1,1 by both rules and 32 by neither. */
const layers = (word: string, colon = ': '): string =>
  JSON.stringify({
    class_name: 'Sequential',
    config: {
      name: 'é',
      layers: [
        { class_name: 'InputLayer', config: { batch_shape: [null, 32, 32, 3], name: 'x' } },
        {
          class_name: 'Sequential',
          config: {
            name: 'inner',
            layers: [
              {
                class_name: 'Conv2D',
                config: { name: 'c', filters: 4, kernel_size: [3, 3], strides: [4, 4], padding: '#' },
              },
            ],
          },
        },
      ],
    },
  }).replace('"padding":"#"', `"padding"${colon}${word}`)

const archive = (config: string): Uint8Array =>
  zipSync(
    { 'metadata.json': new Uint8Array(3), 'config.json': new TextEncoder().encode(config), 'a.h5': own('tiny.h5') },
    { level: 0 },
  )

describe('a layer of Keras', () => {
  it('in a layers-model gets another word', async () => {
    const result = await fix(named('model.json', layers('"same"')), { to: 'explicit' })
    expect(result.changes).toMatchObject([{ before: 'same 0,0', after: 'pads 0,0', line: 1 }])
    expect(textOf(result.bytes)).toBe(layers('"valid"'))
  })

  it.each([
    ['"same"', '"valid"', ': '],
    ['"same"  ', ' "valid"', ':'],
  ])('in a .keras archive too, which stays as long as it was: %s', async (before, after, colon) => {
    const file = archive(layers(before, colon))
    const result = await fix(named('a.keras', file), { to: 'explicit' })
    expect(result.skipped).toEqual([])
    const wanted = colon === ': ' ? layers(after, ':') : layers('"valid" ', ':')
    expect(textOf(unzipSync(result.bytes)['config.json'])).toBe(wanted)
    // Another writer of archives has the same bytes, checksums included.
    expect(Buffer.from(result.bytes).equals(Buffer.from(archive(wanted)))).toBe(true)
  })

  it('stays where there is no room, and where numbers are asked for', async () => {
    const tight = await fix(named('a.keras', archive(layers('"same"', ':'))), { to: 'explicit' })
    expect(tight.skipped).toMatchObject([{ reason: 'there is no room for a longer word in its place' }])
    const numbers = await fix(named('model.json', layers('"same"').replace('[4,4]', '[2,2]')), { to: 'symmetric' })
    expect(numbers.skipped).toMatchObject([
      { reason: 'layers of Keras pad same or valid; other pads are a layer in front' },
    ])
  })

  it('in an archive that is compressed stays, and is told', async () => {
    const file = zipSync({ 'config.json': new TextEncoder().encode(layers('"same"')) }, { level: 9 })
    const { byHand, bytes } = await fix(named('a.keras', file), { to: 'explicit' })
    expect(byHand).toMatchObject([{ name: 'inner/c', before: 'same 0,0' }])
    expect(bytes).toEqual(file)
  })
})

describe('an attribute of a .h5 file', () => {
  // As Python writes it, spaces stand in front of values; this file has none, so the first layer gets room.
  const [tight, roomy] = [
    '"kernel_constraint":null,"kernel_size":[3,3],"strides":[2,2],"padding":',
    '"kernel_size":[3,3],"strides":[2,2],"padding":',
  ]
  const file = Buffer.from(own('tiny.h5'))
  const at = file.indexOf(tight)
  file.write(roomy.padEnd(tight.length), at, 'latin1')
  const nodesOf = async (bytes: Uint8Array) => spatialNodes(await readModel(named('tiny.h5', bytes)))
  const words = async (bytes: Uint8Array): Promise<string[]> =>
    (await nodesOf(bytes)).map(({ name, written }) => `${name} ${written.autoPad}`)
  const withStem = async (bytes: Uint8Array, padding: Rewrite['padding']): Promise<Uint8Array> => {
    const model = await readModel(named('tiny.h5', bytes))
    const [stem] = spatialNodes(model).filter(({ name }) => name === 'stem')
    const edits = model.respell?.(stem, { padding })
    if (!edits || 'refused' in edits) throw new Error(edits?.refused)
    return applyEdits(bytes, edits)
  }

  it('has another word in its place, and all else stays', async () => {
    const bytes = await withStem(file, [
      [0, 0],
      [0, 0],
    ])
    expect(bytes.length).toBe(file.length)
    expect(bytes.filter((byte, at) => byte !== file[at]).length).toBeLessThan(16)
    expect(await words(bytes)).toEqual((await words(file)).map((one) => one.replace('stem same', 'stem valid')))
    expect(await words(await withStem(bytes, 'SAME_UPPER'))).toEqual(await words(file))
  })

  it('stays where there is no room for a longer word', async () => {
    const padding = [
      [0, 0],
      [0, 0],
    ] as const
    await expect(withStem(own('tiny.h5'), padding)).rejects.toThrow('no room for a longer word in its place')
  })

  it('takes no numbers', async () => {
    const { skipped, edits } = await fix(named('tiny.h5', file), { to: 'explicit' })
    expect(edits).toEqual([])
    expect(new Set(skipped.map(({ reason }) => reason))).toContain(
      'layers of Keras pad same or valid; other pads are a layer in front',
    )
  })
})
