import type { Axis, Range } from '../geometry/index.ts'
import { stepsOf, type Three, threeAxes } from '../reference/loops.ts'
import { inputOf, outputOf, type Problem } from '../reference/problem.ts'
import type { Features } from '../wasm/engine.ts'
import { multiples } from './gather.ts'
import { FLOAT, LANES } from './plan.ts'
import { distinct, evenly } from './row-tiles.ts'
import { type Amount, INTEGER, Tables } from './tables.ts'
import { blockedBytes, bytesOf, entryOf, pieces, type Stretch, seenThrough, TAP_ENTRY } from './tap-entries.ts'
import type { GradientPacking } from './weights-packing.ts'

/**
 * Vectors in registers: the sums of a lot, an output gradient for each of its rows, and what is under way. On engines that move
 * additions to the end of their block, each product takes one more.
 */
const REGISTERS = { ordered: 13, unordered: 7 } as const
/** Taps of the width that a lot takes at most; alone, where the kernel has one row. */
const MOST_COLUMNS = { ordered: 5, unordered: 3, alone: 10 } as const
/** Tiles abreast, each with sums of its own, since a sum can be added to again only when it is there. */
const MOST_ABREAST = 4
/** Lots of the width, each of which has code of its own: of a row of more than 600 taps there is none. */
const MOST_LOTS = 64
/** Outputs at one end of a row which some taps of a lot see and others do not, at most: code is written out for them. */
const MOST_AT_END = { width: 8, channels: 4 } as const
/** Channels of a block: what a line of the caches holds. */
const MOST_VECTORS = 4
/** Bytes of input cells and output gradients of a block that are read by all of its lots: a good half of a first cache. */
const NEAR = 2 ** 15

/** Outputs side by side in a row, as many as a vector has lanes or one, and for each column of a lot those that see a real cell. */
export interface GradientTile {
  readonly first: number
  readonly columns: readonly Range[]
}

/**
 * Lots of taps: some columns of the kernel, and some of its rows which meet one row of the input, each at another row of outputs.
 * What is loaded of the input is multiplied by as many gradients as there are rows, and these by as many cells as there are columns.
 */
export interface TapLots {
  /** How many lots have the same columns and as many rows. */
  readonly count: number
  readonly columns: Range
  /** Bytes from the row of output gradients of the last row of the kernel to that of each. */
  readonly rows: readonly number[]
  /** Bytes of the gradient from the first tap to the same one of the next row. */
  readonly tapRow: number
  /** Tiles that all columns see through all lanes, one behind the other, and how many are taken abreast. */
  readonly inner: { readonly first: number; readonly count: number; readonly abreast: number }
  readonly ends: readonly GradientTile[]
  /** Bytes from the entries of a stretch to those of the first lot. */
  readonly entries: number
}

/** Bytes of a lot's entries: where its gradient is; windows of all rows together; then of each row those before them and behind. */
export const lotBytes = (rows: number): number => (1 + TAP_ENTRY * (rows > 1 ? 1 + 2 * rows : 1)) * INTEGER

/**
 * The gradient of the weights of a convolution with a kernel for each channel. Lanes are outputs side by side in a row (`width`), with
 * a sum over them at the end; or channels that lie side by side, a vector of them at a time.
 */
export interface DepthwiseGradientStructure {
  readonly relaxed: boolean
  readonly lanes: 'width' | 'channels'
  /** Images: outside of all loops, and within a lot. */
  readonly images: readonly [outer: number, inner: number]
  readonly blocks: number
  readonly vectors: number
  /** Taps of the depth, and bytes of the gradient from one to the next and between blocks. */
  readonly depth: { readonly taps: number; readonly bytes: number; readonly block: number }
  readonly lots: readonly TapLots[]
  readonly stretches: readonly [depth: number, height: number]
  readonly entries: readonly [depth: Amount, height: Amount]
  /** Bytes of the entries of one stretch along the height. */
  readonly stretchBytes: number
  /** Cells of a row of inputs and of outputs. */
  readonly width: { readonly input: number; readonly output: number }
  readonly axis: Pick<Axis, 'stride' | 'dilation' | 'padBegin'>
  /** Bytes between images, blocks, and what neighbouring windows see along each axis. */
  readonly input: MovedBytes
  readonly change: MovedBytes
  /** Bytes of the gradient between taps. */
  readonly tap: number
  readonly numbers: readonly string[]
}

interface MovedBytes {
  readonly image: number
  readonly block: number
  readonly slice: number
  readonly row: number
  /** From a cell to the next, whatever the stride. */
  readonly cell: number
}

export interface DepthwiseGradientPlan {
  readonly strategy: 'depthwiseGradient'
  readonly structure: DepthwiseGradientStructure
  readonly packing: GradientPacking
  readonly tables: readonly number[]
}

/** Whether each channel has a kernel of its own, and one output. */
export const isDepthwise = ({ groups, inChannels, outChannels }: Problem): boolean =>
  groups > 1 && groups === inChannels && groups === outChannels

/** A plan for a convolution that `isDepthwise`, or undefined where tensors are too long for addresses or rows have too many taps. */
export function planDepthwiseGradient(
  problem: Problem,
  { relaxed, ordered }: Pick<Features, 'relaxed' | 'ordered'>,
): DepthwiseGradientPlan | undefined {
  const axes = threeAxes(problem.geometry)
  const [inputs, outputs] = [axes.map((axis) => axis.input), axes.map((axis) => axis.output)]
  const { batch, layout, outChannels } = problem
  // Lanes along a row that is shorter would be empty.
  const isAlong = layout === 'nchw' && outputs[2] >= LANES - 1
  const lanes = isAlong ? 'width' : 'channels'
  const vectors = lanes === 'width' ? 1 : vectorsOf(outChannels)
  const channels = lanes === 'width' ? 1 : vectors * LANES
  const blocks = Math.ceil(outChannels / channels)
  const isInPlace = lanes === 'width' || (layout === 'nhwc' && outChannels % channels === 0)
  const [cells, changes] = (['input', 'output'] as const).map((side) => {
    const tensor = side === 'input' ? inputOf(problem) : outputOf(problem)
    if (isInPlace) return bytesOf(stepsOf(tensor, layout), channels)
    return blockedBytes(batch, side === 'input' ? inputs : outputs, channels)
  })
  const most = Math.max(...[cells, changes].map((bytes) => batch * bytes.image + blocks * bytes.block))
  if (most >= 2 ** 31) return undefined

  const near = (inputs[2] * axes[1].stride + outputs[2]) * channels * FLOAT
  const stretches: readonly (readonly Stretch[])[] =
    lanes === 'width'
      ? [pieces(outputs[0], outputs[0]), pieces(outputs[1], outputs[1])]
      : [pieces(outputs[0], 1), pieces(outputs[1], Math.max(1, Math.floor(NEAR / near)))]
  const bytes = { cells: cells.axes[1], changes: changes.axes[1], tap: channels * FLOAT }
  const { lots, heights } = lotsOf(axes, { lanes, ordered, stretches: stretches[1], bytes })
  if (lots.length > 2 * MOST_LOTS) return undefined

  const tables = new Tables()
  const depths = stretches[0].flatMap((stretch) =>
    multiples(axes[0].kernel, 1).flatMap((tap) =>
      entryOf(axes[0], tap, seenThrough(axes[0], tap, stretch), cells.axes[0], changes.axes[0]),
    ),
  )
  const entries = [tables.list('depths', depths), tables.list('heights', heights.flat())] as const
  const moved = ({ image, block, axes: [slice, row, cell] }: typeof cells, strides: readonly number[]): MovedBytes => ({
    ...{ image, block, slice: slice * strides[0], row: row * strides[1], cell },
  })
  const slice = axes[1].kernel * axes[2].kernel * bytes.tap
  const { stride, dilation, padBegin } = axes[2]
  const { names, tables: integers } = tables.finish()
  const structure: DepthwiseGradientStructure = {
    ...{ relaxed, lanes, blocks, vectors, lots, entries, tap: bytes.tap },
    images: lanes === 'width' ? ([1, batch] as const) : ([batch, 1] as const),
    depth: { taps: axes[0].kernel, bytes: slice, block: axes[0].kernel * slice },
    stretches: [stretches[0].length, stretches[1].length] as const,
    stretchBytes: heights[0].length * INTEGER,
    width: { input: inputs[2], output: outputs[2] },
    axis: { stride, dilation, padBegin },
    input: moved(
      cells,
      axes.map((axis) => axis.stride),
    ),
    change: moved(changes, [1, 1]),
    numbers: names,
  }
  const packing = { groups: 1, blocks, inGroup: 1, lanes: channels, input: !isInPlace, change: !isInPlace }
  return { strategy: 'depthwiseGradient', structure, packing, tables: integers }
}

/** Vectors of a block: as many as leave none over, if there are such. */
function vectorsOf(channels: number): number {
  const most = Math.min(MOST_VECTORS, Math.ceil(channels / LANES))
  for (let vectors = most; vectors > 0; vectors--) if (channels % (vectors * LANES) === 0) return vectors
  return most
}

interface LotSetting {
  readonly lanes: 'width' | 'channels'
  readonly ordered: boolean
  readonly stretches: readonly Stretch[]
  readonly bytes: { readonly cells: number; readonly changes: number; readonly tap: number }
}

/** The taps of a slice of the kernel in lots, and for each stretch of the height the entries of all of them. */
function lotsOf(
  [, height, width]: Three<Axis>,
  { lanes, ordered, stretches, bytes }: LotSetting,
): { readonly lots: TapLots[]; readonly heights: readonly number[][] } {
  const lots: TapLots[] = []
  const heights = stretches.map((): number[] => [])
  const registers = REGISTERS[ordered ? 'ordered' : 'unordered']
  for (const columns of columnsOf(
    width,
    lanes,
    MOST_COLUMNS[!ordered ? 'unordered' : height.kernel > 1 ? 'ordered' : 'alone'],
  )) {
    const wide = columns.end - columns.begin
    const all = rowsOf(height, Math.max(1, Math.floor(registers / (wide + 1))))
    for (const rows of distinct(all.map(({ length }) => length))) {
      const own = all.filter(({ length }) => length === rows)
      const first = own[0]
      const entries = heights[0].length * INTEGER
      for (const [index, stretch] of stretches.entries()) {
        const isFirst = index === 0
        const isLast = index === stretches.length - 1
        for (const taps of own) {
          const output = (taps[0] * width.kernel + columns.begin) * bytes.tap
          heights[index].push(output, ...lotEntries(height, taps, { stretch, isFirst, isLast }, bytes))
        }
      }
      const abreast = Math.floor((registers - rows) / (rows * wide))
      lots.push({
        ...{ count: own.length, columns, entries },
        rows: first.map((tap) => apart(height, tap, first[rows - 1]) * bytes.changes),
        tapRow: rows > 1 ? (first[1] - first[0]) * width.kernel * bytes.tap : 0,
        ...tilesOf(width, columns, lanes === 'width' ? LANES : 1, abreast),
      })
    }
  }
  return { lots, heights }
}

/** Rows of outputs from that which meets a row of the input through a tap to that which meets it through another one. */
const apart = ({ stride, dilation }: Axis, tap: number, last: number): number => ((last - tap) * dilation) / stride

const seen = (axis: Axis, tap: number): Stretch => seenThrough(axis, tap, { begin: 0, end: axis.output })
const isSeen =
  (axis: Axis) =>
  (tap: number): boolean =>
    seen(axis, tap).begin < seen(axis, tap).end

/** Columns of the kernel in lots: neighbours that see nearly the same outputs of a row. */
function columnsOf(axis: Axis, lanes: 'width' | 'channels', most: number): Range[] {
  const found = multiples(axis.kernel, 1).filter(isSeen(axis))
  const lots: { begin: number; end: number }[] = []
  for (const lot of found.length > 0 ? inLots(found, most) : []) {
    for (const [index, tap] of lot.entries()) {
      const last = lots.at(-1)
      const first = last && seen(axis, last.begin)
      const { begin, end } = seen(axis, tap)
      const near = first && Math.max(first.begin - begin, first.end - end) <= MOST_AT_END[lanes]
      if (index > 0 && near && last.end === tap) last.end++
      else lots.push({ begin: tap, end: tap + 1 })
    }
  }
  return lots
}

/** Rows of the kernel in lots: those of one meet the same rows of the input, and all of them half of these or more. */
function rowsOf(axis: Axis, most: number): number[][] {
  const [step] = multiples(axis.stride, 1).filter((rows) => rows > 0 && (rows * axis.dilation) % axis.stride === 0)
  const next = step ?? axis.stride
  const found = multiples(axis.kernel, 1).filter(isSeen(axis))
  const begins = found.filter((tap) => !found.includes(tap - next))
  const enough = 1 + Math.floor(axis.output / 2 / apart(axis, 0, next))
  return begins.flatMap((begin) => {
    let tap = begin
    while (found.includes(tap)) tap += next
    return inLots(
      multiples((tap - begin) / next, next).map((rows) => begin + rows),
      Math.max(1, Math.min(most, enough)),
    )
  })
}

/** A list in lots, as even as can be. */
function inLots<T>(list: readonly T[], most: number): T[][] {
  let next = 0
  return evenly(list.length, most).map((size) => {
    next += size
    return list.slice(next - size, next)
  })
}

/** The tiles of a row for some columns. */
function tilesOf(axis: Axis, columns: Range, lanes: number, abreast: number): Pick<TapLots, 'inner' | 'ends'> {
  const ranges = multiples(columns.end - columns.begin, 1).map((column) => seen(axis, columns.begin + column))
  const first = Math.min(...ranges.map(({ begin }) => begin))
  const end = Math.max(...ranges.map((range) => range.end))
  const tiles = multiples(Math.ceil((end - first) / lanes), lanes).map((place): GradientTile => {
    const own = ranges.map((range) => {
      const begin = Math.min(lanes, Math.max(0, range.begin - first - place))
      return { begin, end: Math.max(begin, Math.min(lanes, range.end - first - place)) }
    })
    return { first: first + place, columns: own }
  })
  const whole = tiles.filter(({ columns }) => columns.every(({ begin, end }) => end - begin === lanes))
  const count = whole.length
  return {
    inner: { first: whole[0]?.first ?? 0, count, abreast: Math.max(1, Math.min(abreast, MOST_ABREAST, count)) },
    ends: tiles.filter((tile) => !whole.includes(tile)),
  }
}

/**
 * The entries of a lot for a stretch of outputs, which are those of its last row. Those of other rows are looked at where they meet
 * the same rows of the input.
 */
function lotEntries(
  axis: Axis,
  rows: readonly number[],
  { stretch, isFirst, isLast }: { readonly stretch: Stretch; readonly isFirst: boolean; readonly isLast: boolean },
  { cells, changes }: LotSetting['bytes'],
): number[] {
  const last = rows[rows.length - 1]
  const own = rows.map((tap) => {
    const ahead = apart(axis, tap, last)
    const { begin, end } = seen(axis, tap)
    const from = isFirst ? begin : Math.max(begin, stretch.begin + ahead)
    const to = isLast ? end : Math.min(end, stretch.end + ahead)
    return { tap, ahead, begin: from - ahead, end: Math.max(from, to) - ahead }
  })
  const begin = Math.max(...own.map((range) => range.begin))
  const end = Math.max(begin, Math.min(...own.map((range) => range.end)))
  const together = entryOf(axis, last, { begin, end }, cells, changes)
  if (rows.length === 1) return together
  const left = own.flatMap(({ tap, ahead, ...range }) => [
    ...entryOf(axis, tap, { begin: range.begin + ahead, end: Math.min(range.end, begin) + ahead }, cells, changes),
    ...entryOf(axis, tap, { begin: Math.max(range.begin, end) + ahead, end: range.end + ahead }, cells, changes),
  ])
  return [...together, ...left]
}
