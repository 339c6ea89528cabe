import { expect, it } from 'vitest'
import fc from '../fast-check.ts'
import { tries } from '../machines/tries.ts'
import { inTurns } from './in-turns.ts'
import { type Bounds, layersOfSizes } from './layers.ts'

/** Sizes of a layer that run in turns. */
const SIZES = 6

/** Layers of every strategy that has programs for any size. */
const kinds: Readonly<Record<string, Bounds>> = {
  'dense convolution': { op: 'conv', width: 90, input: 9, stride: 3, kernel: 4, groups: 2, outGroup: 19, axes: 2 },
  'dense transposed convolution': {
    op: 'convTranspose',
    width: 40,
    input: 4,
    stride: 3,
    groups: 2,
    outGroup: 13,
    axes: 2,
  },
  'dense on three axes': { op: 'conv', width: 60, input: 4, stride: 2, kernel: 3, inGroup: 3, outGroup: 13 },
  'depthwise convolution, channels first': {
    op: 'conv',
    width: 80,
    input: 13,
    kernel: 4,
    stride: 3,
    dilation: 2,
    depthwise: true,
    axes: 2,
    layouts: ['nchw'],
  },
  'narrow convolution': {
    op: 'conv',
    width: 80,
    input: 9,
    kernel: 4,
    stride: 2,
    groups: 3,
    inGroup: 3,
    outGroup: 5,
    axes: 2,
    layouts: ['nchw'],
  },
  'depthwise convolution, channels last': {
    op: 'conv',
    width: 80,
    input: 9,
    kernel: 4,
    stride: 3,
    depthwise: true,
    layouts: ['nhwc'],
  },
  'maximum, channels first': { op: 'maxPool', width: 70, input: 13, kernel: 4, stride: 3, axes: 2, layouts: ['nchw'] },
  'maximum, channels last': { op: 'maxPool', width: 70, input: 9, kernel: 4, stride: 3, axes: 2, layouts: ['nhwc'] },
  'average, channels last': {
    op: 'averagePool',
    width: 70,
    input: 9,
    kernel: 4,
    stride: 3,
    axes: 2,
    layouts: ['nhwc'],
  },
  'pointwise convolution': {
    op: 'conv',
    kernel: 1,
    stride: 1,
    dilation: 1,
    width: 30,
    input: 5,
    inGroup: 21,
    outGroup: 23,
  },
}

it.each(Object.keys(kinds))(
  '%s: sizes that change from run to run, over layers of 6 sizes',
  { timeout: 300_000 },
  (kind) => {
    let shared = 0
    fc.assert(
      fc.property(layersOfSizes(kinds[kind], SIZES), fc.boolean(), fc.boolean(), (...layer) => {
        shared += inTurns(...layer)
      }),
      { ...tries(50), seed: 1 }, // so that programs are shared as often as is counted below
    )
    expect(shared).toBeGreaterThan(kind.startsWith('maximum, channels first') ? 0 : 20)
  },
)
