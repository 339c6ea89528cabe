import type { Range } from '../geometry/index.ts'
import { type Three, threeAxes } from '../reference/loops.ts'
import type { Problem } from '../reference/problem.ts'
import type { Features } from '../wasm/engine.ts'
import { multiples } from './gather.ts'
import {
  anySize,
  type Basis,
  basisOf,
  biasStep,
  type CommonPlan,
  FLOAT,
  LANES,
  memoryOf,
  type Structure,
  VECTOR,
} from './plan.ts'
import { greedily, greedyPortions, type Portion } from './row-tiles.ts'
import type { LineTaps } from './slides.ts'
import { type Amount, Tables } from './tables.ts'
import { type Residue, type ResiduePair, rangesOf } from './winograd-residues.ts'
import { type Entries, type EntryList, entriesOf, type Panel, tileEntries } from './winograd-tiles.ts'
import {
  directCost,
  FILTER_BLOCK,
  type FilterVectors,
  type PanelRows,
  type Scratch,
  type Sides,
  type TileForm,
  tilingOf,
  type WinogradTiling,
} from './winograd-tiling.ts'

/**
 * Convolution by Winograd's minimal filtering, F(4 x 4, 3 x 3) for 3 x 3 taps: 6 x 6 cells become 36 numbers, and so do
 * the taps of a filter. At each of these 36 positions a matrix of tiles is multiplied by one of filters, summing over the
 * input channels and the taps of depth, and 36 products become 4 x 4 outputs: a quarter of the direct sum's
 * multiplications. Tiles of 6 or 5 cells serve 2 to 5 taps along an axis, and make fewer outputs the more they are; an axis
 * of one tap has tiles of one cell.
 *
 * A kernel with a dilation is an ordinary one for the outputs of one residue modulo the dilation, and so is a transposed
 * convolution for those of one residue modulo the stride. So tiles lie where they will, and the program looks it up. A
 * convolution with a stride is the sum of ordinary ones over the cells of each residue, and one with a long kernel of those
 * of its parts: they are summed as input channels are. Where one has a tap less than the others, that weight is zero, and so
 * are the products at the first positions, which are left out.
 *
 * What is transformed stays in a cache: tiles are worked through in panels, and filters in chunks, which are transformed
 * anew for each panel, since transformed they are up to nine times as long to read. Vectors run along channels.
 */
export interface WinogradPlan extends CommonPlan<WinogradStructure> {
  readonly strategy: 'winograd'
}

/** The code of a program of Winograd's algorithm. */
export interface WinogradStructure extends Structure, Scratch {
  /** How many input channels there are, and how many are written out in one go. */
  readonly inGroup: Amount
  readonly unrolled: number
  /** Input and output channels in the last vector of a group, where it is not whole. */
  readonly left: readonly [input: number, output: number]
  /** Bytes from row to row of the matrices of a panel, and where products begin behind cells. */
  readonly matrices: Readonly<Record<keyof PanelRows, Amount>>
  /** Cells that a tile reads along height and width, of each residue that is added. */
  readonly span: Sides
  /** Residues of cells whose windows are added: the places of their fields in the entries of rows and columns. */
  readonly pairs: readonly ResiduePair[]
  /** Taps of depth. */
  readonly depth: readonly number[]
  /** How many taps there are of a tile along height and width. */
  readonly window: Sides
  /** Of each residue of the outputs, of each pair, the taps of a tile among those of the kernel; some are missing. */
  readonly filterTaps: readonly (readonly (readonly (number | undefined)[])[])[]
  /** Bytes from one cell of a tile to the next, along each axis, and from one of its outputs to the next. */
  readonly cellSteps: Three<Amount>
  readonly outputSteps: readonly [row: Amount, cell: Amount]
  /** Sizes of the blocks of filters (vectors) and of tiles whose products stay in registers. */
  readonly filterBlocks: readonly number[]
  readonly tileBlocks: readonly number[]
  /** Which cells of a tile may be real along width. */
  readonly kinds: readonly Range[]
  /** 1 where all filters are transformed before everything else, 0 where they are chunk by chunk for each panel. */
  readonly once: Amount
  /** What the tables hold. */
  readonly entries: Readonly<Record<keyof typeof fields, Entries>>
}

/** The integers of each entry, and of parts of it that there are several of. */
export const fields = {
  /**
   * Tiles of one output along depth: bytes to its cells and to itself; its real taps, bytes of filters of those before;
   * bytes to filters, to rows and columns of tiles, and how many. Behind that `ranges`, then a count for each of
   * `tileBlocks`.
   */
  panels: ['input', 'output', 'taps', 'skipped', 'weights', 'rows', 'rowCount', 'columns', 'columnCount'],
  /** Bytes to filters, vectors of them, output channels. Behind that a count for each of `filterBlocks`. */
  chunks: ['weights', 'vectors', 'channels'],
  /** Tiles side by side: bytes to their first outputs, rows of those. Behind that `rowCells` of each residue. */
  rows: ['output', 'outputs'],
  /** Tiles one below the other. Behind that `columnCells` of each residue. */
  columns: ['output', 'outputs'],
} as const

/** Of each kind of positions: bytes of the cells before those that have products there, and in how many passes they are gone through. */
export const rangeFields = ['first', 'passes'] as const
/** Bytes to the first real cell of a tile; rows of cells before, real, and after. */
export const rowCells = ['input', 'before', 'real', 'after'] as const
/** Bytes to the first real cell, and the place of those that are real among the kinds. */
export const columnCells = ['input', 'kind'] as const

/** A plan where Winograd's algorithm fits and pays; not to be asked for a layer that is to be deterministic. */
export function planWinograd(problem: Problem, features: Features): WinogradPlan | undefined {
  const tiling = tilingOf(problem, features)
  return tiling && tiling.cost < directCost(problem) ? planOf(problem, features, tiling) : undefined
}

/**
 * A plan for any convolution of either kind without groups, of which each output comes from 2 to 5 neighbouring cells of a
 * residue modulo the stride.
 */
export function planTiles(problem: Problem, features: Features, form?: TileForm): WinogradPlan | undefined {
  const tiling = tilingOf(problem, features, form)
  return tiling && planOf(problem, features, tiling)
}

function planOf(problem: Problem, features: Features, tiling: WinogradTiling): WinogradPlan {
  const { span, depth, high, wide, pairs, filter, scratch, matrices, once } = tiling
  const basis = basisOf(problem, features)
  const { from, to, inGroup, outGroup } = basis
  const [[[down]], [[across]]] = [high, wide]
  const unrolled = unrolledOf(features, inGroup)
  const tileBlocks = blockSizes(tiling.panels, tiling.block)
  const kinds = kindsOfAnySize(span[1])
  const tables = new Tables()
  const biases = filter.vectors * VECTOR
  const common = { ...anySize(basis, problem.layout, tables), biases: biasStep(basis, biases, tables) }
  const lists = listsOf(problem, basis, tiling, kinds, { tileBlocks, unrolled })
  // Steps from cell to cell are fixed where those of the tensor are.
  const named = (name: string, cell: Amount, step: number): Amount =>
    typeof cell === 'number' ? step : tables.number(name, step)
  const structure = {
    ...common,
    ...{ inGroup: tables.number('input channels', inGroup), unrolled },
    left: [inGroup % LANES, outGroup % LANES] as const,
    matrices: {
      // Where the engine moves instructions, an address for each tile takes 2 % of the time.
      cells: features.ordered ? tables.number('cells', matrices.cells) : matrices.cells,
      products: tables.number('products', matrices.products),
      behind: tables.number('products behind', matrices.behind),
    },
    ...{ span, pairs, depth: depth.taps, window: [down.taps.length, across.taps.length] as const },
    filterTaps: high.flatMap((lines) =>
      wide.map((columns) => pairs.map(([line, column]) => placesOf(problem, lines[line], columns[column]))),
    ),
    cellSteps: [
      tables.number('cell slice', from.axes[0] * depth.dilation),
      tables.number('cell row', from.axes[1] * down.axis.dilation * down.cells.step),
      named('cell', common.from.axes[2], from.axes[2] * across.axis.dilation * across.cells.step),
    ] as const,
    outputSteps: [
      tables.number('tile row', to.axes[1] * down.step * down.axis.dilation),
      named('tile cell', common.to.axes[2], to.axes[2] * across.step * across.axis.dilation),
    ] as const,
    ...scratch,
    ...{ filterBlocks: filter.blocks, tileBlocks, kinds, entries: entriesOf(lists, tables) },
    once: tables.number('once', Number(once)),
  }
  const { names, tables: integers } = tables.finish()
  const memory = {
    weights: high.length * wide.length * filter.vectors * filter.bytes,
    biases,
    scratch: scratch.between + span[0] * span[1] * VECTOR,
  }
  return {
    strategy: 'winograd',
    structure: { ...structure, numbers: names },
    ...memoryOf(basis, memory, integers),
  }
}

/** The taps of a tile among those of the kernel, line after line. */
function placesOf({ geometry }: Problem, lines: Residue, columns: Residue): (number | undefined)[] {
  const [, , width] = threeAxes(geometry)
  return lines.taps.flatMap((line) =>
    columns.taps.map((column) =>
      line === undefined || column === undefined ? undefined : line * width.kernel + column,
    ),
  )
}

/** How many input channels are written out in one go, where the engine keeps instructions in order. */
const unrolledOf = ({ ordered }: Features, channels: number): number =>
  ordered ? ([4, 3, 2, 1].find((count) => channels % count === 0) as number) : 1

/** The tables of a tiling. Kinds that only this size has are added to those of any. */
function listsOf(
  { inChannels, outChannels }: Problem,
  { from, to }: Basis,
  { span, depth, high, wide, pairs, panels, filter }: WinogradTiling,
  kinds: Range[],
  { tileBlocks, unrolled }: Pick<WinogradStructure, 'tileBlocks' | 'unrolled'>,
): Record<keyof typeof fields, EntryList> {
  // Where there are taps of depth as well, the pairs with products are no neighbours, and the zeros are multiplied.
  const all = pairs.length > 1 && depth.taps.length > 1
  const ranges = high.flatMap((lines) => wide.map((columns) => rangesOf(lines, columns, pairs, all)))
  const lists = {
    rows: tileEntries(high, span[0], from.axes[1], to.axes[1], {
      length: rowCells.length - 1,
      write: (entries, place, begin, end) => {
        entries[place] = begin
        entries[place + 1] = end - begin
        entries[place + 2] = span[0] - end
      },
    }),
    columns: tileEntries(wide, span[1], from.axes[2], to.axes[2], {
      length: columnCells.length - 1,
      write: (entries, place, begin, end) => {
        entries[place] = placeIn(kinds, begin, end)
      },
    }),
    chunks: listOf(chunksOf(filter, outChannels)),
  }
  const [row, column] = [lists.rows.length * FLOAT, lists.columns.length * FLOAT]
  const panelsOfSlice = ({ cell, tap, count }: LineTaps, output: number): number[][] =>
    panels.map((panel) => [
      ...[cell * from.axes[0], output * to.axes[0], count, tap * pairs.length * inChannels * VECTOR],
      panel.filter * filter.vectors * filter.bytes,
      ...[panel.rows.first * row, panel.rows.count, panel.columns.first * column, panel.columns.count],
      ...ranges[panel.filter].flatMap(({ first, count: added }) => [
        first * inChannels * FLOAT,
        (added * count * inChannels) / unrolled,
      ]),
      ...countsOf(tileBlocks, panel.blocks),
    ])
  return { ...lists, panels: listOf(depth.outputs.flatMap(panelsOfSlice)) }
}

/** The two largest sizes of blocks, of which all but small panels are made; where there are others, all. */
function blockSizes(panels: readonly Panel[], most: number): number[] {
  const common = [most, most - 1]
  const all = panels.every(({ blocks }) => blocks.every(({ size }) => common.includes(size)))
  return all ? common : multiples(most, 1).map((less) => most - less)
}

/** Which cells of a tile may be real whatever the input's size: all, or any number of the first ones, at the end of a row. */
function kindsOfAnySize(span: number): Range[] {
  return multiples(span, 1).map((less) => ({ begin: 0, end: span - less }))
}

/** The place of a range in a list, where it is put if it is not there. */
function placeIn(kinds: Range[], begin: number, end: number): number {
  for (let place = 0; place < kinds.length; place++) {
    if (kinds[place].begin === begin && kinds[place].end === end) return place
  }
  return kinds.push({ begin, end }) - 1
}

/** Entries that are lists of their own, all as long. */
const listOf = (entries: readonly (readonly number[])[]): EntryList => {
  return { length: entries[0].length, integers: entries.flat() }
}

function chunksOf({ length, vectors, chunk, blocks, bytes }: FilterVectors, outChannels: number): number[][] {
  return greedily(vectors, chunk).map((count, index) => {
    const channels = Math.min(count * LANES, outChannels - index * chunk * LANES)
    return [index * chunk * bytes, count * length, channels, ...countsOf(blocks, greedyPortions(count, FILTER_BLOCK))]
  })
}

/** How many parts there are of each of some sizes. */
const countsOf = (sizes: readonly number[], portions: readonly Portion[]): number[] =>
  sizes.map((size) => portions.find((portion) => portion.size === size)?.count ?? 0)
