import { expect, it } from 'vitest'
import { probeFeatures } from '../../src/wasm/engine.ts'
import fc from '../fast-check.ts'
import { inTurns } from './in-turns.ts'
import { type Bounds, layersOfChannels } from './layers.ts'

/** Layers whose programs serve any number of channels; those of one tap for each output only where that costs nothing. */
const kinds: Readonly<Record<string, Bounds>> = {
  'one tap, channels last': {
    ...{ op: 'conv', kernel: 1, width: 30, input: 5, stride: 2, groups: 2, outGroup: 19 },
    layouts: ['nhwc'],
  },
  'one tap for some outputs, channels last': {
    ...{ op: 'convTranspose', kernel: 1, stride: 3, width: 20, input: 4, groups: 2, outGroup: 19, axes: 2 },
    layouts: ['nhwc'],
  },
  'several taps, channels first': {
    ...{ op: 'conv', kernel: 3, width: 30, input: 5, stride: 2, groups: 2, outGroup: 19, axes: 2 },
    layouts: ['nchw'],
  },
  'depthwise convolution, channels last': {
    ...{ op: 'conv', kernel: 3, width: 30, input: 7, stride: 2, depthwise: true, axes: 2 },
    layouts: ['nhwc'],
  },
  'maximum, channels last': {
    ...{ op: 'maxPool', kernel: 3, width: 30, input: 7, stride: 2, depthwise: true, axes: 2 },
    layouts: ['nhwc'],
  },
}

it.each(Object.keys(kinds))('%s: layers that differ in their channels, in turns', { timeout: 300_000 }, (kind) => {
  let shared = 0
  fc.assert(
    fc.property(layersOfChannels(kinds[kind]), fc.boolean(), fc.boolean(), (...layer) => {
      shared += inTurns(...layer)
    }),
    { numRuns: 12, seed: 1 }, // so that programs are shared as often as is counted below
  )
  expect(shared).toBeGreaterThan(probeFeatures().ordered || !kind.startsWith('one tap') ? 6 : -1)
})
