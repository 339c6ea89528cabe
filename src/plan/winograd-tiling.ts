import type { Axis } from '../geometry/index.ts'
import { type Three, threeAxes } from '../reference/loops.ts'
import type { Problem } from '../reference/problem.ts'
import type { Features } from '../wasm/engine.ts'
import { multiples } from './gather.ts'
import { FLOAT, LANES, VECTOR } from './plan.ts'
import { distinct, greedily, tapsOf, total } from './row-tiles.ts'
import { type Lines, linesOf, slidesOf } from './slides.ts'
import {
  cutResidues,
  isShort,
  longestOf,
  pairsOf,
  type Residue,
  type ResiduePair,
  residuesOf,
} from './winograd-residues.ts'
import { type Panel, panelsOf, tilesOf } from './winograd-tiles.ts'

/** Cells that a tile may read along an axis: six, or the first five, which fit some sizes better. */
const SPANS = [6, 5]

/** Long kernels are cut into so many parts at most; residues and parts of both axes are so many pairs at most. */
const MOST_PARTS = 4
const MOST_PAIRS = 16

/** Vectors of filters in a block, whose products with a block of tiles stay in registers; the last may be smaller. */
export const FILTER_BLOCK = 2

/** Bytes of scratch: a panel's cells and products, a chunk's filters, the filters of a layer that is a single chunk. */
const PANEL_BYTES = 1_100_000
const CHUNK_BYTES = 450_000
const WHOLE_BYTES = 640_000

/** Beyond these outputs an axis has too many tiles to list. */
const LONGEST = 2 ** 14

/** What the transforms of a vector take for each position, in multiply-adds of vectors, as measured over a few hundred layers. */
const COST = { cells: 240 / 36, outputs: 180 / 36, filters: 130 / 36 } as const

/** How a layer is cut into tiles. */
export interface WinogradTiling extends ResidueWindows {
  /** Cells that a tile reads along height and width; one where there is one tap. */
  readonly span: Sides
  /** How many tiles there are along height and width, of each residue of the outputs. */
  readonly rows: readonly number[]
  readonly columns: readonly number[]
  readonly filter: FilterVectors
  readonly scratch: Scratch
  readonly matrices: PanelRows
  readonly panels: readonly Panel[]
  /** Tiles whose products stay in registers, at most. */
  readonly block: number
  /** Whether all filters are transformed before everything else. */
  readonly once: boolean
  /**
   * Multiply-adds of vectors, and what takes as long, for each input channel and vector of output channels; and those of them
   * that transform filters and cells.
   */
  readonly cost: number
  readonly transforms: Readonly<Record<'filters' | 'cells', number>>
}

/** Of height and width. */
export type Sides = readonly [lines: number, columns: number]

/** Cells that a tile reads along height and width, and its taps: with those of the whole, a part comes to the same bits. */
export interface TileForm {
  readonly span: Sides
  readonly window: Sides
}

/**
 * Pieces of scratch: a panel's transformed cells with their products, and a chunk's transformed filters, matrices for each
 * position. Their places are of a few sizes only, which many layers share; the rows of their matrices are as long as a layer's
 * channels make them.
 */
export interface Scratch {
  /** Bytes from position to position of cells and products, and of filters, which begin behind all of them. */
  readonly panel: number
  readonly filter: number
  readonly filters: number
  /** Where a tile is between the two passes of a transform. */
  readonly between: number
}

/** Bytes from row to row of a panel's cells and products, and where products begin behind cells. */
export type PanelRows = Readonly<Record<'cells' | 'products' | 'behind', number>>

/** A layer as windows of stride 1. */
interface ResidueWindows {
  readonly depth: Lines
  /** The most taps of depth that an output can have. */
  readonly deepest: number
  /** Of height and width, by residue of the outputs, then of the cells. */
  readonly high: readonly Residue[][]
  readonly wide: readonly Residue[][]
  /** The residues of cells whose windows are added. */
  readonly pairs: readonly ResiduePair[]
}

/** The cheapest tiles of a layer, or those of a form; undefined where none fit. */
export function tilingOf(problem: Problem, features: Features, form?: TileForm): WinogradTiling | undefined {
  return windowsOf(problem)
    .filter(({ high, wide }) => !form || `${[high, wide].map(tapsOfTile)}` === `${form.window}`)
    .map((windows) => cut(problem, features, windows, form?.span))
    .reduce<WinogradTiling | undefined>((best, one) => (best && best.cost <= one.cost ? best : one), undefined)
}

/** The taps of a tile along an axis: all residues have as many. */
const tapsOfTile = ([[{ taps }]]: readonly Residue[][]): number => taps.length

/** What the direct sum costs. */
export function directCost({ geometry }: Problem): number {
  const [depth, height, width] = threeAxes(geometry).map((axis) =>
    total(slidesOf(axis, geometry.op === 'convTranspose'), (slide) => tapsOf(slide.axis, 0, slide.axis.output)),
  )
  return depth * height * width
}

/** A layer in as few parts as can be, and in those that take the fewest products, if these are others. */
function windowsOf({ geometry, groups }: Problem): ResidueWindows[] {
  const transposed = geometry.op === 'convTranspose'
  if ((geometry.op !== 'conv' && !transposed) || groups > 1) return []
  const axes: Three<Axis> = threeAxes(geometry)
  if (axes.some(({ output }) => output > LONGEST)) return []
  const slides = slidesOf(axes[0], transposed)
  const depth = linesOf(slides)
  const [high, wide] = [axes[1], axes[2]].map((axis) => residuesOf(axis, transposed))
  if (!high || !wide || depth.outputs.some(({ count }) => count === 0)) return []
  const deepest = Math.max(...slides.map(({ taps }) => taps.length))
  const taps = [high, wide].map((all) => longestOf(all).taps.length)
  if (Math.max(...taps) === 1 || Math.max(...taps) > MOST_PARTS * MOST_TAPS) return []
  const [few, best] = [taps.map(fewestParts), taps.map(bestParts)]
  return [few, ...(`${few}` === `${best}` ? [] : [best])].flatMap(([lines, columns]) => {
    const cut = { high: cutResidues(high, lines), wide: cutResidues(wide, columns) }
    const pairs = pairsOf(cut.high, cut.wide)
    return pairs.length > MOST_PAIRS ? [] : [{ depth, deepest, ...cut, pairs }]
  })
}

/** Taps of a part at most: with six cells they make two outputs. */
const MOST_TAPS = 5

const fewestParts = (taps: number): number => Math.ceil(taps / MOST_TAPS)

/** The number of parts that takes the fewest products for an output, where a tile reads six cells. */
function bestParts(taps: number): number {
  const products = (parts: number): number => {
    const longest = Math.ceil(taps / parts)
    return (parts * (SPANS[0] - longest) + taps) / (SPANS[0] + 1 - longest)
  }
  return multiples(MOST_PARTS, 1)
    .map((less) => MOST_PARTS - less)
    .filter((parts) => parts >= fewestParts(taps) && parts <= taps)
    .reduce((best, parts) => (products(parts) <= products(best) ? parts : best))
}

function cut(problem: Problem, features: Features, windows: ResidueWindows, fixed?: Sides): WinogradTiling {
  const { inChannels } = problem
  const { deepest, high, wide, pairs } = windows
  const rows = tilesAlong(high, fixed?.[0])
  const columns = tilesAlong(wide, fixed?.[1])
  const span = [rows.span, columns.span] as const
  const positions = rows.span * columns.span
  const filter = filterOf(problem, windows, positions)
  // Cells are written in whole vectors: where those of a pair or a tap of depth are too long, the next ones overwrite them.
  const reading = inChannels * (deepest * pairs.length - 1) + toLanes(inChannels)
  const most = Math.max(1, Math.floor(PANEL_BYTES / (positions * FLOAT * (reading + filter.chunk * LANES))))
  const block = features.relaxed && features.ordered ? 6 : 4
  const tiles = {
    ...{ span, rows: rows.tiles, columns: columns.tiles, filter, block },
    ...scratchOf(positions, most, reading, filter),
    panels: panelsOf(rows.tiles, columns.tiles, most, block),
    once: filter.chunk === filter.vectors && high.length * wide.length === 1,
  }
  const products = rows.products * columns.products
  return { ...windows, ...tiles, ...costOf(problem, { ...windows, ...tiles }, products) }
}

/** How many tiles there are along an axis, of a fixed span or the one that takes the fewest products. */
function tilesAlong(
  residues: readonly Residue[][],
  fixed: number | undefined,
): { readonly span: number; readonly tiles: number[]; readonly products: number } {
  const taps = tapsOfTile(residues)
  const spans = taps === 1 ? [1] : SPANS.filter((span) => span > taps)
  return (fixed ? [fixed] : spans)
    .map((span) => {
      const tiles = residues.map((added) => tilesOf(added, span))
      const products = total([...residues.keys()], (at) => {
        return tiles[at] * total(residues[at], (residue) => span - Number(isShort(residue)))
      })
      return { span, tiles, products }
    })
    .reduce((best, one) => (best.products <= one.products ? best : one))
}

function costOf(
  { inChannels, outChannels }: Problem,
  { span, depth, pairs, rows, columns, panels, once }: Omit<WinogradTiling, 'cost' | 'transforms'>,
  products: number,
): Pick<WinogradTiling, 'cost' | 'transforms'> {
  const positions = span[0] * span[1]
  const sum = (tiles: readonly number[]): number => total(tiles, (count) => count)
  const tiles = sum(rows) * sum(columns) * positions
  const slices = total(depth.outputs, ({ count }) => count)
  const filters = positions * pairs.length * depth.taps.length * COST.filters
  const transforms = {
    filters: filters * (once ? 1 : panels.length * depth.outputs.length),
    cells: (slices * pairs.length * tiles * COST.cells * toLanes(inChannels)) / inChannels / toLanes(outChannels),
  }
  const outputs = (depth.outputs.length * tiles * COST.outputs) / inChannels
  return { cost: transforms.filters + transforms.cells + slices * products + outputs, transforms }
}

/** Vectors of filters: how long they are, how many, how many of them are a chunk, sizes of blocks, bytes of a vector. */
export interface FilterVectors {
  readonly length: number
  readonly vectors: number
  readonly chunk: number
  readonly blocks: readonly number[]
  readonly bytes: number
}

function filterOf(
  { inChannels, outChannels }: Problem,
  { depth, high, wide, pairs }: ResidueWindows,
  positions: number,
): FilterVectors {
  const length = depth.taps.length * pairs.length * inChannels
  const vectors = Math.ceil(outChannels / LANES)
  const taps = tapsOfTile(high) * tapsOfTile(wide)
  const transformed = positions * VECTOR * length
  const fitting = Math.max(1, Math.floor(CHUNK_BYTES / transformed / FILTER_BLOCK))
  const chunk = vectors * transformed <= WHOLE_BYTES ? vectors : Math.min(vectors, FILTER_BLOCK * fitting)
  return { length, vectors, chunk, blocks: distinct(greedily(vectors, FILTER_BLOCK)), bytes: length * taps * VECTOR }
}

const toLanes = (count: number): number => Math.ceil(count / LANES) * LANES

/** Lays out scratch for the cells of the most tiles that a panel has, which are so long, for a chunk's filters and for their products. */
function scratchOf(
  positions: number,
  tiles: number,
  reading: number,
  { chunk, length }: FilterVectors,
): Pick<WinogradTiling, 'scratch' | 'matrices'> {
  const [cells, products] = [toLanes(reading) * FLOAT, chunk * VECTOR]
  const panel = sharedSize(tiles * (cells + products), PANEL_BYTES / positions)
  const filter = sharedSize(chunk * length * VECTOR, WHOLE_BYTES / positions)
  const filters = positions * panel
  return {
    scratch: { panel, filter, filters, between: filters + positions * filter },
    matrices: { cells, products, behind: tiles * cells },
  }
}

/**
 * A size that layers share: the usual one, which is enough for nearly all of them, or that times a power of four. It is an odd number
 * of cache lines, so that the same place at all positions does not fall on the same cache set.
 */
function sharedSize(bytes: number, usual: number): number {
  let size = usual
  while (size < bytes) size *= 4
  return (Math.ceil(size / 64) | 1) * 64
}
