import type { Geometry, Layout, PaddingValues } from '../../src/index.ts'

/** A layer of small sizes in float64, by its definition alone: no part of the library computes here. */
export interface Float64Layer {
  /** As the library solved it: where windows begin, and how many there are. */
  readonly geometry: Geometry
  readonly batch: number
  readonly groups: number
  readonly inGroup: number
  readonly outGroup: number
  readonly layout: Layout
  /** The order of the weights: letters for output, input, and the spatial axes, which are 'hw' whatever their number. */
  readonly weightsLayout: string
  readonly paddingMode: PaddingValues
}

/** Sums of products, before bias and activation, in the layout of the output. */
export function sumsOf(layer: Float64Layer, x: Float64Array, w: Float64Array): Float64Array {
  const { geometry, batch, groups, inGroup, outGroup, layout, paddingMode } = layer
  const { axes, op } = geometry
  const [inputs, outputs] = [axes.map(({ input }) => input), axes.map(({ output }) => output)]
  const xAt = placeOf(layout, groups * inGroup, inputs)
  const yAt = placeOf(layout, groups * outGroup, outputs)
  const wAt = weightsPlace(layer)
  const y = new Float64Array(batch * groups * outGroup * count(outputs))
  const isForward = op === 'conv'
  for (const from of cells(isForward ? outputs : inputs)) {
    for (const tap of cells(axes.map(({ kernel }) => kernel))) {
      const to = axes.map(
        ({ stride, dilation, padBegin }, axis) => from[axis] * stride + tap[axis] * dilation - padBegin,
      )
      const at = isForward ? read(to, inputs, paddingMode) : read(to, outputs, 'zeros')
      if (!at) continue
      const [input, output] = isForward ? [at, from] : [from, at]
      for (let image = 0; image < batch; image++) {
        for (let group = 0; group < groups; group++) {
          for (let o = 0; o < outGroup; o++) {
            for (let i = 0; i < inGroup; i++) {
              const product = x[xAt(image, group * inGroup + i, input)] * w[wAt(group, o, i, tap)]
              y[yAt(image, group * outGroup + o, output)] += product
            }
          }
        }
      }
    }
  }
  return y
}

/** The channel of each element of a tensor in the layout of the output. */
export function channelsOf({ geometry, batch, groups, outGroup, layout }: Float64Layer): Int32Array {
  const outputs = geometry.axes.map(({ output }) => output)
  const place = placeOf(layout, groups * outGroup, outputs)
  const channels = new Int32Array(batch * groups * outGroup * count(outputs))
  for (const cell of cells(outputs)) {
    for (let image = 0; image < batch; image++) {
      for (let channel = 0; channel < groups * outGroup; channel++) channels[place(image, channel, cell)] = channel
    }
  }
  return channels
}

type Cell = readonly number[]

/** The cell that a window sees at a place, which may lie outside; undefined where there is none. */
function read(place: Cell, sizes: Cell, mode: PaddingValues): Cell | undefined {
  const within = place.map((at, axis) => {
    const size = sizes[axis]
    if (mode === 'replicate') return Math.min(Math.max(at, 0), size - 1)
    if (mode === 'circular') return ((at % size) + size) % size
    return at
  })
  return within.every((at, axis) => at >= 0 && at < sizes[axis]) ? within : undefined
}

function placeOf(
  layout: Layout,
  channels: number,
  sizes: Cell,
): (image: number, channel: number, cell: Cell) => number {
  const all = count(sizes)
  const inside = (cell: Cell): number => cell.reduce((place, at, axis) => place * sizes[axis] + at, 0)
  return (image, channel, cell) =>
    layout === 'nchw'
      ? (image * channels + channel) * all + inside(cell)
      : (image * all + inside(cell)) * channels + channel
}

function weightsPlace({ geometry, groups, inGroup, outGroup, weightsLayout }: Float64Layer) {
  const kernel = geometry.axes.map((axis) => axis.kernel)
  const isForward = geometry.op === 'conv'
  // Of a convolution all outputs of all groups are counted, of a transposed one all inputs.
  const [outputs, inputs] = isForward ? [groups * outGroup, inGroup] : [outGroup, groups * inGroup]
  return (group: number, o: number, i: number, tap: Cell): number => {
    const [output, input] = isForward ? [group * outGroup + o, i] : [o, group * inGroup + i]
    let place = 0
    for (const letter of weightsLayout) {
      if (letter === 'o') place = place * outputs + output
      else if (letter === 'i') place = place * inputs + input
      else if (letter === 'h') place = tap.reduce((at, index, axis) => at * kernel[axis] + index, place)
    }
    return place
  }
}

const count = (sizes: Cell): number => sizes.reduce((product, size) => product * size, 1)

/** All cells of a block. */
function* cells(sizes: Cell): Generator<Cell> {
  if (sizes.length === 0) yield []
  else for (let at = 0; at < sizes[0]; at++) for (const rest of cells(sizes.slice(1))) yield [at, ...rest]
}
