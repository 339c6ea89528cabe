import { describe, expect, it } from 'vitest'
import { limitLoop } from '../../bench/limit.ts'
import { layouts } from '../../src/tensor/tensor.ts'
import { name, version } from './engine.ts'
import { shareOfLimit, type Work } from './rate.ts'
import { layers, workOf } from './rate-layers.ts'
import measured from './rates.json' with { type: 'json' }

// No engine spoils a kind of layers: each reaches its share of what the engine computes in registers, as measured in the
// same process at the same time, so that how fast and how busy the machine is stands on both sides.

/** A share may be lower than the measured one by so much: on busy machines measurements differ by up to a tenth. */
const SLACK = 0.8
/** Only a layer that fails takes so many looks, some seconds. */
const LOOKS = 80

/** The measured engine that is most like this one: Chromium's V8 is that of the newest Node. */
const [, shares] = Object.entries(measured).findLast(([node]) => name === 'chromium' || node === `node${version}`) ?? []

const limit = limitLoop()
const cases = layers.flatMap((layer) =>
  layouts.map((layout, index) => {
    const share = shares?.[layer.name as keyof typeof shares][index] ?? Number.NaN
    return { name: layer.name, layer, layout, least: SLACK * share }
  }),
)

describe('rates of layers over the limit of WebAssembly here', () => {
  it.each(cases)('$name, $layout', async ({ layer, layout, least }) => {
    expect(await shareOfLimit(limit, workOf(layer, layout), least, LOOKS)).toBeGreaterThanOrEqual(least)
  })

  it.each(cases)('$name, $layout: a program that takes twice as long is seen', async ({ layer, layout, least }) => {
    const { run, operations } = workOf(layer, layout)
    const slow: Work = { run: () => [run(), run()], operations }
    expect(await shareOfLimit(limit, slow, least, 3)).toBeLessThan(least)
  })
})
