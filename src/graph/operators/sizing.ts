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

/** A picture of the output's size. What stands before the first axis that changes goes together, as a batch does. */
function resized(site: Site, scales: readonly (number | undefined)[], how: ResizeOptions): GraphValue {
  const [x, shape] = [site.input(), site.shape()]
  const rank = x.shape.length
  const changing = shape.findIndex((size, axis) => size !== x.shape[axis] || (scales[axis] ?? 1) !== 1)
  if (changing < 0) return x
  if (rank - changing > MOST_AXES) throw site.refusal(`must resize at most ${MOST_AXES} axes`, rank - changing)
  const outer = sizeOf(x.shape.slice(0, changing))
  const [from, to] = [x.shape.slice(changing), shape.slice(changing)]
  // A scale need not lead to an integer, and places between cells follow from it.
  const own = scales.slice(changing).map((scale, axis) => scale ?? to[axis] / from[axis])
  const sizes = scales.length > 0 ? { scales: own } : { sizes: to }
  const picture = site.view(x, [outer, 1, ...from])
  const detail = `${how.mode} ${how.coordinates} to [${to}]`
  const run = ([input]: readonly Tensor[], output: Tensor): unknown => resize(input, { ...how, ...sizes, output })
  return site.view(site.call1('resize', detail, [picture], run, [outer, 1, ...to]))
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
