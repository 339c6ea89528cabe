import { readFileSync } from 'node:fs'
import { fromBinary } from '@bufbuild/protobuf'
import { ModelProtoSchema } from 'onnx-buf'
import { describe, expect, it } from 'vitest'
import { audit, checkFix, diff, fix, planFix } from '../../src/models.ts'
import { floats, ints, model, node } from '../models/onnx/make-model.ts'
import { bytesOf, realModels, realNames } from '../models/onnx/real-models.ts'
import { chain, type Spec } from './networks.ts'

const conv = (kernel: number, stride: number, more: object): Spec => [
  'Conv',
  { kernel_shape: [kernel, kernel], strides: [stride, stride], ...more },
]
const pads = (begin: number, end: number): object => ({ pads: [begin, begin, end, end] })
const open = { input: ['n', 2, 'height', 'width'] }

/** The nodes of a file as another library reads them: `Conv(v1 w1) pads=0,0,1,1`. */
function nodesOf(bytes: Uint8Array): string[] {
  const { graph } = fromBinary(ModelProtoSchema, bytes)
  return (graph?.node ?? []).map(({ opType, input, attribute }) => {
    const words = attribute
      .filter(({ name }) => ['pads', 'auto_pad', 'count_include_pad', 'output_padding'].includes(name))
      .map(
        ({ name, ints, s, i }) => `${name}=${ints.length ? ints.join() : s.length ? new TextDecoder().decode(s) : i}`,
      )
    return [`${opType}(${input.join(' ')})`, ...words.sort()].join(' ')
  })
}

describe('fix', () => {
  it.each(realNames)('%s: without a finding to mend, the very same bytes', async (name) => {
    const bytes = bytesOf(name)
    const fixed = await fix(bytes, { inputs: realModels[name].inputs })
    expect(fixed).toMatchObject({ changes: [], skipped: [], edits: [] })
    expect(Buffer.compare(fixed.bytes, bytes)).toBe(0)
  })

  it('writes automatic padding that a runtime refuses as numbers', async () => {
    const fixed = await fix(chain([conv(3, 1, { auto_pad: 'SAME_UPPER', dilations: [2, 2] })]))
    expect(nodesOf(fixed.bytes)).toEqual(['Conv(x w0) pads=2,2,2,2'])
    expect(fixed.changes).toMatchObject([
      { name: 'conv0', before: 'SAME_UPPER 2,2', after: 'pads 2,2', same: 'always' },
    ])
    expect(fixed.audit.findings.filter(({ severity }) => severity !== 'note')).toEqual([])
  })

  it('and the crop of a transposed convolution, with what is added at its end', async () => {
    const transposed = (kernel: number): Spec => [
      'ConvTranspose',
      { ...conv(kernel, 3, {})[1], auto_pad: 'SAME_UPPER' },
    ]
    expect(nodesOf((await fix(chain([transposed(4)]))).bytes)).toEqual(['ConvTranspose(x w0) pads=0,0,1,1'])
    expect(nodesOf((await fix(chain([transposed(2)]))).bytes)).toEqual([
      'ConvTranspose(x w0) output_padding=1,1 pads=0,0,0,0',
    ])
  })

  it('works a Pad into its node, and takes out what only the Pad read', async () => {
    const bytes = chain([['Pad', { amounts: [0, 0, 0, 1, 0, 0, 1, 2] }], conv(3, 2, pads(1, 0))])
    const fixed = await fix(bytes)
    expect(nodesOf(fixed.bytes)).toEqual(['Conv(x w1) pads=1,2,1,2'])
    const { graph } = fromBinary(ModelProtoSchema, fixed.bytes)
    expect(graph?.initializer.map(({ name }) => name)).toEqual(['w1'])
    expect(fixed.changes).toMatchObject([{ before: 'Pad and pads 1,1 2,2', after: 'pads 1,1 2,2', folded: true }])
    expect((await diff(bytes, fixed.bytes)).equal).toBe(true)
  })

  it.each<[string, string, Spec, number, number]>([
    ['that takes a cell away where the node pads', 'Conv', conv(3, 1, pads(1, 1)), -1, 1],
    ['before a maximum that rounds up', 'MaxPool', ['MaxPool', { ...conv(2, 2, {})[1], ceil_mode: 1 }], 0, 1],
    ['before a norm that rounds up', 'LpPool', ['LpPool', { ...conv(2, 2, {})[1], ceil_mode: 1 }], 0, 1],
  ])('leaves a Pad %s', async (_, opType, spec, begin, end) => {
    // Behind a Relu zeros win over nothing.
    const amounts = [0, 0, begin, begin, 0, 0, end, end]
    const bytes = chain([['Relu', {}], ['Pad', { amounts }], spec], { opset: 18 })
    const fixed = await fix(bytes)
    expect(fixed.changes).toEqual([])
    expect(nodesOf(fixed.bytes).at(-1)).toMatch(`${opType}(v2`)
  })

  it.each([
    ['another Pad', ['Pad', { amounts: [0, 0, 1, 0, 0, 0, 0, 0] }] as Spec, 0],
    ['a Relu', ['Relu', {}] as Spec, 1],
  ])('folds a Pad behind %s, or leaves it, and mends the rest', async (_, first, folds) => {
    const rest = conv(3, 1, { auto_pad: 'SAME_UPPER', dilations: [2, 2] })
    const fixed = await fix(chain([first, ['Pad', { amounts: [0, 0, 0, 0, 0, 0, 1, 1] }], conv(3, 2, {}), rest]))
    expect(fixed.changes.map(({ folded }) => folded)).toEqual(folds ? [true, false] : [false])
  })

  it('takes a size of nothing for one that is not known', async () => {
    const bytes = chain([conv(3, 1, { auto_pad: 'SAME_UPPER', dilations: [2, 2] })], { input: [1, 2, 0, 5] })
    expect((await audit(bytes)).nodes).toMatchObject([{ axes: [{ input: undefined }, { input: 5 }] }])
    expect(nodesOf((await fix(bytes)).bytes)).toEqual(['Conv(x w0) pads=2,2,2,2'])
  })

  it('names the pads of every axis where they differ', async () => {
    const deep = (width: number): Uint8Array =>
      model({
        nodes: [node('Conv', 'x w', 'y', { strides: [1, 2, 1], auto_pad: 'SAME_UPPER', dilations: [2, 2, 2] })],
        inputs: { x: [1, 1, 6, width, 8] },
        initializers: [floats('w', [1, 1, 3, 3, 3])],
      })
    expect((await fix(deep(7))).changes).toMatchObject([{ after: 'pads 2,2' }])
    expect((await fix(deep(8))).changes).toMatchObject([{ after: 'pads 2,2 1,2 2,2' }])
  })

  it('leaves a Pad before a maximum whose indices are read', async () => {
    const pooled = (outputs: string): Uint8Array =>
      model({
        nodes: [node('Relu', 'x', 'r'), node('Pad', 'r p', 'q'), node('MaxPool', 'q', outputs, { kernel_shape: [2] })],
        inputs: { x: [1, 2, 9] },
        initializers: [ints('p', [0, 0, 0, 0, 0, 1])],
      })
    expect((await fix(pooled('y'))).changes).toHaveLength(1)
    expect((await fix(pooled('y places'))).changes).toEqual([])
  })

  it('takes cells that a Pad crops for cells that are not read', async () => {
    const cropped = chain([['Pad', { amounts: [0, 0, -1, -1, 0, 0, 0, 0] }], conv(3, 1, pads(1, 1))])
    expect((await diff(cropped, chain([conv(3, 1, { pads: [0, 0, 1, 1] })]))).equal).toBe(false)
  })

  it('does not write VALID as numbers where rounding up makes a difference to runtimes', async () => {
    const fixed = await fix(chain([['MaxPool', { ...conv(2, 2, {})[1], auto_pad: 'VALID', ceil_mode: 1 }]]), {
      to: 'explicit',
    })
    expect(fixed.changes).toEqual([])
    expect(fixed.skipped).toMatchObject([{ reason: 'runtimes do not agree whether VALID rounds its output up' }])
  })

  it('holds all axes against pads beside auto_pad before it takes them for the same', async () => {
    // SAME pads 0,1 on 32 cells and 1,1 on 33.
    const both = chain([conv(3, 2, { auto_pad: 'SAME_UPPER', ...pads(1, 1) })], { input: [1, 2, 32, 33] })
    expect((await fix(both)).changes).toEqual([])
    expect(nodesOf((await fix(both, { unsafe: true })).bytes)).toEqual(['Conv(x w0) pads=0,1,1,1'])
    const alike = chain([conv(3, 2, { auto_pad: 'SAME_UPPER', ...pads(1, 1) })], { input: [1, 2, 33, 33] })
    expect(nodesOf((await fix(alike)).bytes)).toEqual(['Conv(x w0) pads=1,1,1,1'])
  })

  it('tells an average to count what a Pad held', async () => {
    const fixed = await fix(
      chain([
        ['Pad', { amounts: [0, 0, 1, 1, 0, 0, 1, 1] }],
        ['AveragePool', conv(3, 2, {})[1]],
      ]),
    )
    expect(nodesOf(fixed.bytes)).toEqual(['AveragePool(x) count_include_pad=1 pads=1,1,1,1'])
  })

  it('leaves a Pad and a constant that others read, and what is said of values follows', async () => {
    const parts = (more: readonly ReturnType<typeof node>[]) =>
      model({
        nodes: [
          node('Pad', 'x amounts', 'padded'),
          node('Conv', 'padded w', 'y', { kernel_shape: [3], strides: [2] }),
          ...more,
        ],
        inputs: { x: [1, 2, 9] },
        values: { padded: [1, 2, 10] },
        initializers: [ints('amounts', [0, 0, 0, 0, 0, 1]), floats('w', [2, 2, 3])],
      })
    const alone = await fix(parts([node('Identity', 'amounts', 'again')]))
    const { graph } = fromBinary(ModelProtoSchema, alone.bytes)
    expect(nodesOf(alone.bytes)).toEqual(['Conv(x w) pads=0,1', 'Identity(amounts)'])
    expect(graph?.initializer.map(({ name }) => name)).toEqual(['amounts', 'w'])
    expect(graph?.valueInfo).toEqual([])
    expect((await fix(parts([node('Relu', 'padded', 'other')]))).changes).toEqual([])
  })

  it('folds through a node that passes cells on', async () => {
    const bytes = model({
      nodes: [
        node('Pad', 'x amounts', 'padded'),
        node('Unsqueeze', 'padded axes', 'deep'),
        node('Conv', 'deep w', 'y', { kernel_shape: [3], strides: [2] }),
      ],
      inputs: { x: [1, 9] },
      values: { padded: [1, 10], deep: [1, 1, 10] },
      initializers: [ints('amounts', [0, 0, 0, 1]), ints('axes', [1]), floats('w', [2, 1, 3])],
    })
    const fixed = await fix(bytes)
    expect(nodesOf(fixed.bytes)).toEqual(['Unsqueeze(x axes)', 'Conv(deep w) pads=0,1'])
    expect(fixed.audit.nodes[0].axes).toEqual([{ input: 9, symbol: undefined, padBegin: 0, padEnd: 1, output: 4 }])
  })

  it('keeps one of auto_pad and pads: where they say the same, or when asked to', async () => {
    const both = (begin: number, end: number): Uint8Array =>
      chain([conv(3, 2, { auto_pad: 'SAME_UPPER', ...pads(begin, end) })])
    expect(nodesOf((await fix(both(0, 1))).bytes)).toEqual(['Conv(x w0) pads=0,0,1,1'])
    expect((await fix(both(1, 1))).changes).toEqual([])
    expect(nodesOf((await fix(both(1, 1), { unsafe: true })).bytes)).toEqual(['Conv(x w0) pads=0,0,1,1'])
  })

  it('takes away rounding up, which means nothing beside auto_pad and something beside numbers', async () => {
    const bytes = chain([['MaxPool', { ...conv(1, 4, {})[1], auto_pad: 'SAME_UPPER', ceil_mode: 1 }]], {
      input: [1, 2, 10, 11],
    })
    const fixed = await fix(bytes, { to: 'explicit' })
    const attributes = fromBinary(ModelProtoSchema, fixed.bytes).graph?.node[0].attribute.map(({ name }) => name)
    expect(attributes).toEqual(['kernel_shape', 'strides', 'pads'])
    expect(fixed.audit.nodes[0].axes.map(({ output }) => output)).toEqual([3, 3])
  })

  it('takes zeros from a maximum only when asked to', async () => {
    const bytes = chain([
      ['Pad', { amounts: [0, 0, 1, 1, 0, 0, 1, 1] }],
      ['MaxPool', conv(3, 2, {})[1]],
    ])
    expect((await fix(bytes)).changes).toEqual([])
    const mended = await fix(bytes, { unsafe: true })
    expect(nodesOf(mended.bytes)).toEqual(['MaxPool(x) pads=1,1,1,1'])
    expect(mended.changes.map(({ same }) => same)).toEqual(['no'])
  })

  it('leaves everything else alone: bytes before and behind, fields that nobody knows', async () => {
    const unknown = [0xca, 0x3e, 3, 9, 8, 7] // field 1001, three bytes
    const bytes = Uint8Array.from([
      ...chain([conv(5, 1, {}), conv(3, 1, { auto_pad: 'SAME_UPPER', dilations: [2, 2] })]),
      ...unknown,
    ])
    const fixed = await fix(bytes)
    expect(fixed.changes).toHaveLength(1)
    expect([...fixed.bytes.slice(-unknown.length)]).toEqual(unknown)
    const [before, after] = [bytes, fixed.bytes].map((one) => fromBinary(ModelProtoSchema, one))
    expect(after.graph?.initializer).toEqual(before.graph?.initializer)
    expect(after.graph?.node[0]).toEqual(before.graph?.node[0])
    expect(after.$unknown).toEqual(before.$unknown)
  })
})

describe('fix to another way of padding', () => {
  it('BlazeFace to symmetric and back: the very same bytes', async () => {
    const bytes = bytesOf('blazeface')
    const symmetric = await fix(bytes, { to: 'symmetric' })
    expect(symmetric.changes.map(({ before, after, same }) => `${before} to ${after}, ${same}`)).toEqual([
      'pads 1,2 to pads 2,2, no',
      ...new Array(3).fill('pads 0,1 to pads 1,1, no'),
    ])
    expect(symmetric.audit).toMatchObject({ style: 'symmetric', votes: { 'tf-same': 0, symmetric: 4 } })
    const back = await fix(symmetric.bytes, { to: 'tf-same' })
    expect(Buffer.compare(back.bytes, bytes)).toBe(0)
  })

  it('BlazeFace to auto_pad and back: the same padding', async () => {
    const bytes = bytesOf('blazeface')
    const automatic = await fix(bytes, { to: 'auto-pad' })
    expect(automatic.changes).toHaveLength(17)
    expect(nodesOf(automatic.bytes).filter((text) => text.includes('SAME_UPPER'))).toHaveLength(17)
    const back = await fix(automatic.bytes, { to: 'explicit' })
    expect(nodesOf(back.bytes)).toEqual(nodesOf(bytes))
    for (const other of [automatic.bytes, back.bytes]) expect((await diff(bytes, other)).equal).toBe(true)
  })

  it('PP-OCR on open sizes to TensorFlow SAME: auto_pad, which fits every size', async () => {
    const fixed = await fix(bytesOf('detection'), { to: 'tf-same' })
    expect(fixed.changes.map(({ after }) => after)).toEqual(new Array(5).fill('SAME_UPPER'))
    expect(fixed.audit.style).toBe('tf-same')
  })

  it.each<[string, Spec, NonNullable<Parameters<typeof fix>[1]>['to'], string]>([
    ['dilation', conv(3, 1, { ...pads(2, 2), dilations: [2, 2] }), 'auto-pad', 'onnxruntime refuses auto_pad here'],
    ['other pads', conv(3, 1, pads(2, 2)), 'auto-pad', 'its pads are not SAME'],
    ['rounding up', ['MaxPool', { ...conv(3, 2, pads(0, 1))[1], ceil_mode: 1 }], 'auto-pad', 'it rounds its output up'],
    ['transposed', ['ConvTranspose', conv(3, 2, pads(0, 1))[1]], 'auto-pad', 'runtimes do not agree on auto_pad'],
    ['transposed', ['ConvTranspose', { ...conv(3, 2, pads(0, 1))[1] }], 'symmetric', ''],
  ])('leaves a node as it is, and says why: %s', async (_, spec, to, reason) => {
    const { changes, skipped } = await fix(chain([spec]), { to })
    expect(changes).toEqual([])
    expect(skipped.map((one) => one.reason).join()).toContain(reason)
  })

  it('needs a size where the padding depends on it', async () => {
    const bytes = chain([conv(3, 2, { auto_pad: 'SAME_UPPER' })], open)
    const { changes, skipped } = await fix(bytes, { to: 'explicit' })
    expect([changes, skipped.map(({ reason }) => reason)]).toEqual([
      [],
      ['its padding depends on the size, which is not known: give the shape of the input'],
    ])
    const given = await fix(bytes, { to: 'explicit', inputs: { x: [1, 2, 32, 33] } })
    expect(nodesOf(given.bytes)).toEqual(['Conv(x w0) pads=0,1,1,1'])
    expect(given.changes).toMatchObject([{ same: 'at this size' }])
    const numbers = chain([conv(3, 2, pads(0, 1)), conv(3, 1, pads(1, 1))], open)
    const automatic = await fix(numbers, { to: 'auto-pad', inputs: { x: [1, 2, 32, 32] } })
    expect(automatic.changes).toMatchObject([{ same: 'at this size' }, { same: 'at this size' }])
    expect((await fix(numbers, { to: 'auto-pad' })).changes).toMatchObject([{ name: 'conv1', same: 'always' }])
    expect((await fix(numbers, { to: 'symmetric' })).changes).toEqual([]) // outputs would differ on odd sizes
  })

  it('leaves nodes of functions whose attributes are those of a call', async () => {
    const bytes = model(
      {
        nodes: [node('Block', 'x w', 'y', {}, { domain: 'local' })],
        inputs: { x: [1, 2, 8] },
        initializers: [floats('w', [2, 2, 3])],
      },
      17,
      [
        {
          ...{ name: 'Block', domain: 'local', input: ['x', 'w'], output: ['y'], attribute: ['strides'] },
          node: [node('Conv', 'x w', 'y', { auto_pad: 'SAME_UPPER', kernel_shape: [3], strides: { ref: 'strides' } })],
          opsetImport: [{ domain: '', version: 17n }],
        },
      ],
    )
    const { changes, skipped } = await fix(bytes, { to: 'explicit' })
    expect([changes, skipped.map(({ reason }) => reason)]).toEqual([[], ['its attributes are those of a call']])
  })
})

describe('what fix refuses', () => {
  it.each<[object, string]>([
    [{ too: 'explicit' }, "fix: options are inputs, to, unsafe, got 'too'"],
    [{ to: 'same' }, "fix: to must be one of explicit, auto-pad, pad-node, tf-same, symmetric, got 'same'"],
  ])('%o', async (options, says) => {
    await expect(fix(chain([conv(3, 1, {})]), options)).rejects.toThrow(says)
  })

  it('an edited file that does not do what its plan says', async () => {
    const [before, other] = [chain([conv(3, 2, pads(0, 1))]), chain([conv(3, 2, pads(1, 1))])]
    const plan = await planFix(before, { to: 'auto-pad' })
    await expect(checkFix(before, plan, other)).rejects.toThrow(
      'fix: conv0 must compute the same after the edit, got pads 0,1 before and 1,1 after',
    )
    const rewrite = await planFix(before, { to: 'symmetric' })
    expect(await checkFix(before, rewrite, other, { to: 'symmetric' })).toMatchObject({ style: 'symmetric' })
    await expect(checkFix(before, rewrite, chain([conv(3, 2, pads(5, 5))]), { to: 'symmetric' })).rejects.toThrow(
      'fix: conv0 must keep its output after the edit',
    )
    await expect(
      checkFix(before, rewrite, chain([conv(3, 2, {}), conv(1, 1, {})]), { to: 'symmetric' }),
    ).rejects.toThrow('fix: the edited model must have as many nodes that slide a window, got 2')
  })

  it('what is no model', async () => {
    await expect(audit(new Uint8Array([1, 2, 3]))).rejects.toThrow(/^onnx: /)
    await expect(audit(readFileSync(realModels.blazeface.path).subarray(0, 100_000))).rejects.toThrow(
      /^onnx: .*byte \d+/,
    )
    await expect(audit(chain([conv(3, 1, {})]), { inputs: { z: [1] } })).rejects.toThrow(/inputs? must be one of|x/)
  })
})
