import { Verbatim } from '../../../geometry/error.ts'
import { allNumbers, FLOATING } from '../../../operators/fact.ts'
import { commonScale } from '../../../operators/resizing.ts'
import { type Interpolation, type ResampledAxis, resample, resampleAt } from '../../../reference/resample.ts'
import { resize as define } from '../../../reference/resize.ts'
import { type ResizeOptions, resize } from '../../../run/between/resize.ts'
import { denseSteps } from '../../../tensor/dense.ts'
import type { Tensor } from '../../../tensor/tensor.ts'
import { type GraphValue, sizeOf } from '../operation.ts'
import type { Site } from '../site.ts'
import type { RunRow } from './row.ts'

/** The most axes that the operation `resize` takes together. */
const MOST_AXES = 3

/** An axis as the operation `resize` has it. A scale need not lead to an integer, and places between cells follow from it. */
function resampledAxis(input: number, output: number, given: number | undefined): ResampledAxis {
  if (given === undefined) return { input, output, length: output }
  const scale = Math.fround(given)
  return { input, output, length: Math.fround(input * scale), scale }
}

/** A picture of the output's size. What stands around the axes that change goes together, as a batch and channels do. */
function resized(site: Site, scales: readonly (number | undefined)[], how: Interpolation): GraphValue {
  const [x, shape] = [site.input(), site.shape()]
  const axes = [...shape.keys()].filter((axis) => shape[axis] !== x.shape[axis] || (scales[axis] ?? 1) !== 1)
  if (axes.length === 0) return x
  const [first, last] = [axes[0], axes[axes.length - 1]]
  if (last - first >= MOST_AXES) {
    const all = x.shape.map((size, axis): PlacedAxis => ({ axis: resampledAxis(size, shape[axis], scales[axis]) }))
    return resizedAt(site, all, how)
  }
  const block = shape.map((_, axis) => axis).slice(first, last + 1)
  const [from, to] = [x.shape, shape].map((list) => list.slice(first, last + 1))
  const own = block.map((axis, index) => scales[axis] ?? to[index] / from[index])
  const options: ResizeOptions = { ...how, layout: 'nhwc', ...(scales.length > 0 ? { scales: own } : { sizes: to }) }
  const run = ([input]: readonly Tensor[], output: Tensor, [at]: readonly number[]): void => {
    const picture = ({ data, shape }: Tensor): Tensor => {
      const [outer, inner] = [shape.slice(0, at), shape.slice(at + block.length)]
      return { data, shape: [sizeOf(outer), ...shape.slice(at, at + block.length), sizeOf(inner)] }
    }
    resize(picture(input), { ...options, output: picture(output) })
  }
  const detail = `${how.mode} ${how.coordinates} to [${to}]`
  return site.emitCall('resize', detail, [x], run, shape, { axes: block, isBlock: true })
}

/** ONNX's words, of which those of samepad are a part. */
const known: Readonly<Record<string, readonly string[]>> = {
  mode: ['nearest', 'linear', 'cubic'],
  coordinate_transformation_mode: [
    ...['half_pixel', 'half_pixel_symmetric', 'pytorch_half_pixel', 'align_corners', 'asymmetric'],
    ...['tf_half_pixel_for_nn', 'tf_crop_and_resize'],
  ],
  keep_aspect_ratio_policy: ['stretch', 'not_larger', 'not_smaller'],
  nearest_mode: ['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil'],
}

/** An axis that is resized as no option of `resize` says it: where each output lies among the cells. */
interface PlacedAxis {
  readonly axis: ResampledAxis
  readonly place?: ((output: number) => number) | undefined
}

/** Resizes by the definition. Outputs that lie beyond the cells are `beyond` where that is given. */
function resizedAt(site: Site, axes: readonly PlacedAxis[], how: Interpolation, beyond?: number): GraphValue {
  const plans = axes.map(({ axis, place }) => {
    if (!place) return resample(axis, how)
    // However far beyond the cells a place lies, the next ones to it are those at the edge.
    return resampleAt((output) => Math.min(Math.max(place(output), -1), axis.input), axis, how)
  })
  const isBeyond = axes.map(({ axis, place }) =>
    Array.from({ length: axis.output }, (_, output) => {
      const at = place?.(output) ?? 0
      return beyond !== undefined && !(at >= 0 && at <= axis.input - 1)
    }),
  )
  const shape = site.shape()
  const steps = denseSteps(shape)
  const run = ([{ data }]: readonly Tensor[], output: Tensor): void => {
    const target = output.data
    define({ outer: 1, axes: plans, inner: 1 }, data, target)
    if (beyond === undefined) return
    for (let at = 0; at < target.length; at++) {
      if (isBeyond.some((list, axis) => list[Math.floor(at / steps[axis]) % shape[axis]])) target[at] = beyond
    }
  }
  return site.emitCall('resize', `${how.mode} to [${shape}]`, [site.input()], run)
}

/** Where outputs lie of which the first and the last lie at shares of the way from the first cell to the last. */
function cropped(begin: number, end: number, { input, output }: ResampledAxis): (output: number) => number {
  const last = input - 1
  if (output === 1) return () => 0.5 * (begin + end) * last
  return (at) => begin * last + (at * (end - begin) * last) / (output - 1)
}

const resizing: RunRow = {
  name: 'Resize',
  constants: [1, 2, 3],
  refuses: ({ attribute, inputs }) => {
    for (const [name, words] of Object.entries(known)) {
      const word = attribute(name)?.string
      if (word !== undefined && !words.includes(word)) return `has ${name} ${word}`
    }
    const type = inputs[0]?.elementType ?? 0
    const isWhole = type === 0 || FLOATING.includes(type) || (attribute('mode')?.string ?? 'nearest') === 'nearest'
    return isWhole ? undefined : `computes with ONNX's type ${type}`
  },
  lower(site) {
    const { call } = site
    const text = (name: string, absent: string): string => call.attribute(name)?.string ?? absent
    // Operator set 10 has no modes of its own.
    const isEarly = call.opset < 11
    const [from, to] = [site.input().shape, site.shape()]
    const given = site.integers('scales', isEarly ? 1 : 2, [])
    const axes = site.axes(call.ints('axes') ?? [...from.keys()])
    const common = commonScale(call, axes, site.integers('sizes', 3, []))
    const scaleOf = (axis: number): number => (axes.includes(axis) ? (common ?? given[axes.indexOf(axis)]) : 1)
    const scales = given.length === 0 ? [] : from.map((_, axis) => scaleOf(axis))
    const how: Interpolation = {
      mode: text('mode', 'nearest') as 'nearest',
      coordinates: text('coordinate_transformation_mode', isEarly ? 'asymmetric' : 'half_pixel') as 'half_pixel',
      nearest: text('nearest_mode', isEarly ? 'floor' : 'round_prefer_floor') as 'floor',
      cubicCoefficient: call.attribute('cubic_coeff_a')?.float ?? -0.75,
      excludeOutside: call.int('exclude_outside') === 1,
      antialias: call.int('antialias') === 1,
    }
    const isCropped = text('coordinate_transformation_mode', '') === CROPPED
    // Then the nearest cell is that behind where an axis becomes smaller.
    const isBehind = isEarly && how.mode === 'nearest' && scales.some((scale) => scale < 1)
    if (common === null && !isCropped && !isBehind) return resized(site, scales, how)
    const region = isCropped ? site.integers('roi', 1, []) : []
    const placed = from.map((input, at): PlacedAxis => {
      const scale = Math.fround(common === null && given.length === 0 ? to[at] / input : scaleOf(at))
      const axis = resampledAxis(input, to[at], scale)
      if (isBehind)
        return { axis, place: (output) => (scale < 1 ? Math.ceil(output / scale) : Math.floor(output / scale)) }
      const index = axes.indexOf(at)
      const [begin, end] = index < 0 ? [0, 1] : [region[index], region[index + axes.length]]
      return { axis, place: isCropped ? cropped(begin, end, axis) : undefined }
    })
    const beyond = isCropped ? (call.attribute('extrapolation_value')?.float ?? 0) : undefined
    return resizedAt(site, placed, how, beyond)
  },
}
const CROPPED = 'tf_crop_and_resize'

/** What Upsample does not say. */
const upsampleDefaults = { cubicCoefficient: -0.75, excludeOutside: false, antialias: false }

/** What came before Resize: cells are repeated, or lines are drawn between them, from the first cell on. */
const upsampling: RunRow = {
  name: 'Upsample',
  constants: [1],
  lower(site) {
    const { call } = site
    const scales = call.attribute('scales')?.floats ?? allNumbers(call.inputs[1]?.values)
    if (!scales) throw site.refusal('must have constant scales', new Verbatim('none'))
    const mode = call.attribute('mode')?.string === 'linear' ? 'linear' : 'nearest'
    return resized(site, scales, { ...upsampleDefaults, mode, coordinates: 'asymmetric', nearest: 'floor' })
  },
}

/** Rows of operators that give a picture another size. */
export const sizing: readonly RunRow[] = [resizing, upsampling]
