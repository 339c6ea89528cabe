import { SamepadError, Verbatim } from '../geometry/error.ts'
import { ceilDivide } from '../geometry/integers.ts'
import { type Followed, follow } from '../network/followed.ts'
import { labelOf, type Shape } from '../network/model.ts'
import { quotient } from '../operators/axis-step.ts'
import { type Halo, haloOf, type Interval } from './halo.ts'
import { isMixed, type Marks, type Mixed, marksOf } from './marks.ts'
import { isAstray, pieceOf } from './piece.ts'
import { type CutPicture, checkRuns } from './runs.ts'

const STAGE = 'tiles'

/** What of an output a piece gives, along one axis. */
export interface KeptCells {
  readonly output: string
  /** The axis of the output. */
  readonly axis: number
  /** The cells of the whole output that are kept. */
  readonly cells: Interval
  /** Where the first of them lies in the piece's output. */
  readonly from: number
}

/** One piece along an axis. */
export interface AxisPiece {
  /** The cells of the input that are its own: those of all pieces are the picture. */
  readonly own: Interval
  /** The cells of the input that it reads. */
  readonly read: Interval
  /** The cells of each output that has this axis. */
  readonly keep: readonly KeptCells[]
}

/** How an axis of an input is cut. */
export interface TileAxis {
  readonly input: string
  readonly axis: number
  /** Cells of the picture. */
  readonly size: number
  /** Pieces begin on multiples of so many cells. */
  readonly step: number
  /**
   * The fewest cells around a piece's own of which its outputs are made, before and behind them; negative where not even
   * all of those are.
   */
  readonly halo: readonly [before: number, behind: number]
  /** The layers that cost the halo, the dearest first, and the cells of each. */
  readonly shares: Halo['shares']
  readonly pieces: readonly AxisPiece[]
  /** Whether pieces are exact; not where a halo was given for a network that mixes all cells. */
  readonly isExact: boolean
}

/** An axis that is to be cut. */
export interface AxisRequest extends CutPicture {
  readonly axis: number
  /** The most cells that a piece reads; where there is none, one piece tells how the axis could be cut. */
  readonly tile: number | undefined
  /** Cells around each piece that somebody asks for; the plan is then not exact where the network mixes all cells. */
  readonly halo: number | undefined
}

/** Cuts an axis into pieces that give what the whole gives. */
export function planAxis(request: AxisRequest): TileAxis {
  const { model, shapes, input, axis } = request
  const size = shapes[input][axis]
  const { tile = size } = request
  const whole = follow(model, shapes)
  const outputs = model.graph.outputs.map(({ name }) => name)
  const mixedIn = ({ of }: Marks): Mixed | undefined => outputs.flatMap((value) => of(value).filter(isMixed))[0]
  const exact = marksOf(whole, input, axis)
  const isExact = mixedIn(exact) === undefined
  const inexact = isExact ? exact : marksOf(whole, input, axis, false)
  const marks = request.halo === undefined ? exact : inexact
  const mixed = mixedIn(marks)
  // A picture that somebody leaves whole along this axis has all its cells together.
  if (mixed?.isLost) checkRuns(request, whole, marks)
  if (mixed && !(request.tile !== undefined && tile >= size)) {
    const { name, opType } = mixed.node
    const hint = mixedIn(inexact) ? '' : '; --halo N plans pieces that are not exact'
    const must = `no piece can be exact: ${labelOf(mixed.node)}${name && ` (${opType})`} ${mixed.why}${hint}`
    throw new SamepadError(STAGE, must, new Verbatim(`axis ${axis} of ${input}`))
  }
  checkRuns(request, whole, marks)
  const isKept = followedCells(whole, marks, outputs).some(({ count }) => count > 0)
  if (!isKept && tile < size) {
    throw new SamepadError(
      STAGE,
      'an output must have cells of an axis that is cut',
      new Verbatim(`axis ${axis} of ${input}`),
    )
  }
  if (mixed || !isKept) return uncut(request, whole, marks, outputs)
  const halo = haloOf(whole, marks, outputs, input, axis)
  const { step } = marks
  const asked = request.halo ?? 0
  // Where pieces can be exact, a halo that was asked for may only add to what they need. A negative halo is that of cells which are
  // dropped, as by a Slice: a piece reads them too, since as many are dropped of it.
  const wanted = isExact ? halo.cells.map((cells) => Math.max(cells, asked)) : [asked, asked]
  const around = wanted.map((cells) => ceilDivide(cells, step) * step)
  let least = step + around[0] + around[1]
  let owned = tile >= size ? size : Math.floor((tile - around[0] - around[1]) / step) * step
  while (owned >= 1) {
    // Pieces of one size, as far as the step allows.
    owned = ceilDivide(ceilDivide(size, ceilDivide(size, owned)), step) * step
    const pieces = new Cutter({ ...request, size, whole, marks, outputs, around, owned, isExact }).pieces()
    const longest = Math.max(...pieces.map(({ read }) => read[1] - read[0]))
    if (longest <= tile) {
      const shared = { input, axis, size, step, halo: halo.cells, shares: halo.shares }
      return { ...shared, isExact, pieces }
    }
    // Some pieces needed more than the halo.
    least = longest
    owned -= ceilDivide(longest - tile, step) * step
  }
  throw new SamepadError(STAGE, `a piece must be at least ${least} cells along axis ${axis} of ${input}`, tile)
}

/** The plan of one piece, which is right whatever the network does. */
function uncut(
  { shapes, input, axis }: AxisRequest,
  whole: Followed,
  marks: Marks,
  outputs: readonly string[],
): TileAxis {
  const size = shapes[input][axis]
  const all: Interval = [0, size]
  const keep = followedCells(whole, marks, outputs).map(({ output, axis: at, count }): KeptCells => {
    return { output, axis: at, cells: [0, count], from: 0 }
  })
  return {
    ...{ input, axis, size, step: 1, halo: [0, 0], shares: [], isExact: true },
    pieces: [{ own: all, read: all, keep }],
  }
}

/** Axes of outputs along which the cells lie, and how many those are. */
function followedCells({ scope }: Followed, marks: Marks, outputs: readonly string[]) {
  return outputs.flatMap((output) =>
    marks.of(output).flatMap((mark, axis) => {
      if (!mark || isMixed(mark)) return []
      return [{ output, axis, count: scope.fact(output)?.shape?.[axis] as number, jump: mark.jump }]
    }),
  )
}

interface Cut extends AxisRequest {
  readonly size: number
  readonly whole: Followed
  readonly marks: Marks
  readonly outputs: readonly string[]
  /** Cells that a piece reads before and behind its own, multiples of the step. */
  readonly around: readonly number[]
  /** Cells from one piece to the next. */
  readonly owned: number
  readonly isExact: boolean
}

/** Why a piece does not serve, and how many cells of the input more may help, before and behind it. */
interface PieceFault {
  readonly why: string
  readonly short: readonly [number, number]
}

const astray = (why: string): PieceFault => ({ why, short: [1, 1] })

/** How often a piece that does not have its cells right is tried again with more of them. */
const MOST_TRIALS = 6

/** Cells of an output that a piece is to make, and the input cells from one to the next. */
type WantedCells = Omit<KeptCells, 'from'> & { readonly jump: number }

class Cutter {
  readonly #cut: Cut
  readonly #followed = new Map<number, Followed>()

  constructor(cut: Cut) {
    this.#cut = cut
  }

  pieces(): AxisPiece[] {
    const { size, owned } = this.#cut
    const pieces: AxisPiece[] = []
    for (let begin = 0; begin < size; begin += owned) {
      const own = [begin, Math.min(begin + owned, size)] as const
      const kept = this.#kept(...own)
      if (kept.some(({ cells }) => cells[0] < cells[1])) pieces.push(this.#piece(own, kept))
    }
    return pieces
  }

  /** The cells of each output that belong to a piece's own cells of the input. */
  #kept(begin: number, end: number): readonly WantedCells[] {
    const { outputs, marks, size, whole } = this.#cut
    return followedCells(whole, marks, outputs).map(({ output, axis, count, jump }) => {
      const at = (place: number): number => Math.min(count, Math.floor((place * jump.under) / jump.over))
      return { output, axis, cells: [at(begin), end === size ? count : at(end)] as const, jump: quotient(jump) }
    })
  }

  #piece(own: Interval, kept: readonly WantedCells[]): AxisPiece {
    const { size, marks, around, input, axis } = this.#cut
    const { step } = marks
    const more = [0, 0]
    let fault: PieceFault | undefined
    for (let trial = 0; trial < MOST_TRIALS; trial++) {
      const first = Math.max(0, own[0] - around[0] - more[0] * step)
      const plain = Math.min(size, own[1] + around[1] + more[1] * step)
      // Where padding follows from the size, a piece has the same if its size leaves the same remainder.
      const alike = Math.min(size, plain + ((((size - (plain - first)) % step) + step) % step))
      const faults = [...new Set([plain, alike])].map((end) => {
        const found = this.#keeps([first, end], kept)
        return 'why' in found ? found : { own, read: [first, end] as const, keep: found }
      })
      const piece = faults.find((one) => 'read' in one)
      if (piece) return piece as AxisPiece
      fault = faults.at(-1) as PieceFault
      fault.short.forEach((cells, side) => {
        more[side] += ceilDivide(cells, step)
      })
    }
    const must = `pieces of axis ${axis} of ${input} must lie on the cells of the whole`
    throw new SamepadError(STAGE, must, new Verbatim(fault?.why ?? 'none'))
  }

  /** What a piece gives of its outputs; or why it does not give all of that as the whole does. */
  #keeps(read: Interval, kept: readonly WantedCells[]): readonly KeptCells[] | PieceFault {
    const { whole, marks, input, axis, isExact } = this.#cut
    const piece = this.#follow(read[1] - read[0])
    const [conflict] = piece.conflicts
    if (conflict) return astray(`${conflict.name}: ${conflict.message}`)
    const values = pieceOf(whole, piece, marks, input, axis, read)
    const empty = [...values].find(([, list]) => list.some((cells) => cells && !isAstray(cells) && !(cells.count > 0)))
    if (empty) return astray(`'${empty[0]}' has no cell`)
    const found: KeptCells[] = []
    for (const { jump, ...one } of kept) {
      const cells = values.get(one.output)?.[one.axis]
      if (!cells) return astray(`'${one.output}' is not followed`)
      if (isAstray(cells)) return astray(`${labelOf(cells.node)} ${cells.why}`)
      const [begin, end] = one.cells
      const right = isExact ? cells.right : [cells.begin, cells.begin + cells.count]
      const short = [right[0] - begin, end - right[1]].map((missing) => Math.ceil(Math.max(0, missing) * jump))
      if (begin < end && (short[0] > 0 || short[1] > 0)) {
        const why = `cells ${right[0]} to ${right[1] - 1} of '${one.output}' are those of the whole, not ${begin} to ${end - 1}`
        return { why, short: [short[0], short[1]] }
      }
      found.push({ ...one, from: begin - cells.begin })
    }
    return found
  }

  /** The network on a piece of so many cells. */
  #follow(count: number): Followed {
    const { model, shapes, input, axis } = this.#cut
    const known = this.#followed.get(count)
    if (known) return known
    const shape: Shape = shapes[input].map((size, at) => (at === axis ? count : size))
    const followed = follow(model, { ...shapes, [input]: shape })
    this.#followed.set(count, followed)
    return followed
  }
}
