import { Verbatim } from '../../geometry/error.ts'
import { allNumbers } from '../../operators/fact.ts'
import { axesOf } from '../../operators/places.ts'
import { type ResizeOptions, resize } from '../../run/resize.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { type GraphValue, sizeOf } from '../operation.ts'
import type { Site } from '../site.ts'
import type { RunRow } from './row.ts'

/** The most axes that are resized together. */
const MOST_AXES = 3

/** A picture of the output's size. What stands around the axes that change goes together, as a batch and channels do. */
function resized(site: Site, scales: readonly (number | undefined)[], how: ResizeOptions): GraphValue {
  const [x, shape] = [site.input(), site.shape()]
  const axes = [...shape.keys()].filter((axis) => shape[axis] !== x.shape[axis] || (scales[axis] ?? 1) !== 1)
  if (axes.length === 0) return x
  const [first, last] = [axes[0], axes[axes.length - 1]]
  if (last - first >= MOST_AXES) throw site.refusal(`must resize at most ${MOST_AXES} axes`, last - first + 1)
  const block = shape.map((_, axis) => axis).slice(first, last + 1)
  const [from, to] = [x.shape, shape].map((list) => list.slice(first, last + 1))
  // A scale need not lead to an integer, and places between cells follow from it.
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
  return site.call1('resize', detail, [x], run, shape, { axes: block, isBlock: true })
}

/** ONNX's words, of which those of samepad are a part. */
const known: Readonly<Record<string, readonly string[]>> = {
  mode: ['nearest', 'linear', 'cubic'],
  coordinate_transformation_mode: [
    ...['half_pixel', 'half_pixel_symmetric', 'pytorch_half_pixel', 'align_corners', 'asymmetric'],
    'tf_half_pixel_for_nn',
  ],
  keep_aspect_ratio_policy: ['stretch'],
  nearest_mode: ['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil'],
}

const resizing: RunRow = {
  name: 'Resize',
  constants: [1, 2, 3],
  refuses: ({ attribute }) => {
    for (const [name, words] of Object.entries(known)) {
      const word = attribute(name)?.string
      if (word !== undefined && !words.includes(word)) return `has ${name} ${word}`
    }
    return undefined
  },
  lower(site) {
    const { call } = site
    const text = (name: string, absent: string): string => call.attribute(name)?.string ?? absent
    // Operator set 10 has no modes of its own.
    const isEarly = call.opset < 11
    const at = isEarly ? 1 : 2
    const rank = site.input().shape.length
    const given = site.integers('scales', at, [])
    const axes = axesOf(call.ints('axes') ?? [...new Array<number>(rank).keys()], rank) ?? []
    const isSized = given.length === 0
    const scales = isSized
      ? []
      : site.input().shape.map((_, axis) => (axes.includes(axis) ? given[axes.indexOf(axis)] : 1))
    return resized(site, scales, {
      mode: text('mode', 'nearest') as 'nearest',
      coordinates: text('coordinate_transformation_mode', isEarly ? 'asymmetric' : 'half_pixel') as 'half_pixel',
      nearest: text('nearest_mode', isEarly ? 'floor' : 'round_prefer_floor') as 'floor',
      cubicCoefficient: call.attribute('cubic_coeff_a')?.float ?? -0.75,
      excludeOutside: call.int('exclude_outside') === 1,
      antialias: call.int('antialias') === 1,
    })
  },
}

/** What came before Resize: cells are repeated, or lines are drawn between them, from the first cell on. */
const upsampling: RunRow = {
  name: 'Upsample',
  constants: [1],
  lower(site) {
    const { call } = site
    const scales = call.attribute('scales')?.floats ?? allNumbers(call.inputs[1]?.values)
    if (!scales) throw site.refusal('must have constant scales', new Verbatim('none'))
    const mode = call.attribute('mode')?.string === 'linear' ? 'linear' : 'nearest'
    return resized(site, scales, { mode, coordinates: 'asymmetric', nearest: 'floor' })
  },
}

/** Rows of operators that give a picture another size. */
export const sizing: readonly RunRow[] = [resizing, upsampling]
