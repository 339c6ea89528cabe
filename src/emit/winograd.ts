import { FLOAT, LANES, regions, VECTOR } from '../plan/plan.ts'
import { blockLength, CHUNK, PANEL, POSITIONS, ROW, RUN, TAPS, type WinogradPlan } from '../plan/winograd.ts'
import type { Callee, Code, Local } from '../wasm/code.ts'
import { Module } from '../wasm/module.ts'
import { advance, countDown, repeat, setSum, variables, vectors } from './loops.ts'
import { multiplyAdd } from './program.ts'
import { emitCells, emitFilters, emitOutputs } from './winograd-tiles.ts'

const i32 = (count: number): 'i32'[] => new Array(count).fill('i32')

interface Functions {
  cells: Callee[]
  outputs: Callee[]
  filters: Callee
  multiply: Callee
}

/** Emits the program of a Winograd plan. */
export function emitWinograd(plan: WinogradPlan): Uint8Array<ArrayBuffer> {
  const module = new Module()
  const cells = plan.kinds.map((kind) => module.function(undefined, i32(5), [], (code) => emitCells(code, plan, kind)))
  const outputs = plan.kinds.map((kind) =>
    module.function(undefined, i32(7), [], (code) => emitOutputs(code, plan, kind)),
  )
  const filters = module.function(undefined, i32(3), [], (code) => emitFilters(code, plan))
  const multiply = module.function(undefined, i32(3), [], (code) => emitProducts(code, plan))
  module.function('run', i32(regions.length), [], (code) => emitRun(code, plan, { cells, outputs, filters, multiply }))
  return module.encode()
}

/** The loops around: batch, slices, panels, and of a panel its transforms before and after its products. */
function emitRun(code: Code, plan: WinogradPlan, functions: Functions): void {
  const { batch, slices, from, to, inChannels, panels, chunks, tileBlocks, filterBlocks } = plan
  const [input, output, weights, bias, tables, scratch] = code.parameters
  const { panel, chunk, source, target, taps, filters, between, biases, channels } = variables(
    code,
    'panel',
    'chunk',
    'source',
    'target',
    'taps',
    'filters',
    'between',
    'biases',
    'channels',
  )
  const along = plan.layout === 'nchw'
  setSum(code, between, scratch, plan.between)
  setSum(code, filters, scratch, plan.filters.begin)
  setSum(code, chunk, tables, plan.chunkTable)
  const transformFilters = () => code.get(taps).get(filters).get(chunk).call(functions.filters)
  code.get(weights).set(taps)
  if (chunks === 1) transformFilters()
  repeat(code, batch, () => {
    repeat(code, slices, () => {
      code.get(tables).set(panel)
      repeat(code, panels, () => {
        code.get(input).set(source)
        setSum(code, target, scratch, plan.cells.begin)
        repeat(code, along ? inChannels : 1, () => {
          eachRun(
            code,
            tables,
            panel,
            (row, run, place) => {
              setPlus(code, place.cell, source, row, ROW.indexOf('input'))
              addField(code, place.cell, run, RUN.indexOf('input'))
              dispatch(code, run, functions.cells, [place.cell, target, place.count, between, row])
              addField(code, target, run, RUN.indexOf('cells'))
            },
            target,
          )
          advance(code, source, from.channel)
          advance(code, target, plan.cells.channel)
        })
        setSum(code, chunk, tables, plan.chunkTable)
        code.get(weights).set(taps).get(output).set(source).get(bias).set(biases)
        repeat(code, chunks, () => {
          if (chunks > 1) transformFilters()
          code.get(panel).get(chunk).get(scratch).call(functions.multiply)
          setSum(code, target, scratch, plan.products.begin)
          const outputs = () =>
            eachRun(
              code,
              tables,
              panel,
              (row, run, place) => {
                setPlus(code, place.cell, source, row, ROW.indexOf('output'))
                addField(code, place.cell, run, RUN.indexOf('output'))
                dispatch(code, run, functions.outputs, [target, place.cell, place.count, between, row, biases, chunk])
                addField(code, target, run, RUN.indexOf('products'))
              },
              target,
            )
          code
            .get(chunk)
            .emit('i32.load', CHUNK.indexOf('channels') * FLOAT)
            .set(channels)
          if (along)
            countDown(code, channels, () => {
              outputs()
              advance(code, source, to.channel)
              advance(code, target, plan.products.channel)
              advance(code, biases, FLOAT)
            })
          else {
            outputs()
            for (const local of [source, biases])
              code.get(local).get(channels).emit('i32.const', 2).emit('i32.shl').emit('i32.add').set(local)
          }
          code
            .get(taps)
            .get(chunk)
            .emit('i32.load', CHUNK.indexOf('vectors') * FLOAT)
            .emit('i32.const', TAPS * VECTOR)
            .emit('i32.mul')
            .emit('i32.add')
            .set(taps)
          advance(code, chunk, (CHUNK.length + filterBlocks.length) * FLOAT)
        })
        advance(code, panel, (PANEL.length + tileBlocks.length) * FLOAT)
      })
      advance(code, input, plan.slice)
      advance(code, output, to.axes[0])
    })
    advance(code, input, from.batch - slices * plan.slice)
    advance(code, output, to.batch - slices * to.axes[0])
  })
}

type Place = Readonly<Record<'cell' | 'count', Local>>

function setPlus(code: Code, target: Local, base: Local, entry: Local, field: number): void {
  code
    .get(base)
    .get(entry)
    .emit('i32.load', field * FLOAT)
    .emit('i32.add')
    .set(target)
}

function addField(code: Code, target: Local, entry: Local, field: number): void {
  setPlus(code, target, target, entry, field)
}

/** Goes through the rows of tiles of a panel and in each through its runs. What the body adds to `kept` is undone. */
function eachRun(
  code: Code,
  tables: Local,
  panel: Local,
  body: (row: Local, run: Local, place: Place) => void,
  kept: Local,
): void {
  const { row, rows, run, runs, saved, cell, count } = variables(
    code,
    'row',
    'rows',
    'run',
    'runs',
    'saved',
    'cell',
    'count',
  )
  code.get(kept).set(saved)
  setPlus(code, row, tables, panel, PANEL.indexOf('rows'))
  code
    .get(panel)
    .emit('i32.load', PANEL.indexOf('rowCount') * FLOAT)
    .set(rows)
  countDown(code, rows, () => {
    setPlus(code, run, tables, panel, PANEL.indexOf('runs'))
    code
      .get(panel)
      .emit('i32.load', PANEL.indexOf('runCount') * FLOAT)
      .set(runs)
    countDown(code, runs, () => {
      code
        .get(run)
        .emit('i32.load', RUN.indexOf('count') * FLOAT)
        .set(count)
      body(row, run, { cell, count })
      advance(code, run, RUN.length * FLOAT)
    })
    advance(code, row, ROW.length * FLOAT)
  })
  code.get(saved).set(kept)
}

/** Calls the function of a run's kind. */
function dispatch(code: Code, run: Local, functions: readonly Callee[], parameters: readonly Local[]): void {
  functions.forEach((callee, kind) => {
    code
      .get(run)
      .emit('i32.load', RUN.indexOf('kind') * FLOAT)
      .emit('i32.const', kind)
      .emit('i32.eq')
      .if(() => {
        for (const parameter of parameters) code.get(parameter)
        code.call(callee)
      })
  })
}

/** All products of a panel: for each position, block of filters and block of tiles. */
function emitProducts(code: Code, plan: WinogradPlan): void {
  const { layout, inChannels, cells, filters, products, filterBlocks, tileBlocks } = plan
  const [panel, chunk, scratch] = code.parameters
  const along = layout === 'nchw'
  const { matrix, result, cell, product, left, blocks, filter, begin, line } = variables(
    code,
    'matrix',
    'result',
    'cell',
    'product',
    'left',
    'blocks',
    'filter',
    'begin',
    'line',
  )
  const units = along ? { filter: 1, tile: LANES } : { filter: LANES, tile: 1 }
  setSum(code, matrix, scratch, cells.begin)
  setSum(code, begin, scratch, filters.begin)
  setSum(code, result, scratch, products.begin)
  repeat(code, POSITIONS, () => {
    code.get(result).set(line).get(begin).set(filter)
    filterBlocks.forEach((size, place) => {
      code
        .get(chunk)
        .emit('i32.load', (CHUNK.length + place) * FLOAT)
        .tee(blocks)
        .if(() => {
          countDown(code, blocks, () => {
            code.get(matrix).set(cell).get(line).set(product)
            tileBlocks.forEach((tileSize, index) => {
              code
                .get(panel)
                .emit('i32.load', (PANEL.length + index) * FLOAT)
                .tee(left)
                .if(() => {
                  countDown(code, left, () => {
                    emitProduct(code, plan, size, tileSize, [cell, filter, product])
                    advance(code, cell, tileSize * units.tile * cells.tile)
                    advance(code, product, tileSize * units.tile * products.tile)
                  })
                })
            })
            advance(code, filter, blockLength(size, inChannels, along) * VECTOR)
            advance(code, line, size * units.filter * products.channel)
          })
        })
    })
    advance(code, matrix, cells.position)
    advance(code, begin, filters.position)
    advance(code, result, products.position)
  })
}

/** A block of filters times a block of tiles, summed over the input channels in registers. */
function emitProduct(
  code: Code,
  plan: WinogradPlan,
  filters: number,
  tiles: number,
  [cell, weights, product]: readonly Local[],
): void {
  const { inChannels, cells, products } = plan
  const along = plan.layout === 'nchw'
  const { a, b, left } = variables(code, 'a', 'b', 'left')
  const [columns, rows] = along ? [tiles, filters] : [filters, tiles]
  const sums = vectors(code, rows * columns)
  const row = vectors(code, columns)
  const [value] = vectors(code, 1)
  // Of vectors along columns, and of single values of the rows: address, step per input channel; step per row.
  const filterStep = filters * (along ? FLOAT : VECTOR)
  const vectorSide = along ? { from: cell, step: cells.channel } : { from: weights, step: filterStep }
  const rowSide = along
    ? { from: weights, step: filterStep, row: FLOAT }
    : { from: cell, step: cells.channel, row: cells.tile }
  for (const sum of sums) code.emit('v128.const', ...new Array(VECTOR).fill(0)).set(sum)
  code.get(vectorSide.from).set(a).get(rowSide.from).set(b).emit('i32.const', inChannels).set(left)
  countDown(code, left, () => {
    for (const [index, vector] of row.entries()) {
      code
        .get(a)
        .emit('v128.load', index * VECTOR)
        .set(vector)
    }
    for (let r = 0; r < rows; r++) {
      code
        .get(b)
        .emit('v128.load32_splat', r * rowSide.row)
        .set(value)
      for (const [index, vector] of row.entries()) multiplyAdd(code, plan, value, vector, sums[r * columns + index])
    }
    advance(code, a, vectorSide.step)
    advance(code, b, rowSide.step)
  })
  sums.forEach((sum, index) => {
    const at = Math.floor(index / columns) * (along ? products.channel : products.tile) + (index % columns) * VECTOR
    code.get(product).get(sum).emit('v128.store', at)
  })
}
