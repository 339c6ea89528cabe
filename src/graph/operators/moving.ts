import { Verbatim } from '../../geometry/error.ts'
import type { Fill } from '../../geometry/fill.ts'
import type { Pads } from '../../geometry/index.ts'
import { FLOATING } from '../../operators/fact.ts'
import { axesOf, axisOf } from '../../operators/places.ts'
import { broadcastSteps } from '../../run/broadcast.ts'
import { PlannedPart } from '../../run/compute-parts.ts'
import { depthToSpace, type SliceRange, slice, spaceToDepth, transpose } from '../../run/move.ts'
import { pad } from '../../run/pad.ts'
import { denseSteps } from '../../tensor/dense.ts'
import { type GraphValue, sizeOf } from '../operation.ts'
import { oncePart } from '../run-part.ts'
import type { Site } from '../site.ts'
import { plain } from './plain.ts'
import type { RunRow } from './row.ts'

/** The first input's elements in the output's shape: nothing is done. */
const reshaping = (name: string): RunRow => ({ name, takesAnything: true, lower: (site) => site.view(site.input()) })

/** Elements that lie so many apart along each axis of `sizes`, one after the other. */
function strided(
  site: Site,
  name: string,
  x: GraphValue,
  sizes: readonly number[],
  steps: readonly number[],
  shape = site.shape(),
): GraphValue {
  const part = new PlannedPart({
    ...{ sizes, output: { offset: 0, steps: denseSteps(sizes) }, inputs: [{ offset: 0, steps }] },
    ...{ steps: [], numbers: [] },
  })
  return site.call1(
    name,
    `to [${shape}]`,
    [x],
    ([from], output) => {
      oncePart(part, [from], output)()
    },
    shape,
  )
}

/** Elements brought into another order of axes. */
export function transposed(site: Site, x: GraphValue, order: readonly number[]): GraphValue {
  const shape = order.map((axis) => x.shape[axis])
  // Where only axes of one element change their places, all elements stay.
  const moving = order.filter((axis) => x.shape[axis] > 1)
  if (moving.every((axis, index) => index === 0 || axis > moving[index - 1])) return site.view(x, shape)
  return site.call1('transpose', `[${order}]`, [x], ([from], output) => transpose(from, order, { output }), shape)
}

function sliced(site: Site, x: GraphValue, ranges: readonly SliceRange[], shape: readonly number[]): GraphValue {
  if (String(shape) === String(x.shape) && ranges.every(([, , step = 1]) => step > 0)) return x
  const detail = ranges
    .map((range) => (range.length > 0 ? `${range.map((one) => one ?? '').join(':')}` : ':'))
    .join(', ')
  return site.call1('slice', detail, [x], ([from], output) => slice(from, ranges, { output }), shape)
}

const cutting: RunRow = {
  name: 'Slice',
  takesAnything: true,
  constants: [1, 2, 3, 4],
  lower(site) {
    const x = site.input()
    const [starts, ends] = [site.integers('starts', 1, []), site.integers('ends', 2, [])]
    const axes = axesOf(site.integers('axes', 3, [...starts.keys()]), x.shape.length) ?? []
    const steps = site.integers(
      'steps',
      4,
      starts.map(() => 1),
    )
    const ranges = x.shape.map((size, axis): SliceRange => {
      const at = axes.indexOf(axis)
      if (at < 0) return []
      const step = steps[at]
      const [low, high] = step > 0 ? [0, size] : [-1, size - 1]
      const place = (one: number): number => Math.min(Math.max(one < 0 ? one + size : one, low), high)
      const end = place(ends[at])
      return [place(starts[at]), end < 0 ? undefined : end, Math.min(Math.max(step, -size), size)]
    })
    return sliced(site, x, ranges, site.shape())
  },
}

const joining: RunRow = {
  name: 'Concat',
  takesAnything: true,
  lower(site) {
    const inputs = site.inputs
    const axis = axisOf(site.call.int('axis') ?? 1, inputs[0].shape.length) ?? 0
    if (inputs.length === 1) return inputs[0]
    return site.emit({ kind: 'concat', axis }, inputs, [site.shape()])[0]
  },
}

const splitting: RunRow = {
  name: 'Split',
  takesAnything: true,
  constants: [1],
  lower(site) {
    const x = site.input()
    const axis = axisOf(site.call.int('axis') ?? 0, x.shape.length) ?? 0
    let begin = 0
    return site.call.node.outputs.map((_, index) => {
      const shape = site.shape(index)
      const end = begin + shape[axis]
      const part = sliced(
        site,
        x,
        x.shape.map((__, at): SliceRange => (at === axis ? [begin, end] : [])),
        shape,
      )
      begin = end
      return part
    })
  },
}

const expanding: RunRow = {
  name: 'Expand',
  takesAnything: true,
  constants: [1],
  lower(site) {
    const [x, shape] = [site.input(), site.shape()]
    if (sizeOf(x.shape) === sizeOf(shape)) return site.view(x)
    return strided(site, 'expand', x, shape, broadcastSteps(x.shape, shape))
  },
}

const tiling: RunRow = {
  name: 'Tile',
  takesAnything: true,
  constants: [1],
  lower(site) {
    const [x, shape] = [site.input(), site.shape()]
    const steps = denseSteps(x.shape)
    const sizes = x.shape.flatMap((size, axis) => [shape[axis] / size, size])
    return strided(
      site,
      'tile',
      x,
      sizes,
      steps.flatMap((step) => [0, step]),
    )
  },
}

/** ONNX's words for what stands in padding. */
const fillings: Readonly<Record<string, Fill>> = {
  constant: 'constant',
  reflect: 'reflect',
  edge: 'replicate',
  wrap: 'circular',
}

const padding: RunRow = {
  name: 'Pad',
  constants: [1, 2, 3],
  refuses: ({ attribute }) => {
    const mode = attribute('mode')?.string ?? 'constant'
    return Object.hasOwn(fillings, mode) ? undefined : `pads by ${mode}`
  },
  lower(site) {
    const x = site.input()
    const rank = x.shape.length
    const mode = fillings[site.call.attribute('mode')?.string ?? 'constant']
    const list = site.integers('pads', 1, site.call.ints('paddings') ?? [])
    const axes = axesOf(site.integers('axes', 3, [...x.shape.keys()]), rank) ?? []
    const value = mode === 'constant' ? site.number('value', 2, 0) : 0
    const pads = x.shape.map((_, axis): Pads => {
      const at = axes.indexOf(axis)
      return at < 0 ? [0, 0] : [list[at], list[at + axes.length]]
    })
    const shape = site.shape()
    if (pads.every(([begin, end]) => begin === 0 && end === 0)) return x
    // The operation takes three to five dimensions: what has fewer gets some of one element, and those that are not padded go together.
    const missing = Math.max(0, 3 - rank)
    if (rank > 5) throw site.refusal('must pad at most 5 dimensions', rank)
    const ones = new Array<number>(missing).fill(1)
    const all = [...ones.map((): Pads => [0, 0]), ...pads]
    const detail = `${mode} ${pads.map((pair) => pair.join('+')).join(' ')}`
    const run = (
      [from]: readonly Parameters<typeof pad>[0][],
      output: { data: Float32Array; shape: readonly number[] },
    ) => void pad(from, all, { mode, value, output })
    return site.view(site.call1('pad', detail, [site.view(x, [...ones, ...x.shape])], run, [...ones, ...shape]))
  },
}

/** Elements of an axis, by constant places. */
const gathering: RunRow = {
  name: 'Gather',
  takesAnything: true,
  constants: [1],
  lower(site) {
    const [x, shape] = [site.input(), site.shape()]
    const axis = axisOf(site.call.int('axis') ?? 0, x.shape.length) ?? 0
    const size = x.shape[axis]
    const places = Array.from(site.constant(1), (place) => (place < 0 ? place + size : place))
    const wrong = places.find((place) => !(place >= 0 && place < size))
    if (wrong !== undefined) throw site.refusal(`must take places below ${size}`, wrong)
    const [outer, inner] = [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis + 1))]
    return site.call1(
      'gather',
      `${places.length} along ${axis}`,
      [x],
      ([from], output) => {
        const [source, target] = [from.data, output.data]
        let at = 0
        for (let line = 0; line < outer; line++) {
          for (const place of places) {
            const begin = (line * size + place) * inner
            target.set(source.subarray(begin, begin + inner), at)
            at += inner
          }
        }
      },
      shape,
    )
  },
}

/** Types of the same numbers are one to a schedule; what becomes an integer is cut towards zero. */
const casting = (name: string, typeOf: (call: Site['call']) => number): RunRow => ({
  name,
  takesAnything: true,
  lower(site) {
    const [x, to] = [site.input(), typeOf(site.call)]
    if (to === site.call.inputs[0]?.elementType || FLOATING.includes(to)) return site.view(x)
    if (to === BOOL) return plain(site, 'truth', (value) => Number(value !== 0), [x])
    return plain(site, 'integer', Math.trunc, [x])
  },
  refuses: (call) => (typeOf(call) === TEXT ? 'makes texts' : undefined),
})
const [BOOL, TEXT] = [9, 8]

const channels = (name: string, run: (site: Site, block: number, x: GraphValue) => GraphValue): RunRow => ({
  name,
  lower: (site) => run(site, site.call.int('blocksize') ?? 1, site.input()),
})

const dropout: RunRow = {
  name: 'Dropout',
  // Nothing is dropped where nothing is trained: the mask is true everywhere.
  lower(site) {
    const x = site.input()
    const mask = site.call.node.outputs[1] && site.filled(x.shape, new Float32Array(sizeOf(x.shape)).fill(1))
    return [site.view(x), mask || undefined]
  },
  constants: [2],
  refuses: ({ inputs, opset, attribute }) => {
    return inputs[2]?.values?.[0] || (opset < 7 && attribute('is_test')?.int === 0) ? 'trains' : undefined
  },
}

const order: RunRow = {
  name: 'Transpose',
  takesAnything: true,
  lower(site) {
    const x = site.input()
    const rank = x.shape.length
    return transposed(site, x, axesOf(site.call.ints('perm') ?? x.shape.map((_, axis) => rank - 1 - axis), rank) ?? [])
  },
}

/** A constant of many elements; of few ones the elements are known before. */
const constant: RunRow = {
  name: 'ConstantOfShape',
  takesAnything: true,
  constants: [0],
  lower(site) {
    const shape = site.shape()
    const value = site.call.attribute('value')?.tensor?.values()?.[0] ?? 0
    const size = sizeOf(shape)
    if (size > MOST_FILLED) throw site.refusal(`must make at most ${MOST_FILLED} elements`, new Verbatim(`${size}`))
    return site.filled(shape, new Float32Array(size).fill(value))
  },
}
const MOST_FILLED = 2 ** 24

/** Rows of operators that bring elements elsewhere. */
export const moving: readonly RunRow[] = [
  ...['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Identity'].map(reshaping),
  ...[casting('Cast', (call) => call.int('to') ?? 1), casting('CastLike', ({ inputs }) => inputs[1]?.elementType || 1)],
  ...[dropout, order, cutting, joining, splitting, expanding, tiling, padding, gathering, constant],
  channels('DepthToSpace', (site, block, x) => {
    const mode = site.call.attribute('mode')?.string === 'CRD' ? 'crd' : 'dcr'
    const detail = `${mode}, blocks of ${block}`
    return site.call1('depthToSpace', detail, [x], ([from], output) => depthToSpace(from, block, { mode, output }))
  }),
  channels('SpaceToDepth', (site, block, x) =>
    site.call1('spaceToDepth', `blocks of ${block}`, [x], ([from], output) => spaceToDepth(from, block, { output })),
  ),
]
