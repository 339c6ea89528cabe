import type { Axis } from '../geometry/index.ts'
import { type Three, threeAxes } from '../reference/loops.ts'
import type { Problem } from '../reference/problem.ts'
import type { Features } from '../wasm/engine.ts'
import { basisOf, FLOAT, LANES, VECTOR } from './plan.ts'
import { distinct, greedily, tapsOf, total } from './row-tiles.ts'
import { type Lines, linesOf, slidesOf } from './slides.ts'
import { isShort, pairsOf, type Residue, type ResiduePair, residuesOf } from './winograd-residues.ts'
import { type Panel, panelsOf, type Spot, spotsOf } from './winograd-tiles.ts'

/** Cells that a tile may read along an axis: six, or the first five, which fit some sizes better. */
const SPANS = [6, 5]

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
  readonly span: number
  readonly rows: readonly Spot[][]
  readonly columns: readonly Spot[][]
  readonly filter: Filter
  readonly scratch: Scratch
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

/** Pieces of scratch: a panel's transformed cells, a chunk's transformed filters, their products. */
export interface Scratch {
  readonly cells: Matrices
  readonly filters: Matrices
  readonly products: Matrices
  /** Where a tile is between the two passes of a transform. */
  readonly between: number
}

/** A piece of scratch with a matrix for each position: bytes from one to the next, and from one row of it to the next. */
export interface Matrices {
  readonly begin: number
  readonly position: number
  readonly row: number
}

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

/** The cheapest tiles of a layer; undefined where no tiles fit. */
export function tilingOf(
  problem: Problem,
  features: Features,
  spans: readonly number[] = SPANS,
): WinogradTiling | undefined {
  const windows = windowsOf(problem)
  if (!windows) return undefined
  const { high, wide } = windows
  const longest = Math.max(high[0][0].taps.length, wide[0][0].taps.length)
  const tilings = spans.filter((span) => longest < span).map((span) => cut(problem, features, windows, span))
  return tilings.reduce<WinogradTiling | undefined>(
    (best, one) => (best && best.cost <= one.cost ? best : one),
    undefined,
  )
}

/** What the direct sum costs. */
export function directCost({ geometry }: Problem): number {
  const [depth, height, width] = threeAxes(geometry).map((axis) =>
    total(slidesOf(axis, geometry.op === 'convTranspose'), (slide) => tapsOf(slide.axis, 0, slide.axis.output)),
  )
  return depth * height * width
}

function windowsOf({ geometry, groups }: Problem): ResidueWindows | undefined {
  const transposed = geometry.op === 'convTranspose'
  if ((geometry.op !== 'conv' && !transposed) || groups > 1) return undefined
  const axes: Three<Axis> = threeAxes(geometry)
  if (axes.some(({ output }) => output > LONGEST)) return undefined
  const [high, wide] = [axes[1], axes[2]].map((axis) => residuesOf(axis, transposed))
  if (!high || !wide) return undefined
  const slides = slidesOf(axes[0], transposed)
  const depth = linesOf(slides)
  const pairs = pairsOf(high, wide)
  const fits = depth.outputs.every(({ count }) => count > 0)
  const deepest = Math.max(...slides.map(({ taps }) => taps.length))
  return fits ? { depth, deepest, high, wide, pairs } : undefined
}

function cut(problem: Problem, features: Features, windows: ResidueWindows, span: number): WinogradTiling {
  const { inChannels } = problem
  const { deepest, high, wide, pairs } = windows
  const { from, to } = basisOf(problem, features)
  const rows = high.map((added) => spotsOf(added, span, from.axes[1], to.axes[1]))
  const columns = wide.map((added) => spotsOf(added, span, from.axes[2], to.axes[2]))
  const filter = filterOf(problem, windows, span * span)
  // Cells are written in whole vectors: where those of a pair or a tap of depth are too long, the next ones overwrite them.
  const reading = inChannels * (deepest * pairs.length - 1) + toLanes(inChannels)
  const most = Math.max(1, Math.floor(PANEL_BYTES / (span * span * FLOAT * (reading + filter.chunk * LANES))))
  const block = features.relaxed && features.ordered ? 6 : 4
  const tiles = {
    ...{ span, rows, columns, filter, block, scratch: scratchOf(span * span, most, reading, filter) },
    panels: panelsOf(rows, columns, most, block),
    once: filter.chunk === filter.vectors && high.length * wide.length === 1,
  }
  return { ...windows, ...tiles, ...costOf(problem, { ...windows, ...tiles }) }
}

function costOf(
  { inChannels, outChannels }: Problem,
  { span, depth, high, wide, pairs, rows, columns, panels, once }: Omit<WinogradTiling, 'cost' | 'transforms'>,
): Pick<WinogradTiling, 'cost' | 'transforms'> {
  const countOf = (spots: readonly Spot[][]): number => total(spots, ({ length }) => length)
  const tiles = countOf(rows) * countOf(columns) * span * span
  // The products that there are along an axis.
  const along = (residues: readonly Residue[][], spots: readonly Spot[][]): number =>
    total(residues, (added) => {
      const { length } = spots[residues.indexOf(added)]
      return length * total(added, (residue) => span - Number(isShort(residue)))
    })
  const slices = total(depth.outputs, ({ count }) => count)
  const filters = span * span * pairs.length * depth.taps.length * COST.filters
  const transforms = {
    filters: filters * (once ? 1 : panels.length * depth.outputs.length),
    cells: (slices * pairs.length * tiles * COST.cells * toLanes(inChannels)) / inChannels / toLanes(outChannels),
  }
  const products = slices * along(high, rows) * along(wide, columns)
  const outputs = (depth.outputs.length * tiles * COST.outputs) / inChannels
  return { cost: transforms.filters + transforms.cells + products + outputs, transforms }
}

/** Vectors of filters: how long they are, how many, how many of them are a chunk, sizes of blocks, bytes of a vector. */
export interface Filter {
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
): Filter {
  const length = depth.taps.length * pairs.length * inChannels
  const vectors = Math.ceil(outChannels / LANES)
  const taps = high[0][0].taps.length * wide[0][0].taps.length
  const transformed = positions * VECTOR * length
  const fitting = Math.max(1, Math.floor(CHUNK_BYTES / transformed / FILTER_BLOCK))
  const chunk = vectors * transformed <= WHOLE_BYTES ? vectors : Math.min(vectors, FILTER_BLOCK * fitting)
  return { length, vectors, chunk, blocks: distinct(greedily(vectors, FILTER_BLOCK)), bytes: length * taps * VECTOR }
}

const toLanes = (count: number): number => Math.ceil(count / LANES) * LANES

/** Lays out scratch for the cells of the most tiles that a panel has, which are so long, for a chunk's filters and for their products. */
function scratchOf(positions: number, tiles: number, cells: number, { chunk, length }: Filter): Scratch {
  let between = 0
  const matrices = (rows: number, row: number): Matrices => {
    // An odd number of cache lines: the same place at all positions does not fall on the same cache set.
    const position = (Math.ceil((rows * row) / 64) | 1) * 64
    between += positions * position
    return { begin: between - positions * position, position, row }
  }
  const pieces = {
    cells: matrices(tiles, toLanes(cells) * FLOAT),
    filters: matrices(chunk * length, VECTOR),
    products: matrices(tiles, chunk * VECTOR),
  }
  return { ...pieces, between }
}
