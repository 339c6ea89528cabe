import { multiples } from '../plan/gather.ts'
import type { NarrowStructure } from '../plan/narrow.ts'
import { LANES } from '../plan/plan.ts'
import type { Code, Local } from '../wasm/code.ts'
import { type Candidates, pool } from './candidates.ts'
import { shuffle } from './lanes.ts'
import { local, vectors } from './loops.ts'
import { emitNarrow, type TileWriter } from './narrow.ts'
import type { NarrowTile, Results } from './narrow-tile.ts'
import { constant } from './program.ts'

/** Emits the program of a pooling. */
export function emitNarrowPool(structure: NarrowStructure): Uint8Array<ArrayBuffer> {
  return emitNarrow(structure, pooling)
}

function pooling(plan: NarrowStructure, code: Code, result: Results): TileWriter {
  const reduce = narrowPool(plan, code, result)
  const write: TileWriter['write'] = (tile, _, { alone, start, eachTap, store, storeAll }) => {
    // A maximum may be computed twice; but a residual where the output is can be read once only.
    const atOnce = alone && plan.epilogue.length === 0
    const finish = (row: number, vector: number): void => {
      if (atOnce) store(row, 0, vector)
    }
    pool(code, plan, (candidates) => {
      if (!alone) start(() => constant(code, candidates.fill))
      eachTap((place) => reduce(tile, place.input, candidates, alone ? finish : undefined))
    })
    if (!atOnce) storeAll()
  }
  return plan.op === 'averagePool' ? averaged(code, write) : { write }
}

/** Divides each result by how many cells its window counts. */
function averaged(code: Code, write: TileWriter['write']): TileWriter {
  // What windows count along the looked up axes, and what the last results were divided by.
  const [count, divisor] = vectors(code, 2)
  let divisors = ''
  return {
    line(entries) {
      entries.forEach((entry, axis) => {
        code.get(entry.count).emit('f32.convert_i32_s').emit('f32x4.splat')
        if (axis > 0) code.get(count).emit('f32x4.mul')
        code.set(count)
      })
    },
    write(...tile) {
      divisors = ''
      write(...tile)
    },
    settle(result, { row: { counts = [] }, column }, row, vector) {
      const lanes = multiples(LANES, 1).map((lane) => (column.counts?.[vector * LANES + lane] ?? 1) * counts[row])
      const key = lanes.join()
      if (key !== divisors) {
        code.emit('v128.const', ...new Uint8Array(Float32Array.from(lanes).buffer))
        code.get(count).emit('f32x4.mul').set(divisor)
      }
      divisors = key
      code.compute(result, 'f32x4.div', result, divisor)
    },
  }
}

/**
 * Takes the windows of a tile into its results. Pools reduce first along the rows, in blocks of four cells as they lie in
 * memory, then along the columns, where a tap's cells are picked out of what the blocks have become.
 *
 * @returns takes where a tile reads, and what finishes a result where there is nothing else to take in; else results hold
 * something already
 */
function narrowPool(
  { columns, kernel: [, , kernel] }: NarrowStructure,
  code: Code,
  result: Results,
): (tile: NarrowTile, input: Local, candidates: Candidates, finish?: (row: number, vector: number) => void) => void {
  const { stride, dilation } = columns
  const channels = columns.along === 'channels'
  const locals: Local[] = []
  return (tile, input, { instruction, fill, show, shown }, finish) => {
    let used = 0
    const load = tile.loader(input)
    const fresh = (): Local => local(code, locals, used++)
    const last = (tile.column.pixels - 1) * stride + (kernel - 1) * dilation
    const blocks: Local[][] = []
    const streams = new Map<string, Local>()

    /** A block of each row. */
    const reduce = (index: number): Local[] => {
      const rows = channels ? tile.rows.map((row) => result(row, 0, index)) : []
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
    const block = (row: number, index: number): Local => {
      blocks[index] ??= reduce(index)
      return blocks[index][row]
    }

    /** Four neighbours among the cells of one residue modulo the stride, as far as any tap reads them. */
    const stream = (row: number, residue: number, index: number): Local => {
      const cells = [0, 1, 2, 3].map((lane) => residue + stride * (index * LANES + lane))
      const wanted = cells.filter((cell, lane) => lane === 0 || cell <= last)
      const blockOf = (cell: number): number => Math.floor(cell / LANES)
      const [first, ...others] = new Set(wanted.map(blockOf))
      let from = block(row, first)
      if (wanted.every((cell, lane) => cell === first * LANES + lane)) return from
      const target = fresh()
      let own = true // the lanes of the first block lie as in memory, and after the first shuffle where they belong
      for (const other of others.length > 0 ? others : [first]) {
        const picked = cells.map((cell, lane) => {
          if (blockOf(cell) === other) return LANES + (cell % LANES)
          return own && blockOf(cell) === first ? cell % LANES : lane
        })
        const added = block(row, other)
        shuffle(code.get(from).get(added), picked).set(target)
        from = target
        own = false
      }
      return target
    }
    const once = (row: number, residue: number, index: number): Local => {
      const key = `${row} ${residue} ${index}`
      const known = streams.get(key) ?? stream(row, residue, index)
      streams.set(key, known)
      return known
    }

    /** What a tap reads: neighbours in a stream, from any of them on. */
    const picked = (row: number, cell: number, vector: number): Local => {
      const residue = cell % stride
      const first = (cell - residue) / stride + vector * LANES
      const [index, shift] = [Math.floor(first / LANES), first % LANES]
      const a = once(row, residue, index)
      if (shift === 0) return a
      const b = once(row, residue, index + 1)
      const target = fresh()
      const lanes = [0, 1, 2, 3].map((lane) => lane + shift)
      shuffle(code.get(a).get(b), lanes).set(target)
      return target
    }

    if (channels) tile.vectors.forEach(reduce) // each by itself: there is nothing along them
    for (const vector of channels ? [] : tile.vectors) {
      for (const row of tile.rows) {
        const into = result(row, 0, vector)
        let begun = !finish
        const reads = tile.row.reading.some(({ begin, end }) => begin <= row && row < end)
        for (let tap = 0; tap < kernel && reads; tap++) {
          const { begin, end } = tile.lanes(tap, vector)
          if (begin >= end) continue
          const window = picked(row, tap * dilation, vector)
          if (begun) code.compute(into, instruction, into, window)
          else code.get(window).set(into)
          begun = true
        }
        if (!begun) constant(code, fill).set(into)
        finish?.(row, vector)
      }
    }
    shown()
  }
}
