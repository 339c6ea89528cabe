import type { Range } from '../geometry/index.ts'
import { multiples } from '../plan/gather.ts'
import { FLOAT, LANES, VECTOR } from '../plan/plan.ts'
import { fields, rowCells, type WinogradStructure } from '../plan/winograd.ts'
import type { Code, Local } from '../wasm/code.ts'
import { Finisher } from './epilogue.ts'
import { shuffled } from './lanes.ts'
import { advance, integers, loaded, repeat, times, vectors } from './loops.ts'
import { constant } from './program.ts'
import { type Quantity, SizeNumbers } from './size-numbers.ts'
import { gridOf, placesOf, storeBlock, transposed } from './store-block.ts'
import {
  cellMatrix,
  filterMatrix,
  type Matrix,
  multiplier,
  outputMatrix,
  sumsAndDifferences,
} from './winograd-transform.ts'

/** Pushes a field of an entry of the tables, by the names of its fields. */
export function field<Name extends string>(
  code: Code,
  entry: Local,
  names: readonly Name[],
  name: NoInfer<Name>,
): Code {
  return code.get(entry).emit('i32.load', names.indexOf(name) * FLOAT)
}

/** Pushes an address plus a field of an entry. */
export function fieldBehind<Name extends string>(
  code: Code,
  address: Local,
  entry: Local,
  names: readonly Name[],
  name: NoInfer<Name>,
): Code {
  return field(code.get(address), entry, names, name).emit('i32.add')
}

/**
 * Emits the transform of the cells of a tile of one kind. Parameters: tables, the address of its first real cell, that of
 * its first transformed cell, the `rowCells` of its row of tiles, how many channels, and scratch.
 */
export function emitCells(code: Code, plan: WinogradStructure, kind: Range): void {
  const { from, panel, left, cellSteps } = plan
  const [lines, columns] = plan.span
  const length = columns * VECTOR
  const [tables, cell, target, row, channels, between] = code.parameters
  const numbers = new SizeNumbers(code, tables, plan.numbers)
  const channel = numbers.of(from.channel)
  const [line, at] = integers(code, 2)
  const [down, across] = plan.span.map(cellMatrix)
  const multiplied = multiplier(code, plan, [down, across])
  const transform = (matrix: Matrix, x: readonly Local[]): Local[] => sumsAndDifferences(code, multiplied(matrix, x))
  const zeros = (): void => {
    for (let column = 0; column < columns; column++) constant(code.get(at), 0).emit('v128.store', column * VECTOR)
    advance(code, at, length)
  }
  eachVector(code, channels, left[0], (lanes) => {
    code.get(between).set(at).get(cell).set(line)
    field(code, row, rowCells, 'before')
    times(code, zeros)
    field(code, row, rowCells, 'real')
    times(code, () => {
      const cells = loadLine(code, kind, columns, { line, channel, step: numbers.of(cellSteps[2]) }, lanes)
      storeAll(code, at, transform(across, cells), VECTOR)
      advance(code, at, length)
      advance(code, line, numbers.of(cellSteps[1]))
    })
    field(code, row, rowCells, 'after')
    times(code, zeros)
    code.get(between).set(at).get(target).set(line)
    repeat(code, columns, () => {
      storeAll(code, line, transform(down, loadAll(code, at, length, lines)), columns * panel)
      advance(code, at, VECTOR)
      advance(code, line, panel)
    })
    advance(code, cell, numbers.of(from.channel, LANES))
    advance(code, target, VECTOR)
  })
}

/** Goes through channels four at a time; `left` is how many the last, shorter turn has. */
function eachVector(code: Code, channels: Local, left: number, body: (lanes: number) => void): void {
  code.get(channels).emit('i32.const', 2).emit('i32.shr_u')
  times(code, () => body(LANES))
  if (left === 0) return
  code
    .get(channels)
    .emit('i32.const', LANES - 1)
    .emit('i32.and')
    .if(() => body(left))
}

/** Loads some vectors a step apart into new variables. */
function loadAll(code: Code, at: Local, step: number, count: number, place = 0): Local[] {
  return vectors(code, count).map((vector, index) => {
    code.load(vector, at, place + index * step)
    return vector
  })
}

/** Stores vectors a step apart. */
export function storeAll(code: Code, at: Local, values: readonly Local[], step: number, place = 0): void {
  for (const [index, value] of values.entries()) code.store(value, at, place + index * step)
}

/** Where a line of cells begins, and bytes from channel to channel and from cell to cell. */
interface Line {
  readonly line: Local
  readonly channel: Quantity
  readonly step: Quantity
}

/** The cells of a line of a tile, a vector of channels for each; those that are not real are zero. */
function loadLine(code: Code, { begin, end }: Range, span: number, from: Line, lanes: number): Local[] {
  const [zero] = vectors(code, 1)
  constant(code, 0).set(zero)
  const zeros = (count: number): Local[] => new Array(count).fill(zero)
  return [...zeros(begin), ...loadCells(code, from, end - begin, lanes), ...zeros(span - end)]
}

/** The real cells among them, in the cheapest way that their layout allows. */
function loadCells(code: Code, { line, channel, step }: Line, count: number, lanes: number): Local[] {
  if (channel === FLOAT && lanes === LANES) {
    return placesOf(code, line, count, step).map(({ at, place }) => loaded(code, at, place))
  }
  const behind = gridOf(code, line, [lanes, channel], [count, step])
  if (typeof step === 'number' && step <= 2 * FLOAT && lanes === LANES && count >= LANES) {
    // Squares of four cells and four channels: the first ones, and the last ones if there are more.
    const square = (cell: number): Local[] => {
      const vectors = multiples(LANES, 1).map((lane) => {
        const { at, place } = behind(lane, cell)
        const [first, last] = loadAll(code, at, 3 * FLOAT, step / FLOAT, place)
        return last ? shuffled(code, first, last, [0, 2, 5, 7]) : first
      })
      return transposed(code, vectors)
    }
    return [...square(0), ...(count > LANES ? square(count - LANES).slice(-(count - LANES)) : [])]
  }
  return vectors(code, count).map((vector, cell) => {
    constant(code, 0).set(vector)
    for (let lane = 0; lane < lanes; lane++) {
      const { at, place } = behind(lane, cell)
      code.get(at).get(vector).emit('v128.load32_lane', place, lane).set(vector)
    }
    return vector
  })
}

/**
 * Emits the transform to the outputs of a tile, so many in a row. Parameters: tables, the address of its first output, that
 * of its first product, the entry of its row of tiles, how many channels, scratch, the bias, and how far the residual is.
 */
export function emitOutputs(code: Code, plan: WinogradStructure, outputs: number): void {
  const { to, panel, left, outputSteps, window } = plan
  const [lines, columns] = plan.span
  const length = columns * VECTOR
  const [tables, target, source, row, channels, between, bias, apart] = code.parameters
  const numbers = new SizeNumbers(code, tables, plan.numbers)
  const finisher = new Finisher(code, plan, numbers, apart)
  const [line, at] = integers(code, 2)
  const [plus] = vectors(code, 1)
  const [height, width] = window.map((taps, axis) => outputMatrix(plan.span[axis] + 1 - taps, plan.span[axis]))
  const multiplied = multiplier(code, plan, [height, width])
  eachVector(code, channels, left[1], (lanes) => {
    code.load(plus, bias)
    code.get(between).set(at).get(source).set(line)
    repeat(code, columns, () => {
      const x = sumsAndDifferences(code, loadAll(code, line, columns * panel, lines))
      storeAll(code, at, multiplied(height, x), length)
      advance(code, at, VECTOR)
      advance(code, line, panel)
    })
    code.get(between).set(at).get(target).set(line)
    field(code, row, fields.rows, 'outputs')
    times(code, () => {
      const sums = multiplied(
        width.slice(0, outputs),
        sumsAndDifferences(code, loadAll(code, at, VECTOR, columns)),
        plus,
      )
      const steps = { pixelStep: numbers.of(outputSteps[1]), channelStep: numbers.of(to.channel) }
      storeBlock(code, { at: line, sums, lanes, ...steps, bias: { at: bias, place: 0 } }, finisher)
      advance(code, at, length)
      advance(code, line, numbers.of(outputSteps[0]))
    })
    advance(code, source, VECTOR)
    advance(code, target, numbers.of(to.channel, LANES))
    advance(code, bias, VECTOR)
  })
}

/** Emits the transform of the filters of a chunk. Parameters: their taps, where they go, the entry of the chunk. */
export function emitFilters(code: Code, plan: WinogradStructure): void {
  const [weights, target, chunk] = code.parameters
  const { span, window } = plan
  const [lines, columns] = window
  const [height, width] = window.map((taps, axis) => filterMatrix(taps, span[axis]))
  const multiplied = multiplier(code, plan, [height, width])
  field(code, chunk, fields.chunks, 'vectors')
  times(code, () => {
    const taps = loadAll(code, weights, VECTOR, lines * columns)
    const transformed = Array.from({ length: columns }, (_, column) => {
      const x = taps.filter((_, index) => index % columns === column)
      return sumsAndDifferences(code, multiplied(height, x))
    })
    const position = plan.filter
    for (let line = 0; line < span[0]; line++) {
      const x = transformed.map((column) => column[line])
      storeAll(code, target, sumsAndDifferences(code, multiplied(width, x)), position, line * span[1] * position)
    }
    advance(code, weights, taps.length * VECTOR)
    advance(code, target, VECTOR)
  })
}
