import type { Call, Rule } from '../call.ts'
import { type Fact, fact, INT64, numbersOf, ofRank } from '../fact.ts'
import type { Dimension, Shape } from '../model.ts'
import { axesOf, axisOf, padsOf } from './moving.ts'

// Operators that change the sizes of a picture, but for those that slide a window.

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

const pad: Rule = (call) => {
  const [input] = call.inputs
  if (!input?.shape) return []
  const pads = padding(call)
  const add = (size: Dimension, [begin, end]: readonly Dimension[]): Dimension => {
    if (begin === 0 && end === 0) return size
    const isKnown = typeof size === 'number' && typeof begin === 'number' && typeof end === 'number'
    return isKnown ? size + begin + end : undefined
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

const resize: Rule = (call) => {
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
  const policy = call.attribute('keep_aspect_ratio_policy')?.string ?? 'stretch'
  const resized = (size: Dimension, axis: number): Dimension => {
    const index = axes.indexOf(axis)
    if (index < 0) return size
    if (sizes.length === axes.length) return policy === 'stretch' ? sizes[index] : undefined
    return scales.length === axes.length ? scaled(size, scales[index]) : undefined
  }
  return [fact(shape.map(resized), elementType)]
}

/** Upsample takes its scales as an attribute, as two of them (operator set 1), or as an input (9). */
const upsample: Rule = (call) => {
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
const globalPool: Rule = ({ inputs: [input] }) => [
  input &&
    fact(
      input.shape?.map((size, axis) => (axis < 2 ? size : 1)),
      input.elementType,
    ),
]

/** Channels become space or space channels: [batch, channels, height, width]. */
function rearranged(input: Fact | undefined, of: (channels: number, cells: number) => [number, number]): Fact[] {
  if (input?.shape?.length !== 4) return []
  const shape = input.shape.map((size, axis) => {
    if (axis === 0 || typeof size !== 'number') return axis === 0 ? size : undefined
    return of(size, size)[axis === 1 ? 0 : 1]
  })
  return [fact(shape, input.elementType)]
}

const depthToSpace: Rule = (call) => {
  const block = call.int('blocksize') ?? 1
  return rearranged(call.inputs[0], (channels, cells) => [channels / block / block, cells * block])
}

const spaceToDepth: Rule = (call) => {
  const block = call.int('blocksize') ?? 1
  return rearranged(call.inputs[0], (channels, cells) => [channels * block * block, cells / block])
}

const gridSample: Rule = ({ inputs: [input, grid] }) => {
  if (!input?.shape || !grid?.shape) return []
  return [fact([...input.shape.slice(0, 2), ...grid.shape.slice(1, -1)], input.elementType)]
}

const oneHot: Rule = (call) => {
  const [indices, depth, values] = call.inputs
  if (!indices?.shape) return []
  const axis = axisOf(call.int('axis') ?? -1, indices.shape.length + 1)
  return axis === undefined ? [] : [fact(indices.shape.toSpliced(axis, 0, depth?.values?.[0]), values?.elementType)]
}

/** Rules for operators that resize, pad or sample. */
export const resizing: Readonly<Record<string, Rule>> = {
  Pad: pad,
  Resize: resize,
  Upsample: upsample,
  GlobalAveragePool: globalPool,
  GlobalMaxPool: globalPool,
  GlobalLpPool: globalPool,
  QLinearGlobalAveragePool: (call) => (call.int('channels_last') ? [] : globalPool(call)),
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
  GridSample: gridSample,
  OneHot: oneHot,
  GatherElements: ({ inputs: [input, indices] }) => [indices && fact(indices.shape, input?.elementType)],
  NonZero: ({ inputs: [input] }) => [fact([input?.shape?.length, undefined], INT64)],
}
