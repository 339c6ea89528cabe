import type { Range } from '../geometry/index.ts'
import { type Three, threeAxes } from '../reference/loops.ts'
import type { Problem } from '../reference/problem.ts'
import type { Features } from '../wasm/engine.ts'
import { multiples } from './gather.ts'
import { anySize, basisOf, type CommonPlan, FLOAT, LANES, memoryOf, type Structure, VECTOR } from './plan.ts'
import { distinct, greedily, tapsOf, total } from './row-tiles.ts'
import { linesOf, type Slide, slidesOf } from './slides.ts'
import { type Amount, Tables } from './tables.ts'
import { type Entries, entriesOf, type Panel, panelsOf, SPAN, type Spot, spotsOf } from './winograd-tiles.ts'

/** Numbers into which a tile is transformed, and filters are. */
export const POSITIONS = SPAN * SPAN

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
export interface WinogradPlan extends CommonPlan<WinogradStructure> {
  readonly strategy: 'winograd'
  /** How many rows and columns of tiles there are, and panels. */
  readonly counts: Readonly<Record<'rows' | 'columns' | 'panels', number>>
}

/** The code of a program of Winograd's algorithm. */
export interface WinogradStructure extends Structure {
  /** Taps of depth, and of each slide of height and width. */
  readonly taps: Three<readonly (readonly number[])[]>
  /** Bytes from one cell of a tile to the next, along each axis, and from one of its outputs to the next. */
  readonly cellSteps: readonly [slice: Amount, row: Amount, cell: number]
  readonly outputSteps: readonly [row: Amount, cell: number]
  /** Pieces of scratch: a panel's transformed cells, a chunk's transformed filters, their products. */
  readonly cells: Matrices
  readonly filters: Matrices
  readonly products: Matrices
  /** Where scratch holds a tile between the two passes of a transform. */
  readonly between: number
  /** Sizes of the blocks of filters (vectors) and of tiles whose products stay in registers. */
  readonly filterBlocks: readonly number[]
  readonly tileBlocks: readonly number[]
  /** Which cells of a tile may be real along width. */
  readonly kinds: readonly Range[]
  /** Whether all filters are transformed before everything else, rather than chunk by chunk for each panel. */
  readonly once: boolean
  /** What the tables hold. */
  readonly entries: Readonly<Record<keyof typeof fields, Entries>>
}

/** A piece of scratch with a matrix for each position: bytes from one to the next, and from one row of it to the next. */
export interface Matrices {
  readonly begin: number
  readonly position: number
  readonly row: number
}

/** The integers of each entry. */
export const fields = {
  /**
   * Tiles of one output along depth: bytes to its cells and to itself; its real taps, their channels, bytes of those
   * before; bytes to filters, to rows and columns of tiles, and how many. Behind that a count for each of `tileBlocks`.
   */
  panels: ['input', 'output', 'taps', 'channels', 'skipped', 'weights', 'rows', 'rowCount', 'columns', 'columnCount'],
  /** Bytes to filters, vectors of them, output channels. Behind that a count for each of `filterBlocks`. */
  chunks: ['weights', 'vectors', 'channels'],
  /** Tiles side by side: bytes to their first real cells and outputs; rows of cells before, real, and after; of outputs. */
  rows: ['input', 'output', 'before', 'real', 'after', 'outputs'],
  /** Tiles one below the other: bytes as above, the place of their real cells among the kinds, how many outputs exist. */
  columns: ['input', 'output', 'kind', 'outputs'],
} as const

/** Vectors of filters in a block, whose products with a block of tiles stay in registers; the last may be smaller. */
export const FILTER_BLOCK = 2

/** Bytes of scratch: a panel's cells and products, a chunk's filters, the filters of a layer that is a single chunk. */
const PANEL_BYTES = 1_100_000
const CHUNK_BYTES = 450_000
const WHOLE_BYTES = 640_000

/** Beyond these outputs an axis has too many tiles to list. */
const LONGEST = 2 ** 14

/** What the transforms of a vector take, in multiply-adds of vectors, as measured over a few hundred layers. */
const COST = { cells: 240, outputs: 180, filters: 130 } as const

/** A plan where Winograd's algorithm fits and pays; not to be asked for a layer that is to be deterministic. */
export function planWinograd(problem: Problem, features: Features): WinogradPlan | undefined {
  const plan = planTiles(problem, features)
  return plan && pays(plan, problem) ? plan : undefined
}

/** Compares multiply-adds of vectors, and what takes as long, for each input channel and vector of output channels. */
function pays({ counts, structure: { once, taps } }: WinogradPlan, problem: Problem): boolean {
  const { geometry, inChannels, outChannels } = problem
  const axes = threeAxes(geometry)
  const [depth, height, width] = axes.map((axis) =>
    total(slidesOf(axis, geometry.op === 'convTranspose'), (slide) => tapsOf(slide.axis, 0, slide.axis.output)),
  )
  const tiles = counts.rows * counts.columns
  const transforms = COST.filters * taps[0][0].length * (once ? 1 : counts.panels)
  const cells = tiles * depth * (POSITIONS + COST.cells / toLanes(outChannels))
  const outputs = (tiles * axes[0].output * COST.outputs) / inChannels
  return transforms + cells + outputs < depth * height * width
}

/** A plan for any convolution of either kind without groups, of which each output comes from 2 to 5 neighbouring cells. */
export function planTiles(problem: Problem, features: Features): WinogradPlan | undefined {
  const { geometry, inChannels, outChannels, groups } = problem
  const transposed = geometry.op === 'convTranspose'
  if ((geometry.op !== 'conv' && !transposed) || groups > 1) return undefined
  const axes = threeAxes(geometry)
  const [deep, high, wide] = axes.map((axis) => slidesOf(axis, transposed))
  if (!fits(high) || !fits(wide) || axes.some(({ output }) => output > LONGEST)) return undefined
  const depth = linesOf(deep)
  if (depth.outputs.some(({ count }) => count === 0)) return undefined

  const basis = basisOf(problem, features)
  const { from, to } = basis
  const rows = high.map((slide) => spotsOf(slide, from.axes[1], to.axes[1]))
  const columns = wide.map((slide) => spotsOf(slide, from.axes[2], to.axes[2]))
  const [[down], [across]] = [high, wide]
  const filter = filterOf(problem, depth.taps.length, down.taps.length * across.taps.length)
  const { vectors, chunk } = filter
  // Cells are written in whole vectors: where those of a tap of depth are too long, the next tap's overwrite them.
  const reading = inChannels * (Math.max(...deep.map(({ taps }) => taps.length)) - 1) + toLanes(inChannels)
  const most = Math.max(1, Math.floor(PANEL_BYTES / (POSITIONS * FLOAT * (reading + chunk * LANES))))
  const block = features.relaxed && features.ordered ? 6 : 4
  const panels = panelsOf(rows, columns, most, block)
  const tileBlocks = blockSizes(panels, block)
  const kinds = kindsOf(columns.flat())

  const tables = new Tables()
  const common = anySize(basis, problem.layout, tables)
  const lists = {
    rows: rows.flat().map(({ input, output, begin, end, outputs }) => {
      return [input, output, begin, end - begin, SPAN - end, outputs]
    }),
    columns: columns.flat().map((spot) => [spot.input, spot.output, placeOf(kinds, spot), spot.outputs]),
    panels: depth.outputs.flatMap(({ cell, tap, count }, output) =>
      panels.map((panel) => [
        ...[cell * from.axes[0], output * to.axes[0], count, count * inChannels, tap * inChannels * VECTOR],
        panel.filter * vectors * filter.bytes,
        panel.rows.first * fields.rows.length * FLOAT,
        panel.rows.count,
        panel.columns.first * fields.columns.length * FLOAT,
        panel.columns.count,
        ...countsOf(tileBlocks, panel.blocks),
      ]),
    ),
    chunks: chunksOf(filter, outChannels),
  }
  const once = lists.chunks.length === 1 && high.length * wide.length === 1
  const scratch = scratchOf(most, reading, filter)
  const structure = {
    ...common,
    taps: [[depth.taps], high.map(({ taps }) => taps), wide.map(({ taps }) => taps)] as const,
    cellSteps: [
      tables.number('cell slice', from.axes[0] * depth.dilation),
      tables.number('cell row', from.axes[1] * down.axis.dilation),
      from.axes[2] * across.axis.dilation,
    ] as const,
    outputSteps: [
      tables.number('tile row', to.axes[1] * down.step * down.axis.dilation),
      to.axes[2] * across.step * across.axis.dilation,
    ] as const,
    ...scratch,
    ...{ filterBlocks: filter.blocks, tileBlocks, kinds, once, entries: entriesOf(lists, tables) },
  }
  const { names, tables: integers } = tables.finish()
  const memory = {
    weights: high.length * wide.length * vectors * filter.bytes,
    bias: vectors * VECTOR,
    scratch: scratch.between + POSITIONS * VECTOR,
  }
  return {
    strategy: 'winograd',
    structure: { ...structure, numbers: names },
    counts: { rows: lists.rows.length, columns: lists.columns.length, panels: lists.panels.length },
    ...memoryOf(basis, memory, integers),
  }
}

/** The two largest sizes of blocks, of which all but small panels are made; where there are others, all. */
function blockSizes(panels: readonly Panel[], most: number): number[] {
  const common = [most, most - 1]
  const all = panels.every(({ blocks }) => blocks.every((size) => common.includes(size)))
  return all ? common : multiples(most, 1).map((less) => most - less)
}

/**
 * Which cells of a tile may be real, whatever the input's size: all, as many at the begin of a row as here, any number at
 * its end; and where tiles see both ends, what they see.
 */
function kindsOf(spots: readonly Spot[]): Range[] {
  const kinds = multiples(SPAN, 1).map((less) => ({ begin: 0, end: SPAN - less }))
  for (const { begin, end } of spots) if (placeOf(kinds, { begin, end }) < 0) kinds.push({ begin, end })
  return kinds
}

/** The place of a range among others; -1 if it is not there. */
const placeOf = (kinds: readonly Range[], { begin, end }: Range): number =>
  kinds.findIndex((kind) => kind.begin === begin && kind.end === end)

/** Whether each output along an axis comes from as many neighbouring cells, and a tile has more than one of them. */
function fits(slides: readonly Slide[]): boolean {
  const count = slides[0].taps.length
  return count > 1 && count < SPAN && slides.every(({ taps, axis }) => taps.length === count && axis.stride === 1)
}

/** Vectors of filters: how long they are, how many, how many of them are a chunk, sizes of blocks, bytes of a vector. */
interface Filter {
  readonly length: number
  readonly vectors: number
  readonly chunk: number
  readonly blocks: readonly number[]
  readonly bytes: number
}

function filterOf({ inChannels, outChannels }: Problem, depth: number, taps: number): Filter {
  const [length, vectors] = [depth * inChannels, Math.ceil(outChannels / LANES)]
  const transformed = POSITIONS * VECTOR * length
  const fitting = Math.max(1, Math.floor(CHUNK_BYTES / transformed / FILTER_BLOCK))
  const chunk = vectors * transformed <= WHOLE_BYTES ? vectors : Math.min(vectors, FILTER_BLOCK * fitting)
  return { length, vectors, chunk, blocks: distinct(greedily(vectors, FILTER_BLOCK)), bytes: length * taps * VECTOR }
}

function chunksOf({ length, vectors, chunk, blocks, bytes }: Filter, outChannels: number): number[][] {
  return greedily(vectors, chunk).map((count, index) => {
    const channels = Math.min(count * LANES, outChannels - index * chunk * LANES)
    return [index * chunk * bytes, count * length, channels, ...countsOf(blocks, greedily(count, FILTER_BLOCK))]
  })
}

/** How many numbers of a list are equal to each of some sizes. */
const countsOf = (sizes: readonly number[], list: readonly number[]): number[] =>
  sizes.map((size) => list.filter((number) => number === size).length)

const toLanes = (count: number): number => Math.ceil(count / LANES) * LANES

/** Lays out scratch for the cells of the most tiles that a panel has, which are so long, for a chunk's filters and for their products. */
function scratchOf(
  tiles: number,
  cells: number,
  { chunk, length }: Filter,
): Pick<WinogradStructure, 'cells' | 'filters' | 'products' | 'between'> {
  let between = 0
  const matrices = (rows: number, row: number): Matrices => {
    // An odd number of cache lines: the same place at all positions does not fall on the same cache set.
    const position = (Math.ceil((rows * row) / 64) | 1) * 64
    between += POSITIONS * position
    return { begin: between - POSITIONS * position, position, row }
  }
  const pieces = {
    cells: matrices(tiles, toLanes(cells) * FLOAT),
    filters: matrices(chunk * length, VECTOR),
    products: matrices(tiles, chunk * VECTOR),
  }
  return { ...pieces, between }
}
