import { agreeingSizes } from 'samepad/geometry'
import { describe, expect, it } from 'vitest'
import { layersOf, runsOf, textOf } from '../../explorer/views/network/chain.ts'
import { driftDrawing, driftsAround, type Stage, stagesOf } from '../../explorer/views/network/model.ts'
import { presets } from '../../explorer/views/network/presets.ts'
import fc from '../fast-check.ts'

const apart = (chain: string, size: number, second: 'lower' | 'symmetric' = 'symmetric'): number[] =>
  (stagesOf(runsOf(chain), size, 'upper', second) as Stage[]).map((stage) => stage.apart)

describe('a chain', () => {
  it('is read as it was written', () => {
    const number = fc.integer({ min: 1, max: 5 })
    const op = fc.constantFrom('', 'maxpool ', 'averagepool ', 'transposed ')
    const stride = fc.integer({ min: 1, max: 2 }) // the product of all is bounded
    const layer = fc
      .tuple(op, number, stride, number, fc.integer({ min: 1, max: 3 }))
      .map(([op, k, s, d, x]) => `${op}k${k} s${s} d${d} x${x}`)
    fc.assert(
      fc.property(fc.array(layer, { minLength: 1, maxLength: 4 }), (layers) => {
        const runs = runsOf(layers.join(','))
        expect(runsOf(textOf(runs))).toEqual(runs)
      }),
    )
  })

  it('in short leaves out what is usual', () => {
    expect(textOf(runsOf('conv k3 s1 d1 x2,maxpool k2 s2 , transposed k4 s2 d1'))).toBe(
      'k3 x2, maxpool k2, transposed k4 s2',
    )
  })

  it.each([
    ['', /setting: a setting must name a kernel/],
    ['k3 s2, ', /setting: a setting must name a kernel/],
    [
      'k3 p1',
      /setting: onnx.same-upper takes .*, got pads|explorer: a layer of a chain must leave its padding to the convention/,
    ],
    ['k0', 'setting: kernel must be an integer of at least 1, got 0'],
    ['k3 x0', "explorer: a layer must come at least once, got '0'"],
    ['k3 x201', 'explorer: there must be at most 200 layers, got 201'],
    ['k3 s10 x6', 'explorer: the product of the strides must be at most 100000, got 1000000'],
    ['tf k3', /setting: a setting must name one framework/],
    ['same_lower k3', /setting: a setting must say its padding once/],
  ])('%j is refused', (text, message) => {
    expect(() => runsOf(text)).toThrow(message)
  })
})

describe('the drift', () => {
  it('grows with every strided layer', () => {
    expect(apart('k3 s2, k3 s2, k3 s2, k3 s2, k3 s2', 224)).toEqual([-1, -3, -7, -15, -31])
    expect(apart('k3 s2 x5', 225)).toEqual([0, 0, 0, 0, 0])
    expect(apart('k3 s2 x2, k3 x4', 512, 'lower')).toEqual([-1, -3, -3])
  })

  it.each(presets)(
    'of $name is nought on the sizes that agree, and not on its usual size unless that is one',
    ({ chain, size }) => {
      const runs = runsOf(chain)
      const { below, above, drift } = agreeingSizes(layersOf(runs), size)
      expect(above).toBeDefined()
      for (const good of [below, above].filter((one) => one !== undefined)) {
        for (const second of ['lower', 'symmetric'] as const) expect(apart(chain, good, second).at(-1)).toBe(0)
      }
      expect(apart(chain, size).at(-1)).toBe(0 - drift.symmetric)
      const around = driftsAround(runs, size, 'upper', 'symmetric', 40)
      expect(around).toHaveLength(81)
      expect(around.find((one) => one.size === above)?.apart).toBe(0)
    },
  )

  it('is not asked of a network that does not take its input', () => {
    expect(stagesOf(runsOf('k7 s2 x4'), 20, 'valid', 'upper')).toMatch(/^layer \d must take its input/)
    expect(driftsAround(runsOf('k7'), 3, 'valid', 'upper', 5).filter((one) => one.apart === undefined)).toHaveLength(6)
  })
})

describe('the drawing of the drift', () => {
  it('is finite for every network, size and width', () => {
    const size = fc.integer({ min: 1, max: 3000 })
    const chain = fc.constantFrom(...presets.map((preset) => preset.chain), 'k3 s9 x5', 'transposed k3 s2 x3, k3', 'k1')
    fc.assert(
      fc.property(chain, size, fc.integer({ min: 280, max: 3000 }), (chain, size, width) => {
        const stages = stagesOf(runsOf(chain), size, 'upper', 'symmetric')
        fc.pre(typeof stages !== 'string')
        const { lines, height, ruler } = driftDrawing(stages, size, width)
        expect(lines).toHaveLength(stages.length)
        const numbers = [height, ...ruler.map(({ x }) => x), ...lines.flatMap(({ y, from, to }) => [y, from, to])]
        expect(numbers.every(Number.isFinite)).toBe(true)
        expect(ruler.length).toBeLessThanOrEqual(20)
        for (const { above, below } of lines) expect(above + below).not.toMatch(/NaN|Infinity/)
      }),
    )
  })
})
