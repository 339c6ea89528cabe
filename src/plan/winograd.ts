import { taps } from '../geometry/index.ts'
import { stepsOf, type Three, threeAxes } from '../reference/loops.ts'
import { inputOf, outputOf, type Problem } from '../reference/problem.ts'
import type { Features } from '../wasm/engine.ts'
import { type ByteSteps, FLOAT, inBytes, LANES, type Plan, VECTOR } from './plan.ts'
import { evenly, greedily } from './row-tiles.ts'
import { linesOf, type Slide, slidesOf } from './slides.ts'

/** Cells that a tile reads along one axis; with so many taps it makes `SPAN + 1 - taps` outputs. */
export const SPAN = 6
/** Numbers into which a tile is transformed, and filters are. */
export const POSITIONS = SPAN * SPAN

/** The points of the interpolation are 0, p and -p for each p here, and infinity. */
export const points: readonly number[] = [Math.SQRT1_2, Math.SQRT2]

/**
 * Convolution by Winograd's minimal filtering, F(4 x 4, 3 x 3) for 3 x 3 taps: 6 x 6 cells become 36 numbers, and so do
 * the taps of a filter. At each of these 36 positions a matrix of tiles is multiplied by one of filters, summing over the
 * input channels and the taps of depth, and 36 products become 4 x 4 outputs: a quarter of the direct sum's
 * multiplications. Tiles of 6 x 6 cells serve 2 to 5 taps along each axis, and make fewer outputs the more they are.
 *
 * A kernel with a dilation is an ordinary one for the outputs of one residue modulo the dilation, and so is a transposed
 * convolution for those of one residue modulo the stride. So tiles lie where they will, and the program looks it up.
 *
 * What is transformed stays in a cache: tiles are worked through in panels, and filters in chunks, which are transformed
 * anew for each panel, since transformed they are up to nine times as long to read. Vectors run along channels.
 */
export interface WinogradPlan extends Plan {
  readonly strategy: 'winograd'
  readonly batch: number
  readonly inChannels: number
  readonly outChannels: number
  /** Of the filter: whether input channels come first, sizes, and taps of depth and of each slide of height and width. */
  readonly transposed: boolean
  readonly kernel: Three<number>
  readonly taps: Three<readonly (readonly number[])[]>
  /** Bytes from one cell of a tile to the next, and from one of its outputs to the next. */
  readonly from: ByteSteps
  readonly to: ByteSteps
  /** Pieces of scratch: a panel's transformed cells, a chunk's transformed filters, their products. */
  readonly cells: Matrices
  readonly filters: Matrices
  readonly products: Matrices
  /** Where scratch holds a tile between the two passes of a transform. */
  readonly between: number
  /** Sizes of the blocks of filters (vectors) and of tiles whose products stay in registers, the larger first. */
  readonly filterBlocks: readonly number[]
  readonly tileBlocks: readonly number[]
  /** The ways in which tiles meet padding along width. */
  readonly kinds: readonly Sight[]
  /** How many entries of each kind the tables have. */
  readonly slices: number
  readonly panels: number
  readonly chunks: number
  /** Where those of panels and of chunks begin, in bytes; those of slices come first. */
  readonly panelTable: number
  readonly chunkTable: number
}

/** A piece of scratch with a matrix for each position: bytes from one to the next, and from one row of it to the next. */
export interface Matrices {
  readonly begin: number
  readonly position: number
  readonly row: number
}

/** Which cells of a tile are real along one axis, from `begin` to before `end`, and how many of its outputs exist. */
export interface Sight {
  readonly begin: number
  readonly end: number
  readonly outputs: number
}

/** Of an output along depth: bytes to its cells and itself, its real taps, how many channels these have, bytes of a vector's before. */
export const SLICE = ['input', 'output', 'taps', 'channels', 'skipped'] as const
/** Of a panel: bytes to its filters; bytes to entries and how many. Behind them a count for each of `tileBlocks`. */
export const PANEL = ['weights', 'rows', 'rowCount', 'columns', 'columnCount'] as const
/** Of a chunk: bytes to its filters, vectors of them, output channels. Behind them a count for each of `filterBlocks`. */
export const CHUNK = ['weights', 'vectors', 'channels'] as const
/** Of a row of tiles: bytes to its first real cells and its outputs; rows of cells before, real, and after; of outputs. */
export const ROW = ['input', 'output', 'before', 'real', 'after', 'outputs'] as const
/** Of a column of tiles: bytes as above, the kind. */
export const COLUMN = ['input', 'output', 'kind'] as const

/** Bytes of scratch: a panel's cells and products, a chunk's filters, the filters of a layer that is a single chunk. */
const PANEL_BYTES = 1_100_000
const CHUNK_BYTES = 450_000
const WHOLE_BYTES = 640_000

/** A plan where Winograd's algorithm fits and pays; not to be asked for a layer that is to be deterministic. */
export function planWinograd(problem: Problem, features: Features): WinogradPlan | undefined {
  return pays(problem) ? planTiles(problem, features) : undefined
}

function pays({ geometry, inChannels, outChannels }: Problem): boolean {
  return inChannels >= 8 && outChannels >= 8 && geometry.axes.slice(-2).every(({ output }) => output >= 4)
}

/** A plan for any convolution of either kind that has no groups, reads neighbouring cells and has 2 to 5 taps for each output. */
export function planTiles(problem: Problem, { relaxed }: Features): WinogradPlan | undefined {
  const { geometry, batch, inChannels, outChannels, groups, layout, activation } = problem
  const transposed = geometry.op === 'convTranspose'
  if ((geometry.op !== 'conv' && !transposed) || groups > 1) return undefined
  const axes = threeAxes(geometry)
  const [deep, high, wide] = axes.map((axis) => slidesOf(axis, transposed))
  if (!fits(high) || !fits(wide)) return undefined
  const depth = linesOf(deep)
  if (depth.outputs.some(({ count }) => count === 0)) return undefined

  const [from, to] = [inputOf(problem), outputOf(problem)].map((sizes) => inBytes(stepsOf(sizes, layout)))
  const kinds: Sight[] = []
  const rows = high.map((slide) => spotsOf(slide, from.axes[1], to.axes[1]))
  const columns = wide.map((slide) => spotsOf(slide, from.axes[2], to.axes[2]))

  // A filter is a vector of output channels, and as many rows as there are input channels and taps of depth.
  const depths = Math.max(...deep.map((slide) => slide.taps.length))
  const [length, reading] = [depth.taps.length * inChannels, (depths - 1) * inChannels + toLanes(inChannels)]
  const vectors = Math.ceil(outChannels / LANES)
  const perVector = POSITIONS * VECTOR * length
  const most = perVector * vectors <= WHOLE_BYTES ? vectors : Math.max(1, Math.floor(CHUNK_BYTES / perVector / 2)) * 2
  const chunks = greedily(vectors, most)
  const filterBlocks = most === 1 ? [1] : vectors % 2 === 0 ? [2] : [2, 1]

  const tiles = Math.max(1, Math.floor(PANEL_BYTES / (POSITIONS * FLOAT * (reading + most * LANES))))
  const panels = high.flatMap((_, h) =>
    wide.flatMap((_, w) => {
      const parts = partsOf(columns, w, tiles)
      return partsOf(rows, h, Math.max(1, Math.floor(tiles / parts[0].count))).flatMap((lines) =>
        parts.map((part) => ({ filter: h * wide.length + w, rows: lines, columns: part })),
      )
    }),
  )
  const blocksOf = (panel: (typeof panels)[number]): number[] =>
    evenly(panel.rows.count * panel.columns.count, relaxed ? 6 : 4)
  const tileBlocks = [...new Set(panels.flatMap(blocksOf))].sort((a, b) => b - a)
  const largest = Math.max(...panels.map((panel) => panel.rows.count * panel.columns.count))

  const cells = matricesOf(0, largest, toLanes(reading) * FLOAT)
  const filters = matricesOf(cells.begin + POSITIONS * cells.position, Math.min(most, vectors) * length, VECTOR)
  const products = matricesOf(filters.begin + POSITIONS * filters.position, largest, most * VECTOR)
  const between = products.begin + POSITIONS * products.position

  const filterTaps = high[0].taps.length * wide[0].taps.length
  const filterBytes = length * vectors * filterTaps * VECTOR
  const panelTable = depth.outputs.length * SLICE.length
  const chunkTable = panelTable + panels.length * (PANEL.length + tileBlocks.length)
  const rowTable = chunkTable + chunks.length * (CHUNK.length + filterBlocks.length)
  const columnTable = rowTable + rows.flat().length * ROW.length
  const tables = [
    ...depth.outputs.flatMap(({ cell, tap, count }, output) => [
      cell * from.axes[0],
      output * to.axes[0],
      count,
      count * inChannels,
      tap * inChannels * VECTOR,
    ]),
    ...panels.flatMap((panel) => [
      panel.filter * filterBytes,
      (rowTable + panel.rows.first * ROW.length) * FLOAT,
      panel.rows.count,
      (columnTable + panel.columns.first * COLUMN.length) * FLOAT,
      panel.columns.count,
      ...tileBlocks.map((size) => blocksOf(panel).filter((block) => block === size).length),
    ]),
    ...chunks.flatMap((count, chunk) => [
      chunk * most * length * filterTaps * VECTOR,
      count * length,
      Math.min(most * LANES, outChannels - chunk * most * LANES),
      ...filterBlocks.map((size) => (size === 2 ? count >> 1 : count % 2)),
    ]),
    ...rows
      .flat()
      .flatMap(({ input, output, begin, end, outputs }) => [input, output, begin, end - begin, SPAN - end, outputs]),
    ...columns.flat().flatMap(({ input, output, ...sight }) => [input, output, kindOf(kinds, sight)]),
  ]
  const bytes = {
    input: batch * from.batch,
    output: batch * to.batch,
    weights: high.length * wide.length * filterBytes,
    bias: vectors * VECTOR,
    tables: tables.length * FLOAT,
    scratch: between + POSITIONS * VECTOR,
  }
  const spread = (steps: ByteSteps, by: Three<number>): ByteSteps => ({
    ...steps,
    axes: [steps.axes[0] * by[0], steps.axes[1] * by[1], steps.axes[2] * by[2]],
  })
  const [{ axis: down }, { axis: across }] = [high[0], wide[0]]
  return {
    ...{ strategy: 'winograd', relaxed, activation, batch, inChannels, outChannels, transposed },
    kernel: [axes[0].kernel, axes[1].kernel, axes[2].kernel],
    taps: [[depth.taps], high.map((slide) => slide.taps), wide.map((slide) => slide.taps)],
    from: spread(from, [depth.dilation, down.dilation, across.dilation]),
    to: spread(to, [1, high[0].step * down.dilation, wide[0].step * across.dilation]),
    ...{ cells, filters, products, between, filterBlocks, tileBlocks, kinds },
    ...{ slices: depth.outputs.length, panels: panels.length, chunks: chunks.length },
    ...{ panelTable: panelTable * FLOAT, chunkTable: chunkTable * FLOAT },
    ...{ bytes, tables },
  }
}

/** Whether each output along an axis comes from as many neighbouring cells, of which windows of 6 hold more than one. */
function fits(slides: readonly Slide[]): boolean {
  const count = slides[0].taps.length
  return count > 1 && count < SPAN && slides.every(({ taps, axis }) => taps.length === count && axis.stride === 1)
}

/** Where a tile lies along one axis: bytes to its first real cell and to its first output, and what it sees. */
interface Spot extends Sight {
  readonly input: number
  readonly output: number
}

/** The tiles of a slide, those of each residue modulo the dilation by themselves. */
function spotsOf({ first, step, taps: kernel, axis }: Slide, from: number, to: number): Spot[] {
  const { dilation, padBegin, output } = axis
  const tile = SPAN + 1 - kernel.length
  const spots: Spot[] = []
  for (let residue = 0; residue < Math.min(dilation, output); residue++) {
    for (let window = residue; window < output; window += tile * dilation) {
      const { begin, end } = taps({ ...axis, kernel: SPAN }, window)
      const cell = begin < end ? window - padBegin + begin * dilation : 0
      const outputs = Math.min(tile, Math.ceil((output - window) / dilation))
      spots.push({ input: cell * from, output: (first + window * step) * to, begin, end, outputs })
    }
  }
  return spots
}

/** The place of a sight among the kinds; it is added if it is new. */
function kindOf(kinds: Sight[], sight: Sight): number {
  const known = kinds.findIndex((kind) => JSON.stringify(kind) === JSON.stringify(sight))
  return known < 0 ? kinds.push(sight) - 1 : known
}

/** One of some lists that follow each other in a table, cut into even parts. */
function partsOf(
  lists: readonly (readonly unknown[])[],
  list: number,
  most: number,
): { first: number; count: number }[] {
  let first = lists.slice(0, list).flat().length
  return evenly(lists[list].length, most).map((count) => {
    first += count
    return { first: first - count, count }
  })
}

const toLanes = (count: number): number => Math.ceil(count / LANES) * LANES

/** Matrices with an odd number of cache lines each: the same place in all of them does not fall on the same cache set. */
function matricesOf(begin: number, rows: number, row: number): Matrices {
  return { begin, position: (Math.ceil((rows * row) / 64) | 1) * 64, row }
}
