import { effectiveKernel, fullSize, type Window } from '../geometry/index.ts'
import { largerHalf, minimal, smallerHalf } from '../geometry/padding.ts'
import { ASKED, type Formula } from './formula.ts'
import { truncate } from './forward-rules.ts'
import { cropped, onnxFormulas, padding, scaled, surplus, type Wish } from './onnx-formulas.ts'

// The parts that transposed rules are put together from: how large the output is, and how much of the full result, of
// F = (n - 1) s + K cells, is cropped before it. What stays short of the output at the end is filled with zeros.

/** The output of a transposed convolution. */
export const transposedSizes = {
  ...onnxFormulas.sizes,
  cropped: { text: 'F + op - p_begin - p_end', takes: ['pads', 'outputPadding'], of: cropped },
  'cropped by numbers alone': {
    text: 'F - p_begin - p_end',
    takes: ['pads'],
    of: (window: Window, { pads }: Wish) => fullSize(window) - pads[0] - pads[1],
  },
  full: { text: 'F', takes: [], of: fullSize },
  'full and more': {
    text: 'F + op',
    takes: ['outputPadding'],
    of: (window: Window, wish: Wish) => fullSize(window) + padding(wish),
  },
  'padded by numbers': {
    text: '(n - 1) s + 1 + p_begin + p_end - (K - 1)',
    takes: ['pads'],
    of: (window: Window, { pads }: Wish) => {
      return fullSize(window) - 2 * (effectiveKernel(window) - 1) + pads[0] + pads[1]
    },
  },
  'at least the stride, or asked for': {
    text: 'n s + max(K - s, 0)',
    given: { outputShape: ASKED },
    takes: ['outputShape'],
    of: (window: Window, { outputShape }: Wish) => {
      return outputShape ?? scaled(window) + Math.max(effectiveKernel(window) - window.stride, 0)
    },
  },
  equinox: {
    text: 'n s',
    words: 'less op where K + op < s',
    takes: ['outputPadding'],
    of: (window: Window, wish: Wish) => {
      return scaled(window) - (effectiveKernel(window) + padding(wish) < window.stride ? padding(wish) : 0)
    },
  },
  'at least the stride': {
    text: 'n s + max(K - s, 0)',
    takes: [],
    of: (window: Window) => scaled(window) + Math.max(effectiveKernel(window) - window.stride, 0),
  },
  keras: {
    text: 'n s',
    given: { outputPadding: { text: '(n - 1) s + K mod 2 + op' } },
    takes: ['outputPadding'],
    of: (window: Window, { outputPadding }: Wish) => {
      if (outputPadding === undefined) return scaled(window)
      return (window.input - 1) * window.stride + (effectiveKernel(window) % 2) + outputPadding
    },
  },
  'keras valid': {
    text: 'n s + max(K - s, 0)',
    given: { outputPadding: { text: '(n - 1) s + K + op' } },
    takes: ['outputPadding'],
    of: (window: Window, { outputPadding }: Wish) => {
      if (outputPadding !== undefined) return fullSize(window) + outputPadding
      return scaled(window) + Math.max(effectiveKernel(window) - window.stride, 0)
    },
  },
  'keras on torch': {
    text: '(n - 1) s + K mod 2 + op',
    words: 'op = s - K mod 2, as far as PyTorch adds less than s',
    isOpen: true,
    takes: ['outputPadding'],
    of: (window: Window, wish: Wish) => {
      const [padding, size] = [kerasTorchPadding(window, wish), effectiveKernel(window)]
      const added = 2 * padding + (size % 2) - size + kerasTorchExtra(window, wish)
      return fullSize(window) - 2 * padding + Math.min(added, window.stride - 1)
    },
  },
  'scaled only': { text: 'n s', takes: [], of: scaled },
  'full or asked for': {
    text: 'F + op',
    given: { outputShape: ASKED },
    takes: ['outputPadding', 'outputShape'],
    of: (window: Window, wish: Wish) => wish.outputShape ?? fullSize(window) + padding(wish),
  },
  'surplus cropped': {
    text: 'F + op - max(0, F + op - n s)',
    given: { outputShape: ASKED },
    takes: ['outputPadding', 'outputShape'],
    of: (window: Window, wish: Wish) => {
      return wish.outputShape ?? fullSize(window) + padding(wish) - surplus(window, scaled(window), wish)
    },
  },
  'no more than full': {
    text: 'min(n s, F)',
    takes: [],
    of: (window: Window) => Math.min(scaled(window), fullSize(window)),
  },
} as const satisfies Record<string, Formula<[window: Window, wish: Wish]> & { takes: readonly (keyof Wish)[] }>

function kerasTorchExtra({ stride, ...window }: Window, { outputPadding }: Wish): number {
  return outputPadding ?? stride - (effectiveKernel(window) % 2)
}

function kerasTorchPadding(window: Window, wish: Wish): number {
  const size = effectiveKernel(window)
  return Math.max(-Math.floor(((size % 2) - size + kerasTorchExtra(window, wish)) / 2), 0)
}

/** The cells of the full result that come before the output; T = max(0, F + op - output). */
export const crops = {
  none: { text: '0', takes: [], of: () => 0 },
  given: { text: 'p_begin', takes: ['pads'], of: (_window: Window, _output: number, { pads }: Wish) => pads[0] },
  ...onnxFormulas.crops,
  'smaller half of the rest': {
    text: '⌊max(0, F - output)/2⌋',
    takes: [],
    of: (window: Window, output: number) => smallerHalf(Math.max(0, fullSize(window) - output)),
  },
  'larger half of the rest': {
    text: '⌈max(0, F - output)/2⌉',
    takes: [],
    of: (window: Window, output: number) => largerHalf(Math.max(0, fullSize(window) - output)),
  },
  'unclamped half': {
    text: '⌊(F - output)/2⌋',
    takes: [],
    of: (window: Window, output: number) => smallerHalf(fullSize(window) - output),
  },
  'unclamped half towards zero': {
    text: 'trunc((F - output)/2)',
    takes: [],
    of: (window: Window, output: number) => truncate(fullSize(window) - output, 2),
  },
  'keras on torch': {
    letter: 'p',
    text: 'max(-⌊(K mod 2 - K + op)/2⌋, 0)',
    takes: ['outputPadding'],
    of: (window: Window, _output: number, wish: Wish) => kerasTorchPadding(window, wish),
  },
  'from the input': {
    text: '⌊max(0, (⌈n/s⌉ - 1) s + K - n)/2⌋',
    words: 'from the small side',
    takes: [],
    of: (window: Window) => smallerHalf(minimal(window)),
  },
  'given around the input': {
    text: 'K - 1 - p_begin',
    takes: ['pads'],
    of: (window: Window, _output: number, { pads }: Wish) => effectiveKernel(window) - 1 - pads[0],
  },
} as const satisfies Record<
  string,
  Formula<[window: Window, output: number, wish: Wish]> & { takes: readonly (keyof Wish)[] }
>

export type TransposedSize = keyof typeof transposedSizes
export type Crop = keyof typeof crops
