import { FLOAT, regions, VECTOR } from '../plan/plan.ts'
import { CHUNK, COLUMN, PANEL, POSITIONS, ROW, SLICE, type WinogradPlan } from '../plan/winograd.ts'
import type { Callee, Code, Local } from '../wasm/code.ts'
import { Module } from '../wasm/module.ts'
import { advance, countDown, repeat, setSum, times, variables, vectors } from './loops.ts'
import { constant, multiplyAdd } from './program.ts'
import { emitCells, emitFilters, emitOutputs, field } from './winograd-tiles.ts'

interface Functions {
  readonly cells: readonly Callee[]
  readonly outputs: readonly Callee[]
  readonly filters: Callee
  readonly multiply: Callee
}

/** Emits the program of a Winograd plan. */
export function emitWinograd(plan: WinogradPlan): Uint8Array<ArrayBuffer> {
  const module = new Module()
  const add = (takes: number, write: (code: Code) => void, name?: string): Callee =>
    module.function(name, new Array(takes).fill('i32'), [], write)
  const functions = {
    cells: plan.kinds.map((kind) => add(5, (code) => emitCells(code, plan, kind))),
    outputs: plan.kinds.map((kind) => add(6, (code) => emitOutputs(code, plan, kind))),
    filters: add(3, (code) => emitFilters(code, plan)),
    multiply: add(4, (code) => emitProducts(code, plan)),
  }
  add(regions.length, (code) => emitRun(code, plan, functions), 'run')
  return module.encode()
}

/** The loops around: batch, slices, panels, and of a panel its transforms before and after its products. */
function emitRun(code: Code, plan: WinogradPlan, functions: Functions): void {
  const { from, to, chunks } = plan
  const [input, output, weights, bias, tables, scratch] = code.parameters
  const { slice, panel, chunk, between, depths, channels } = variables(
    code,
    ...(['slice', 'panel', 'chunk', 'between', 'depths', 'channels'] as const),
  )
  const { source, target, begin, cell, biases } = variables(code, 'source', 'target', 'begin', 'cell', 'biases')
  const transformFilters = (): void => {
    field(code.get(weights), panel, PANEL, 'weights').emit('i32.add')
    field(code, chunk, CHUNK, 'weights').emit('i32.add').get(scratch)
    code.emit('i32.const', plan.filters.begin).emit('i32.add').get(chunk).call(functions.filters)
  }
  const once = chunks === 1 && plan.taps[1].length * plan.taps[2].length === 1
  const eachTile = (callees: readonly Callee[], side: 'input' | 'output', step: number, more: readonly Local[]): void =>
    emitTiles(code, tables, panel, (row, column) => {
      field(code.get(source), row, ROW, side).emit('i32.add')
      field(code, column, COLUMN, side).emit('i32.add').set(cell)
      const addresses = side === 'input' ? [cell, target] : [target, cell]
      callees.forEach((callee, kind) => {
        field(code, column, COLUMN, 'kind').emit('i32.const', kind).emit('i32.eq')
        code.if(() => {
          for (const parameter of [...addresses, row, channels, between, ...more]) code.get(parameter)
          code.call(callee)
        })
      })
      advance(code, target, step)
    })

  setSum(code, between, scratch, plan.between)
  setSum(code, panel, tables, plan.panelTable)
  setSum(code, chunk, tables, plan.chunkTable)
  if (once) transformFilters()
  repeat(code, plan.batch, () => {
    code.get(tables).set(slice)
    repeat(code, plan.slices, () => {
      setSum(code, panel, tables, plan.panelTable)
      repeat(code, plan.panels, () => {
        field(code.get(input), slice, SLICE, 'input').emit('i32.add').set(source)
        setSum(code, begin, scratch, plan.cells.begin)
        code.emit('i32.const', plan.inChannels).set(channels)
        field(code, slice, SLICE, 'taps').set(depths)
        countDown(code, depths, () => {
          code.get(begin).set(target)
          eachTile(functions.cells, 'input', plan.cells.row, [])
          advance(code, source, from.axes[0])
          advance(code, begin, plan.inChannels * FLOAT)
        })
        setSum(code, chunk, tables, plan.chunkTable)
        field(code.get(output), slice, SLICE, 'output').emit('i32.add').set(source)
        code.get(bias).set(biases)
        repeat(code, chunks, () => {
          if (!once) transformFilters()
          code.get(slice).get(panel).get(chunk).get(scratch).call(functions.multiply)
          setSum(code, target, scratch, plan.products.begin)
          field(code, chunk, CHUNK, 'channels').set(channels)
          eachTile(functions.outputs, 'output', plan.products.row, [biases])
          code.get(source).get(channels).emit('i32.const', to.channel).emit('i32.mul').emit('i32.add').set(source)
          code.get(biases).get(channels).emit('i32.const', FLOAT).emit('i32.mul').emit('i32.add').set(biases)
          advance(code, chunk, (CHUNK.length + plan.filterBlocks.length) * FLOAT)
        })
        advance(code, panel, (PANEL.length + plan.tileBlocks.length) * FLOAT)
      })
      advance(code, slice, SLICE.length * FLOAT)
    })
    advance(code, input, from.batch)
    advance(code, output, to.batch)
  })
}

/** Goes through the rows of tiles of a panel and in each through its columns. */
function emitTiles(code: Code, tables: Local, panel: Local, body: (row: Local, column: Local) => void): void {
  const { row, column } = variables(code, 'row', 'column')
  field(code, panel, PANEL, 'rows').get(tables).emit('i32.add').set(row)
  field(code, panel, PANEL, 'rowCount')
  times(code, () => {
    field(code, panel, PANEL, 'columns').get(tables).emit('i32.add').set(column)
    field(code, panel, PANEL, 'columnCount')
    times(code, () => {
      body(row, column)
      advance(code, column, COLUMN.length * FLOAT)
    })
    advance(code, row, ROW.length * FLOAT)
  })
}

/** All products of a panel: for each position, block of filters and block of tiles. */
function emitProducts(code: Code, plan: WinogradPlan): void {
  const { cells, filters, products, filterBlocks, tileBlocks } = plan
  const [slice, panel, chunk, scratch] = code.parameters
  const { matrix, begin, result, filter, weights, line, cell, product, length } = variables(
    code,
    ...(['matrix', 'begin', 'result', 'filter', 'weights', 'line', 'cell', 'product', 'length'] as const),
  )
  setSum(code, matrix, scratch, cells.begin)
  setSum(code, begin, scratch, filters.begin)
  setSum(code, result, scratch, products.begin)
  repeat(code, POSITIONS, () => {
    code.get(result).set(line).get(begin).set(filter)
    filterBlocks.forEach((size, place) => {
      code.get(chunk).emit('i32.load', (CHUNK.length + place) * FLOAT)
      times(code, () => {
        field(code.get(filter), slice, SLICE, 'skipped')
          .emit('i32.const', size)
          .emit('i32.mul')
          .emit('i32.add')
          .set(weights)
        code.get(matrix).set(cell).get(line).set(product)
        tileBlocks.forEach((tiles, index) => {
          code.get(panel).emit('i32.load', (PANEL.length + index) * FLOAT)
          times(code, () => {
            field(code, slice, SLICE, 'channels').set(length)
            emitProduct(code, plan, size, tiles, { cell, weights, product, length })
            advance(code, cell, tiles * cells.row)
            advance(code, product, tiles * products.row)
          })
        })
        advance(code, filter, plan.taps[0][0].length * plan.inChannels * size * VECTOR)
        advance(code, line, size * VECTOR)
      })
    })
    advance(code, matrix, cells.position)
    advance(code, begin, filters.position)
    advance(code, result, products.position)
  })
}

/** A block of filters times a block of tiles, summed over a number of channels in registers. */
function emitProduct(
  code: Code,
  plan: WinogradPlan,
  size: number,
  tiles: number,
  { cell, weights, product, length }: Readonly<Record<'cell' | 'weights' | 'product' | 'length', Local>>,
): void {
  const { a, b } = variables(code, 'a', 'b')
  const sums = vectors(code, tiles * size)
  const filters = vectors(code, size)
  const [value] = vectors(code, 1)
  for (const sum of sums) constant(code, 0).set(sum)
  code.get(cell).set(a).get(weights).set(b)
  countDown(code, length, () => {
    for (const [index, filter] of filters.entries()) {
      code
        .get(b)
        .emit('v128.load', index * VECTOR)
        .set(filter)
    }
    for (let tile = 0; tile < tiles; tile++) {
      code
        .get(a)
        .emit('v128.load32_splat', tile * plan.cells.row)
        .set(value)
      for (const [index, filter] of filters.entries()) multiplyAdd(code, plan, value, filter, sums[tile * size + index])
    }
    advance(code, a, FLOAT)
    advance(code, b, size * VECTOR)
  })
  for (const [index, sum] of sums.entries()) {
    const place = Math.floor(index / size) * plan.products.row + (index % size) * VECTOR
    code.get(product).get(sum).emit('v128.store', place)
  }
}
