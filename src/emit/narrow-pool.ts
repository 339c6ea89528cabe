import type { NarrowStructure } from '../plan/narrow.ts'
import { LANES } from '../plan/plan.ts'
import { total } from '../plan/row-tiles.ts'
import type { Code, Local } from '../wasm/code.ts'
import { averaged } from './averaged.ts'
import { type Candidates, pool } from './candidates.ts'
import { cellPicker } from './cell-picker.ts'
import { local } from './loops.ts'
import { emitNarrow, type TileWork, type TileWriter } from './narrow.ts'
import type { NarrowTile, Results } from './narrow-tile.ts'
import { constant } from './program.ts'

/** Emits the program of a pooling. */
export function emitNarrowPool(structure: NarrowStructure): Uint8Array<ArrayBuffer> {
  return emitNarrow(structure, pooling)
}

function pooling(plan: NarrowStructure, code: Code, result: Results): TileWriter {
  const reduce = (plan.columns.along === 'channels' ? poolOfChannels : poolAlongWidth)(plan, code, result)
  const write: TileWriter['write'] = (tile, _, work) => {
    // A maximum may be computed twice; but a residual where the output is can be read once only.
    const atOnce = work.alone && plan.epilogue.length === 0
    pool(code, plan, (candidates) => reduce(tile, work, candidates, atOnce))
    if (!atOnce) work.storeAll()
  }
  return plan.op === 'averagePool' ? averaged(code, write) : { write }
}

/** Takes the windows of a tile into its results, and stores each at once if it is told to. */
type Reduce = (tile: NarrowTile, work: TileWork, candidates: Candidates, atOnce: boolean) => void

/**
 * Vectors of channels, each by itself: there is nothing along them. Where windows have cells of the width in common, those
 * are first reduced along the looked up axes, each once, and then along the width.
 */
function poolOfChannels({ kernel: [slices], vectors }: NarrowStructure, code: Code, result: Results): Reduce {
  const loaded = code.local('v128')
  const cells: Local[] = []
  return (tile, { start, eachTap }, { instruction, fill, show, shown }) => {
    const uses = total(tile.lines, ([, uses]) => uses.length)
    const first = slices * (uses - tile.lines.length) > uses - tile.rows.length
    const reduce = (into: Local, taken: Local): Code => code.compute(into, instruction, into, taken)
    const cell = (index: number, vector: number): Local => local(code, cells, index * vectors + vector)
    const each = (body: (vector: number, line: number, results: readonly Local[], cell: Local) => void): void => {
      for (const vector of tile.vectors) {
        tile.lines.forEach(([line, uses], index) => {
          const results = uses.map(({ pixel }) => result(pixel, 0, vector))
          body(vector, line, results, first ? cell(index, vector) : loaded)
        })
      }
    }
    start(() => constant(code, fill))
    if (first) each((_vector, _line, _results, cell) => constant(code, fill).set(cell))
    eachTap(({ input }) => {
      const load = tile.loader(input)
      each((vector, line, results, cell) => {
        const lanes = tile.real(vector * LANES)
        load(line, vector * LANES, 1, lanes, fill, loaded)
        show(loaded, lanes.end - lanes.begin < LANES)
        for (const into of first ? [cell] : results) reduce(into, loaded)
      })
      shown()
    })
    const begun = new Set<Local>()
    const take = (into: Local, taken: Local): Code =>
      begun.has(into) ? reduce(into, taken) : code.get(taken).set(into)
    if (!first) return
    each((_vector, _line, results, cell) => {
      for (const into of results) {
        take(into, cell)
        begun.add(into)
      }
    })
  }
}

/**
 * Vectors along the width. These pools reduce first along the rows, in blocks of four cells as they lie in memory, then
 * along the columns, where a tap's cells are picked out of what the blocks have become.
 */
function poolAlongWidth({ columns, kernel: [, , kernel] }: NarrowStructure, code: Code, result: Results): Reduce {
  const { stride, dilation } = columns
  const locals: Local[] = []
  return (tile, { alone, start, eachTap, store }, { instruction, fill, show, shown }, atOnce) => {
    const last = (tile.column.pixels - 1) * stride + (kernel - 1) * dilation
    if (!alone) start(() => constant(code, fill))
    eachTap(({ input }) => {
      let used = 0
      const load = tile.loader(input)
      const fresh = (): Local => local(code, locals, used++)

      /** A block of each row. */
      const reduce = (index: number): Local[] => {
        const rows: Local[] = []
        const lanes = tile.real(index * LANES)
        for (const [line, uses] of tile.lines) {
          const loaded = fresh()
          if (lanes.begin < lanes.end) load(line, index * LANES, 1, lanes, fill, loaded)
          else constant(code, fill).set(loaded)
          show(loaded, lanes.end - lanes.begin < LANES)
          for (const { pixel: row } of uses) {
            if (rows[row]) code.compute(rows[row], instruction, rows[row], loaded)
            else {
              rows[row] = fresh()
              code.get(loaded).set(rows[row])
            }
          }
        }
        return rows
      }
      const blocks: Local[][] = []
      const block = (index: number): Local[] => {
        blocks[index] ??= reduce(index)
        return blocks[index]
      }
      const pickers = tile.rows.map((row) => cellPicker(code, stride, last, (index) => block(index)[row], fresh))
      for (const vector of tile.vectors) {
        for (const row of tile.rows) {
          const into = result(row, 0, vector)
          let begun = !alone // results hold something already
          const reads = tile.row.reading.some(({ begin, end }) => begin <= row && row < end)
          for (let tap = 0; tap < kernel && reads; tap++) {
            const { begin, end } = tile.lanes(tap, vector)
            if (begin >= end) continue
            const window = pickers[row](tap * dilation, vector)
            if (begun) code.compute(into, instruction, into, window)
            else code.get(window).set(into)
            begun = true
          }
          if (!begun) constant(code, fill).set(into)
          if (atOnce) store(row, 0, vector)
        }
      }
      shown()
    })
  }
}
