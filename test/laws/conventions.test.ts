import { describe, expect, it } from 'vitest'
import { emptyWindowsAt } from '../../src/analysis/empty-windows.ts'
import { isSameFunction } from '../../src/analysis/same-function.ts'
import { evaluate } from '../../src/conventions/evaluate.ts'
import {
  type Axis,
  agreeingSizes,
  compare,
  effectiveKernel,
  emptyWindows,
  interior,
  isRejected,
  phase,
  receptiveField,
  resolve,
  type Setting,
  type Solved,
  solve,
  staticPadding,
  symmetricRecipe,
  taps,
  transposedOutputs,
  type Window,
} from '../../src/geometry.ts'
import { breaking, grid } from './grid.ts'

type Shape = Omit<Window, 'input'>

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1)
const shapes: Shape[] = upTo(7).flatMap((kernel) =>
  upTo(5).flatMap((stride) => upTo(4).map((dilation) => ({ kernel, stride, dilation }))),
)
const setting = (convention: string, { kernel, stride, dilation }: Shape): Setting => ({
  ...{ convention, kernel, stride, dilation },
  op: convention.includes('transposed') ? 'convTranspose' : 'conv',
})

function axisOf(convention: string, window: Window): Axis {
  return solved(setting(convention, window), window.input).axis
}

function solved(one: Setting, input: number): Solved {
  const outcome = solve(one, input)
  if (isRejected(outcome)) throw new Error(`${JSON.stringify(one)} refuses ${input}: ${outcome.rejected}`)
  return outcome
}

const isOdd = (value: number): boolean => value % 2 === 1

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

describe('7: transposed SAME in the arguments of PyTorch', () => {
  const inputs = [2, 3, 5, 8]
  const largest = (rule: string, shape: Shape, input: number) => transposedOutputs(setting(rule, shape), input).at(-1)
  const cases = shapes
    .filter(({ kernel }) => kernel > 1)
    .flatMap((shape) => inputs.map((input) => ({ ...shape, input })))

  it('TensorFlow: expressible where K - s is even or not above 0, and only there', () => {
    const law = ({ input, ...shape }: Window): boolean => {
      const excess = effectiveKernel(shape) - shape.stride
      return (
        'padding' in (largest('onnx.transposed.same-upper', shape, input)?.pytorch ?? {}) ===
        (excess <= 0 || !isOdd(excess))
      )
    }
    expect(breaking(cases, law)).toEqual([])
  })

  it('SAME_LOWER: expressible except at stride 1 without dilation with an even kernel', () => {
    const law = ({ input, ...shape }: Window): boolean => {
      const { kernel, stride, dilation } = shape
      const fails = stride === 1 && dilation === 1 && !isOdd(kernel)
      return 'padding' in (largest('onnx.transposed.same-lower', shape, input)?.pytorch ?? {}) === !fails
    }
    expect(breaking(cases, law)).toEqual([])
  })

  it('what is said for PyTorch, ONNX and TensorFlow gives the same values there, for every legal output', () => {
    const kinds = ['onnx.transposed.same-upper', 'onnx.transposed.same-lower']
    const agree = (a: Setting, b: Setting, input: number): boolean =>
      isSameFunction(a, solve(a, input), b, solve(b, input))
    for (const { input, ...shape } of cases) {
      for (const kind of kinds) {
        const own = setting(kind, shape)
        const outputs = transposedOutputs(own, input)
        expect(outputs.map(({ output }) => output)).toEqual(
          upTo(shape.stride).map((more) => (input - 1) * shape.stride + more),
        )
        for (const { output, pytorch, onnx, tensorflow, keras } of outputs) {
          const wanted = { ...own, outputShape: output }
          const said: (Setting | undefined)[] = [
            'padding' in pytorch
              ? {
                  ...setting('pytorch.transposed.explicit', shape),
                  pads: [pytorch.padding, pytorch.padding],
                  outputPadding: pytorch.outputPadding,
                }
              : undefined,
            onnx && { ...setting('onnx.transposed.explicit', shape), ...onnx },
            tensorflow === undefined
              ? undefined
              : { ...setting('tensorflow.transposed.same', shape), outputShape: tensorflow },
            keras === undefined
              ? undefined
              : { ...setting('keras.transposed.same', shape), outputPadding: keras ?? undefined },
          ]
          for (const one of said)
            if (one) expect(agree(wanted, one, input), JSON.stringify([wanted, one, input])).toBe(true)
        }
      }
    }
  })

  it('k4 s2 p1 is universal; k3 s2 p1 op1 is SAME_LOWER', () => {
    const shape = { kernel: 4, stride: 2, dilation: 1 }
    expect(largest('onnx.transposed.same-upper', shape, 5)?.pytorch).toEqual({ padding: 1, outputPadding: 0 })
    expect(largest('onnx.transposed.same-lower', shape, 5)?.pytorch).toEqual({ padding: 1, outputPadding: 0 })
    expect(largest('onnx.transposed.same-lower', { ...shape, kernel: 3 }, 5)?.pytorch).toEqual({
      padding: 1,
      outputPadding: 1,
    })
    expect(largest('onnx.transposed.same-upper', { ...shape, kernel: 3 }, 5)?.pytorch).toEqual({ crop: [0, 1] })
  })
})

describe('8: windows without a real cell', () => {
  it('occur under SAME only with dilated even kernels', () => {
    const law = (shape: Shape): boolean => {
      const { sizes, beyond } = emptyWindows(setting('onnx.same-upper', shape))
      return !beyond && (sizes.length === 0 || (shape.dilation > 1 && !isOdd(shape.kernel)))
    }
    expect(breaking(shapes, law)).toEqual([])
  })

  it('are those at the edges: looking at every window finds no other', () => {
    const law = (shape: Shape): boolean =>
      ['onnx.same-upper', 'onnx.explicit', 'folklore.keep'].every((convention) =>
        [1, 2, 3, 7, 12].every((input) => {
          const asked = {
            ...setting(convention, shape),
            ...(convention === 'onnx.explicit' && { pads: [4, 9] as const }),
          }
          const outcome = solve(asked, input)
          if (isRejected(outcome)) return emptyWindowsAt(asked, input).length === 0
          const { axis } = outcome
          const all = [...Array(axis.output).keys()].filter((output) => {
            const { begin, end } = taps(axis, output)
            return begin === end
          })
          return String(emptyWindowsAt(asked, input)) === String(all)
        }),
      )
    expect(breaking(shapes, law)).toEqual([])
  })

  it('the smallest: input 1, kernel 2, dilation 2', () => {
    expect(emptyWindows(setting('onnx.same-upper', { kernel: 2, stride: 1, dilation: 2 })).sizes).toEqual([
      { input: 1, outputs: [0] },
    ])
  })

  it('the rule that keeps the size has them at every larger input', () => {
    expect(emptyWindows(setting('folklore.keep', { kernel: 3, stride: 2, dilation: 1 })).beyond).toBe(true)
  })
})

it('9: over-padding both sides alike and slicing is exact, for SAME_UPPER and SAME_LOWER', () => {
  const law = (window: Window): boolean =>
    ['onnx.same-upper', 'onnx.same-lower'].every((rule) => {
      const wanted = setting(rule, window)
      const { pad, drop, keep } = symmetricRecipe(wanted, window.input)
      const recipe = { ...wanted, convention: 'pytorch.explicit', pads: [pad, pad] as const, drop, trim: true }
      const [a, b] = [solved(wanted, window.input), solved(recipe, window.input)]
      return (
        a.axis.output === keep &&
        pad >= Math.max(a.axis.padBegin, a.axis.padEnd) &&
        isSameFunction(wanted, a, recipe, b)
      )
    })
  expect(breaking(grid, law)).toEqual([])
})

describe('10: tiles', () => {
  const weights = (kernel: number): number[] => Array.from({ length: kernel }, (_, tap) => 3 ** tap)
  const image = (size: number): number[] => Array.from({ length: size }, (_, index) => (index * index * 7 + 3) % 31)
  const windows = grid.filter(({ input }) => input >= 9)

  it('run with the pads of the whole image at its edges and with none inside are exact', () => {
    const law = (window: Window): boolean => {
      const one = setting('onnx.same-upper', window)
      const { axis } = solved(one, window.input)
      const whole = evaluate(one, { axis, zeros: [0, 0] }, image(window.input), weights(window.kernel))
      const half = Math.floor(axis.output / 2)
      const tiles = [
        [0, half],
        [half, axis.output],
      ].filter(([first, last]) => last > first)
      const joined = tiles.flatMap(([first, last]) => {
        const begin = first * axis.stride - axis.padBegin
        const end = (last - 1) * axis.stride - axis.padBegin + effectiveKernel(axis)
        const cells = image(window.input).slice(Math.max(0, begin), Math.max(0, end))
        const pads = [Math.max(0, -begin), Math.max(0, end - window.input)] as const
        const tile = { ...one, convention: 'onnx.explicit', pads }
        return evaluate(tile, solved(tile, cells.length), cells, weights(window.kernel))
      })
      return joined.join() === whole.join()
    }
    expect(breaking(windows, law)).toEqual([])
  })

  it('run with SAME themselves keep the grid exactly where the start is a multiple of the stride and the begin pads agree', () => {
    const law = (window: Window): boolean => {
      if (window.kernel === 1) return true
      const one = setting('onnx.same-upper', window)
      const whole = solved(one, window.input)
      const values = evaluate(one, whole, image(window.input), weights(window.kernel))
      return upTo(4).every((start) => {
        const size = window.input - start
        const tile = solved(one, size)
        const onGrid =
          (start - whole.axis.padBegin + tile.axis.padBegin) % window.stride === 0 &&
          start % window.stride === 0 &&
          tile.axis.padBegin === whole.axis.padBegin
        const inside = interior(tile.axis)
        const tiled = evaluate(one, tile, image(window.input).slice(start), weights(window.kernel))
        const shift = start / window.stride
        const agrees = upTo(inside.end - inside.begin).every(
          (at) => tiled[inside.begin + at - 1] === values[inside.begin + at - 1 + shift],
        )
        return onGrid ? agrees : true
      })
    }
    expect(breaking(windows, law)).toEqual([])
  })
})
