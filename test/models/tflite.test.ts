import { describe, expect, it } from 'vitest'
import { int8, int32 } from './flat.ts'
import { code, type FileOperator, type FileTensor, ints, tfliteFile } from './tflite-file.ts'
import { filter, only, padsOf, picture, result, SAME, single, VALID } from './tflite-single.ts'

describe('padding', () => {
  it.each([
    [
      'an absent byte is SAME',
      {},
      [
        [0, 1],
        [1, 1],
      ],
      [1, 8, 4, 3],
    ],
    [
      '0 is SAME',
      { 0: int8(SAME) },
      [
        [0, 1],
        [1, 1],
      ],
      [1, 8, 4, 3],
    ],
    [
      '1 is VALID',
      { 0: int8(VALID) },
      [
        [0, 0],
        [0, 0],
      ],
      [1, 8, 3, 2],
    ],
  ])('%s', async (_, padding, pads, outputShape) => {
    const options = { ...padding, 1: int32(2), 2: int32(2) }
    const window = await only(single({ code: code(3), options }, picture(1, 8, 5, 4), filter(8, 3, 3, 4), result))
    expect(padsOf(window)).toEqual(pads)
    expect(window.outputShape).toEqual(outputShape)
  })

  it('another byte is told and not taken for VALID', async () => {
    const options = { 0: int8(2), 1: int32(1), 2: int32(1) }
    const window = await only(single({ code: code(3), options }, picture(1, 8, 5, 4), filter(8, 3, 3, 4), result))
    expect(window.reason).toMatch(/no padding 'padding 2' of tflite/)
  })
})

describe('the order of the options', () => {
  it('strides of width stand before those of height, dilations behind the activation', async () => {
    const options = { 1: int32(2), 2: int32(3), 3: int8(1), 4: int32(5), 5: int32(4) }
    const { written } = await only(
      single({ code: code(3), options }, picture(1, 40, 50, 4), filter(8, 3, 2, 4), result),
    )
    expect(written).toMatchObject({ strides: [3, 2], dilations: [4, 5] })
  })

  it('a depthwise layer has its multiplier before the activation', async () => {
    const options = { 1: int32(2), 2: int32(3), 3: int32(7), 4: int8(1), 5: int32(5), 6: int32(4) }
    const window = await only(single({ code: code(4), options }, picture(1, 40, 50, 4), filter(1, 3, 2, 8), result))
    expect(window.written).toMatchObject({ strides: [3, 2], dilations: [4, 5], group: 4 })
    // The filter says 8 channels for 4; the field says 7 and is not looked at.
    expect(window.outputChannels).toBe(8)
  })

  it('a pool has the width of its filter before the height', async () => {
    const options = { 1: int32(1), 2: int32(2), 3: int32(3), 4: int32(5) }
    const window = await only(single({ code: code(17), options }, picture(1, 40, 50, 4), result))
    expect(window.written).toMatchObject({ kernelShape: [5, 3], strides: [2, 1] })
    expect(window.outputShape).toEqual([1, 4, 20, 50])
  })

  it('a filter of three axes is [depth, height, width, in, out]', async () => {
    const options = { 0: int8(VALID), 1: int32(1), 2: int32(2), 3: int32(3) }
    const window = await only(
      single({ code: code(132), options }, picture(1, 9, 10, 11, 4), filter(2, 3, 4, 4, 6), result),
    )
    expect(window.written.strides).toEqual([1, 3, 2])
    expect(window.outputShape).toEqual([1, 6, 8, 3, 4])
  })

  it('groups follow from the channels of the filter', async () => {
    const options = { 1: int32(1), 2: int32(1) }
    const window = await only(single({ code: code(3), options }, picture(1, 8, 8, 6), filter(9, 3, 3, 2), result))
    expect(window).toMatchObject({ groups: 3, outputChannels: 9 })
  })
})

it('a stride that is left out is 0, and the layer is damaged', async () => {
  const window = await only(single({ code: code(3), options: {} }, picture(1, 8, 8, 4), filter(8, 3, 3, 4), result))
  expect(window.geometry).toBeUndefined()
  expect(window.reason).toMatch(/stride must be .*got 0/)
})

describe('the code of an operator', () => {
  const options = { 1: int32(1), 2: int32(1), 3: int32(2), 4: int32(2) }
  it.each([
    ['in the byte alone', { 0: int8(17) }, 'maxPool'],
    ['in the newer field alone', { 3: int32(17) }, 'maxPool'],
    ['in both', { 0: int8(17), 3: int32(17) }, 'maxPool'],
    ['1 in one and 17 in the other', { 0: int8(1), 3: int32(17) }, 'maxPool'],
  ])('%s', async (_, slots, op) => {
    expect((await only(single({ code: slots, options }, picture(1, 8, 8, 4), result))).op).toBe(op)
  })

  it('127 in the byte stands for a larger one', async () => {
    const file = single(
      { code: { 0: int8(127), 3: int32(132) }, options: { 1: int32(1), 2: int32(1), 3: int32(1) } },
      picture(1, 9, 9, 9, 4),
      filter(3, 3, 3, 4, 6),
      result,
    )
    expect((await only(file)).op).toBe('conv')
  })
})

it('an open size is that of the signature', async () => {
  const x = { name: 'x', shape: [1, 1, 1, 4], signature: [-1, -1, 8, 4] }
  const options = { 1: int32(2), 2: int32(2) }
  const window = await only(
    single({ code: code(3), options }, x, filter(8, 3, 3, 4), {
      name: 'y',
      shape: [1, 1, 4, 8],
      signature: [-1, -1, 4, 8],
    }),
  )
  expect(window.inputShape).toEqual([undefined, 4, undefined, 8])
  expect(window.outputShape).toEqual([undefined, 8, undefined, 4])
})

describe('a transposed convolution', () => {
  const options = (padding: number): FileOperator['options'] => ({ 0: int8(padding), 1: int32(2), 2: int32(2) })
  const shapeOf = (...sizes: number[]): FileTensor => ({ name: 's', shape: [4], type: 2, data: ints(...sizes) })
  const made = (padding: number, shape: FileTensor, out: FileTensor = result): Uint8Array =>
    tfliteFile({
      tensors: [shape, filter(6, 3, 3, 4), { name: 'x', shape: [1, 5, 5, 4] }, out],
      ...{ inputs: [2], outputs: [3] },
      operators: [{ code: code(67), inputs: [0, 1, 2], outputs: [3], options: options(padding) }],
    })

  it.each([
    ['SAME, twice as large', SAME, 10, [0, 1]],
    ['SAME, one cell less', SAME, 9, [1, 1]],
    ['VALID', VALID, 11, [0, 0]],
    ['VALID, with a row of zeros', VALID, 12, [0, -1]],
  ])('%s', async (_, padding, size, pads) => {
    const window = await only(made(padding, shapeOf(1, size, size, 6)))
    expect(window.outputShape).toEqual([1, 6, size, size])
    expect(window.axes[0].pads?.[0]).toBe(pads[0])
  })

  it('sizes that are computed leave the padding known', async () => {
    const computed = { name: 's', shape: [4], type: 2 }
    const { written } = await only(made(SAME, computed, { name: 'y', shape: [1, 10, 10, 6] }))
    expect(written).toMatchObject({ autoPad: 'same', strides: [2, 2] })
    expect(written.outputShape).toBeUndefined()
  })
})
