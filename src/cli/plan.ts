import { type Axis, Geometry, type Op, SamepadError, type Solved, taps, Verbatim } from '../geometry.ts'
import { type Plan, type PlanOf, planProgram } from '../plan/choose.ts'
import { type Channels, LANES, regions } from '../plan/plan.ts'
import { type TileRun, total } from '../plan/row-tiles.ts'
import type { Problem } from '../reference/problem.ts'
import { emitPlan } from '../run/programs/strategies.ts'
import { probeFeatures } from '../wasm/engine.ts'
import type { CommandOption, Request } from './command.ts'
import { wholeNumber } from './read-numbers.ts'
import type { TextStyle } from './style.ts'
import { table, wrap } from './table.ts'

/** Options of `explain --plan`. */
export const planOptions = {
  plan: {
    about:
      'instead: the plan of the program that runs such a layer on an image of N x N cells, or the steps of a model',
  },
  channels: { value: 'IN:OUT', about: 'for --plan: channels of input and output; 64:64 by default' },
  groups: { value: 'G', about: 'for --plan: groups of channels; 1 by default' },
  layout: { value: 'LAYOUT', about: 'for --plan: nchw, the default, or nhwc' },
  deterministic: { about: 'for --plan: the program that gives the same bits on every machine' },
} as const satisfies Readonly<Record<string, CommandOption>>

/** A problem, the plan that runs it if one fits, and the bytes of its program. */
export interface Planned {
  readonly problem: Problem
  readonly plan: Plan | undefined
  readonly code: number
}

const STAGE = 'explain'
const MOST_RUNS = 6

/** Plans an axis that was solved, on an image with two such axes. */
export function planned(op: Op, { axis, zeros }: Solved, request: Request): Planned {
  if (Math.min(axis.padBegin, axis.padEnd) < 0 || zeros.some((cells) => cells !== 0)) {
    const found = new Verbatim(zeros.some((cells) => cells !== 0) ? 'padding that a pooling sees' : 'negative padding')
    throw new SamepadError(STAGE, 'the operations of samepad must be able to express the layer to plan it', found)
  }
  const [inChannels, outChannels] = channelsOf(request, op)
  const pool = op.endsWith('Pool')
  const groups = pool ? inChannels : (wholeNumber(STAGE, request, 'groups') ?? 1)
  for (const channels of [inChannels, outChannels]) {
    if (channels % groups !== 0) throw new SamepadError(STAGE, `--groups must divide the ${channels} channels`, groups)
  }
  const { layout = 'nchw', deterministic } = request.options
  if (layout !== 'nchw' && layout !== 'nhwc') throw new SamepadError(STAGE, '--layout must be nchw or nhwc', layout)
  const geometry = new Geometry(op, [axis, axis])
  const problem: Problem = { geometry, batch: 1, inChannels, outChannels, groups, layout }
  const plan = planProgram(problem, probeFeatures(), deterministic === true)
  return { problem, plan, code: plan ? emitPlan(plan).length : 0 }
}

function channelsOf(request: Request, op: Op): [number, number] {
  const text = String(request.options.channels ?? '64:64')
  const [, first, second = first] = /^(\d{1,6})(?::(\d{1,6}))?$/.exec(text) ?? []
  const [inChannels, outChannels] = [Number(first), Number(second)]
  if (!(inChannels > 0 && outChannels > 0)) {
    throw new SamepadError(STAGE, '--channels must be two positive integers such as 64:128', text)
  }
  if (op.endsWith('Pool') && inChannels !== outChannels) {
    throw new SamepadError(STAGE, '--channels of a pooling must be the same on both sides', text)
  }
  return [inChannels, outChannels]
}

/** For each strategy: why it, what a tile is, and its loops from the outside in. */
interface Description {
  readonly why: string
  readonly tile: string
  readonly loops: string
  /** The outputs of a row, cut into tiles. */
  readonly runs?: readonly TileRun[]
}

type Describers = { readonly [Name in Plan['strategy']]: (plan: PlanOf<Name>) => Description }

const describers: Describers = {
  dense: ({ structure: { vectors, inner, ordered }, channels, rows }) => ({
    why: 'vectors run along output channels, and sums stay in registers while all input channels and taps pass by',
    tile: `${widest(rows.flat())} outputs of a row x ${vectors} vectors of channels`,
    loops:
      inner === 'blocks'
        ? `batch, rows, tiles, ${blocksOf(channels, vectors)} blocks of channels, ${tapsOf(ordered)}`
        : `batch, groups, ${blocksOf(channels, vectors)} blocks of channels, rows, tiles, ${tapsOf(ordered)}`,
    runs: rows[0],
  }),
  pointwise: ({ structure: { vectors, blocks }, panels }) => ({
    why: 'a kernel of one tap is a product of matrices: vectors run along cells, and weights are splatted',
    tile: `${vectors} vectors of cells x ${blocks[0].channels} output channels`,
    loops: `batch, groups, panels of ${Math.max(1, ...panels.map(({ size }) => size))} columns of cells (copied together), blocks of channels, input channels`,
  }),
  width: ({ rows, columns }) => ({
    why: 'few output channels in a group: vectors run along the width, where outputs and cells are neighbours',
    tile: `${widest(rows)} rows x ${Math.ceil(widest(columns) / LANES)} vectors of outputs`,
    loops:
      'batch, groups, depth, runs of rows, runs of vectors, taps of depth, input channels; the other taps are written out',
    runs: columns,
  }),
  channels: ({ structure: { vectors }, rows }) => ({
    why: 'every channel by itself: vectors run along channels, which are neighbours in memory',
    tile: `${widest(rows)} outputs of a row x ${vectors} ${vectors === 1 ? 'vector' : 'vectors'} of channels`,
    loops:
      'batch, depth, rows, tiles, some channels at a time, taps of depth and height; the other taps are written out',
    runs: rows,
  }),
  winograd: ({ structure: { span, window, filterTaps } }) => {
    const outputs = window.map((taps, axis) => span[axis] + 1 - taps)
    const [, columns] = window
    const isReal = (tap: number | undefined): boolean => tap !== undefined
    const filters = filterTaps.flat()
    // A filter whose first line or column is missing has no products at the first positions.
    const products = filters.map((taps) => {
      const first = taps.findIndex(isReal)
      return (span[0] - Number(first >= columns)) * (span[1] - Number(first % columns > 0))
    })
    const taps = total(filters, (list) => list.filter(isReal).length)
    const left = Math.round((100 * total(products, (count) => count)) / (outputs[0] * outputs[1] * taps))
    const sizes = `${outputs.join(' x ')}, ${window.join(' x ')}`
    return {
      why: `F(${sizes}): tiles and filters become ${span[0] * span[1]} numbers each, and ${left} % of the multiplications are left`,
      tile: `${outputs.join(' x ')} outputs from ${span.join(' x ')} cells`,
      loops: `batch, depth, panels of tiles (transformed once), chunks of filters, ${span[0] * span[1]} products, transform of the outputs`,
    }
  },
}

/** What there is to say of a plan. */
function describe<Name extends Plan['strategy']>(plan: PlanOf<Name>): Description {
  return describers[plan.strategy](plan)
}

const blocksOf = ({ outGroup }: Channels, vectors: number): number => Math.ceil(outGroup / (vectors * LANES))

/** The loops of a tile, as the engine has them fastest. */
const tapsOf = (ordered: boolean): string =>
  ordered
    ? 'taps of depth and height, input channels; the taps of width are written out'
    : 'taps of depth, height and width, input channels'

const widest = (runs: readonly TileRun[]): number => Math.max(...there(runs).map(({ pixels }) => pixels))

/** The runs that have a tile at this size. */
const there = (runs: readonly TileRun[]): TileRun[] => runs.filter(({ tiles }) => tiles > 0)

/** The plan as lines. */
export function planLines({ problem, plan, code }: Planned, { strong, faint }: TextStyle): string[] {
  const { axes } = problem.geometry
  const taken = axes.reduce((product, axis) => product * realShare(problem, axis), 1)
  const saved = `${(100 * (1 - taken)).toFixed(1)} % of the taps fall on padding: no work, no instruction.`
  if (!plan) return [...wrap('No program fits: the reference computes it.'), ...wrap(saved)]
  const { why, tile, loops, runs: all = [] } = describe(plan)
  const runs = there(all)
  const arithmetic = plan.structure.relaxed ? 'multiply and add in one instruction' : 'multiply, then add'
  return [
    ...wrap(`${strong(plan.strategy)}: ${why}.`),
    '',
    ...wrap(tile, 'tile        '),
    ...wrap(loops, 'loops       '),
    ...(problem.geometry.op.endsWith('Pool') ? [] : wrap(arithmetic, 'arithmetic  ')),
    ...wrap(`${code} bytes of WebAssembly`, 'program     '),
    ...wrap(saved, 'padding     '),
    '',
    ...(runs.length > 0 ? [strong(rowOf(problem)), ...runLines(runs), ''] : []),
    strong('Memory'),
    ...table(
      regions.filter((region) => plan.bytes[region] > 0).map((region) => [region, `${plan.bytes[region]} bytes`]),
      '<>',
    ),
    ...(plan.bytes.weights > 0 ? [faint('weights and bias packed in the order in which they are read')] : []),
  ]
}

function rowOf({ geometry: { op, axes } }: Problem): string {
  if (op !== 'convTranspose') return 'A row of outputs'
  return `A row of outputs, of which every ${axes[0].stride} share their taps: those of output 0`
}

/** Which pixels of a tile each tap reads: a dot for each that is padding. */
function runLines(runs: readonly TileRun[]): string[] {
  const rows = runs.slice(0, MOST_RUNS).map(({ first, tiles, pixels, reading, lanes = LANES }) => {
    const drawn = reading.slice(0, 7).map(({ begin, end }) => {
      return Array.from({ length: pixels }, (_, pixel) => (begin <= pixel && pixel < end ? '●' : '·')).join('')
    })
    const more = reading.length > 7 ? ` and ${reading.length - 7} taps` : ''
    const last = first + tiles * pixels - 1
    return [
      `${first + LANES - lanes} to ${last}`,
      tiles === 1 ? '1 tile' : `${tiles} tiles`,
      `of ${pixels}`,
      drawn.join(' ') + more,
    ]
  })
  const rest = runs.length > MOST_RUNS ? [`and ${runs.length - MOST_RUNS} more kinds of tiles`] : []
  return [...table([['outputs', '', '', 'what each tap reads'], ...rows], '<>><'), ...rest]
}

/** Taps on real cells as a share of all, along one axis. */
function realShare({ geometry }: Problem, axis: Axis): number {
  const transposed = geometry.op === 'convTranspose'
  const windows = transposed ? { ...axis, input: axis.output, output: axis.input } : axis
  let real = 0
  for (let output = 0; output < windows.output; output++) {
    const { begin, end } = taps(windows, output)
    real += end - begin
  }
  return real / (windows.output * windows.kernel)
}
