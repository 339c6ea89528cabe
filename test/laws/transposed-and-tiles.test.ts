import { describe, expect, it } from 'vitest'
import { emptyWindowsAt } from '../../src/analysis/empty-windows.ts'
import { isSameFunction } from '../../src/analysis/same-function.ts'
import { evaluate } from '../../src/conventions/evaluate.ts'
import {
  effectiveKernel,
  emptyWindows,
  interior,
  isRejected,
  type Setting,
  solve,
  symmetricRecipe,
  taps,
  transposedOutputs,
  type Window,
} from '../../src/geometry.ts'
import { breaking, grid } from './grid.ts'
import { isOdd, type Shape, setting, shapes, solved, upTo } from './solved-shapes.ts'

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
