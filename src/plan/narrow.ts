import type { Axis, Range } from '../geometry/index.ts'
import { channelLists } from '../reference/epilogue.ts'
import type { Three } from '../reference/loops.ts'
import type { Filter, Problem } from '../reference/problem.ts'
import type { Features } from '../wasm/engine.ts'
import { type Along, counted, type Lookup, lookUp } from './counts.ts'
import { gather, lanesOf, multiples, packBiases, roomFor } from './gather.ts'
import {
  anySize,
  basisOf,
  biasStep,
  type Channels,
  type CommonPlan,
  FLOAT,
  LANES,
  MOST_WRITTEN_OUT,
  memoryOf,
  type PackedFilter,
  type Region,
  type Structure,
} from './plan.ts'
import { isAllEdges, realTaps, runEntries, type TileKind, type TileRun, total } from './row-tiles.ts'
import { type Amount, Tables } from './tables.ts'
import { anyRow, ownRow, type RowCut, type TileRow } from './tile-families.ts'

/**
 * Poolings, and convolutions with few output channels in a group. A tile is a few outputs along one axis (its rows) by a
 * few vectors along another one (its columns), for all output channels of a group: what is loaded once serves every row
 * that a tap brings it to.
 */
export interface NarrowPlan extends CommonPlan<NarrowStructure> {
  readonly strategy: 'channels' | 'width'
  /** The tiles of rows and columns, of each of their kinds. */
  readonly rows: readonly TileRun[]
  readonly columns: readonly TileRun[]
}

/** The code of a narrow program. */
export interface NarrowStructure extends Structure, Channels {
  /** Taps of the looked up axes together, of the rows and of the columns. */
  readonly kernel: Three<number>
  /** The other axes, outermost first: where each output reads is looked up. */
  readonly lookups: readonly Lookup[]
  /** The axes whose taps are written out. */
  readonly rows: TiledAxis
  readonly columns: TiledAxis
  /** Vectors of outputs in a row of the widest tile. */
  readonly vectors: number
  /** How many pairs of neighbouring taps are taken together: at a stride of two their cells lie side by side. */
  readonly pairs: number
  /** Whether additions stay where they are written. */
  readonly ordered: boolean
  /** From group to group, and from input channel to input channel. */
  readonly steps: Readonly<Record<'group' | 'channel', Readonly<Partial<Record<TensorRegion, Amount>>>>>
  /** Bytes of weights from tap to tap of each looked up axis. */
  readonly weights: readonly number[]
}

/** An axis that is cut into tiles: columns may be channels, each with weights of its own. */
export interface TiledAxis extends Pick<Axis, 'stride' | 'dilation'> {
  readonly along: Along['name'] | 'channels'
  readonly kinds: readonly TileKind[]
  /** Where the tables have an entry of `runFields` for each kind. */
  readonly runs: Amount
  /** Bytes from one to the next: cells of input, outputs, and of channels their weights and biases. */
  readonly step: Readonly<Partial<Record<TensorRegion, Amount>>> & Readonly<Record<'input' | 'output', Amount>>
}

/** What lies along an axis. */
type TensorRegion = Exclude<Region, 'tables' | 'scratch'>

/** What a strategy decides. */
export interface Tiling extends Pick<NarrowStructure, 'groups' | 'inGroup' | 'outGroup' | 'pairs'> {
  readonly strategy: NarrowPlan['strategy']
  readonly lookups: readonly Along[]
  readonly rows: Along
  readonly columns: Axis
  readonly cuts: Readonly<Record<'rows' | 'columns', Cuts>>
}

/** Ways to cut an axis into tiles: of a size alone, and one whose kinds all sizes have. */
export interface Cuts {
  readonly own: (axis: Axis) => readonly TileRun[]
  readonly any?: RowCut | undefined
}

/** The plan of a tiling, or undefined where its code would be too long. */
export function narrowPlan(problem: Problem, features: Features, tiling: Tiling): NarrowPlan | undefined {
  const { strategy, groups, inGroup, outGroup, pairs, cuts } = tiling
  if (isAllEdges(tiling.rows.axis) || isAllEdges(tiling.columns)) return undefined
  const basis = basisOf(problem, features)
  const { op, from, to } = basis
  const channels = strategy === 'channels'
  const cut = [true, false]
    .map((isAny) => ({
      rows: rowOf(tiling.rows.axis, cuts.rows, problem, isAny),
      columns: rowOf(tiling.columns, cuts.columns, problem, isAny, true),
    }))
    .find(({ rows, columns }) => writtenOut(op, tiling, rows.kinds, columns.kinds) <= MOST_WRITTEN_OUT)
  if (!cut) return undefined
  const { rows, columns } = cut

  const tables = new Tables()
  const lookups = lookUp(problem, tiling.lookups, tables)
  const slices = lookups.reduce((product, { taps }) => product * taps.length, 1)
  const kernel: Three<number> = [slices, tiling.rows.axis.kernel, tiling.columns.kernel]
  const slice = kernel[1] * kernel[2] * FLOAT
  const filter = inGroup * slices * slice
  const lanes = channels ? LANES : 1
  const filters = Math.ceil(problem.outChannels / lanes) * lanes
  const biases = op === 'conv' || channelLists(basis.epilogue) > 0 ? filters * FLOAT : 0
  const one = groups === 1 // which is a whole image
  const steps = {
    group: {
      input: tables.number('group input', one ? from.batch : inGroup * from.channel),
      output: tables.number('group output', one ? to.batch : outGroup * to.channel),
      ...{ weights: outGroup * filter, bias: outGroup * FLOAT },
    },
    channel: {
      input: channels ? 0 : tables.number('channel', from.channel),
      weights: op === 'conv' ? outGroup * slice * lanes : 0,
    },
  }
  const own = channels && biases > 0 ? { bias: FLOAT, ...(op === 'conv' ? { weights: filter } : {}) } : {}
  const bytes = { rows: tiling.rows.step, columns: { input: FLOAT, output: FLOAT, ...own } }
  const { name, step } = tiling.rows
  // Where columns are of one width alone, lines are as far apart for each input of this structure. With channels as columns a
  // program serves any number of them, except in strided convolutions: their many lines would wait for addresses (3x3 takes 7 % longer).
  const strided = op === 'conv' && tiling.rows.axis.stride > 1
  const apart = channels ? strided : !columns.isOfAnySize
  const rowStep = {
    input: apart ? step.input : tables.number(`${name} input`, step.input),
    output: apart ? step.output : tables.number(`${name} output`, step.output),
  }
  const tiled = {
    rows: {
      ...{ along: name, kinds: rows.kinds, step: rowStep, ...windowOf(tiling.rows.axis) },
      runs: tables.list('rows', runEntries(rows.runs, tiling.rows.axis, bytes.rows)),
    },
    columns: {
      ...{ along: channels ? ('channels' as const) : ('width' as const), kinds: columns.kinds },
      ...{ step: bytes.columns, ...windowOf(tiling.columns) },
      runs: tables.list('columns', runEntries(columns.runs, tiling.columns, bytes.columns)),
    },
  }
  let weight = inGroup * steps.channel.weights
  const ofAxes = lookups.toReversed().map(({ taps }) => {
    weight *= taps.length
    return weight / taps.length
  })
  const common = { ...anySize(basis, problem.layout, tables), biases: biasStep(basis, biases, tables) }
  const { names, tables: integers } = tables.finish()
  const memory = memoryOf(basis, { weights: op === 'conv' ? filters * filter : 0, biases, scratch: 0 }, integers)
  const vectors = Math.max(...columns.kinds.map(vectorsOf))
  const places = { lookups, ...tiled, kernel, steps, weights: ofAxes.toReversed() }
  const { ordered } = features
  const structure = { ...common, groups, inGroup, outGroup, ordered, vectors, pairs, ...places, numbers: names }
  return { strategy, structure, rows: rows.runs, columns: columns.runs, ...memory }
}

const windowOf = ({ stride, dilation }: Axis): Pick<Axis, 'stride' | 'dilation'> => ({ stride, dilation })

/** An axis cut for any size, where that can be and is asked for, or for this one; of columns with the cells that tiles may touch. */
function rowOf(axis: Axis, { own, any }: Cuts, problem: Problem, isAny: boolean, touches = false): TileRow {
  const seen = (runs: readonly TileRun[], axis: Axis): TileRun[] =>
    runs
      .map((run) => (touches ? { ...run, room: roomAround(run, axis) } : run))
      .flatMap((run) => counted(run, axis, problem))
  const { geometry, countIncludePad } = problem
  const ofAny = isAny &&
    any && {
      ...any,
      name: `${any.name} ${touches} ${geometry.op} ${countIncludePad}`,
      runs: (axis: Axis) => seen(any.runs(axis), axis),
    }
  return (ofAny && anyRow(axis, ofAny)) || ownRow(seen(own(axis), axis))
}

/**
 * The real cells around the tiles of a run, counted from where the first window of each starts; as far as a vector behind
 * the last tap, since nobody loads more.
 */
function roomAround({ first, tiles, pixels, start }: TileRun, axis: Axis): Range {
  const { input, stride, dilation, kernel, padBegin } = axis
  const corner = first * stride - padBegin
  const most = (pixels - 1) * stride + (kernel - 1) * dilation + 1 + LANES
  return { begin: Math.max(-corner, start), end: Math.min(most, input - corner - (tiles - 1) * pixels * stride) }
}

/** Vectors of outputs in a row of a tile. */
const vectorsOf = ({ pixels }: TileKind): number => Math.ceil(pixels / LANES)

/** About how many instructions on vectors a program has: what each tile loads, takes together and stores. */
function writtenOut(
  op: NarrowStructure['op'],
  { strategy, outGroup, columns: axis }: Tiling,
  rows: readonly TileKind[],
  columns: readonly TileKind[],
): number {
  const { stride, dilation, kernel } = axis
  const lines = total(rows, realTaps)
  // Vectors in which a tap is real; what sees padding takes a mask or a fill.
  const touched = total(columns, ({ pixels, reading }) =>
    total(reading, ({ begin, end }) => {
      return begin < end ? Math.ceil(end / LANES) - Math.floor(begin / LANES) + (end - begin < pixels ? 1 : 0) : 0
    }),
  )
  const outputs = total(rows, ({ pixels }) => pixels)
  const tiles = 14 * rows.length * columns.length + 2 * outGroup * outputs * total(columns, vectorsOf)
  // Cells further apart than two are loaded one by one.
  if (op === 'conv') return tiles + lines * touched * (outGroup + (stride > 2 ? 4 : 1))
  const blocks = ({ pixels }: TileKind): number =>
    Math.ceil(((pixels - 1) * stride + (kernel - 1) * dilation + 1) / LANES)
  // A maximum is written out twice. Along channels there is nothing to pick out of the blocks.
  const reduced = 2 * lines * total(columns, blocks) + (strategy === 'channels' ? 0 : 2 * outputs * touched)
  return tiles + reduced * (op === 'maxPool' ? 2 : 1)
}

/**
 * Packs weights and bias: of each group and tap of the looked up axes, input channel after input channel, taps of rows, the
 * output channels, taps of columns. Where columns are channels, of every four of them all taps, one after another.
 */
export function packNarrow(plan: NarrowPlan, filter: Filter, packed = roomFor(plan)): PackedFilter {
  const { weights, steps } = filter
  const { groups, inGroup, outGroup, columns: tiled, kernel } = plan.structure
  const [slices, lines, columns] = kernel
  packBiases(plan, filter, packed.bias)
  if (packed.weights.length === 0) return packed
  if (tiled.along !== 'channels') {
    gather(packed.weights, 0, weights, [
      ...[multiples(groups, steps.group), multiples(slices, lines * columns * steps.tap), multiples(inGroup, steps.in)],
      ...[multiples(lines, columns * steps.tap), multiples(outGroup, steps.out), multiples(columns, steps.tap)],
    ])
    return packed
  }
  const taps = multiples(slices * lines * columns, steps.tap)
  const channels = total(plan.columns, ({ tiles, pixels }) => tiles * pixels)
  let at = 0
  for (let first = 0; first < channels; first += LANES) {
    const lanes = lanesOf(LANES, steps.group, channels - first)
    at = gather(packed.weights, at, weights, [[first * steps.group], taps, lanes])
  }
  return packed
}
