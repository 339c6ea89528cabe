import { multiples } from '../plan/gather.ts'
import { FLOAT, LANES, regions, VECTOR } from '../plan/plan.ts'
import { columnCells, fields, rangeFields, rowCells, type WinogradStructure } from '../plan/winograd.ts'
import { POSITION_KINDS, type ResiduePair } from '../plan/winograd-residues.ts'
import type { Callee, Code, Local } from '../wasm/code.ts'
import { Module } from '../wasm/module.ts'
import { residualDistance } from './epilogue.ts'
import { addProduct, advance, countDown, integers, repeat, setSum, shifted, times, walk } from './loops.ts'
import { constant } from './program.ts'
import { SizeNumbers } from './size-numbers.ts'
import { type Behind, placesOf } from './store-block.ts'
import { sumsOf } from './sums.ts'
import { forEach } from './tap-addresses.ts'
import { emitCells, emitFilters, emitOutputs, field, fieldBehind, storeAll } from './winograd-tiles.ts'

type Callees = ReadonlyMap<number, Callee>

interface Functions {
  /** By the kind of a column of tiles, and by how many outputs in a row exist. */
  readonly cells: Callees
  readonly outputs: Callees
  readonly filters: Callee
  readonly multiply: Callee
}

/** Emits the program of a Winograd plan. */
export function emitWinograd(plan: WinogradStructure): Uint8Array<ArrayBuffer> {
  const module = new Module()
  const add = (takes: number, write: (code: Code) => void, name?: string): Callee =>
    module.function(name, new Array(takes).fill('i32'), [], write)
  const outputs = multiples(plan.span[1] + 1 - plan.window[1], 1).map((less) => less + 1)
  const functions = {
    cells: new Map(plan.kinds.map((kind, place) => [place, add(6, (code) => emitCells(code, plan, kind))])),
    outputs: new Map(outputs.map((count) => [count, add(8, (code) => emitOutputs(code, plan, count))])),
    filters: add(3, (code) => emitFilters(code, plan)),
    multiply: add(4, (code) => emitProducts(code, plan)),
  }
  add(regions.length, (code) => emitRun(code, plan, functions), 'run')
  return module.encode()
}

/** The loops around: batch, panels, and of a panel its transforms before and after its products. */
function emitRun(code: Code, plan: WinogradStructure, functions: Functions): void {
  const { from, to, once, entries, inGroup, filters, matrices, cellSteps, pairs } = plan
  const [input, output, weights, bias, tables, residual, scratch] = code.parameters
  const [panel, chunk, between, depths, channels] = integers(code, 5)
  const [source, target, begin, cell, biases] = integers(code, 5)
  const numbers = new SizeNumbers(code, tables, plan.numbers)
  const apart = residualDistance(code, plan, output, residual) ?? residual
  const each = (sort: 'panels' | 'chunks', entry: Local, body: () => void): void => {
    code.get(numbers.address(entries[sort].list)).set(entry)
    repeat(code, numbers.of(entries[sort].count), () => {
      body()
      advance(code, entry, entries[sort].step)
    })
  }
  const transformFilters = (): void => {
    fieldBehind(code, weights, panel, fields.panels, 'weights')
    field(code, chunk, fields.chunks, 'weights').emit('i32.add')
    code.get(scratch).emit('i32.const', filters).emit('i32.add').get(chunk).call(functions.filters)
  }
  const isOnce = (value: number): Code => isEqual(code, numbers.variable(once), value)
  const call = (
    callees: Callees,
    [entry, names, name]: readonly [Local, readonly string[], string],
    row: Local,
  ): void => {
    for (const [value, callee] of callees) {
      field(code, entry, names, name)
      code
        .emit('i32.const', value)
        .emit('i32.eq')
        .if(() => {
          const parameters = [tables, cell, target, row, channels, between, biases, apart]
          for (const parameter of parameters.slice(0, callee.takes.length)) code.get(parameter)
          code.call(callee)
        })
    }
  }
  const transformCells = ([line, column]: ResiduePair): void =>
    emitTiles(code, plan, numbers, panel, (entries) => {
      const at = shifted(code, entries, {
        row: (fields.rows.length + line * rowCells.length) * FLOAT,
        column: (fields.columns.length + column * columnCells.length) * FLOAT,
      })
      fieldBehind(code, source, at.row, rowCells, 'input')
      field(code, at.column, columnCells, 'input').emit('i32.add').set(cell)
      call(functions.cells, [at.column, columnCells, 'kind'], at.row)
      advance(code, target, numbers.of(matrices.cells))
    })
  const transformOutputs = (): void =>
    emitTiles(code, plan, numbers, panel, ({ row, column }) => {
      fieldBehind(code, source, row, fields.rows, 'output')
      field(code, column, fields.columns, 'output').emit('i32.add').set(cell)
      call(functions.outputs, [column, fields.columns, 'outputs'], row)
      advance(code, target, numbers.of(matrices.products))
    })

  setSum(code, between, scratch, plan.between)
  code.get(numbers.address(entries.panels.list)).set(panel)
  code.get(numbers.address(entries.chunks.list)).set(chunk)
  isOnce(1).if(transformFilters)
  repeat(code, numbers.of(plan.batch), () => {
    each('panels', panel, () => {
      fieldBehind(code, input, panel, fields.panels, 'input').set(source)
      code.get(scratch).set(begin).get(numbers.variable(inGroup)).set(channels)
      field(code, panel, fields.panels, 'taps').set(depths)
      countDown(code, depths, () => {
        for (const pair of pairs) {
          code.get(begin).set(target)
          transformCells(pair)
          advance(code, begin, numbers.of(inGroup, FLOAT))
        }
        advance(code, source, numbers.of(cellSteps[0]))
      })
      fieldBehind(code, output, panel, fields.panels, 'output').set(source)
      code.get(bias).set(biases)
      each('chunks', chunk, () => {
        isOnce(0).if(transformFilters)
        code.get(tables).get(panel).get(chunk).get(scratch).call(functions.multiply)
        setSum(code, target, scratch, numbers.of(matrices.behind))
        field(code, chunk, fields.chunks, 'channels').set(channels)
        transformOutputs()
        addProduct(code, source, channels, numbers.of(to.channel))
        addProduct(code, biases, channels, FLOAT)
      })
    })
    advance(code, input, numbers.of(from.batch))
    advance(code, output, numbers.of(to.batch))
  })
}

/** Goes through the rows of tiles of a panel and in each through its columns. */
function emitTiles(
  code: Code,
  { entries }: WinogradStructure,
  numbers: SizeNumbers,
  panel: Local,
  body: (entries: Readonly<Record<'row' | 'column', Local>>) => void,
): void {
  const each = (begin: 'rows' | 'columns', count: 'rowCount' | 'columnCount', inner: (entry: Local) => void): void => {
    const [entry] = integers(code, 1)
    fieldBehind(code, numbers.address(entries[begin].list), panel, fields.panels, begin).set(entry)
    field(code, panel, fields.panels, count)
    times(code, () => {
      inner(entry)
      advance(code, entry, entries[begin].step)
    })
  }
  each('rows', 'rowCount', (row) => each('columns', 'columnCount', (column) => body({ row, column })))
}

/** Pushes whether a variable holds a number: 1 or 0. */
const isEqual = (code: Code, local: Local, number: number): Code =>
  code.get(local).emit('i32.const', number).emit('i32.eq')

/** All products of a panel: for each position, block of filters and block of tiles. */
function emitProducts(code: Code, plan: WinogradStructure): void {
  const { span, depth, pairs, inGroup, tileBlocks, matrices } = plan
  const [tables, panel, chunk, scratch] = code.parameters
  const numbers = new SizeNumbers(code, tables, plan.numbers)
  const [matrix, begin, result, lines, columns, range] = integers(code, 6)
  const [cell, filter, weights, product, line, count] = integers(code, 6)
  const walked = [
    [matrix, 0, plan.panel],
    [begin, plan.filters, plan.filter],
    [result, numbers.of(matrices.behind), plan.panel],
  ] as const
  const each = (left: Local, all: number, body: () => void): void => {
    code.emit('i32.const', all).set(left)
    countDown(code, left, body)
  }
  for (const [local, first] of walked) setSum(code, local, scratch, first)
  each(lines, span[0], () =>
    each(columns, span[1], () => {
      isEqual(code, lines, span[0]).emit('i32.const', 2).emit('i32.mul')
      isEqual(code, columns, span[1])
        .emit('i32.add')
        .emit('i32.const', rangeFields.length * FLOAT)
        .emit('i32.mul')
      code.get(panel).emit('i32.add').set(range)
      advance(code, range, fields.panels.length * FLOAT)
      code.get(result).set(line).get(begin).set(filter)
      eachBlock(code, chunk, fields.chunks.length, plan.filterBlocks, (size) => {
        fieldBehind(code, matrix, range, rangeFields, 'first').set(cell)
        code.get(line).set(product).get(filter).set(weights)
        field(code, panel, fields.panels, 'skipped').set(count)
        addProduct(code, weights, count, size)
        field(code, range, rangeFields, 'first').set(count)
        addProduct(code, weights, count, size * LANES)
        eachBlock(code, panel, fields.panels.length + POSITION_KINDS * rangeFields.length, tileBlocks, (tiles) => {
          field(code, range, rangeFields, 'passes').set(count)
          emitProduct(code, plan, numbers, [size, tiles], [cell, weights, product, count])
          advance(code, cell, numbers.of(matrices.cells, tiles))
        })
        advance(code, filter, numbers.of(inGroup, depth.length * pairs.length * size * VECTOR))
        advance(code, line, size * VECTOR)
      })
      for (const [local, , position] of walked) advance(code, local, position)
    }),
  )
}

/** Goes through the blocks of an entry, of which it has the counts of each size behind its fields. */
function eachBlock(
  code: Code,
  entry: Local,
  length: number,
  sizes: readonly number[],
  body: (size: number) => void,
): void {
  sizes.forEach((size, index) => {
    code.get(entry).emit('i32.load', (length + index) * FLOAT)
    times(code, () => body(size))
  })
}

/** A block of filters times a block of tiles, summed over a number of channels in registers. */
function emitProduct(
  code: Code,
  plan: WinogradStructure,
  numbers: SizeNumbers,
  [size, tiles]: readonly [number, number],
  [cell, weights, product, count]: readonly Local[],
): void {
  const { unrolled, matrices } = plan
  const sums = sumsOf(code, plan, tiles, size)
  for (const sum of sums.rows.flat()) constant(code, 0).set(sum)
  const cells = placesOf(code, cell, tiles, numbers.of(matrices.cells))
  const names = cells.map(({ at }, tile) => (at === cell ? 'cell' : `cell${tile}`))
  const begin: Record<string, Local> = { weights }
  for (const [tile, name] of names.entries()) begin[name] = cells[tile].at
  const step = { weights: unrolled * size * VECTOR, ...forEach(names, unrolled * FLOAT) }
  code.get(count).if(() =>
    walk(code, count, begin, step, (at) => {
      for (let channel = 0; channel < unrolled; channel++) {
        const cellOf = (tile: number): Behind => ({ at: at[names[tile]], place: cells[tile].place + channel * FLOAT })
        sums.add({ at: at.weights, place: channel * size * VECTOR }, cellOf, { begin: 0, end: tiles })
      }
    }),
  )
  for (const row of sums.rows) {
    storeAll(code, product, row, VECTOR)
    advance(code, product, numbers.of(matrices.products))
  }
}
