import { Verbatim } from '../../../geometry/error.ts'
import { FLOATING } from '../../../operators/fact.ts'
import { isSameShape } from '../../../run/memory/result.ts'
import { type GraphValue, type MoveLoop, type MoveOperation, NO_ELEMENTS, sizeOf } from '../operation.ts'
import type { Site } from '../site.ts'
import { plain } from './plain.ts'
import type { RunRow } from './row.ts'
import { placeIn } from './scattering.ts'

/** The first input's elements in the output's shape: nothing is done. */
const reshaping = (name: string): RunRow => ({ name, lower: (site) => site.view(site.input()) })

/** Elements of a value, one after the other; the loops are those of the output's axes, and cells are read from the first on by default. */
function moved(
  site: Site,
  x: GraphValue,
  how: Pick<MoveOperation, 'name' | 'detail' | 'along'> & Partial<MoveOperation>,
  shape = site.shape(),
): GraphValue {
  const operation: MoveOperation = { kind: 'move', sizes: shape, begin: x.shape.map(() => 0), ...how }
  return site.emit(operation, [x], [shape])[0]
}

/** Elements brought into another order of axes. */
export function transposed(site: Site, x: GraphValue, order: readonly number[]): GraphValue {
  const shape = order.map((axis) => x.shape[axis])
  // Where only axes of one element change their places, all elements stay.
  const moving = order.filter((axis) => x.shape[axis] > 1)
  if (moving.every((axis, index) => index === 0 || axis > moving[index - 1])) return site.view(x, shape)
  const along = order.map((axis) => ({ axis, step: 1 }))
  return moved(site, x, { name: 'transpose', detail: `[${order}]`, along }, shape)
}

/** All elements of a list, one after the other, so many times. */
export function repeated(site: Site, list: GraphValue, count: number): GraphValue {
  const shape = [count, ...list.shape]
  const along = [
    { axis: undefined, step: 0 },
    { axis: 0, step: 1 },
  ]
  const rows = moved(site, list, { name: 'tile', detail: `to [${shape}]`, along }, shape)
  return site.view(rows, [sizeOf(shape)])
}

/** From the begin of a range of each axis on, every so many cells. */
type Cut = readonly [begin: number, step: number]

function sliced(site: Site, x: GraphValue, cuts: readonly Cut[], shape: readonly number[]): GraphValue {
  if (isSameShape(shape, x.shape) && cuts.every(([, step]) => step > 0)) return x
  const detail = cuts.map(([begin, step]) => (step === 1 ? `${begin}` : `${begin}:${step}`)).join(', ')
  const along = cuts.map(([, step], axis) => ({ axis, step }))
  return moved(site, x, { name: 'slice', detail, along, begin: cuts.map(([begin]) => begin) }, shape)
}

const cutting: RunRow = {
  name: 'Slice',
  constants: [1, 2, 3, 4],
  lower(site) {
    const x = site.input()
    const starts = site.integers('starts', 1, [])
    const axes = site.axes(site.integers('axes', 3, [...starts.keys()]), x.shape.length)
    const steps = site.integers(
      'steps',
      4,
      starts.map(() => 1),
    )
    const cuts = x.shape.map((size, axis): Cut => {
      const at = axes.indexOf(axis)
      if (at < 0) return [0, 1]
      const [begin, step] = [starts[at] < 0 ? starts[at] + size : starts[at], steps[at]]
      return [Math.min(Math.max(begin, 0), step > 0 ? size : size - 1), Math.min(Math.max(step, -size), size)]
    })
    return sliced(site, x, cuts, site.shape())
  },
}

const joining: RunRow = {
  name: 'Concat',
  lower(site) {
    const inputs = site.inputs().filter(({ shape }) => sizeOf(shape) > 0)
    if (inputs.length === 0) return site.filled(site.shape(), NO_ELEMENTS)
    const axis = site.axis(1)
    if (inputs.length === 1) return inputs[0]
    return site.emit({ kind: 'concat', axis }, inputs, [site.shape()])[0]
  },
}

const splitting: RunRow = {
  name: 'Split',
  constants: [1],
  lower(site) {
    const x = site.input()
    const axis = site.axis(0)
    let begin = 0
    return site.call.node.outputs.map((_, index) => {
      const shape = site.shape(index)
      const cuts = x.shape.map((__, at): Cut => [at === axis ? begin : 0, 1])
      begin += shape[axis]
      return sliced(site, x, cuts, shape)
    })
  },
}

const expanding: RunRow = {
  name: 'Expand',
  constants: [1],
  lower(site) {
    const [x, shape] = [site.input(), site.shape()]
    if (sizeOf(x.shape) === sizeOf(shape)) return site.view(x)
    const missing = shape.length - x.shape.length
    const along = shape.map((_, axis): MoveLoop => {
      if (axis < missing) return { axis: undefined, step: 0 }
      return { axis: axis - missing, step: x.shape[axis - missing] === 1 ? 0 : 1 }
    })
    return moved(site, x, { name: 'expand', detail: `to [${shape}]`, along })
  },
}

const tiling: RunRow = {
  name: 'Tile',
  constants: [1],
  lower(site) {
    const [x, shape] = [site.input(), site.shape()]
    const sizes = x.shape.flatMap((size, axis) => [shape[axis] / size, size])
    const along = x.shape.flatMap((_, axis): MoveLoop[] => [
      { axis: undefined, step: 0 },
      { axis, step: 1 },
    ])
    return moved(site, x, { name: 'tile', detail: `to [${shape}]`, sizes, along })
  },
}

/** Elements of an axis, by places that are constants as a rule, or come with the inputs, as those of tokens do. */
const gathering: RunRow = {
  name: 'Gather',
  lower(site) {
    const [x, places, shape] = [site.input(), site.input(1), site.shape()]
    const axis = site.axis(0)
    const size = x.shape[axis]
    const known = places.constant?.map(placeIn(site, size))
    return site.emitCall(
      'gather',
      `${sizeOf(places.shape)} along ${axis}`,
      known ? [x] : [x, places],
      ([from, given], output, [along = axis]) => {
        const [source, target, list] = [from.data, output.data, known ?? given.data.map(placeIn(site, size))]
        const [outer, inner] = [sizeOf(from.shape.slice(0, along)), sizeOf(from.shape.slice(along + 1))]
        let at = 0
        for (let line = 0; line < outer; line++) {
          for (const place of list) {
            const begin = (line * size + place) * inner
            target.set(source.subarray(begin, begin + inner), at)
            at += inner
          }
        }
      },
      shape,
      known && places.shape.length === 1 ? { axes: [axis] } : {},
    )
  },
}

/** Types of the same numbers are one to a schedule; what becomes an integer is cut towards zero. */
const casting = (name: string, typeOf: (call: Site['call']) => number): RunRow => ({
  name,
  lower(site) {
    const [x, to] = [site.input(), typeOf(site.call)]
    if (to === site.call.inputs[0]?.elementType || FLOATING.includes(to)) return site.view(x)
    if (to === BOOL) return plain(site, 'truth', (value) => Number(value !== 0), [x])
    return plain(site, 'integer', Math.trunc, [x])
  },
  refuses: (call) => (typeOf(call) === TEXT ? 'makes texts' : undefined),
})
const [BOOL, TEXT] = [9, 8]

/** Axes cut into parts, the parts in another order, and joined again. */
const rearranged = (
  name: string,
  cut: (site: Site, x: GraphValue, block: number) => readonly [parts: readonly number[], order: readonly number[]],
): RunRow => ({
  name,
  lower(site) {
    const x = site.input()
    const [parts, order] = cut(site, x, site.call.int('blocksize') ?? 1)
    return site.view(transposed(site, site.view(x, parts), order))
  },
})

const depthToSpace = rearranged('DepthToSpace', (site, { shape: [batch, channels, height, width] }, block) => {
  const each = channels / block / block
  return site.call.attribute('mode')?.string === 'CRD'
    ? [
        [batch, each, block, block, height, width],
        [0, 1, 4, 2, 5, 3],
      ]
    : [
        [batch, block, block, each, height, width],
        [0, 3, 4, 1, 5, 2],
      ]
})

const spaceToDepth = rearranged('SpaceToDepth', (_, { shape: [batch, channels, height, width] }, block) => [
  [batch, channels, height / block, block, width / block, block],
  [0, 3, 5, 1, 2, 4],
])

const dropout: RunRow = {
  name: 'Dropout',
  // Nothing is dropped where nothing is trained: the mask is true everywhere.
  lower(site) {
    const x = site.input()
    const mask = site.call.node.outputs[1] && site.filled(x.shape, new Float32Array(sizeOf(x.shape)).fill(1))
    return [site.view(x), mask || undefined]
  },
  refuses: ({ node, inputs, opset, attribute }) => {
    // Exporters write a call that would drop a share of 0 as one that trains.
    if (inputs[1]?.values?.[0] === 0) return undefined
    if (node.inputs[2] && !inputs[2]?.values) return 'trains if it is told to'
    return inputs[2]?.values?.[0] || (opset < 7 && attribute('is_test')?.int === 0) ? 'trains' : undefined
  },
}

const order: RunRow = {
  name: 'Transpose',
  lower(site) {
    const x = site.input()
    const rank = x.shape.length
    return transposed(site, x, site.axes(site.call.ints('perm') ?? x.shape.map((_, axis) => rank - 1 - axis), rank))
  },
}

/** A constant of many elements; of few ones the elements are known before. */
const filling = (name: string, of: (site: Site, shape: readonly number[]) => (at: number) => number): RunRow => ({
  name,
  constants: [0, 1, 2],
  lower(site) {
    const shape = site.shape()
    const length = sizeOf(shape)
    if (length > MOST_FILLED) throw site.refusal(`must make at most ${MOST_FILLED} elements`, new Verbatim(`${length}`))
    const at = of(site, shape)
    return site.filled(
      shape,
      Float32Array.from({ length }, (_, index) => at(index)),
    )
  },
})
const MOST_FILLED = 2 ** 24

const constants: readonly RunRow[] = [
  filling('ConstantOfShape', (site) => {
    const value = site.call.attribute('value')?.tensor?.values()?.[0] ?? 0
    return () => value
  }),
  filling('Range', (site) => {
    const [[start], , [step]] = [site.constant(0), 0, site.constant(2)]
    return (at) => start + at * step
  }),
  {
    ...filling('EyeLike', (site, [, columns]) => {
      const ahead = site.call.int('k') ?? 0
      return (at) => Number((at % columns) - Math.floor(at / columns) === ahead)
    }),
    constants: [],
  },
]

/** Rows of operators that bring elements elsewhere. */
export const moving: readonly RunRow[] = [
  ...['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Identity'].map(reshaping),
  ...[casting('Cast', (call) => call.int('to') ?? 1), casting('CastLike', ({ inputs }) => inputs[1]?.elementType || 1)],
  ...[dropout, order, cutting, joining, splitting, expanding, tiling, gathering, ...constants],
  ...[depthToSpace, spaceToDepth],
]
