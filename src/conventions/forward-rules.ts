import { effectiveKernel, type Pads, type Window } from '../geometry/index.ts'
import { ceilDivide } from '../geometry/integers.ts'
import {
  keeping,
  largerHalf,
  minimal,
  shortfall,
  smallerHalf,
  windowShares,
  windowTotals,
} from '../geometry/padding.ts'
import type { Formula } from './formula.ts'
import { onnxFormulas } from './onnx-formulas.ts'

// The parts that forward rules are put together from: how many cells in all (a total), and how many of them come first
// (a share).

const undilated = (window: Window): Window => ({ ...window, dilation: 1 })
const outputs = ({ input, stride }: Window): number => ceilDivide(input, stride)
/** Division as C++ does it: towards zero. */
export const truncate = (a: number, b: number): number => Math.trunc(a / b) + 0

/** onnxruntime's Conv: not clamped, and one more cell where symmetric padding would lose an output. */
function onnxruntimeConv(window: Window): number {
  const { input, kernel, stride } = window
  const total = shortfall(undilated(window))
  const reached = Math.trunc((input + 2 * total - kernel) / stride + 1)
  return reached < outputs(window) ? total + 1 : total
}

/** The dormant rule of ATen's `_pooling_same_mode_padding_lr`. */
function aten({ input, kernel, stride, dilation }: Window): number {
  const total = dilation * (kernel - 1)
  return stride > 2 && total % 2 === 1 && (input % stride) - 1 > 0 ? total - 1 : total
}

/** Both sides alike, so that output = input; an even kernel at stride 1 leaves no such number, and stays uneven. */
function keepingBothSides(window: Window): number {
  const total = keeping(window)
  return window.stride === 1 ? total : 2 * largerHalf(total)
}

/** The padding in all; `given` are the numbers of a convention that takes them from its caller. */
export const totals = {
  ...onnxFormulas.totals,
  unclamped: { text: '(⌈n/s⌉ - 1) s + K - n', of: shortfall },
  'minimal, dilation ignored': {
    text: 'max(0, (⌈n/s⌉ - 1) s + k - n)',
    of: (window: Window) => minimal(undilated(window)),
  },
  'unclamped, dilation ignored': {
    text: '(⌈n/s⌉ - 1) s + k - n',
    of: (window: Window) => shortfall(undilated(window)),
  },
  'onnxruntime conv': {
    text: '(⌈n/s⌉ - 1) s + k - n, + 1 if trunc((n + 2P - k)/s + 1) < ⌈n/s⌉',
    isConditional: true,
    of: onnxruntimeConv,
  },
  kernel: { text: 'K - 1', of: windowTotals.kernel },
  full: { text: '2 (K - 1)', of: windowTotals.full },
  'half, dilation ignored': { text: '2 ⌊k/2⌋', of: ({ kernel }: Window) => 2 * smallerHalf(kernel) },
  'kernel, dilation ignored': { text: 'k - 1', of: ({ kernel }: Window) => kernel - 1 },
  'kernel less stride': { text: 'K - s', of: (window: Window) => effectiveKernel(window) - window.stride },
  half: { text: '2 ⌊K/2⌋', of: (window: Window) => 2 * smallerHalf(effectiveKernel(window)) },
  'half of the rest': { text: '2 ⌊(K - 1)/2⌋', of: (window: Window) => 2 * smallerHalf(effectiveKernel(window) - 1) },
  timm: {
    text: '2 ⌊((s - 1) + d (k - 1))/2⌋',
    of: ({ kernel, stride, dilation }: Window) => 2 * smallerHalf(stride - 1 + dilation * (kernel - 1)),
  },
  aten: { text: 'd (k - 1), - 1 if s > 2 and that is odd and n mod s > 1', isConditional: true, of: aten },
  'minimal, made even': {
    text: '2 ⌈max(0, (⌈n/s⌉ - 1) s + K - n)/2⌉',
    of: (window: Window) => 2 * largerHalf(minimal(window)),
  },
  keeping: { text: '(n - 1) s + K - n', words: 'made even if s > 1', of: keepingBothSides },
  'keeping, rounded down': {
    text: '2 ⌊((n - 1) s + K - n)/2⌋',
    of: (window: Window) => 2 * smallerHalf(keeping(window)),
  },
  correct_pad: {
    text: '2 ⌊k/2⌋ - (1 - n mod 2)',
    of: ({ input, kernel }: Window) => 2 * smallerHalf(kernel) - (1 - (input % 2)),
  },
  one: { text: '1', of: () => 1 },
} as const satisfies Record<string, Formula<[window: Window, given: Pads]>>

/** How many of the cells come before the input. */
export const shares = {
  ...onnxFormulas.shares,
  'half towards zero': { text: 'trunc(P/2)', odd: 'end', of: (total: number) => truncate(total, 2) },
  'half and one towards zero': {
    text: 'trunc((P + 1)/2)',
    odd: 'begin',
    of: (total: number) => truncate(total + 1, 2),
  },
  all: { text: 'P', odd: 'begin', of: windowShares.all },
  'given by parity': {
    text: '⌊k/2⌋ - (1 - n mod 2)',
    odd: 'end',
    of: (_total: number, { input, kernel }: Window) => smallerHalf(kernel) - (1 - (input % 2)),
  },
  'before the input': {
    text: '⌈n/s⌉ s + K',
    odd: 'begin',
    of: (_total: number, window: Window) => outputs(window) * window.stride + effectiveKernel(window),
  },
  'all but the stride': {
    text: 'P - (s - 1)',
    odd: 'begin',
    of: (total: number, { stride }: Window) => total - (stride - 1),
  },
} as const satisfies Record<string, Formula<[total: number, window: Window, given: Pads]> & { odd: string }>

/** How many windows there are in so much room, the padded input less the effective kernel. */
export const counts = {
  ...onnxFormulas.counts,
  truncated: { text: 'trunc((n + P - K)/s) + 1', of: (room: number, stride: number) => truncate(room, stride) + 1 },
} as const satisfies Record<string, Formula<[room: number, stride: number]>>

export type Total = keyof typeof totals
export type Share = keyof typeof shares
export type Count = keyof typeof counts
