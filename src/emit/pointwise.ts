import { FLOAT, LANES, VECTOR } from '../plan/plan.ts'
import type { PointwisePlan } from '../plan/pointwise.ts'
import type { Code, Local } from '../wasm/code.ts'
import { loadLanes, storeLanes } from './lanes.ts'
import { scaled, shifted, vectors, walk } from './loops.ts'
import { type Addresses, activate, emitProgram } from './program.ts'
import { type Sums, sumsOf } from './sums.ts'

/**
 * Emits the program of a pointwise plan. The loops are, from the outside in: batch, group, panel of cells, which is
 * copied together, block of output channels, column of cells, input channels.
 */
export function emitPointwise(plan: PointwisePlan): Uint8Array<ArrayBuffer> {
  const { batch, groups, inGroup, outGroup, blocks, from, to } = plan
  const group = {
    ...{ input: inGroup * from.channel, output: outGroup * to.channel },
    ...{ weights: outGroup * inGroup * FLOAT, bias: outGroup * FLOAT },
  }
  return emitProgram((code, addresses) => {
    const sums = sumsOf(code, plan, blocks[0].channels, plan.vectors)
    walk(code, batch, addresses, { input: from.batch, output: to.batch }, (image) =>
      walk(code, groups, image, group, (at) =>
        eachPanel(code, plan, at, (panel, columns, cells) => {
          gather(code, plan, panel, columns, cells)
          multiply(code, plan, sums, panel, columns, cells)
        }),
      ),
    )
  })
}

/** Whole columns, as many at a time as a panel has, then the cells that are left. */
function eachPanel(
  code: Code,
  { cells, vectors, panel }: PointwisePlan,
  from: Addresses,
  body: (at: Addresses, columns: number, cells: number) => void,
): void {
  const size = vectors * LANES
  const whole = Math.floor(cells / size)
  const step = { input: size * FLOAT, output: size * FLOAT }
  walk(code, Math.floor(whole / panel), from, scaled(step, panel), (at) => body(at, panel, size))
  const rest = whole % panel
  if (rest > 0) body(shifted(code, from, scaled(step, whole - rest)), rest, size)
  if (cells % size > 0) body(shifted(code, from, scaled(step, whole)), 1, cells % size)
}

/** Copies columns of so many cells together: of a column, the cells of a channel behind the one before. */
function gather(code: Code, plan: PointwisePlan, from: Addresses, columns: number, cells: number): void {
  const { inGroup, vectors: width, from: steps } = plan
  const [vector] = vectors(code, 1)
  const size = width * VECTOR
  walk(code, inGroup, from, { input: steps.channel, scratch: size }, (line) =>
    walk(code, columns, line, { input: size, scratch: inGroup * size }, ({ input, scratch }) => {
      for (let cell = 0; cell < cells; cell += LANES) {
        const [place, lanes] = [cell * FLOAT, { begin: 0, end: Math.min(LANES, cells - cell) }]
        loadLanes(code, { at: input, place, stride: 1, lanes, room: lanes, fill: 0 }, vector)
        code.store(vector, scratch, place)
      }
    }),
  )
}

/** All output channels of columns of so many cells. */
function multiply(code: Code, plan: PointwisePlan, sums: Sums, from: Addresses, columns: number, cells: number): void {
  const { inGroup, vectors, to } = plan
  let begin = from
  for (const { channels, count } of plan.blocks) {
    const block = { weights: channels * inGroup * FLOAT, bias: channels * FLOAT, output: channels * to.channel }
    walk(code, count, begin, block, (at) =>
      walk(code, columns, at, { scratch: inGroup * vectors * VECTOR, output: vectors * VECTOR }, (column) => {
        const rows = sums.rows.slice(0, channels)
        start(code, rows, column.bias)
        addChannels(code, plan, sums, column, channels, Math.ceil(cells / LANES))
        rows.forEach((row, channel) => {
          row.slice(0, Math.ceil(cells / LANES)).forEach((sum, vector) => {
            activate(code, plan, [sum])
            const place = channel * to.channel + vector * VECTOR
            storeLanes(code, column.output, place, sum, Math.min(LANES, cells - vector * LANES))
          })
        })
      }),
    )
    begin = shifted(code, begin, scaled(block, count))
  }
}

/** Every sum begins with the bias of its channel. */
function start(code: Code, rows: Sums['rows'], bias: Local): void {
  rows.forEach(([first, ...others], channel) => {
    code.load(first, bias, channel * FLOAT, 'v128.load32_splat')
    for (const sum of others) code.get(first).set(sum)
  })
}

/** Adds all input channels of a column. */
function addChannels(
  code: Code,
  { inGroup, vectors, unrolled }: PointwisePlan,
  sums: Sums,
  from: Addresses,
  channels: number,
  count: number,
): void {
  const bytes = { scratch: unrolled * vectors * VECTOR, weights: unrolled * channels * FLOAT }
  walk(code, inGroup / unrolled, from, bytes, ({ scratch, weights }) => {
    for (let step = 0; step < unrolled; step++) {
      const cells = { at: scratch, place: step * vectors * VECTOR, count }
      sums.add(cells, { at: weights, place: step * channels * FLOAT, step: FLOAT }, { begin: 0, end: channels })
    }
  })
}
