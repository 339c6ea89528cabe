import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Fixed, fix, readModel, type SourceLike } from '../../src/models.ts'
import { floats, ints, model, node } from '../models/onnx/make-model.ts'
import { chain, type Spec } from './networks.ts'

const caseOf = (name: string): string => join(import.meta.dirname, 'cases', `${name}.onnx`)
const padNode = (source: SourceLike): Promise<Fixed> => fix(source, { to: 'pad-node' })
const layer = (opType: string, more: object, kernel = 3): Spec => [
  opType,
  { kernel_shape: [kernel, kernel], strides: [2, 2], ...more },
]
const uneven = { pads: [0, 0, 1, 1] }

/** The Pad that a fix wrote: its amounts, and what it holds. */
async function writtenPad({ bytes }: Fixed): Promise<{ amounts: unknown; value: unknown; type: unknown }> {
  const { graph } = await readModel(bytes)
  const pad = graph.nodes.find(({ opType }) => opType === 'Pad')
  const constant = (name: string | undefined) => graph.initializers.find((one) => one.name === name)
  const [amounts, value] = [constant(pad?.inputs[1]), constant(pad?.inputs[2])]
  return { amounts: amounts?.values(), value: value?.values() ?? pad?.inputs[2], type: value?.elementType }
}

describe('uneven padding as a Pad in front', () => {
  it('before a maximum it holds minus infinity', async () => {
    const fixed = await padNode(caseOf('asympool'))
    expect(fixed.changes).toMatchObject([{ before: 'pads 0,2', after: 'Pad 0,2 and pads 0,0', same: 'always' }])
    expect(await writtenPad(fixed)).toEqual({
      ...{ amounts: [0, 0, 0, 0, 0, 0, 2, 2], value: [Number.NEGATIVE_INFINITY], type: 1 },
    })
    expect(fixed.audit.findings.map(({ rule }) => rule)).not.toContain('pads-refused-elsewhere')
    expect(fixed.audit.findings.map(({ rule }) => rule)).not.toContain('zeros-before-max')
  })

  it('before a convolution it holds zeros, on any number of axes', async () => {
    const fixed = await padNode(caseOf('asym3d'))
    expect(fixed.changes).toMatchObject([{ before: 'pads 1,1 0,1 0,1', after: 'Pad 1,1 0,1 0,1 and pads 0,0' }])
    expect(await writtenPad(fixed)).toMatchObject({ amounts: [0, 0, 1, 0, 0, 0, 0, 1, 1, 1], value: undefined })
    expect(fixed.audit.nodes[0].axes.map(({ output }) => output)).toEqual([16, 14, 14])
  })

  it('before a quantised convolution it holds the zero point', async () => {
    const scalar = (name: string, dataType: number, byte: number) => ({ name, dataType, rawData: Uint8Array.of(byte) })
    const scale = (name: string) => ({ ...floats(name, [1], [0.5]), dims: [] })
    const bytes = model({
      nodes: [
        node('QuantizeLinear', 'x s z', 'q'),
        node('QLinearConv', 'q s z w s wz s z', 'y', { kernel_shape: [3, 3], strides: [2, 2], ...uneven }),
      ],
      inputs: { x: [1, 1, 8, 8] },
      initializers: [
        ...[scale('s'), scalar('z', 2, 128), scalar('wz', 3, 0)],
        { name: 'w', dims: [1n, 1n, 3n, 3n], dataType: 3, rawData: new Uint8Array(9) },
      ],
    })
    const fixed = await padNode(bytes)
    expect(fixed.changes).toHaveLength(1)
    expect(await writtenPad(fixed)).toMatchObject({ value: [128], type: 2 })
  })

  it('of whole numbers the least is what a type has', async () => {
    const ofType = (type: number): Uint8Array =>
      model({
        nodes: [
          node('Cast', 'x', 'c', { to: type }),
          node('MaxPool', 'c', 'y', { kernel_shape: [3, 3], strides: [2, 2], ...uneven }),
        ],
        inputs: { x: [1, 1, 8, 8] },
      })
    expect(await writtenPad(await padNode(ofType(3)))).toMatchObject({ value: [-128], type: 3 })
    expect(await writtenPad(await padNode(ofType(2)))).toMatchObject({ value: [0], type: 2 })
    expect(await writtenPad(await padNode(ofType(10)))).toMatchObject({ value: [Number.NEGATIVE_INFINITY], type: 10 })
  })

  it('before an average that counts its padding, and not before another', async () => {
    const counting = await padNode(chain([layer('AveragePool', { ...uneven, count_include_pad: 1 })]))
    expect(counting.changes).toMatchObject([{ after: 'Pad 0,1 and pads 0,0', same: 'always' }])
    const other = await padNode(chain([layer('AveragePool', uneven)]))
    expect(other.changes).toEqual([])
    expect(other.skipped).toMatchObject([{ reason: 'it does not count its padding, and would count a Pad' }])
  })

  it('automatic padding too, where the size is known', async () => {
    const automatic = layer('Conv', { auto_pad: 'SAME_UPPER' })
    expect((await padNode(chain([automatic]))).changes).toMatchObject([
      { before: 'SAME_UPPER 0,1', after: 'Pad 0,1 and pads 0,0' },
    ])
    const open = await padNode(chain([automatic], { input: ['n', 2, 'h', 'w'] }))
    expect(open.skipped).toMatchObject([{ reason: expect.stringContaining('its padding depends on the size') }])
  })

  it('before operator set 11 the Pad has attributes', async () => {
    const fixed = await padNode(chain([layer('MaxPool', uneven)], { opset: 9 }))
    const { graph } = await readModel(fixed.bytes)
    const [pad] = graph.nodes
    expect(pad.attributes.map(({ name, float, ints: amounts, string }) => [name, float ?? amounts ?? string])).toEqual([
      ...[
        ['mode', 'constant'],
        ['pads', [0, 0, 0, 0, 0, 0, 1, 1]],
        ['value', Number.NEGATIVE_INFINITY],
      ],
    ])
  })

  it('leaves what is even, transposed, or counts cells', async () => {
    const even = chain([layer('Conv', { pads: [1, 1, 1, 1] }), layer('ConvTranspose', uneven)])
    expect(await padNode(even)).toMatchObject({ changes: [], skipped: [] })
    const indices = model({
      nodes: [node('MaxPool', 'x', 'y indices', { kernel_shape: [3, 3], ...uneven })],
      inputs: { x: [1, 1, 8, 8] },
    })
    expect((await padNode(indices)).skipped).toMatchObject([{ reason: 'the indices of the maxima count its cells' }])
  })

  it('finds names that nothing has', async () => {
    const bytes = model({
      nodes: [
        node('Relu', 'x', 'y_padded'),
        node('MaxPool', 'y_padded', 'y', { kernel_shape: [3, 3], strides: [2, 2], ...uneven }),
      ],
      inputs: { x: [1, 1, 8, 8] },
      initializers: [ints('y_pads', [1])],
    })
    const { graph } = await readModel((await padNode(bytes)).bytes)
    expect(graph.nodes.map(({ outputs }) => outputs[0])).toEqual(['y_padded', 'y_padded_2', 'y'])
    expect(graph.initializers.map(({ name }) => name)).toEqual(['y_pads', 'y_pads_2', 'y_pad_value'])
  })
})

it('a pool that rounds up stays where a Pad would give it another window, and not where it gives none', async () => {
  const pool = (pads: readonly number[]): Promise<Fixed> =>
    padNode(
      chain([['MaxPool', { kernel_shape: [3, 3], strides: [3, 3], ceil_mode: 1, pads }]], { input: [1, 2, 15, 15] }),
    )
  const refused = await pool([2, 2, 1, 1])
  expect(refused.skipped.map(({ reason }) => reason)).toEqual([
    'it rounds its output up, and would make other windows behind a Pad',
  ])
  expect(refused.changes).toEqual([])
  const even = chain([['MaxPool', { kernel_shape: [2, 2], strides: [1, 1], ceil_mode: 1, pads: [0, 0, 1, 1] }]])
  expect((await padNode(even)).changes).toMatchObject([{ after: 'Pad 0,1 and pads 0,0', same: 'always' }])
})
