import fc from '../../fast-check.ts'
import {
  effective,
  isSound,
  isWindow,
  type Network,
  networks,
  type Pad,
  type Sides,
  type Slice,
  type State,
  type Step,
  sizesOf,
  statesOf,
  type Window,
} from './random-network.ts'

// Two exports of one network: written otherwise, or with one thing changed.

/** Where a variation is tried. */
interface Place {
  readonly network: Network
  readonly index: number
  readonly step: Step
  readonly next: Step | undefined
  readonly state: State
  /** Spatial sizes before the step and after it, where the file fixes them. */
  readonly sizes: readonly [readonly number[], readonly number[]] | undefined
  /** A number below a bound, at random. */
  readonly pick: (bound: number) => number
}

/** What a step and perhaps the next one become: how many are taken away, and what stands there instead. */
type Change = readonly [taken: number, ...steps: Step[]] | undefined

type Variation = (place: Place) => Change

/** A network, another one, and what makes the difference. */
export interface NetworkPair {
  readonly kind: string
  /** Whether both compute the same by their definition. */
  readonly rewritten: boolean
  readonly a: Network
  readonly b: Network
}

const isExplicit = (window: Window): window is Window & { padding: readonly Sides[] } =>
  typeof window.padding !== 'string'

const sums = (a: readonly Sides[], b: readonly Sides[]): Sides[] =>
  a.map(([begin, end], axis) => [begin + b[axis][0], end + b[axis][1]])
const none = (count: number): Sides[] => new Array<Sides>(count).fill([0, 0])
const isNone = (all: readonly Sides[]): boolean => all.flat().every((cells) => cells === 0)
const isPositive = (all: readonly Sides[]): boolean => all.flat().every((cells) => cells >= 0)
const ones = (count: number): number[] => new Array<number>(count).fill(1)
const isOnes = (list: readonly number[]): boolean => list.every((one) => one === 1)

/** The pads of the rule SAME at a size. */
function samePads(window: Window, axis: number, size: number): Sides | undefined {
  const stride = window.strides[axis]
  const total =
    window.op === 'ConvTranspose'
      ? effective(window, axis) - stride
      : Math.max(0, (Math.ceil(size / stride) - 1) * stride + effective(window, axis) - size)
  const small = Math.floor(total / 2)
  if (total < 0) return undefined
  return window.padding === 'SAME_LOWER' ? [total - small, small] : [small, total - small]
}

/** What stands in padding that changes nothing of a window. */
function neutralOf({ op }: Window, { type, zero }: State): number | undefined {
  if (op === 'MaxPool') return type === 'uint8' ? 0 : Number.NEGATIVE_INFINITY
  return op === 'ConvTranspose' ? undefined : type === 'uint8' ? zero : 0
}

/** Whether pads of a pool are below its kernel, as runtimes want them. */
const takes = (window: Window, padding: readonly Sides[]): boolean =>
  !window.op.endsWith('Pool') || padding.every((sides, axis) => Math.max(...sides) < window.kernel[axis])

const slice = (dropped: readonly Sides[], steps = ones(dropped.length)): Slice => ({ op: 'Slice', dropped, steps })
const zeros = (all: readonly Sides[]): Pad => ({ op: 'Pad', mode: 'constant', value: 0, sides: all })

/**
 * Whether another Pad than the given one holds minus infinity. Of windows without a cell onnxruntime makes the least number,
 * so that with such a Pad a maximum tells its own padding from written one.
 */
const isInfinite = ({ steps }: Network, except?: Step): boolean =>
  steps.some((step) => step !== except && step.op === 'Pad' && step.value < -1e30)

/** The same network, written otherwise. */
export const rewrites: Readonly<Record<string, Variation>> = {
  'a Pad folded into pads': ({ network, step, next, state }) => {
    if (isInfinite(network, step)) return undefined
    if (step.op !== 'Pad' || !next || !isWindow(next) || !isExplicit(next) || next.ceil) return undefined
    if (step.mode !== 'constant' || step.value !== neutralOf(next, state) || !isPositive(step.sides)) return undefined
    if (next.op === 'AveragePool' && !next.counted && !isNone(next.padding)) return undefined
    const padding = sums(next.padding, step.sides)
    return takes(next, padding)
      ? [2, { ...next, padding, ...(next.op === 'AveragePool' && { counted: true }) }]
      : undefined
  },
  'pads as a Pad': ({ network, step, state }) => {
    if (step.op === 'MaxPool' && isInfinite(network)) return undefined
    if (!isWindow(step) || !isExplicit(step) || step.ceil || isNone(step.padding)) return undefined
    const value = neutralOf(step, state)
    if (value === undefined || (step.op === 'AveragePool' && !step.counted)) return undefined
    const pad: Pad = { op: 'Pad', mode: 'constant', value, sides: step.padding }
    return [1, pad, { ...step, padding: none(step.kernel.length) }]
  },
  'a Pad in two': ({ step, pick }) => {
    if (step.op !== 'Pad' || !isPositive(step.sides) || !/constant|edge/.test(step.mode)) return undefined
    const first = step.sides.map(([begin, end]): Sides => [pick(begin + 1), pick(end + 1)])
    const rest = step.sides.map(([begin, end], axis): Sides => [begin - first[axis][0], end - first[axis][1]])
    return [1, { ...step, sides: first }, { ...step, sides: rest }]
  },
  'two Pads in one': ({ step, next }) => {
    if (step.op !== 'Pad' || next?.op !== 'Pad' || step.mode !== next.mode || step.value !== next.value)
      return undefined
    if (!/constant|edge/.test(step.mode) || !isPositive(step.sides) || !isPositive(next.sides)) return undefined
    return [2, { ...step, sides: sums(step.sides, next.sides) }]
  },
  'a Pad too wide, and cut': ({ step }) => {
    if (step.op !== 'Pad' || step.mode !== 'constant' || !isPositive(step.sides)) return undefined
    const more = step.sides.map((): Sides => [1, 2])
    const cut = step.sides.map((): Sides => [-1, -2])
    return [1, { ...step, sides: sums(step.sides, more) }, zeros(cut)]
  },
  'Identity between': ({ step }) => [1, step, { op: 'Identity' }],
  'Transpose around': ({ step, state }) => {
    if ((step.op !== 'Pad' && step.op !== 'Slice') || state.channelsLast) return undefined
    return [1, { op: 'Transpose' }, step, { op: 'Transpose' }]
  },
  'Cast around': ({ step, state }) => {
    if ((step.op !== 'Pad' && step.op !== 'Slice') || state.type !== 'float') return undefined
    return [1, { op: 'Cast' }, step, { op: 'Cast' }]
  },
  'a Pad behind QuantizeLinear': ({ step, next }) => {
    if (step.op !== 'Pad' || next?.op !== 'QuantizeLinear') return undefined
    const value = Math.max(0, Math.min(255, next.zero + step.value / next.scale))
    return Number.isInteger(value) ? [2, next, { ...step, value: step.mode === 'constant' ? value : 0 }] : undefined
  },
  'a Pad in front of QuantizeLinear': ({ step, next }) => {
    if (step.op !== 'QuantizeLinear' || next?.op !== 'Pad') return undefined
    return [2, { ...next, value: next.mode === 'constant' ? (next.value - step.zero) * step.scale : 0 }, step]
  },
  'SAME as numbers': ({ step, sizes }) => {
    if (!isWindow(step) || isExplicit(step) || step.padding === 'VALID') return undefined
    if (!sizes && !isOnes(step.strides) && step.op !== 'ConvTranspose') return undefined
    // Neither does rounding up count with SAME, nor may pads of a pool be as wide as its kernel.
    const padding = step.kernel.map((_, axis) => samePads(step, axis, sizes?.[0][axis] ?? 100))
    if (!padding.every((sides) => sides !== undefined) || !takes(step, padding)) return undefined
    return [1, { ...step, padding, ceil: false }]
  },
  'VALID as numbers': ({ step }) => {
    if (!isWindow(step) || step.padding !== 'VALID') return undefined
    return [1, { ...step, padding: none(step.kernel.length), ceil: false }]
  },
  'numbers as SAME': ({ step, sizes }) => {
    if (!isWindow(step) || !isExplicit(step) || !sizes || step.op === 'ConvTranspose' || step.ceil) return undefined
    if (step.op === 'Conv' && !isOnes(step.dilations)) return undefined
    const found = (['SAME_UPPER', 'SAME_LOWER'] as const).find((padding) =>
      step.padding.every(
        (sides, axis) => String(samePads({ ...step, padding }, axis, sizes[0][axis])) === String(sides),
      ),
    )
    return found && [1, { ...step, padding: found }]
  },
  'a crop as a Slice': ({ step }) => {
    if (step.op !== 'ConvTranspose' || !isExplicit(step) || isNone(step.padding) || step.outputShape) return undefined
    return [1, { ...step, padding: none(step.kernel.length) }, slice(step.padding)]
  },
  'a crop as a negative Pad': ({ step }) => {
    if (step.op !== 'ConvTranspose' || !isExplicit(step) || isNone(step.padding) || step.outputShape) return undefined
    const cut = step.padding.map(([begin, end]): Sides => [-begin, -end])
    return [1, { ...step, padding: none(step.kernel.length) }, zeros(cut)]
  },
  'an output_shape': ({ step, sizes }) => {
    if (step.op !== 'ConvTranspose' || !isExplicit(step) || !sizes || step.outputShape) return undefined
    const { outputPadding: _, ...rest } = step
    const shape = sizes[1]
    // What the specification crops for that output: the larger half at the start.
    const fits = step.padding.every(([begin, end], axis) => {
      const full = (sizes[0][axis] - 1) * step.strides[axis] + effective(step, axis)
      const total = full + (step.outputPadding?.[axis] ?? 0) - shape[axis]
      return total >= 0 && begin === total - Math.floor(total / 2) && end === Math.floor(total / 2)
    })
    const added = step.outputPadding && { outputPadding: step.outputPadding }
    return fits ? [1, { ...rest, ...added, padding: none(step.kernel.length), outputShape: shape }] : undefined
  },
  'a stride as a Slice': ({ step }) => {
    if (!isWindow(step) || step.op === 'ConvTranspose' || isOnes(step.strides) || step.ceil) return undefined
    if (!isExplicit(step) && step.padding !== 'VALID') return undefined
    const { strides } = step
    return [1, { ...step, strides: ones(strides.length) }, slice(none(strides.length), [...strides])]
  },
  'more windows, dropped': ({ step, pick }) => {
    if (!isWindow(step) || step.op === 'ConvTranspose' || !isExplicit(step) || step.ceil) return undefined
    const dropped = step.kernel.map((): Sides => [pick(3), pick(2)])
    const more = dropped.map(([begin, end], axis): Sides => [begin * step.strides[axis], end * step.strides[axis]])
    const padding = sums(step.padding, more)
    return takes(step, padding) && !isNone(more) ? [1, { ...step, padding }, slice(dropped)] : undefined
  },
  'a Slice as a negative Pad': ({ step }) => {
    if (step.op !== 'Slice' || !isOnes(step.steps)) return undefined
    return [1, zeros(step.dropped.map(([begin, end]): Sides => [-begin, -end]))]
  },
  'a negative Pad as a Slice': ({ step }) => {
    if (step.op !== 'Pad' || !step.sides.flat().every((cells) => cells <= 0)) return undefined
    return [1, slice(step.sides.map(([begin, end]): Sides => [-begin, -end]))]
  },
  'a Slice in two': ({ step }) => {
    if (step.op !== 'Slice') return undefined
    return [1, slice(step.dropped), slice(none(step.steps.length), [...step.steps])]
  },
  'attributes written out': ({ step }) => (isWindow(step) && !step.wordy ? [1, { ...step, wordy: true }] : undefined),
  'rounding up as pads': ({ step, sizes }) => {
    if (!isWindow(step) || !step.ceil || !isExplicit(step) || step.op !== 'MaxPool' || !sizes) return undefined
    const padding = step.padding.map(([begin, end], axis): Sides => {
      const last = (sizes[1][axis] - 1) * step.strides[axis] + effective(step, axis)
      return [begin, Math.max(end, last - sizes[0][axis] - begin)]
    })
    return takes(step, padding) ? [1, { ...step, padding, ceil: false }] : undefined
  },
  'the least number for -Infinity': ({ step, next, state }) => {
    if (step.op !== 'Pad' || step.value !== Number.NEGATIVE_INFINITY || state.type !== 'float') return undefined
    // Every window must have a cell, or what stands in the padding comes out.
    if (!next || !isWindow(next) || next.ceil || !isExplicit(next) || !isOnes(next.dilations)) return undefined
    if (!takes(next, sums(next.padding, step.sides))) return undefined
    return [1, { ...step, value: -3.4028234663852886e38 }]
  },
}

const moved = (all: readonly Sides[], pick: Place['pick']): Sides[] => {
  const [axis, side, by] = [pick(all.length), pick(2), pick(2) === 0 ? 1 : -1]
  return all.map((sides, index): Sides => {
    if (index !== axis) return sides
    return side === 0 ? [sides[0] + by, sides[1]] : [sides[0], sides[1] + by]
  })
}
const other = <T>(list: readonly T[], not: T, pick: Place['pick']): T => {
  const others = list.filter((one) => one !== not)
  return others[pick(others.length)]
}
const changedAt = (list: readonly number[], values: readonly number[], pick: Place['pick']): number[] => {
  const at = pick(list.length)
  return list.map((one, index) => (index === at ? other(values, one, pick) : one))
}

/** The same network with one thing changed. */
export const changes: Readonly<Record<string, Variation>> = {
  'another value of a Pad': ({ step, state, pick }) => {
    if (step.op !== 'Pad' || step.mode !== 'constant' || !isPositive(step.sides) || isNone(step.sides)) return undefined
    return [1, { ...step, value: other(state.type === 'uint8' ? [0, 128, 130, 3] : [0, 1, -3], step.value, pick) }]
  },
  'another mode of a Pad': ({ step, pick }) => {
    if (step.op !== 'Pad' || isNone(step.sides)) return undefined
    return [1, { ...step, mode: other(['constant', 'reflect', 'edge', 'wrap'], step.mode, pick) }]
  },
  'other cells of a Pad': ({ step, pick }) =>
    step.op === 'Pad' ? [1, { ...step, sides: moved(step.sides, pick) }] : undefined,
  'begin and end of a Pad exchanged': ({ step }) =>
    step.op === 'Pad' ? [1, { ...step, sides: step.sides.map(([begin, end]): Sides => [end, begin]) }] : undefined,
  'without a Pad': ({ step, network }) => (step.op === 'Pad' && network.steps.length > 1 ? [1] : undefined),
  'without a Slice': ({ step, network }) => (step.op === 'Slice' && network.steps.length > 1 ? [1] : undefined),
  'a Pad more': ({ step, state, pick }) => {
    const count = isWindow(step) ? step.kernel.length : step.op === 'Pad' ? step.sides.length : 0
    const value = other([0, state.zero], Number.NaN, pick)
    return count > 0 ? [1, { ...zeros(moved(none(count), () => 0)), value }, step] : undefined
  },
  'two neighbours exchanged': ({ step, next }) => {
    const around = (one: Step | undefined): boolean => one?.op === 'Pad' || one?.op === 'Slice'
    return next && around(step) && around(next) ? [2, next, step] : undefined
  },
  'a Pad behind, not before': ({ step, next }) =>
    step.op === 'Pad' && next && isWindow(next) && next.op !== 'ConvTranspose' ? [2, next, step] : undefined,
  'other pads': ({ step, pick }) => {
    if (!isWindow(step) || !isExplicit(step)) return undefined
    const padding = moved(step.padding, pick)
    return isPositive(padding) && takes(step, padding) ? [1, { ...step, padding }] : undefined
  },
  'begin and end of pads exchanged': ({ step }) => {
    if (!isWindow(step) || !isExplicit(step)) return undefined
    return [1, { ...step, padding: step.padding.map(([begin, end]): Sides => [end, begin]) }]
  },
  'another word for pads': ({ step, pick }) => {
    if (!isWindow(step) || isExplicit(step)) return undefined
    const padding = other(['SAME_UPPER', 'SAME_LOWER', 'VALID'] as const, step.padding as 'VALID', pick)
    return [1, { ...step, padding, ...(step.op === 'Conv' && { dilations: ones(step.kernel.length) }) }]
  },
  'another stride': ({ step, pick }) =>
    isWindow(step) && !step.outputPadding
      ? [1, { ...step, strides: changedAt(step.strides, [1, 2, 3], pick) }]
      : undefined,
  'another dilation': ({ step, pick }) =>
    isWindow(step) && (isExplicit(step) || step.op !== 'Conv')
      ? [1, { ...step, dilations: changedAt(step.dilations, [1, 2, 3], pick) }]
      : undefined,
  'rounded otherwise': ({ step }) =>
    isWindow(step) && step.op.endsWith('Pool') ? [1, { ...step, ceil: !step.ceil }] : undefined,
  'counted otherwise': ({ step }) => (step.op === 'AveragePool' ? [1, { ...step, counted: !step.counted }] : undefined),
  'another output_padding': ({ step, pick }) => {
    if (step.op !== 'ConvTranspose' || !isExplicit(step) || isOnes(step.strides)) return undefined
    const given = step.outputPadding ?? step.strides.map(() => 0)
    const axis = step.strides.findIndex((stride) => stride > 1)
    const outputPadding = given.map((cells, index) =>
      index === axis ? other([0, 1, 2].slice(0, step.strides[axis]), cells, pick) : cells,
    )
    return [1, { ...step, outputPadding }]
  },
  'other cells of a Slice': ({ step, pick }) => {
    if (step.op !== 'Slice') return undefined
    const dropped = moved(step.dropped, pick)
    return isPositive(dropped) ? [1, { ...step, dropped }] : undefined
  },
  'another step of a Slice': ({ step, pick }) =>
    step.op === 'Slice' ? [1, { ...step, steps: changedAt(step.steps, [1, 2, 3], pick) }] : undefined,
  'a Slice more': ({ step, pick }) =>
    isWindow(step)
      ? [
          1,
          step,
          slice(
            moved(none(step.kernel.length), () => 0),
            changedAt(step.strides, [1, 2], pick),
          ),
        ]
      : undefined,
}

/** A network and a variation of it: half of them written otherwise, half of them with one thing changed. */
export const networkPairs: fc.Arbitrary<NetworkPair> = fc
  .record({
    network: networks,
    rewritten: fc.boolean(),
    numbers: fc.array(fc.nat({ max: 1000 }), { minLength: 16, maxLength: 16 }),
  })
  .map(({ network, rewritten, numbers }): NetworkPair | undefined => {
    let next = 0
    const pick = (bound: number): number => numbers[next++ % numbers.length] % bound
    const all = variationsOf(network, rewritten ? rewrites : changes, pick)
    if (all.length === 0) return undefined
    // Kinds first: some fit at nearly every step.
    const kinds = [...new Set(all.map(({ kind }) => kind))]
    const kind = kinds[numbers[0] % kinds.length]
    const places = all.filter((one) => one.kind === kind)
    return { kind, rewritten, a: network, b: places[numbers[1] % places.length].network }
  })
  .filter((pair) => pair !== undefined)

function variationsOf(
  network: Network,
  variations: Readonly<Record<string, Variation>>,
  pick: Place['pick'],
): { kind: string; network: Network }[] {
  const [states, sizes] = [statesOf(network), sizesOf(network)]
  return Object.entries(variations).flatMap(([kind, vary]) =>
    network.steps.flatMap((step, index) => {
      const place = { network, index, step, next: network.steps[index + 1], state: states[index], pick }
      const change = vary({ ...place, sizes: network.open ? undefined : [sizes[index], sizes[index + 1]] })
      if (!change) return []
      const [taken, ...steps] = change
      const varied = { ...network, steps: network.steps.toSpliced(index, taken, ...steps) }
      return isSound(varied) ? [{ kind, network: varied }] : []
    }),
  )
}
