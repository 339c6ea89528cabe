import type { Range } from '../geometry/index.ts'
import { multiples } from '../plan/gather.ts'
import type { NarrowStructure } from '../plan/narrow.ts'
import { FLOAT, LANES, VECTOR } from '../plan/plan.ts'
import type { Code, Local } from '../wasm/code.ts'
import { keepInPlace } from './keep-in-place.ts'
import { masked, shuffle } from './lanes.ts'
import { local } from './loops.ts'
import { emitNarrow, type TileWriter } from './narrow.ts'
import type { NarrowTile, Results } from './narrow-tile.ts'
import { constant, multiplyAdd } from './program.ts'
import type { Place } from './tiles.ts'

/** Where a tile reads cells, and weights. */
interface Loading {
  readonly load: ReturnType<NarrowTile['loader']>
  readonly weights: Local
}

/** The cells that a tap reads for one vector of outputs, from one on. */
interface NarrowCells {
  readonly at: number
  readonly cell: number
  readonly lanes: Range
  /** Whether all outputs that there are read real cells. */
  readonly whole: boolean
}

/** Vectors of cells and weights that may be loaded until all that is added to sums is added, where that has to be said. */
const LOADED = 4

/** Emits the program of a narrow convolution. */
export function emitNarrowConv(structure: NarrowStructure): Uint8Array<ArrayBuffer> {
  return emitNarrow(structure, convolution)
}

function convolution(plan: NarrowStructure, code: Code, result: Results): TileWriter {
  const convolve = narrowConv(plan, code, result)
  return {
    write(tile, at, { alone, start, eachTap, storeAll }) {
      const bias = (): void =>
        start((out, vector) => {
          code.get(at.bias)
          if (plan.columns.along === 'channels') return code.emit('v128.load', vector * VECTOR)
          return code.emit('v128.load32_splat', out * FLOAT)
        })
      if (!alone) bias()
      eachTap((place) => convolve(tile, place, alone ? bias : () => {}))
      storeAll()
    },
  }
}

/**
 * The multiplications of a tile for one input channel and one tap of the looked up axes, added to results. At a stride of
 * two, two neighbouring taps are taken together: a vector then holds two outputs with two products each, its cells lie
 * side by side in memory, and products are brought together once.
 *
 * @returns takes where a tile reads, and what starts its results if that is still to be done
 */
function narrowConv(
  plan: NarrowStructure,
  code: Code,
  result: Results,
): (tile: NarrowTile, place: Place, start: () => void) => void {
  const { outGroup, pairs, kernel, vectors } = plan
  const halves: Local[] = []
  const half: Results = (row, out, at) => local(code, halves, (row * outGroup + out) * 2 * vectors + at)
  const addTap = tapAdder(plan, code, result, half)
  return (tile, { input, weights }, start) => {
    const place = { load: tile.loader(input), weights }
    const eachHalf = (body: (a: Local, b: Local, result: Local) => void): void => {
      for (let out = 0; out < outGroup && pairs > 0; out++) {
        for (const row of tile.rows) {
          for (const at of tile.vectors) body(half(row, out, 2 * at), half(row, out, 2 * at + 1), result(row, out, at))
        }
      }
    }
    eachHalf((a, b) => constant(constant(code, 0).set(a), 0).set(b))
    for (let tap = 0; tap < 2 * pairs; tap += 2) addTap(tile, place, tap, true)
    eachHalf((a, b) => {
      shuffle(code.get(a).get(b), [0, 2, 4, 6])
      shuffle(code.get(a).get(b), [1, 3, 5, 7]).emit('f32x4.add').set(a)
    })
    start() // not before, since registers are few
    for (let tap = 2 * pairs; tap < kernel[2]; tap++) addTap(tile, place, tap, false)
    eachHalf((a, _, result) => code.compute(result, 'f32x4.add', result, a))
  }
}

/** Adds a tap of the columns, or with the next one a pair of them. */
function tapAdder(
  plan: NarrowStructure,
  code: Code,
  result: Results,
  half: Results,
): (tile: NarrowTile, place: Loading, tap: number, paired: boolean) => void {
  const { outGroup, kernel, rows, columns } = plan
  const channels = columns.along === 'channels'
  const most = plan.pairs > 0 ? 2 * plan.vectors : plan.vectors // that a tap reads cells for, in a row
  const [weights, windows]: Local[][] = [[], []]
  return (tile, { load: loadCells, weights: from }, tap, paired) => {
    const sums = paired ? half : result
    const addGroup = (group: readonly NarrowCells[]): void => {
      const [{ at, lanes, whole }] = group
      let loaded = 0
      const weight = (line: number, out: number, target: number): void => {
        const place = (line * outGroup + out) * kernel[2] + tap
        if (channels) code.get(from).emit('v128.load', place * VECTOR + at * LANES * Number(columns.step.weights ?? 0))
        else code.get(from).emit(paired ? 'v128.load64_splat' : 'v128.load32_splat', place * FLOAT)
        // Zero in lanes on padding, since zero times a weight that is no number is none.
        if (!whole) masked(code, lanes)
        code.set(local(code, weights, target))
      }
      const load = (line: number, first: number): void => {
        loaded += group.length
        group.forEach(({ cell, lanes }, index) => {
          loadCells(line, cell, paired ? 1 : columns.stride, lanes, 0, local(code, windows, first + index))
        })
      }
      const multiply = (first: number, by: number, row: number, out: number): void => {
        group.forEach(({ at }, index) => {
          multiplyAdd(code, plan, windows[first + index], weights[by], sums(row, out, at))
        })
      }
      const keep = (): void => {
        if (plan.ordered || channels || loaded < LOADED) return
        loaded = 0
        keepInPlace(code, from, everyResult(sums, tile.rows, outGroup, group))
      }
      if (outGroup === 1) {
        // Weights are kept, and a line, loaded once, serves all rows that read it.
        tile.row.reading.forEach(({ begin, end }, line) => {
          if (begin < end) weight(line, 0, line)
        })
        for (const [line, uses] of tile.lines) {
          load(line, 0)
          for (const { pixel, tap } of uses) multiply(0, tap, pixel, 0)
          keep()
        }
        return
      }
      // NarrowCells are kept, and a weight, loaded once, serves all rows.
      tile.row.reading.forEach(({ begin, end }, line) => {
        const reading = tile.rows.slice(begin, end)
        for (const row of reading) load(row * rows.stride + line * rows.dilation, row * most)
        for (let out = 0; out < outGroup && begin < end; out++) {
          weight(line, out, 0)
          for (const row of reading) multiply(row * most, 0, row, out)
        }
        keep()
      })
    }
    const all = cellsOf(plan, tile, tap, paired)
    // Vectors that see padding have weights of their own, and so have channels.
    const together = !channels && all.every(({ whole }) => whole)
    if (!together) for (const cells of all) addGroup([cells])
    else if (all.length > 0) addGroup(all)
  }
}

/** The sums of all output channels in some rows, of the vectors that read some cells. */
function everyResult(sums: Results, rows: readonly number[], outGroup: number, group: readonly NarrowCells[]): Local[] {
  return rows.flatMap((row) => multiples(outGroup, 1).flatMap((out) => group.map(({ at }) => sums(row, out, at))))
}

/** What a tap reads for each vector of outputs, as far as it is real. */
function cellsOf({ columns }: NarrowStructure, tile: NarrowTile, tap: number, paired: boolean): NarrowCells[] {
  const { pixels } = tile.column
  const outputs = paired ? LANES / 2 : LANES // of a vector
  return Array.from({ length: Math.ceil(pixels / outputs) }, (_, at) => {
    const cell = paired ? tap + at * LANES : tap * columns.dilation + at * LANES * columns.stride
    const lanes = paired ? tile.real(cell) : tile.lanes(tap, at)
    const used = ((pixels - at * outputs) * LANES) / outputs
    return { at, cell, lanes, whole: lanes.begin === 0 && lanes.end >= Math.min(LANES, used) }
  }).filter(({ lanes }) => lanes.begin < lanes.end)
}
