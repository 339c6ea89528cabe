import { FLOAT, LANES, VECTOR } from '../plan/plan.ts'
import { CHUNK, ROW, SPAN, TAPS, TILE, type TileKind, type WinogradPlan } from '../plan/winograd.ts'
import type { Code, Local } from '../wasm/code.ts'
import { shuffled } from './lanes.ts'
import { advance, countDown, setSum, variables, vectors } from './loops.ts'
import { activate } from './program.ts'
import { storeBlock } from './store-block.ts'
import { cellConstants, filterConstants, outputConstants, Transform } from './winograd-transform.ts'

const LINE = SPAN * VECTOR

/** Tiles that vectors hold. */
export const tilesOf = ({ layout }: WinogradPlan): number => (layout === 'nchw' ? LANES : 1)

/**
 * Emits the transform of the cells of a run of tiles of one kind. Parameters: the address of the first real cell, that of
 * the first tile among the transformed cells, how many vectors of tiles, scratch, and the entry of the row of tiles.
 */
export function emitCells(code: Code, plan: WinogradPlan, kind: TileKind): void {
  const { from, cells, inChannels } = plan
  const [cell, target, count, between, row] = code.parameters
  const { line, at, left, channels } = variables(code, 'line', 'at', 'left', 'channels')
  const transform = new Transform(code, plan.relaxed, cellConstants)
  const zeros = (field: (typeof ROW)[number]): void => {
    code
      .get(row)
      .emit('i32.load', ROW.indexOf(field) * FLOAT)
      .tee(left)
      .if(() => {
        countDown(code, left, () => {
          for (let column = 0; column < SPAN; column++) {
            code
              .get(at)
              .emit('v128.const', ...new Array(VECTOR).fill(0))
              .emit('v128.store', column * VECTOR)
          }
          advance(code, at, LINE)
        })
      })
  }
  const tile = (): void => {
    code.get(between).set(at).get(cell).set(line)
    zeros('before')
    code
      .get(row)
      .emit('i32.load', ROW.indexOf('real') * FLOAT)
      .set(left)
    countDown(code, left, () => {
      storeAll(code, at, transform.cells(loadLine(code, plan, kind, line)), VECTOR)
      advance(code, at, LINE)
      advance(code, line, from.axes[1])
    })
    zeros('after')
    code.get(between).set(at).get(target).set(line).emit('i32.const', SPAN).set(left)
    countDown(code, left, () => {
      storeAll(code, line, transform.cells(loadAll(code, at, LINE)), SPAN * cells.position)
      advance(code, at, VECTOR)
      advance(code, line, cells.position)
    })
  }
  const tiles = tilesOf(plan)
  countDown(code, count, () => {
    if (tiles > 1) tile()
    else {
      code.emit('i32.const', Math.ceil(inChannels / LANES)).set(channels)
      const missing = (LANES - (inChannels % LANES)) % LANES
      countDown(code, channels, () => {
        tile()
        advance(code, cell, VECTOR)
        advance(code, target, VECTOR)
        // The last vector of channels begins earlier and does some of them again.
        if (missing > 0) {
          code
            .get(channels)
            .emit('i32.const', 2)
            .emit('i32.eq')
            .if(() => {
              advance(code, cell, -missing * FLOAT)
              advance(code, target, -missing * FLOAT)
            })
        }
      })
      advance(code, cell, -inChannels * FLOAT)
      advance(code, target, -inChannels * FLOAT)
    }
    advance(code, cell, tiles * TILE * from.axes[2])
    advance(code, target, tiles * cells.tile)
  })
}

function loadAll(code: Code, at: Local, step: number): Local[] {
  return vectors(code, SPAN).map((vector, index) => {
    code
      .get(at)
      .emit('v128.load', index * step)
      .set(vector)
    return vector
  })
}

function storeAll(code: Code, at: Local, values: readonly Local[], step: number): void {
  for (const [index, value] of values.entries()) {
    code
      .get(at)
      .get(value)
      .emit('v128.store', index * step)
  }
}

/** The cells of a row of tiles, a vector for each column of a tile; those that are not real are zero. */
function loadLine(code: Code, plan: WinogradPlan, kind: TileKind, line: Local): Local[] {
  const { begin, end } = kind
  const step = plan.from.axes[2]
  if (tilesOf(plan) === 1) {
    return vectors(code, SPAN).map((vector, column) => {
      if (begin <= column && column < end)
        code
          .get(line)
          .emit('v128.load', (column - begin) * step)
          .set(vector)
      else code.emit('v128.const', ...new Array(VECTOR).fill(0)).set(vector)
      return vector
    })
  }
  const rows = [0, 1, 2, 3].map((index) => loadFour(code, line, kind, index * LANES, LANES))
  const tail = loadFour(code, line, kind, LANES * TILE, 2)
  const columns = transposed(code, rows)
  return [...columns, shuffled(code, columns[0], tail, [1, 2, 3, 4]), shuffled(code, columns[1], tail, [1, 2, 3, 5])]
}

/** The first lanes of a vector of neighbouring cells. */
function loadFour(code: Code, line: Local, { begin, end }: TileKind, first: number, lanes: number): Local {
  const [vector] = vectors(code, 1)
  const real = Array.from({ length: lanes }, (_, lane) => lane).filter((l) => begin <= first + l && first + l < end)
  const place = (lane: number): number => (first + lane - begin) * FLOAT
  if (real.length === lanes) {
    code
      .get(line)
      .emit(lanes === LANES ? 'v128.load' : 'v128.load64_zero', place(0))
      .set(vector)
    return vector
  }
  code.emit('v128.const', ...new Array(VECTOR).fill(0)).set(vector)
  for (const lane of real) code.get(line).get(vector).emit('v128.load32_lane', place(lane), lane).set(vector)
  return vector
}

function transposed(code: Code, [a, b, c, d]: readonly Local[]): Local[] {
  const low = [shuffled(code, a, b, [0, 4, 1, 5]), shuffled(code, c, d, [0, 4, 1, 5])] as const
  const high = [shuffled(code, a, b, [2, 6, 3, 7]), shuffled(code, c, d, [2, 6, 3, 7])] as const
  return [low, high].flatMap(([x, y]) => [shuffled(code, x, y, [0, 1, 4, 5]), shuffled(code, x, y, [2, 3, 6, 7])])
}

/**
 * Emits the transform to the outputs of a run of tiles of one kind. Parameters: the address of the first tile among the
 * products, of the first output, how many vectors of tiles, scratch, the entry of the row of tiles, and the bias.
 */
export function emitOutputs(code: Code, plan: WinogradPlan, kind: TileKind): void {
  const { to, products, outChannels } = plan
  const [source, target, count, between, row, bias, chunk] = code.parameters
  const { line, at, left, channels, biases } = variables(code, 'line', 'at', 'left', 'channels', 'biases')
  const [plus] = vectors(code, 1)
  const transform = new Transform(code, plan.relaxed, outputConstants)
  const tiles = tilesOf(plan)
  const tile = (lanes: number): void => {
    code.get(between).set(at).get(source).set(line).emit('i32.const', SPAN).set(left)
    countDown(code, left, () => {
      storeAll(code, at, transform.outputs(loadAll(code, line, SPAN * products.position)), LINE)
      advance(code, at, VECTOR)
      advance(code, line, products.position)
    })
    code.get(between).set(at).get(target).set(line)
    code
      .get(row)
      .emit('i32.load', ROW.indexOf('outputs') * FLOAT)
      .set(left)
    countDown(code, left, () => {
      const sums = transform.outputs(loadAll(code, at, VECTOR), plus)
      for (const sum of sums) activate(code.get(sum), plan).set(sum)
      storeLine(code, plan, kind, line, sums, lanes)
      advance(code, at, LINE)
      advance(code, line, to.axes[1])
    })
  }
  if (tiles > 1) code.get(bias).emit('v128.load32_splat').set(plus)
  countDown(code, count, () => {
    if (tiles > 1) tile(LANES)
    else {
      setSum(code, biases, bias, 0)
      const vector = (lanes: number): void => {
        code.get(biases).emit('v128.load').set(plus)
        tile(lanes)
        for (const local of [biases, source, target]) advance(code, local, lanes * FLOAT)
      }
      const amount = (): Code => code.get(chunk).emit('i32.load', CHUNK.indexOf('channels') * FLOAT)
      const tail = outChannels % LANES
      amount().emit('i32.const', 2).emit('i32.shr_u').tee(channels)
      code.if(() => countDown(code, channels, () => vector(LANES)))
      if (tail > 0) {
        amount()
          .emit('i32.const', LANES - 1)
          .emit('i32.and')
        code.if(() => vector(tail))
      }
      for (const local of [source, target]) {
        code.get(local)
        amount().emit('i32.const', 2).emit('i32.shl').emit('i32.sub').set(local)
      }
    }
    advance(code, target, tiles * TILE * to.axes[2])
    advance(code, source, tiles * products.tile)
  })
}

/** Stores a row of outputs of the tiles in a vector, those that exist. */
function storeLine(
  code: Code,
  plan: WinogradPlan,
  kind: TileKind,
  at: Local,
  sums: readonly Local[],
  lanes: number,
): void {
  const { to } = plan
  const { outputs } = kind
  if (tilesOf(plan) === 1) {
    storeBlock(code, { at, sums: sums.slice(0, outputs), lanes, place: 0, pixelStep: to.axes[2], channelStep: FLOAT })
    return
  }
  const whole = Math.floor(outputs / TILE)
  const step = TILE * FLOAT
  if (whole > 0) storeBlock(code, { at, sums, lanes: whole, place: 0, pixelStep: FLOAT, channelStep: step })
  for (let column = 0; column < outputs % TILE; column++) {
    code
      .get(at)
      .get(sums[column])
      .emit('v128.store32_lane', whole * step + column * FLOAT, whole)
  }
}

/** Emits the transform of the filters of a chunk. Parameters: their taps, where they go, the entry of the chunk. */
export function emitFilters(code: Code, plan: WinogradPlan): void {
  const { filters } = plan
  const [weights, target, chunk] = code.parameters
  const { left } = variables(code, 'left')
  const transform = new Transform(code, plan.relaxed, filterConstants)
  const taps = vectors(code, TAPS)
  code
    .get(chunk)
    .emit('i32.load', CHUNK.indexOf('vectors') * FLOAT)
    .set(left)
  countDown(code, left, () => {
    for (const [index, tap] of taps.entries()) {
      code
        .get(weights)
        .emit('v128.load', index * VECTOR)
        .set(tap)
    }
    const columns = [0, 1, 2].map((column) => transform.filters([0, 3, 6].map((line) => taps[line + column])))
    for (let line = 0; line < SPAN; line++) {
      transform.filters(columns.map((column) => column[line])).forEach((value, column) => {
        code
          .get(target)
          .get(value)
          .emit('v128.store', (line * SPAN + column) * filters.position)
      })
    }
    advance(code, weights, TAPS * VECTOR)
    advance(code, target, VECTOR)
  })
}
