import type { Range } from '../geometry/index.ts'
import type { DepthwiseGradientPlan, DepthwiseGradientStructure } from '../plan/depthwise-gradient.ts'
import { FLOAT, LANES, VECTOR } from '../plan/plan.ts'
import { INTEGER } from '../plan/tables.ts'
import { TAP_ENTRY } from '../plan/tap-entries.ts'
import { type GradientTile, lotBytes, type TapLots } from '../plan/tap-lots.ts'
import type { Code, Local } from '../wasm/code.ts'
import { loadLanes, masked, shuffle } from './lanes.ts'
import { shifted, variables, vectors, walk } from './loops.ts'
import { constant, emitRun, multiplyAdd } from './program.ts'
import { SizeNumbers } from './size-numbers.ts'

/** Emits the program `run(output, tables, input, change)`; the output must be zeros, to which it adds. */
export function emitDepthwiseGradient({ structure }: DepthwiseGradientPlan): Uint8Array<ArrayBuffer> {
  return emitRun(['output', 'tables', 'input', 'change'], (code) => new DepthwiseEmitter(structure, code).write())
}

/** Addresses that every loop moves on. */
type At = Readonly<Record<'input' | 'change' | 'output', Local>>
type Row = Pick<At, 'input' | 'change'>

/** Of each row and each column of a lot, sums of as many tiles as are taken abreast. */
type LotSums = readonly (readonly (readonly Local[])[])[]

class DepthwiseEmitter {
  readonly #plan: DepthwiseGradientStructure
  readonly #code: Code
  readonly #entries: readonly [depth: Local, height: Local]

  constructor(plan: DepthwiseGradientStructure, code: Code) {
    this.#plan = plan
    this.#code = code
    const sizes = new SizeNumbers(code, code.parameters[1], plan.numbers)
    this.#entries = [sizes.address(plan.entries[0]), sizes.address(plan.entries[1])]
  }

  /** Images, stretches of outputs, blocks of channels, and taps of the depth. */
  write(): void {
    const { images, stretches, stretchBytes, blocks, depth, input, change } = this.#plan
    const code = this.#code
    const [output, , cells, changes] = code.parameters
    const [depths, heights] = this.#entries
    const at = { input: cells, change: changes, output, depths }
    const list = depth.taps * TAP_ENTRY * INTEGER
    walk(code, images[0], at, { input: input.image, change: change.image }, (image) =>
      walk(code, stretches[0], image, { depths: list }, (slice) =>
        walk(code, stretches[1], { ...slice, heights }, { heights: stretchBytes }, (stretch) =>
          walk(code, blocks, stretch, { input: input.block, change: change.block, output: depth.block }, (block) =>
            walk(code, depth.taps, block, { depths: TAP_ENTRY * INTEGER, output: depth.bytes }, (tap) =>
              this.#entry(tap.depths, tap, (count, at) =>
                this.#vectors({ ...at, output: tap.output }, tap.heights, count),
              ),
            ),
          ),
        ),
      ),
    )
  }

  /** What an entry of the tables says, if there are windows in it: how many, and where they begin. */
  #entry(list: Local, from: Row, body: (count: Local, at: Row) => void): void {
    const code = this.#code
    const { count, ...at } = variables(code, 'count', 'input', 'change')
    code.load(count, list, 0, 'i32.load')
    code.get(count).if(() => {
      for (const [index, name] of (['input', 'change'] as const).entries()) {
        code.load(at[name], list, (index + 1) * INTEGER, 'i32.load')
        code.compute(at[name], 'i32.add', at[name], from[name])
      }
      body(count, at)
    })
  }

  /** All lots, of each vector of a block. */
  #vectors(from: At, heights: Local, slices: Local): void {
    const code = this.#code
    for (const lots of this.#plan.lots) {
      const bytes = lotBytes(lots.rows.length)
      walk(code, lots.count, shifted(code, { list: heights }, { list: lots.entries }), { list: bytes }, ({ list }) => {
        const { output } = variables(code, 'output')
        code.load(output, list, 0, 'i32.load')
        code.compute(output, 'i32.add', output, from.output)
        const steps = { input: VECTOR, change: VECTOR, output: VECTOR }
        walk(code, this.#plan.vectors, { ...from, output }, steps, (at) => this.#lot(lots, at, list, slices))
      })
    }
  }

  /** The sums of a lot over the windows of a stretch. */
  #lot(lots: TapLots, from: At, list: Local, slices: Local): void {
    const { images, input, change, tap } = this.#plan
    const code = this.#code
    const sums = lots.rows.map(() =>
      new Array(lots.columns.end - lots.columns.begin).fill(0).map(() => vectors(code, lots.inner.abreast)),
    )
    for (const sum of sums.flat(2)) constant(code, 0).set(sum)
    walk(code, images[1], from, { input: input.image, change: change.image }, (image) =>
      walk(code, slices, image, { input: input.slice, change: change.slice }, (at) => {
        const pass = (entries: number, count: number, rows: readonly number[], own: LotSums): void => {
          const first = shifted(code, { list }, { list: (1 + entries * TAP_ENTRY) * INTEGER })
          walk(code, count, first, { list: TAP_ENTRY * INTEGER }, ({ list }) =>
            this.#entry(list, at, (count, begin) =>
              walk(code, count, begin, { input: input.row, change: change.row }, (row) =>
                this.#row(lots, row, rows, own),
              ),
            ),
          )
        }
        pass(0, 1, lots.rows, sums)
        // What is left of each row: windows before those of all rows, and behind them.
        if (sums.length > 1) for (const [row, own] of sums.entries()) pass(1 + 2 * row, 2, [0], [own])
      }),
    )
    for (const [row, columns] of sums.entries()) {
      for (const [column, own] of columns.entries()) this.#store(own, from.output, row * lots.tapRow + column * tap)
    }
  }

  /**
   * A row of the input times some rows of output gradients.
   *
   * @param rows bytes to each of these
   */
  #row({ columns, ends, inner }: TapLots, from: Row, rows: readonly number[], sums: LotSums): void {
    const { input, change, axis } = this.#plan
    const code = this.#code
    const { first, count, abreast } = inner
    for (const tile of ends) this.#addProducts(from, { rows, tile, columns }, sums)
    const seen = sums[0].map(() => ({ begin: 0, end: this.#lanes }))
    const tiles = (begin: number, count: number, abreast: number): void => {
      const outputs = abreast * this.#lanes
      const steps = { input: outputs * axis.stride * input.cell, change: outputs * change.cell }
      walk(code, count, from, steps, (at) => {
        for (let tile = 0; tile < abreast; tile++) {
          const own = sums.map((row) => row.map((abreast) => [abreast[tile]]))
          this.#addProducts(at, { rows, tile: { first: begin + tile * this.#lanes, columns: seen }, columns }, own)
        }
      })
    }
    const whole = Math.floor(count / abreast)
    tiles(first, whole, abreast)
    tiles(first + whole * abreast * this.#lanes, count % abreast, 1)
  }

  /** A tile's output gradients, of some rows, times the cells that they see through some columns. */
  #addProducts(
    { input, change }: Row,
    { rows, tile, columns }: { readonly rows: readonly number[]; readonly tile: GradientTile; readonly columns: Range },
    sums: LotSums,
  ): void {
    const seen = tile.columns.filter(({ begin, end }) => begin < end)
    const lanes = {
      begin: Math.min(...seen.map(({ begin }) => begin)),
      end: Math.max(...seen.map(({ end }) => end)),
    }
    const changes = rows.map((bytes) => {
      const [vector] = vectors(this.#code, 1)
      this.#load({ at: change, bytes, side: 'change', cell: tile.first, stride: 1, lanes }, vector)
      return vector
    })
    for (const { column, cells } of this.#cellsOf(input, tile, columns)) {
      const own = tile.columns[column]
      const isAll = own.begin === lanes.begin && own.end === lanes.end
      for (const [row, sum] of sums.entries()) {
        const change = isAll ? changes[row] : this.#only(own, changes[row])
        multiplyAdd(this.#code, this.#plan, cells, change, sum[column][0])
      }
    }
  }

  /** Some lanes of output gradients, and zeros: those on padding meet zeros, and zero times what is not finite is no number. */
  #only(lanes: Range, change: Local): Local {
    const [vector] = vectors(this.#code, 1)
    masked(this.#code.get(change), lanes)
    this.#code.set(vector)
    return vector
  }

  /** Cells that a tile sees through each column, loaded as they are asked for. */
  *#cellsOf(
    at: Local,
    { first, columns }: GradientTile,
    { begin }: Range,
  ): Generator<{ readonly column: number; readonly cells: Local }> {
    const { stride, dilation, padBegin } = this.#plan.axis
    const cellOf = (column: number): number => first * stride - padBegin + (begin + column) * dilation
    const isWhole = ({ begin, end }: Range): boolean => end - begin === LANES
    const places = columns.flatMap((lanes, column) => (lanes.begin < lanes.end ? [{ lanes, column }] : []))
    const code = this.#code
    for (let index = 0; index < places.length; index++) {
      const { lanes, column } = places[index]
      const [cells] = vectors(code, 1)
      const next = places[index + 1]
      // Every other cell for one column, and those between them for the next.
      if (stride === 2 && dilation === 1 && next && [lanes, next.lanes].every(isWhole)) {
        const both = vectors(code, 2)
        for (const [half, vector] of both.entries()) code.load(vector, at, (cellOf(column) + half * LANES) * FLOAT)
        shuffle(code.get(both[0]).get(both[1]), [0, 2, 4, 6]).set(cells)
        yield { column, cells }
        const [others] = vectors(code, 1)
        shuffle(code.get(both[0]).get(both[1]), [1, 3, 5, 7]).set(others)
        yield { column: next.column, cells: others }
        index++
      } else {
        this.#load({ at, bytes: 0, side: 'input', cell: cellOf(column), stride, lanes }, cells)
        yield { column, cells }
      }
    }
  }

  /** Loads a vector: of the channels of a cell, or of cells of a row, with zeros in lanes that are not to be read. */
  #load({ at, bytes, side, cell, stride, lanes }: CellsOfRow, target: Local): void {
    const { width, [side]: moved } = this.#plan
    const place = bytes + cell * moved.cell
    if (this.#lanes === 1) {
      this.#code.load(target, at, place)
      return
    }
    const room = { begin: -cell, end: width[side === 'input' ? side : 'output'] - cell }
    loadLanes(this.#code, { at, place, stride, lanes, room, fill: 0 }, target)
  }

  /** Adds sums to the gradient of a tap: those of a vector of channels, or the sum of all lanes. */
  #store([sum, ...others]: readonly Local[], output: Local, place: number): void {
    const code = this.#code
    const add = (vector: Local): Code => code.get(sum).get(vector).emit('f32x4.add').set(sum)
    for (const other of others) add(other)
    const [vector] = vectors(code, 1)
    const isChannels = this.#lanes === 1
    if (!isChannels) {
      for (const lanes of [
        [2, 3, 0, 1],
        [1, 0, 3, 2],
      ]) {
        shuffle(code.get(sum).get(sum), lanes).set(vector)
        add(vector)
      }
    }
    code.load(vector, output, place, isChannels ? 'v128.load' : 'v128.load32_zero')
    add(vector)
    if (isChannels) code.store(sum, output, place)
    else code.store(sum, output, place, 'v128.store32_lane', 0)
  }

  /** Outputs of a tile. */
  get #lanes(): number {
    return this.#plan.lanes === 'width' ? LANES : 1
  }
}

/** Cells of a row of the input or of output gradients. */
interface CellsOfRow {
  /** The row, and bytes from there to its first cell. */
  readonly at: Local
  readonly bytes: number
  readonly side: 'input' | 'change'
  /** That of lane 0, cells between lanes, and the lanes that are read. */
  readonly cell: number
  readonly stride: number
  readonly lanes: Range
}
