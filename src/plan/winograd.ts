import type { Axis } from '../geometry/index.ts'
import { stepsOf, threeAxes } from '../reference/loops.ts'
import { inputOf, outputOf, type Problem } from '../reference/problem.ts'
import type { Features } from '../wasm/engine.ts'
import { type ByteSteps, FLOAT, inBytes, LANES, type Plan, VECTOR } from './plan.ts'

/** Outputs of a tile along one axis, and the cells that they read. */
export const TILE = 4
export const SPAN = TILE + 2
/** Numbers into which a tile is transformed, and filters are. */
export const POSITIONS = SPAN * SPAN
export const TAPS = 9

/** The points of the interpolation are 0, p and -p for each p here, and infinity. */
export const points: readonly number[] = [Math.SQRT1_2, Math.SQRT2]

/**
 * Convolution with 3 x 3 taps by Winograd's minimal filtering, F(4 x 4, 3 x 3): 6 x 6 cells become 36 numbers, and so do
 * the taps of a filter. At each of these 36 positions a matrix of filters is multiplied by one of tiles, summing over the
 * input channels, and 36 products become 4 x 4 outputs: a quarter of the multiplications of the direct sum.
 *
 * What is transformed stays in a cache: tiles are worked through in panels, and filters in chunks, which are transformed
 * anew for each panel, since transformed they are four times as long to read. Vectors run along what is contiguous:
 * along four neighbouring tiles in `nchw`, along four channels in `nhwc`.
 */
export interface WinogradPlan extends Plan {
  readonly strategy: 'winograd'
  readonly layout: Problem['layout']
  readonly batch: number
  readonly inChannels: number
  readonly outChannels: number
  /** Slices of the output along depth, and bytes from the input's slice of one to that of the next. */
  readonly slices: number
  readonly slice: number
  readonly from: ByteSteps
  readonly to: ByteSteps
  /** Pieces of scratch: a panel's transformed cells, a chunk's transformed filters, their products. */
  readonly cells: Matrices
  readonly filters: { readonly begin: number; readonly position: number }
  readonly products: Matrices
  /** Where scratch holds a tile between the two passes of a transform. */
  readonly between: number
  /** Sizes of the blocks of filters and of tiles whose products stay in registers: vectors of them, or single ones. */
  readonly filterBlocks: readonly number[]
  readonly tileBlocks: readonly number[]
  /** The ways in which tiles of a row meet padding. */
  readonly kinds: readonly TileKind[]
  readonly panels: number
  readonly chunks: number
  /** Where the tables' entries of chunks begin, in bytes; those of panels come first. */
  readonly chunkTable: number
}

/** A piece of scratch with a matrix for each position: bytes from one matrix, channel, tile to the next. */
export interface Matrices {
  readonly begin: number
  readonly position: number
  readonly channel: number
  readonly tile: number
}

/** Neighbouring tiles that one vector holds, or a single one, seen along width. */
export interface TileKind {
  /** The cells that are real, counted from the first one that the tiles read: from `begin` to before `end`. */
  readonly begin: number
  readonly end: number
  /** How many outputs exist. */
  readonly outputs: number
}

/** Integers in the tables. A panel has behind them a count for each of `tileBlocks`, a chunk for each of `filterBlocks`. */
export const PANEL = ['rows', 'rowCount', 'runs', 'runCount'] as const
export const CHUNK = ['vectors', 'channels'] as const
/** Of a row of tiles: bytes to its first real cells and its outputs; rows of cells before, real, and after; of outputs. */
export const ROW = ['input', 'output', 'before', 'real', 'after', 'outputs'] as const
/** Of a run of tiles of one kind: bytes as above, the kind, how many vectors of tiles; bytes of its tiles in scratch. */
export const RUN = ['input', 'output', 'kind', 'count', 'cells', 'products'] as const

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

/** A plan for any 3 x 3 convolution of stride and dilation 1 with at most two cells of padding on each side. */
export function planTiles(problem: Problem, { relaxed }: Features): WinogradPlan | undefined {
  const { geometry, batch, inChannels, outChannels, groups, layout, activation } = problem
  const [depth, height, width] = threeAxes(geometry)
  const flat = depth.kernel === 1 && depth.padBegin + depth.padEnd === 0
  if (geometry.op !== 'conv' || groups > 1 || !flat || !fits(height) || !fits(width)) return undefined
  const along = layout === 'nchw'
  if (!along && inChannels < LANES) return undefined

  const [from, to] = [inputOf(problem), outputOf(problem)].map((sizes) => inBytes(stepsOf(sizes, layout)))
  const rows = relaxed ? 6 : 4 // of a block of sums that stay in registers, each two vectors wide
  const blocks = (count: number, vectors: boolean): Blocks => (vectors ? vectorBlocks(count) : evenBlocks(count, rows))

  const unit = along ? rows : 2 * LANES
  const perFilter = POSITIONS * FLOAT * inChannels
  const whole = perFilter * outChannels <= WHOLE_BYTES
  const chunk = whole ? outChannels : Math.max(1, Math.floor(CHUNK_BYTES / perFilter / unit)) * unit
  const chunks = partsOf(outChannels, Math.min(chunk, outChannels)).map((part) => ({
    ...part,
    blocks: blocks(part.count, !along),
  }))
  const lengths = chunks.map(({ blocks }) => filterLength(blocks, inChannels, along))

  const tiles = [height, width].map(({ output }) => Math.ceil(output / TILE))
  const most = Math.floor(PANEL_BYTES / (POSITIONS * FLOAT * (inChannels + chunk)))
  const panel = panelOf(tiles[0], tiles[1], Math.max(most, LANES))
  const [lines, segments] = [partsOf(tiles[0], panel.rows), partsOf(tiles[1], panel.columns)]
  const panels = lines.flatMap((line) =>
    segments.map((segment, index) => ({ line, index, blocks: blocks(line.count * segment.count, along) })),
  )

  const matrices = (begin: number, channels: number): Matrices =>
    matricesOf(begin, channels, panel.rows * panel.columns, along)
  const cells = matrices(0, inChannels)
  const filters = { begin: cells.begin + POSITIONS * cells.position, position: oddLines(Math.max(...lengths) * VECTOR) }
  const products = matrices(filters.begin + POSITIONS * filters.position, Math.min(chunk, outChannels))
  const between = products.begin + POSITIONS * products.position

  const kinds: TileKind[] = []
  const runs = segments.map((segment) => runsOf(width, segment, along ? LANES : 1, kinds))
  const tileBlocks = sizesOf(panels.map(({ blocks }) => blocks))
  const filterBlocks = sizesOf(chunks.map(({ blocks }) => blocks))
  const chunkTable = panels.length * (PANEL.length + tileBlocks.length)
  const rowTable = chunkTable + chunks.length * (CHUNK.length + filterBlocks.length)
  const runTables = [rowTable + tiles[0] * ROW.length]
  for (const list of runs) runTables.push((runTables.at(-1) as number) + list.length * RUN.length)
  const tables = [
    ...panels.flatMap(({ line, index, blocks }) => [
      (rowTable + line.first * ROW.length) * FLOAT,
      line.count,
      runTables[index] * FLOAT,
      runs[index].length,
      ...tileBlocks.map((size) => blocks[size] ?? 0),
    ]),
    ...chunks.flatMap(({ count, blocks }, index) => [
      lengths[index],
      count,
      ...filterBlocks.map((size) => blocks[size] ?? 0),
    ]),
    ...Array.from({ length: tiles[0] }, (_, tile) => rowOf(height, tile, from, to)).flat(),
    ...runs
      .flat()
      .flatMap(({ tile, tiles, kind, count }) => [
        (tile * TILE - width.padBegin + kinds[kind].begin) * from.axes[2],
        tile * TILE * to.axes[2],
        kind,
        count,
        tiles * cells.tile,
        tiles * products.tile,
      ]),
  ]
  const bytes = {
    input: batch * from.batch,
    output: batch * to.batch,
    weights: lengths.reduce((sum, length) => sum + length) * TAPS * VECTOR,
    bias: toLanes(outChannels) * FLOAT,
    tables: tables.length * FLOAT,
    scratch: between + POSITIONS * VECTOR,
  }
  return {
    strategy: 'winograd',
    relaxed,
    activation,
    layout,
    batch,
    inChannels,
    outChannels,
    slices: depth.output,
    slice: depth.stride * from.axes[0],
    from,
    to,
    cells,
    filters,
    products,
    between,
    filterBlocks,
    tileBlocks,
    kinds,
    panels: panels.length,
    chunks: chunks.length,
    chunkTable: chunkTable * FLOAT,
    bytes,
    tables,
  }
}

const fits = ({ kernel, stride, dilation, padBegin, padEnd }: Axis): boolean =>
  kernel === 3 && stride === 1 && dilation === 1 && padBegin < 3 && padEnd < 3

const toLanes = (count: number): number => Math.ceil(count / LANES) * LANES

/** How many blocks there are of each size. */
type Blocks = Readonly<Partial<Record<number, number>>>

/** Blocks of two vectors, and one of a single vector for what is left. */
function vectorBlocks(count: number): Blocks {
  const vectors = Math.ceil(count / LANES)
  return { ...(vectors > 1 && { 2: vectors >> 1 }), ...(vectors % 2 > 0 && { 1: 1 }) }
}

/** Blocks of at most so many, of two sizes at most that differ by one: small blocks are slow. */
function evenBlocks(count: number, most: number): Blocks {
  const blocks = Math.ceil(count / most)
  const size = Math.ceil(count / blocks)
  const smaller = blocks * size - count
  return { [size]: blocks - smaller, ...(smaller > 0 && { [size - 1]: smaller }) }
}

/** All sizes, the largest first. */
const sizesOf = (blocks: readonly Blocks[]): number[] =>
  [...new Set(blocks.flatMap((sizes) => Object.keys(sizes).map(Number)))].sort((a, b) => b - a)

/** Each block begins at a vector. */
function filterLength(blocks: Blocks, inChannels: number, along: boolean): number {
  return Object.entries(blocks).reduce(
    (sum, [size, count = 0]) => sum + count * blockLength(Number(size), inChannels, along),
    0,
  )
}
/** Vectors of one position of a block. */
export const blockLength = (size: number, inChannels: number, along: boolean): number =>
  along ? Math.ceil((size * inChannels) / LANES) : size * inChannels

function panelOf(rows: number, columns: number, most: number): { rows: number; columns: number } {
  if (columns <= most) {
    const max = Math.min(rows, Math.floor(most / columns))
    const panels = Math.ceil(rows / max)
    for (let r = max; r >= Math.ceil(rows / panels); r--) if ((r * columns) % 8 === 0) return { rows: r, columns }
    return { rows: Math.ceil(rows / panels), columns }
  }
  return { rows: 1, columns: toLanes(Math.floor(most / LANES) * LANES) }
}

interface Part {
  readonly first: number
  readonly count: number
}

function partsOf(total: number, most: number): Part[] {
  const length = Math.ceil(total / most)
  return Array.from({ length }, (_, index) => ({ first: index * most, count: Math.min(most, total - index * most) }))
}

/** An odd number of cache lines, so that the same place at all positions does not fall on the same cache set. */
const oddLines = (bytes: number): number => (Math.ceil(bytes / 64) | 1) * 64

function matricesOf(begin: number, channels: number, tiles: number, along: boolean): Matrices {
  const step = toLanes(along ? tiles : channels) * FLOAT
  const position = oddLines(step * (along ? channels : tiles) + VECTOR)
  return along ? { begin, position, channel: step, tile: FLOAT } : { begin, position, channel: FLOAT, tile: step }
}

function rowOf(axis: Axis, tile: number, from: ByteSteps, to: ByteSteps): number[] {
  const first = tile * TILE - axis.padBegin
  const [begin, end] = [Math.max(0, first), Math.min(axis.input, first + SPAN)]
  const outputs = Math.min(TILE, axis.output - tile * TILE)
  return [begin * from.axes[1], tile * TILE * to.axes[1], begin - first, end - begin, first + SPAN - end, outputs]
}

interface Run {
  tile: number
  tiles: number
  kind: number
  count: number
}

function runsOf(axis: Axis, { first, count }: Part, most: number, kinds: TileKind[]): Run[] {
  const runs: Run[] = []
  for (const { first: offset, count: tiles } of partsOf(count, most)) {
    const tile = first + offset
    const cell = tile * TILE - axis.padBegin
    const seen = {
      begin: Math.max(0, -cell),
      end: Math.min(most * TILE + 2, axis.input - cell),
      outputs: Math.min(tiles * TILE, axis.output - tile * TILE),
    }
    let kind = kinds.findIndex((known) => JSON.stringify(known) === JSON.stringify(seen))
    if (kind < 0) kind = kinds.push(seen) - 1
    const last = runs.at(-1)
    if (last?.kind === kind) {
      last.count++
      last.tiles += tiles
    } else runs.push({ tile, tiles, kind, count: 1 })
  }
  return runs
}
