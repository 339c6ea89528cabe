import { Verbatim } from '../../geometry/error.ts'
import type { Fill } from '../../geometry/fill.ts'
import type { Pads } from '../../geometry/index.ts'
import { FLOATING } from '../../operators/fact.ts'
import { axesOf, axisOf } from '../../operators/places.ts'
import type { View } from '../../reference/elementwise.ts'
import { broadcastSteps } from '../../run/broadcast.ts'
import { depthToSpace, spaceToDepth } from '../../run/move.ts'
import { pad } from '../../run/pad.ts'
import { denseSteps } from '../../tensor/dense.ts'
import { type GraphValue, sizeOf } from '../operation.ts'
import type { Site } from '../site.ts'
import { plain } from './plain.ts'
import type { RunRow } from './row.ts'
import { placeIn } from './scattering.ts'

/** The first input's elements in the output's shape: nothing is done. */
const reshaping = (name: string): RunRow => ({ name, lower: (site) => site.view(site.input()) })

/** Elements that lie so many apart along each axis of `sizes`, one after the other. */
function strided(
  site: Site,
  name: string,
  x: GraphValue,
  { sizes, from, detail }: { readonly sizes: readonly number[]; readonly from: View; readonly detail: string },
  shape = site.shape(),
): GraphValue {
  return site.emit({ kind: 'move', name, detail, sizes, from }, [x], [shape])[0]
}

/** Elements brought into another order of axes. */
export function transposed(site: Site, x: GraphValue, order: readonly number[]): GraphValue {
  const shape = order.map((axis) => x.shape[axis])
  // Where only axes of one element change their places, all elements stay.
  const moving = order.filter((axis) => x.shape[axis] > 1)
  if (moving.every((axis, index) => index === 0 || axis > moving[index - 1])) return site.view(x, shape)
  const steps = denseSteps(x.shape)
  const from = { offset: 0, steps: order.map((axis) => steps[axis]) }
  return strided(site, 'transpose', x, { sizes: shape, from, detail: `[${order}]` }, shape)
}

/** From the begin of a range of each axis on, every so many cells. */
type Cut = readonly [begin: number, step: number]

function sliced(site: Site, x: GraphValue, cuts: readonly Cut[], shape: readonly number[]): GraphValue {
  if (String(shape) === String(x.shape) && cuts.every(([, step]) => step > 0)) return x
  const dense = denseSteps(x.shape)
  const offset = cuts.reduce((sum, [begin], axis) => sum + begin * dense[axis], 0)
  const from = { offset, steps: cuts.map(([, step], axis) => step * dense[axis]) }
  const detail = cuts.map(([begin, step]) => (step === 1 ? `${begin}` : `${begin}:${step}`)).join(', ')
  return strided(site, 'slice', x, { sizes: shape, from, detail }, shape)
}

const cutting: RunRow = {
  name: 'Slice',
  constants: [1, 2, 3, 4],
  lower(site) {
    const x = site.input()
    const starts = site.integers('starts', 1, [])
    const axes = axesOf(site.integers('axes', 3, [...starts.keys()]), x.shape.length) ?? []
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
    const inputs = site.inputs
    const axis = axisOf(site.call.int('axis') ?? 1, inputs[0].shape.length) ?? 0
    if (inputs.length === 1) return inputs[0]
    return site.emit({ kind: 'concat', axis }, inputs, [site.shape()])[0]
  },
}

const splitting: RunRow = {
  name: 'Split',
  constants: [1],
  lower(site) {
    const x = site.input()
    const axis = axisOf(site.call.int('axis') ?? 0, x.shape.length) ?? 0
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
    const from = { offset: 0, steps: broadcastSteps(x.shape, shape) }
    return strided(site, 'expand', x, { sizes: shape, from, detail: `to [${shape}]` })
  },
}

const tiling: RunRow = {
  name: 'Tile',
  constants: [1],
  lower(site) {
    const [x, shape] = [site.input(), site.shape()]
    const steps = denseSteps(x.shape)
    const sizes = x.shape.flatMap((size, axis) => [shape[axis] / size, size])
    const from = { offset: 0, steps: steps.flatMap((step) => [0, step]) }
    return strided(site, 'tile', x, { sizes, from, detail: `to [${shape}]` })
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

/** Elements of an axis, by places that are constants as a rule, or come with the inputs, as those of tokens do. */
const gathering: RunRow = {
  name: 'Gather',
  lower(site) {
    const [x, places, shape] = [site.input(), site.input(1), site.shape()]
    const axis = axisOf(site.call.int('axis') ?? 0, x.shape.length) ?? 0
    const size = x.shape[axis]
    const known = places.constant?.map(placeIn(site, size))
    const [outer, inner] = [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis + 1))]
    return site.call1(
      'gather',
      `${sizeOf(places.shape)} along ${axis}`,
      known ? [x] : [x, places],
      ([from, given], output) => {
        const [source, target, list] = [from.data, output.data, known ?? given.data.map(placeIn(site, size))]
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
  refuses: ({ node, inputs, opset, attribute }) => {
    if (node.inputs[2] && !inputs[2]?.values) return 'trains if it is told to'
    return inputs[2]?.values?.[0] || (opset < 7 && attribute('is_test')?.int === 0) ? 'trains' : undefined
  },
}

const order: RunRow = {
  name: 'Transpose',
  lower(site) {
    const x = site.input()
    const rank = x.shape.length
    return transposed(site, x, axesOf(site.call.ints('perm') ?? x.shape.map((_, axis) => rank - 1 - axis), rank) ?? [])
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
  ...[dropout, order, cutting, joining, splitting, expanding, tiling, padding, gathering, ...constants],
  channels('DepthToSpace', (site, block, x) => {
    const mode = site.call.attribute('mode')?.string === 'CRD' ? 'crd' : 'dcr'
    const detail = `${mode}, blocks of ${block}`
    return site.call1('depthToSpace', detail, [x], ([from], output) => depthToSpace(from, block, { mode, output }))
  }),
  channels('SpaceToDepth', (site, block, x) =>
    site.call1('spaceToDepth', `blocks of ${block}`, [x], ([from], output) => spaceToDepth(from, block, { output })),
  ),
]
