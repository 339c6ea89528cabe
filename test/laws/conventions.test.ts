import { describe, expect, it } from 'vitest'
import { evaluate } from '../../src/conventions/evaluate.ts'
import {
  agreeingSizes,
  compare,
  effectiveKernel,
  phase,
  receptiveField,
  resolve,
  staticPadding,
  type Window,
} from '../../src/geometry.ts'
import { breaking, grid } from './grid.ts'
import { axisOf, isOdd, type Shape, setting, shapes, solved } from './solved-shapes.ts'

describe('1: a total of K - 1 gives ceil(n / s) outputs, however it is split', () => {
  const rules = ['onnx.same-upper', 'onnx.same-lower', 'flax.circular', 'flux.same-pad', 'aten.same']

  it.each(rules)('%s', (rule) => {
    expect(breaking(grid, (window) => axisOf(rule, window).output === Math.ceil(window.input / window.stride))).toEqual(
      [],
    )
  })

  it('symmetric, with odd effective kernels', () => {
    const odd = grid.filter((window) => isOdd(effectiveKernel(window)))
    expect(
      breaking(odd, (window) => axisOf('pytorch.symmetric', window).output === Math.ceil(window.input / window.stride)),
    ).toEqual([])
  })

  it('every split', () => {
    const law = (window: Window): boolean => {
      const total = effectiveKernel(window) - 1
      return [0, 1, Math.floor(total / 2), total].every((begin) => {
        if (begin > total) return true
        const { input, kernel, stride, dilation } = window
        const padding = [[begin, total - begin]] as const
        return (
          resolve({ input, kernel, strides: stride, dilations: dilation, padding }).axes[0].output ===
          Math.ceil(input / stride)
        )
      })
    }
    expect(breaking(grid, law)).toEqual([])
  })
})

it('2: SAME pads max(0, K - r) cells, r = ((n - 1) mod s) + 1, so it depends on n mod s only', () => {
  const law = (window: Window): boolean =>
    ['onnx.same-upper', 'onnx.same-lower'].every((rule) => {
      const { padBegin, padEnd } = axisOf(rule, window)
      return padBegin + padEnd === Math.max(0, effectiveKernel(window) - (((window.input - 1) % window.stride) + 1))
    })
  expect(breaking(grid, law)).toEqual([])
})

describe('3: when one fixed pair of pads serves every input', () => {
  it.each([
    [
      'onnx.same-upper',
      ({ stride }: Shape, size: number) => stride === 1 || size <= 2 || (stride === 2 && !isOdd(size)),
    ],
    [
      'onnx.same-lower',
      ({ stride }: Shape, size: number) => stride === 1 || size === 1 || (stride === 2 && isOdd(size)),
    ],
  ])('%s', (rule, law) => {
    expect(
      breaking(shapes, (shape) => staticPadding(setting(rule, shape)).isStatic === law(shape, effectiveKernel(shape))),
    ).toEqual([])
  })
})

describe('4: PyTorch symmetric padding with odd kernels', () => {
  const odd = shapes.filter((shape) => isOdd(effectiveKernel(shape)) && shape.kernel > 1)
  const against = (rule: string, shape: Shape) => compare(setting('pytorch.symmetric', shape), setting(rule, shape))

  it('is SAME_LOWER for every input at stride 2', () => {
    const strided = odd.filter(({ stride }) => stride === 2)
    expect(breaking(strided, (shape) => against('onnx.same-lower', shape).equal)).toEqual([])
  })

  it('is TensorFlow SAME at stride 2 for odd inputs only', () => {
    const strided = odd.filter(({ stride }) => stride === 2)
    const law = (shape: Shape): boolean =>
      against('onnx.same-upper', shape).residues.every(({ residue, equal }) => equal === isOdd(residue))
    expect(breaking(strided, law)).toEqual([])
  })

  it('is both at stride 1, and neither for every input from stride 3 on', () => {
    for (const rule of ['onnx.same-upper', 'onnx.same-lower']) {
      expect(
        breaking(
          odd,
          (shape) =>
            against(rule, shape).equal === (shape.stride === 1 || (shape.stride === 2 && rule === 'onnx.same-lower')),
        ),
      ).toEqual([])
    }
  })
})

describe('5: inputs of 1 mod s, odd kernels', () => {
  it('upper, lower and symmetric are one', () => {
    const windows = grid.filter(
      (window) => window.input % window.stride === 1 % window.stride && isOdd(effectiveKernel(window)),
    )
    const law = (window: Window): boolean =>
      new Set(
        ['onnx.same-upper', 'onnx.same-lower', 'pytorch.symmetric'].map((rule) => JSON.stringify(axisOf(rule, window))),
      ).size === 1
    expect(breaking(windows, law)).toEqual([])
  })

  it.each([
    [5, 224, 193, 225],
    [5, 512, 481, 513],
    [4, 320, 305, 321],
    [3, 64, 57, 65],
    [5, 225, 225, 225],
  ])('%i layers with stride 2 near %i: %i and %i', (count, near, below, above) => {
    const layers = new Array(count).fill({ kernel: 3, stride: 2, dilation: 1 })
    expect(agreeingSizes(layers, near)).toMatchObject({ below, above, step: 2 ** count })
  })

  it('holds through chains of mixed strides: agreeing sizes are those of 1 mod the product, by trying them all', () => {
    const chain = [
      { kernel: 7, stride: 3, dilation: 1 },
      { kernel: 3, stride: 1, dilation: 4 },
      { kernel: 5, stride: 2, dilation: 2 },
    ]
    for (let near = 1; near < 120; near++) {
      const { below, above } = agreeingSizes(chain, near)
      expect([below, above]).toEqual([near - ((near - 1) % 6), near + ((6 - ((near - 1) % 6)) % 6)])
    }
  })

  it('an even kernel agrees where its total is even, which at stride 1 is nowhere', () => {
    expect(agreeingSizes([{ kernel: 2, stride: 2, dilation: 1 }], 8)).toMatchObject({ below: 8, above: 8 })
    expect(agreeingSizes([{ kernel: 4, stride: 1, dilation: 1 }], 8)).toMatchObject({
      below: undefined,
      above: undefined,
    })
  })
})

describe('6: the phase of a grid', () => {
  const five = (rule: string, input: number) =>
    phase(new Array(5).fill(setting(rule, { kernel: 3, stride: 2, dilation: 1 })), input)

  it.each([
    [224, 31],
    [256, 31],
    [225, 0],
    [257, 0],
  ])('five 3x3 layers with stride 2 from %i: TensorFlow lies %i cells from PyTorch', (input, cells) => {
    expect(
      (five('onnx.same-upper', input).at(-1)?.centre ?? 0) - (five('pytorch.symmetric', input).at(-1)?.centre ?? 0),
    ).toBe(cells)
  })

  it('grows by 1, 2, 4, 8, 16', () => {
    const centres = five('tensorflow.same', 224).map(({ centre }) => centre)
    expect(centres).toEqual([1, 3, 7, 15, 31])
    expect(five('tensorflow.same', 224).map(({ jump }) => jump)).toEqual([2, 4, 8, 16, 32])
  })

  it('is where the middle tap of a window lies, on the whole grid', () => {
    const law = (window: Window): boolean => {
      const odd = { ...window, kernel: 2 * window.kernel - 1 }
      const { axis, centre } = phase([setting('onnx.same-upper', odd)], window.input)[0]
      return centre === -axis.padBegin + ((odd.kernel - 1) / 2) * odd.dilation
    }
    expect(breaking(grid, law)).toEqual([])
  })

  it('comes back to where it was through a convolution and the transposed one that is its adjoint', () => {
    const layers = [
      setting('onnx.same-upper', { kernel: 3, stride: 2, dilation: 1 }),
      setting('onnx.transposed.same-upper', { kernel: 3, stride: 2, dilation: 1 }),
    ]
    expect(phase(layers, 8).map(({ jump, centre }) => [jump, centre])).toEqual([
      [2, 1],
      [1, 0],
    ])
  })

  it('receptive fields, found by changing one cell at a time', () => {
    const chain = [
      { kernel: 3, stride: 2, dilation: 1 },
      { kernel: 2, stride: 1, dilation: 3 },
      { kernel: 4, stride: 3, dilation: 1 },
    ]
    const layers = chain
      .map((shape) => setting('onnx.explicit', shape))
      .map((one) => ({ ...one, pads: [0, 0] as const }))
    const input = 64
    const run = (cells: number[]): number[] =>
      layers.reduce(
        (values, layer) => evaluate(layer, solved(layer, values.length), values, new Array(layer.kernel).fill(1)),
        cells,
      )
    const zeros = new Array(input).fill(0)
    const reached = (output: number): number[] =>
      [...zeros.keys()].filter((cell) => run(zeros.with(cell, 1))[output] !== 0)
    const { size, jump, start } = receptiveField(layers, input)
    expect([reached(0)[0], (reached(0).at(-1) ?? 0) + 1]).toEqual([start, start + size])
    expect([reached(1)[0], (reached(1).at(-1) ?? 0) + 1]).toEqual([start + jump, start + jump + size])
  })

  it('a receptive field starts in the padding where there is some', () => {
    const layers = new Array(5).fill(setting('pytorch.symmetric', { kernel: 3, stride: 2, dilation: 1 }))
    expect(receptiveField(layers, 224)).toEqual({ size: 63, jump: 32, start: -31 })
  })
})
