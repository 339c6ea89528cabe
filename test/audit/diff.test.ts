import { describe, expect, it } from 'vitest'
import { diff, fix } from '../../src/models.ts'
import { bytesOf } from '../models/onnx/real-models.ts'
import { chain, conv, pads, type Spec } from './networks.ts'

describe('diff', () => {
  it('BlazeFace beside a symmetric copy: where they part, and how far', async () => {
    const bytes = bytesOf('blazeface')
    const { bytes: copy } = await fix(bytes, { to: 'symmetric' })
    const found = await diff(bytes, copy)
    expect(found).toMatchObject({ equal: false, onlyA: [], onlyB: [], styles: { a: 'tf-same', b: 'symmetric' } })
    expect(found.pairs).toHaveLength(40)
    const differing = found.pairs.filter(({ difference }) => difference === 'padding')
    expect(differing.map(({ reason, drift }) => [reason, ...drift])).toEqual([
      ['the second reads 1 cell earlier', -1, -1],
      ['the second reads 1 cell earlier', -3, -3],
      ['the second reads 1 cell earlier', -7, -7],
      ['the second reads 1 cell earlier', -15, -15],
    ])
    expect(found.first?.a.window).toBe('5x5 stride 2')
    expect(found.drift).toMatchObject({ cells: -15 })
    expect((await diff(bytes, bytes)).equal).toBe(true)
  })

  it('does not mind how padding is written', async () => {
    const [one, two, three] = [
      chain([conv(3, 2, pads(0, 1))]),
      chain([['Pad', { amounts: [0, 0, 0, 0, 0, 0, 1, 1] }], conv(3, 2, {})]),
      chain([conv(3, 2, { auto_pad: 'SAME_UPPER' })]),
    ]
    expect((await diff(one, two)).equal).toBe(true)
    expect((await diff(two, three)).equal).toBe(true)
  })

  it('pairs layers over others that only one export has', async () => {
    const layers = [conv(7, 2, pads(3, 3)), conv(3, 1, pads(1, 1)), conv(5, 2, pads(2, 2)), conv(3, 2, pads(1, 1))]
    const [a, b] = [chain(layers), chain([layers[0], conv(1, 1, {}), layers[1], conv(5, 2, pads(1, 2)), layers[3]])]
    const found = await diff(a, b)
    expect(found.pairs.map(({ a, b, difference }) => [a.window, b.window, difference])).toEqual([
      ['7x7 stride 2', '7x7 stride 2', undefined],
      ['3x3', '3x3', undefined],
      ['5x5 stride 2', '5x5 stride 2', 'padding'],
      ['3x3 stride 2', '3x3 stride 2', undefined],
    ])
    expect(found.onlyB.map(({ window }) => window)).toEqual(['1x1'])
    expect(found.onlyA).toEqual([])
    expect((await diff(b, a)).onlyA.map(({ window }) => window)).toEqual(['1x1'])
  })

  it('says what else differs', async () => {
    const reasons = async (a: Spec[], b: Spec[], options = {}): Promise<unknown[]> =>
      (await diff(chain(a, options), chain(b, options))).pairs.map(({ difference, reason }) => [difference, reason])
    expect(await reasons([conv(3, 2, {})], [conv(3, 1, {})])).toEqual([['window', 'stride 2 and 1']])
    expect(await reasons([conv(3, 1, {}), conv(5, 2, {})], [conv(3, 1, pads(1, 1)), conv(5, 2, {})])).toEqual([
      ['padding', 'outputs of 30 and 32 cells'],
      ['size', 'inputs of 30 and 32 cells'],
    ])
    const open = { input: ['n', 2, 'height', 'width'] }
    expect(await reasons([conv(3, 2, pads(1, 1))], [conv(3, 2, { auto_pad: 'SAME_UPPER' })], open)).toEqual([
      ['padding', 'at input 2 the second reads 1 cell later'],
    ])
    expect(await reasons([conv(3, 2, pads(1, 1))], [conv(3, 2, { auto_pad: 'SAME_LOWER' })], open)).toEqual([
      [undefined, undefined],
    ])
  })

  it('gives sizes to inputs of another name', async () => {
    const { realModels } = await import('../models/onnx/real-models.ts')
    const { inputs } = realModels.detection
    const other = await fix(bytesOf('detection'), { to: 'tf-same', inputs })
    const found = await diff(bytesOf('detection'), other.bytes, { inputs })
    expect(found.drift?.cells).toBe(31)
    await expect(diff(bytesOf('blazeface'), bytesOf('blazeface'), { input: {} } as object)).rejects.toThrow(
      'diff: the option is called inputs',
    )
  })
})
