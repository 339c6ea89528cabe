import type { Axis } from '../geometry/index.ts'
import { stepsOf, threeAxes } from '../reference/loops.ts'
import { inputOf, outputOf, type Problem } from '../reference/problem.ts'
import type { Features } from '../wasm/engine.ts'
import { type ByteSteps, FLOAT, inBytes, LANES, type PackedFilter, type Plan, VECTOR } from './plan.ts'

/** Outputs of a tile along one axis, and the cells that they read: `TILE + 2`, for each of which there is a point. */
export const TILE = 4
export const POINTS = TILE + 2
/** The points 0, +p, -p for each p here, and infinity; the pair was chosen for the least error (see the tests). */
export const pairs: readonly number[] = [Math.SQRT1_2, Math.SQRT2]

/**
 * Convolution with 3 x 3 taps by Winograd's minimal filtering F(4 x 4, 3 x 3). A tile of 6 x 6 cells becomes 36 numbers;
 * at each of the 36 positions the numbers of all channels are multiplied by a matrix, and a tile of 4 x 4 outputs is made
 * of the 36 products: 36 multiplications where the definition has 144. Rounding differs from the definition's.
 *
 * Tiles are worked through in panels whose transformed cells and products stay in a cache: of a panel all tiles are
 * transformed, then come the products position by position, then all outputs. Vectors run along the dimension of the
 * layout that is contiguous: along four neighbouring tiles (`nchw`) or four channels (`nhwc`).
 */
export interface WinogradPlan extends Plan {
  readonly strategy: 'winograd'
  readonly layout: Problem['layout']
  readonly batch: number
  readonly inChannels: number
  readonly outChannels: number
  /** Slices of the output along depth. */
  readonly slices: number
  /** Bytes from the input slice of one of them to the next one's. */
  readonly slice: number
  readonly from: ByteSteps
  readonly to: ByteSteps
  /** Scratch: transformed cells, products, and between the passes of one tile. */
  readonly cells: Positions
  readonly products: Positions
  readonly between: number
  /** Blocks of output channels and of tiles of a product: in vectors where vectors run along them, else one by one. */
  readonly filters: readonly Blocks[]
  readonly tiles: readonly number[]
  /** The ways in which tiles of a row meet padding. */
  readonly kinds: readonly TileKind[]
  readonly panels: number
}

/** A piece of scratch with 36 matrices, channels by tiles: where it begins, and bytes from one to the next. */
export interface Positions {
  readonly begin: number
  readonly position: number
  readonly channel: number
  readonly tile: number
}

/** So many blocks of one size. */
export interface Blocks {
  readonly size: number
  readonly count: number
}

/** Neighbouring tiles that are transformed at once, seen along width. */
export interface TileKind {
  /** The cells that are real, counted from the first one that the tiles read: from `begin` to before `end`. */
  readonly begin: number
  readonly end: number
  /** The outputs that exist. */
  readonly outputs: number
}

/** Of the tables: integers of a panel (behind them the counts of `tiles`), of a row of tiles, of a run of columns. */
export const PANEL = ['rows', 'rowCount', 'runs', 'runCount'] as const
export const ROW = ['input', 'output', 'before', 'real', 'after', 'outputs'] as const
export const RUN = ['input', 'output', 'kind', 'count', 'cells', 'products'] as const

/** Scratch that the matrices of a panel may take, in bytes, as long as it has a few tiles at least. */
const PANEL_BYTES = 1_100_000

/** A plan where Winograd's algorithm fits and pays; never for a layer that is to be deterministic. */
export function planWinograd(problem: Problem, features: Features): WinogradPlan | undefined {
  return pays(problem) ? planTiles(problem, features) : undefined
}

function pays({ geometry, inChannels, outChannels }: Problem): boolean {
  return inChannels >= 8 && outChannels >= 8 && geometry.axes.slice(-2).every(({ output }) => output >= 4)
}

/** A plan for any 3 x 3 convolution of stride and dilation 1 with at most two cells of padding on a side. */
export function planTiles(problem: Problem, { relaxed }: Features): WinogradPlan | undefined {
  const { geometry, batch, inChannels, outChannels, groups, layout, activation } = problem
  const [depth, height, width] = threeAxes(geometry)
  const flat = depth.kernel === 1 && depth.padBegin === 0 && depth.padEnd === 0
  if (geometry.op !== 'conv' || groups !== 1 || !flat || !fits(height) || !fits(width)) return undefined
  const along = layout === 'nchw'
  if (!along && inChannels < LANES) return undefined

  const from = inBytes(stepsOf(inputOf(problem), layout))
  const to = inBytes(stepsOf(outputOf(problem), layout))
  const rows = relaxed ? 6 : 4
  const filters = along ? evenBlocks(outChannels, rows) : vectorBlocks(outChannels)
  const matrix = POINTS * POINTS * FLOAT * (whole(inChannels) + whole(outChannels))
  const panel = panelOf(Math.ceil(height.output / TILE), Math.ceil(width.output / TILE), Math.floor(PANEL_BYTES / matrix), along)
  const most = panel.rows * panel.columns
  const cells = positions(0, inChannels, most, along)
  const products = positions(cells.begin + cells.position * POINTS * POINTS, outChannels, most, along)
  const between = products.begin + products.position * POINTS * POINTS

  const split = (count: number): Blocks[] => (along ? vectorBlocks(count) : evenBlocks(count, rows))
  const lines = chunks(Math.ceil(height.output / TILE), panel.rows)
  const segments = chunks(Math.ceil(width.output / TILE), panel.columns)
  const tiles = [...new Set(lines.flatMap((l) => segments.flatMap((s) => split(l.count * s.count).map((b) => b.size))))]
  const kinds: TileKind[] = []
  const runs = segments.map((segment) => runsOf(width, segment, along ? LANES : 1, kinds))
  const rowEntries = chunks(Math.ceil(height.output / TILE), 1).map(({ first }) => rowOf(height, first, from, to))
  const tables: number[] = []
  const panels = lines.length * segments.length
  const rowsAt = panels * (PANEL.length + tiles.length)
  const runsAt = rowsAt + rowEntries.length * ROW.length
  let at = runsAt
  const places = runs.map((list) => {
    const place = at
    at += list.length * RUN.length
    return place
  })
  for (const line of lines) {
    segments.forEach((segment, index) => {
      const blocks = split(line.count * segment.count)
      tables.push((rowsAt + line.first * ROW.length) * FLOAT, line.count, places[index] * FLOAT, runs[index].length)
      tables.push(...tiles.map((size) => blocks.find((block) => block.size === size)?.count ?? 0))
    })
  }
  tables.push(...rowEntries.flat())
  for (const list of runs) {
    for (const { column, kind, count, tiles } of list) {
      const first = column * TILE - width.padBegin + kinds[kind].begin
      tables.push(first * from.axes[2], column * TILE * to.axes[2], kind, count)
      tables.push(tiles * cells.tile, tiles * products.tile)
    }
  }
  const bytes = {
    input: batch * from.batch,
    output: batch * to.batch,
    weights: POINTS * POINTS * inChannels * filters.reduce((sum, { size, count }) => sum + size * count, 0) * (along ? FLOAT : VECTOR),
    bias: whole(outChannels) * FLOAT,
    tables: tables.length * FLOAT,
    scratch: between + POINTS * POINTS * VECTOR,
  }
  return {
    strategy: 'winograd', relaxed, activation, layout, batch, inChannels, outChannels,
    slices: depth.output, slice: depth.stride * from.axes[0], from, to,
    cells, products, between, filters, tiles, kinds, panels, bytes, tables,
  }
}

const fits = ({ kernel, stride, dilation, padBegin, padEnd }: Axis): boolean =>
  kernel === TILE - 1 && stride === 1 && dilation === 1 && padBegin < 3 && padEnd < 3

const whole = (channels: number): number => Math.ceil(channels / LANES) * LANES

function vectorBlocks(count: number): Blocks[] {
  const vectors = Math.ceil(count / LANES)
  return [{ size: 2, count: vectors >> 1 }, { size: 1, count: vectors & 1 }].filter((b) => b.count > 0)
}

function evenBlocks(count: number, most: number): Blocks[] {
  const blocks = Math.ceil(count / most)
  const size = Math.ceil(count / blocks)
  const fewer = blocks * size - count
  return [{ size, count: blocks - fewer }, { size: size - 1, count: fewer }].filter((b) => b.count > 0)
}

function panelOf(rows: number, columns: number, most: number, along: boolean): { rows: number; columns: number } {
  if (columns <= most) return { rows: Math.min(rows, Math.floor(most / columns)), columns }
  const even = Math.max(1, Math.ceil(columns / Math.ceil(columns / Math.max(most,1))))
  return { rows: 1, columns: along ? whole(even) : even }
}

interface Chunk { readonly first: number; readonly count: number }
function chunks(total: number, most: number): Chunk[] {
  return Array.from({ length: Math.ceil(total / most) }, (_, i) => ({ first: i * most, count: Math.min(most, total - i * most) }))
}

function positions(begin: number, channels: number, tiles: number, along: boolean): Positions {
  const row = whole(along ? tiles : channels) * FLOAT
  const size = row * (along ? channels : tiles) + VECTOR
  // An odd number of cache lines
  const position = (Math.ceil(size / 64) | 1) * 64
  return along ? { begin, position, channel: row, tile: FLOAT } : { begin, position, channel: FLOAT, tile: row }
}

function rowOf(axis: Axis, tile: number, from: ByteSteps, to: ByteSteps): number[] {
  const first = tile * TILE - axis.padBegin
  const begin = Math.max(0, first)
  const end = Math.min(axis.input, first + POINTS)
  const outputs = Math.min(TILE, axis.output - tile * TILE)
  return [begin * from.axes[1], tile * TILE * to.axes[1], begin - first, end - begin, first + POINTS - end, outputs]
}

interface Run { column: number; kind: number; count: number; tiles: number }
function runsOf(axis: Axis, { first, count }: Chunk, group: number, kinds: TileKind[]): Run[] {
  const runs: Run[] = []
  for (const { first: offset, count: tiles } of chunks(count, group)) {
    const column = first + offset
    const cell = column * TILE - axis.padBegin
    const begin = Math.max(0, -cell)
    const end = Math.min(group * TILE + 2, axis.input - cell)
    const outputs = Math.min(tiles * TILE, axis.output - column * TILE)
    let kind = kinds.findIndex((k) => k.begin === begin && k.end === end && k.outputs === outputs)
    if (kind < 0) kind = kinds.push({ begin, end, outputs }) - 1
    const last = runs.at(-1)
    if (last?.kind === kind) {
      last.count++
      last.tiles += tiles
    } else runs.push({ column, kind, count: 1, tiles })
  }
  return runs
}

/** G */
function filterRows(): number[][] {
  const squares = pairs.map((p) => p * p)
  const rows = [[1 / squares.reduce((product, square) => product * -square, 1), 0, 0]]
  pairs.forEach((p, i) => {
    const scale = squares.reduce((product, square, j) => (i === j ? product : product * (squares[i] - square)), 2 * squares[i])
    for (const t of [p, -p]) rows.push([1 / scale, t / scale, (t * t) / scale])
  })
  return [...rows, [0, 0, 1]]
}

export function packWinograd(plan: WinogradPlan, weights: Float32Array, bias: Float32Array | undefined): PackedFilter {
  const { inChannels, outChannels, filters, layout } = plan
  const lanes = layout === 'nchw' ? 1 : LANES
  const packed = new Float32Array(plan.bytes.weights / FLOAT)
  const G = filterRows()
  const stride = packed.length / (POINTS * POINTS)
  const half = new Float64Array(POINTS * 3)
  let out = 0
  let base = 0
  for (const { size, count } of filters) {
    const width = size * lanes
    for (let b = 0; b < count; b++, base += width * inChannels) {
      for (let lane = 0; lane < width; lane++, out++) {
        if (out >= outChannels) continue
        for (let c = 0; c < inChannels; c++) {
          const w = (out * inChannels + c) * 9
          for (let i = 0; i < POINTS; i++) for (let k = 0; k < 3; k++) half[i * 3 + k] = G[i][0] * weights[w + k] + G[i][1] * weights[w + 3 + k] + G[i][2] * weights[w + 6 + k]
          for (let i = 0; i < POINTS; i++) for (let j = 0; j < POINTS; j++) {
            packed[(i * POINTS + j) * stride + base + c * width + lane] = half[i * 3] * G[j][0] + half[i * 3 + 1] * G[j][1] + half[i * 3 + 2] * G[j][2]
          }
        }
      }
    }
  }
  const biases = new Float32Array(plan.bytes.bias / FLOAT)
  if (bias) biases.set(bias)
  return { weights: packed, bias: biases }
}
