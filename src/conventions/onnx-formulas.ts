import { windowsIn } from '../geometry/axis.ts'
import { type Axis, fullSize, type Pads, type Window } from '../geometry/index.ts'
import { largerHalf, smallerHalf, windowShares, windowTotals } from '../geometry/padding.ts'
import { ASKED, type Formula } from './formula.ts'
import type { Setting } from './setting.ts'

/** What the caller of a transposed convolution may say. */
export interface Wish {
  /** The crop that was given, or [0, 0]. */
  readonly pads: Pads
  /** op; undefined where it was not given. */
  readonly outputPadding?: number
  /** The output that was asked for. */
  readonly outputShape?: number
}

/** The output that SAME gives, and that of pads. */
export const scaled = ({ input, stride }: Window): number => input * stride
export const padding = ({ outputPadding }: Wish): number => outputPadding ?? 0
export const cropped = (window: Window, wish: Wish): number => {
  return fullSize(window) + padding(wish) - wish.pads[0] - wish.pads[1]
}
/** Cells to crop so that a target remains, never fewer than none. */
export const surplus = (window: Window, target: number, wish: Wish): number => {
  return Math.max(0, fullSize(window) + padding(wish) - target)
}

/** What a framework refuses, and with what reason. Judged on the solved axis, so that pads may be looked at. */
export interface Rejection {
  readonly when: (setting: Setting, axis: Axis) => boolean
  readonly reason: string
  /** The call that refuses, where the framework has others that do not. */
  readonly by?: string
  /** What to write instead. */
  readonly instead?: string
  /** The row says nothing of such layers: it was written for others. No framework refuses them. */
  readonly outside?: true
}

/** Whether cells are cut off somewhere. */
export const negative = ({ padBegin, padEnd }: Axis): boolean => {
  return padBegin < 0 || padEnd < 0
}

/** A formula with the words of the caller that it looks at. */
type Taking<Arguments extends unknown[]> = Formula<Arguments> & { readonly takes: readonly (keyof Wish)[] }

/** What rules are put together from, by the names that rows have for them: of all rows, or of some. */
export interface Formulas {
  readonly totals: Readonly<Record<string, Formula<[window: Window, given: Pads]>>>
  readonly shares: Readonly<Record<string, Formula<[total: number, window: Window, given: Pads]> & { odd: string }>>
  readonly counts: Readonly<Record<string, Formula<[room: number, stride: number]>>>
  readonly sizes: Readonly<Record<string, Taking<[window: Window, wish: Wish]>>>
  readonly crops: Readonly<Record<string, Taking<[window: Window, output: number, wish: Wish]>>>
  readonly rejections: Readonly<Record<string, Rejection>>
}

/** Those of ONNX's own rows; the tables of all frameworks begin with them. */
export const onnxFormulas = {
  totals: {
    none: { text: '0', of: windowTotals.none },
    given: { text: 'as given', of: (_: Window, [begin, end]: Pads) => begin + end },
    minimal: { text: 'max(0, (⌈n/s⌉ - 1) s + K - n)', of: windowTotals.minimal },
  },
  shares: {
    'smaller half': { text: '⌊P/2⌋', odd: 'end', of: windowShares['smaller half'] },
    'larger half': { text: '⌈P/2⌉', odd: 'begin', of: windowShares['larger half'] },
    nothing: { text: '0', odd: 'end', of: () => 0 },
    given: { text: 'as given', odd: 'as given', of: (_total: number, _window: Window, [begin]: Pads) => begin },
  },
  counts: { floor: { text: '⌊(n + P - K)/s⌋ + 1', of: windowsIn } },
  sizes: {
    scaled: {
      text: 'n s',
      given: { outputShape: ASKED },
      takes: ['outputShape'],
      of: (window: Window, { outputShape }: Wish) => outputShape ?? scaled(window),
    },
    'cropped or asked for': {
      text: 'F + op - p_begin - p_end',
      given: { outputShape: ASKED },
      takes: ['pads', 'outputPadding', 'outputShape'],
      of: (window: Window, wish: Wish) => wish.outputShape ?? cropped(window, wish),
    },
  },
  crops: {
    'smaller half': {
      text: '⌊T/2⌋',
      ofSurplus: true,
      takes: ['outputPadding'],
      of: (window: Window, output: number, wish: Wish) => smallerHalf(surplus(window, output, wish)),
    },
    'larger half': {
      text: '⌈T/2⌉',
      ofSurplus: true,
      takes: ['outputPadding'],
      of: (window: Window, output: number, wish: Wish) => largerHalf(surplus(window, output, wish)),
    },
    'given, or the larger half': {
      text: 'p_begin',
      given: { outputShape: { text: '⌈T/2⌉', ofSurplus: true } },
      takes: ['pads', 'outputPadding'],
      of: (window: Window, output: number, wish: Wish) => {
        return wish.outputShape === undefined ? wish.pads[0] : largerHalf(surplus(window, output, wish))
      },
    },
    'given, or the smaller half': {
      text: 'p_begin',
      given: { outputShape: { text: '⌊T/2⌋', ofSurplus: true } },
      takes: ['pads', 'outputPadding'],
      of: (window: Window, output: number, wish: Wish) => {
        return wish.outputShape === undefined ? wish.pads[0] : smallerHalf(surplus(window, output, wish))
      },
    },
  },
  rejections: {
    'negative padding': { when: (_: Setting, axis: Axis) => negative(axis), reason: 'padding must not be negative' },
    'negative padding given': {
      when: ({ pads }: Setting) => pads !== undefined && Math.min(...pads) < 0,
      reason: 'padding must not be negative',
    },
  },
} as const satisfies Formulas
