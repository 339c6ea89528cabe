import { eachAxis, type FollowAxes, own, reducedAxis, stepped } from './axes.ts'
import { type AxisStep, padStep, resizeStep } from './axis-step.ts'
import type { Call } from './call.ts'
import { type Dimension, fact, numbersOf, ofRank, type Shape } from './fact.ts'
import type { Infer, Operator } from './operator.ts'
import { axesOf } from './places.ts'
import { anySign, keepsSign, nonNegative } from './sign.ts'

// Operators that change the sizes of a picture, but for those that slide a window.

/** Whether a call pads and by how much, in ONNX's order, as an attribute or an input says it. */
export function padsOf(call: Call): readonly Dimension[] | undefined {
  return call.ints('pads') ?? call.ints('paddings') ?? (call.has(1) ? call.inputs[1]?.values : undefined)
}

/** The cells that a Pad adds before and after each axis of its input; undefined where that is not known. */
export function padding(call: Call): readonly (readonly [begin: Dimension, end: Dimension])[] | undefined {
  const rank = call.inputs[0]?.shape?.length
  const pads = padsOf(call)
  if (!pads) return undefined
  const given = call.has(3) ? numbersOf(call.inputs[3]) : null
  // Without the rank, as many axes as there are pads for.
  const size = rank ?? (given === null ? pads.length / 2 : 0)
  const axes = given === null ? Array.from({ length: size }, (_, axis) => axis) : given && axesOf(given, size)
  if (!axes || pads.length !== 2 * axes.length) return undefined
  return Array.from({ length: size }, (_, axis) => {
    const at = axes.indexOf(axis)
    return at < 0 ? [0, 0] : [pads[at], pads[at + axes.length]]
  })
}

const pad: Infer = (call) => {
  const [input] = call.inputs
  if (!input?.shape) return []
  const pads = padding(call)
  const add = (size: Dimension, [begin, end]: readonly Dimension[]): Dimension => {
    if (begin === 0 && end === 0) return size
    const isKnown = typeof size === 'number' && typeof begin === 'number' && typeof end === 'number'
    if (!isKnown) return undefined
    if (size + begin + end < 0) call.refuse('no more cells must be cropped than there are', [size, -begin - end])
    return size + begin + end
  }
  return [
    fact(
      input.shape.map((size, axis) => (pads ? add(size, pads[axis]) : undefined)),
      input.elementType,
    ),
  ]
}

/** A size times a float32 scale, as runtimes compute it. */
const scaled = (size: Dimension, scale: Dimension): Dimension => {
  if (scale === 1) return size
  return typeof size === 'number' && typeof scale === 'number' ? Math.floor(Math.fround(size * scale)) : undefined
}

/**
 * The one factor for all axes, by which the output is no larger, or no smaller, than the sizes that are given; null where each axis has
 * its own, undefined where it is not known.
 */
export function commonScale(call: Call, axes: readonly number[], sizes: Shape): number | null | undefined {
  const policy = call.attribute('keep_aspect_ratio_policy')?.string ?? 'stretch'
  if (policy === 'stretch' || sizes.length === 0) return null
  const ratios = axes.map((axis, index) => {
    const [wanted, size] = [sizes[index], call.inputs[0]?.shape?.[axis]]
    return typeof wanted === 'number' && typeof size === 'number' ? Math.fround(wanted / size) : Number.NaN
  })
  return (policy === 'not_larger' ? Math.min(...ratios) : Math.max(...ratios)) || undefined
}

const resize: Infer = (call) => {
  const [input] = call.inputs
  if (!input?.shape) return []
  const { shape, elementType } = input
  // Inputs: X, scales (operator set 10); X, roi, scales, sizes (11 and later). One of scales and sizes counts.
  const at = call.opset < 11 ? 1 : 2
  const scales = call.attribute('scales')?.floats ?? call.inputs[at]?.values ?? []
  const sizes = call.inputs[at + 1]?.values ?? []
  const given = call.ints('axes')
  const axes = given ? axesOf(given, shape.length) : shape.map((_, axis) => axis)
  if (!axes) return [ofRank(shape.length, elementType)]
  const common = commonScale(call, axes, sizes)
  const resized = (size: Dimension, axis: number): Dimension => {
    const index = axes.indexOf(axis)
    if (index < 0) return size
    if (sizes.length === axes.length && common === null) return sizes[index]
    if (sizes.length === axes.length) {
      return typeof size === 'number' && common ? Math.round(Math.fround(size * common)) : undefined
    }
    return scales.length === axes.length ? scaled(size, scales[index]) : undefined
  }
  return [fact(shape.map(resized), elementType)]
}

/** Upsample takes its scales as an attribute, as two of them (operator set 1), or as an input (9). */
const upsample: Infer = (call) => {
  const [input, second] = call.inputs
  if (!input?.shape) return []
  const [height, width] = [call.attribute('height_scale')?.float, call.attribute('width_scale')?.float]
  const two = height === undefined || width === undefined ? undefined : [1, 1, height, width]
  const scales: Shape = call.attribute('scales')?.floats ?? second?.values ?? two ?? []
  return [
    fact(
      input.shape.map((size, axis) => scaled(size, scales[axis])),
      input.elementType,
    ),
  ]
}

/** One cell is left of each spatial axis. */
const globalPool: Infer = ({ inputs: [input] }) => [
  input &&
    fact(
      input.shape?.map((size, axis) => (axis < 2 ? size : 1)),
      input.elementType,
    ),
]

const quantizedGlobalPool: Infer = (call) => (call.int('channels_last') ? [] : globalPool(call))

/** A size times or divided by a number of cells; where that does not divide it, the call cannot work. */
function divided(call: Call, size: Dimension, cells: number): Dimension {
  if (typeof size !== 'number') return undefined
  if (size % cells !== 0) call.refuse(`a size must be a multiple of ${cells}`, [size, cells])
  return size / cells
}

const times = (size: Dimension, cells: number): Dimension => (typeof size === 'number' ? size * cells : undefined)

/** Channels become space: [batch, channels, height, width]. */
const depthToSpace: Infer = (call) => {
  const [input] = call.inputs
  const block = call.int('blocksize') ?? 1
  if (input?.shape?.length !== 4) return []
  const [batch, channels, height, width] = input.shape
  const shape = [batch, divided(call, channels, block * block), times(height, block), times(width, block)]
  return [fact(shape, input.elementType)]
}

/** Space becomes channels. */
const spaceToDepth: Infer = (call) => {
  const [input] = call.inputs
  const block = call.int('blocksize') ?? 1
  if (input?.shape?.length !== 4) return []
  const [batch, channels, height, width] = input.shape
  const shape = [batch, times(channels, block * block), divided(call, height, block), divided(call, width, block)]
  return [fact(shape, input.elementType)]
}

/** Blocks of columns are added up to a picture: [batch, channels, ...size]. */
const columnsToImage: Infer = ({ inputs: [input, image, block] }) => {
  const sizes = image?.values
  const cells = numbersOf(block)?.reduce((product, size) => product * size, 1)
  const channels = input?.shape?.[1]
  if (!sizes) return []
  const left = typeof channels === 'number' && cells ? channels / cells : undefined
  return [fact([input?.shape?.[0], left, ...sizes], input?.elementType)]
}

/** What constant padding holds; undefined where that is computed. */
export const padValue = (call: Call): Dimension => call.number('value', 2, 0)

export const padded: FollowAxes = (given) => {
  const { call } = given
  const pads = padding(call)
  const isWritten = !call.has(1) || given.isConstant(1)
  const wraps = call.attribute('mode')?.string === 'wrap'
  return eachAxis((axis) => {
    const [begin, end] = pads?.[axis] ?? []
    if (begin === 0 && end === 0) return own(axis)
    const step = padStep(typeof begin === 'number' ? begin : undefined)
    const whole = wraps ? 'takes cells from the other end' : undefined
    return { ...own(axis), step: isWritten ? step : { ...step, irregular: 'pads by numbers that are computed' }, whole }
  })(given)
}

export const resized: FollowAxes = (given) => {
  const { call, output } = given
  const at = call.node.opType === 'Upsample' || call.opset < 11 ? 1 : 2
  const scales = call.attribute('scales')?.floats ?? numbersOf(call.inputs[at])
  const list = call.ints('axes')
  return eachAxis((axis, rank) => {
    const axes = list ? axesOf(list, rank) : undefined
    const index = axes ? axes.indexOf(axis) : axis
    if (index < 0 || scales?.[index] === 1) return own(axis)
    const step = resizeStep(call, scales?.[index], call.inputs[0]?.shape?.[axis], output?.[axis])
    return stepped(axis, step, 'resizes by a factor that is not known')
  })(given)
}

export const blocked = (step: (block: number) => AxisStep | undefined): FollowAxes =>
  eachAxis((axis, _, { call }) => {
    if (axis < 2) return axis === 0 ? own(axis) : undefined
    return stepped(axis, step(call.int('blocksize') ?? 1), 'is not followed')
  })

export const pooled: FollowAxes = (given) => eachAxis((axis) => (axis < 2 ? own(axis) : reducedAxis(axis)))(given)

/** Rows of operators that change the sizes of a picture. */
export const resizing: readonly Operator[] = [
  {
    ...{ name: 'Pad', infer: pad, cells: 'move' },
    sign: (call) => {
      const isConstant = (call.attribute('mode')?.string ?? 'constant') === 'constant'
      const value = padValue(call)
      return keepsSign(call) && (!isConstant || (typeof value === 'number' && value >= 0))
    },
  },
  { name: 'Resize', infer: resize, cells: 'move', sign: anySign },
  { name: 'Upsample', infer: upsample, cells: 'move', sign: keepsSign },
  { name: 'GlobalAveragePool', infer: globalPool, cells: 'mix', sign: keepsSign },
  { name: 'GlobalMaxPool', infer: globalPool, cells: 'mix', sign: keepsSign },
  { name: 'GlobalLpPool', infer: globalPool, cells: 'mix', sign: nonNegative },
  { name: 'QLinearGlobalAveragePool', infer: quantizedGlobalPool, cells: 'mix', sign: anySign },
  { name: 'Col2Im', infer: columnsToImage, cells: 'mix', sign: keepsSign },
  { name: 'DepthToSpace', infer: depthToSpace, cells: 'move', sign: keepsSign },
  { name: 'SpaceToDepth', infer: spaceToDepth, cells: 'move', sign: keepsSign },
]
