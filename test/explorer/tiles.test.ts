import { loadNetwork } from 'samepad/graph'
import { readModel } from 'samepad/models'
import { type Interval, tiles } from 'samepad/tiles'
import { describe, expect, it } from 'vitest'
import type { Planned } from '../../explorer/views/tiles/messages.ts'
import {
  commandOf,
  cuttingOf,
  neededOf,
  pieceAt,
  pieceOf,
  sheetFor,
  wrongShare,
} from '../../explorer/views/tiles/model.ts'
import { samples } from '../../explorer/views/tiles/samples.ts'
import { axisTexts, memoryText, percent, pictureInWords, verdict } from '../../explorer/views/tiles/words.ts'
import { modelBytes } from '../graph/onnx-bytes.ts'

/** Layers with a stride, a dilation and an even kernel: the halo is lopsided. */
const bytes = modelBytes({
  inputs: { x: [1, 1, 1, 'width'] },
  outputs: ['y'],
  nodes: [
    ['Conv', ['x', 'w4'], ['a'], { strides: [1, 2], pads: [0, 1, 0, 1] }],
    ['Conv', ['a', 'w3'], ['b'], { dilations: [1, 2], pads: [0, 2, 0, 2] }],
    ['ConvTranspose', ['b', 'w4'], ['y'], { strides: [1, 2], pads: [0, 1, 0, 1] }],
  ],
  constants: {
    w4: { shape: [1, 1, 1, 4], data: [1, 2, 3, 4] },
    w3: { shape: [1, 1, 1, 3], data: [3, 1, 2] },
  },
})

const WIDTH = 96

async function plannedOf(tile: number, halo?: number): Promise<Planned> {
  const inputs = { x: [1, 1, 1, WIDTH] }
  const model = await readModel(bytes)
  const plan = tiles(model, { inputs, tile: [1, tile], ...(halo !== undefined && { halo }) })
  return { plan, shape: inputs.x, inputs: 1, wholeMemory: plan.memory, mixed: undefined, halo, least: 8 }
}

const cells = (intervals: readonly Interval[]): number[] =>
  intervals.flatMap(([begin, end]) => Array.from({ length: end - begin }, (_, at) => begin + at))

describe('a halo that is too small', () => {
  it.each([0, 1, 2, 3, 4, 5])('of %i cells is wrong where a run of the pieces is, and nowhere else', async (halo) => {
    const planned = await plannedOf(30)
    const { across, isShort } = cuttingOf(planned, 30, halo)
    expect(isShort).toBe(halo < neededOf(planned.plan))
    if (!isShort) return expect(across.wrong).toEqual([])
    const network = await loadNetwork(bytes)
    const run = (data: Float32Array): Float32Array => network.run({ x: { data, shape: [1, 1, 1, data.length] } }).y.data
    const picture = Float32Array.from({ length: WIDTH }, (_, at) => 1 + ((at * 7) % 11))
    const whole = run(picture)
    const different = across.pieces.flatMap(({ own, read }) => {
      const piece = run(picture.slice(...read))
      return cells([own]).filter((cell) => piece[cell - read[0]] !== whole[cell])
    })
    // All numbers are positive, so that every output that misses a cell is smaller; outputs of one step belong together.
    const { step } = planned.plan.axes[1]
    const steps = (list: readonly number[]): number[] => [...new Set(list.map((cell) => Math.floor(cell / step)))]
    expect(different.length).toBeGreaterThan(0)
    expect(steps(different)).toEqual(steps(cells(across.wrong)))
  })
})

describe('a plan', () => {
  it('is drawn as it is where the halo is enough: pieces, what several read, nothing wrong', async () => {
    const planned = await plannedOf(40)
    const cutting = cuttingOf(planned, 40, undefined)
    const [, axis] = planned.plan.axes
    const cut = cutting.across
    expect(cut.pieces).toEqual(axis.pieces.map(({ own, read }) => ({ own, read })))
    const counts = Array.from({ length: WIDTH }, (_, cell) => {
      return cut.pieces.filter(({ read }) => read[0] <= cell && cell < read[1]).length
    })
    expect(cells(cut.twice)).toEqual([...counts.keys()].filter((cell) => counts[cell] > 1))
    expect(cut.twice.length).toBeGreaterThan(0)
    expect(cutting.share).toBeCloseTo(counts.reduce((a, b) => a + b) / WIDTH)
    expect([cut.wrong, wrongShare(cutting), cutting.isShort]).toEqual([[], 0, false])
    expect(verdict(planned, cutting)).toEqual({
      good: true,
      text: `${cut.pieces.length} pieces, put together, give exactly what the whole picture gives.`,
    })
  })

  it('has a piece at each place, and a place for each piece', async () => {
    const model = await readModel(new TextEncoder().encode(samples.unet.text))
    const inputs = { data: [1, 3, 304, 424] }
    const plan = tiles(model, { inputs, tile: 160 })
    const planned = {
      plan,
      shape: inputs.data,
      inputs: 1,
      wholeMemory: 1,
      mixed: undefined,
      halo: undefined,
      least: 56,
    }
    const cutting = cuttingOf(planned, 160, undefined)
    const { count } = pieceAt(cutting, 0)
    expect(count).toBe(plan.pieces)
    for (let index = 0; index < count; index++) {
      const { at, down, across } = pieceAt(cutting, index)
      expect(at).toBe(index)
      expect(pieceOf(cutting, down!.own[0], across.own[0])).toBe(index)
      expect(pieceOf(cutting, down!.own[1] - 0.5, across.own[1] - 0.5)).toBe(index)
    }
    expect(pieceAt(cutting, 1e6).at).toBe(count - 1)
    expect(sheetFor(cutting, 900)).toEqual({
      scale: expect.closeTo(560 / 304),
      width: expect.closeTo((560 / 304) * 424),
      height: 560,
    })
    expect(axisTexts(planned)).toEqual([
      'Pieces begin on multiples of 8 cells, and need 23 before and 23 behind their own; a halo is a multiple of 8, so it is 24.',
    ])
    expect(pictureInWords(planned, cutting)).toMatch(
      /^A picture of 1 x 3 x 304 x 424 in \d+ pieces; \d+ % is computed twice$/,
    )
  })

  it('has a command, with the input’s name where there are several', async () => {
    const planned = await plannedOf(40)
    expect(commandOf(planned, 'a/model.onnx', 40)).toBe('npx samepad tiles a/model.onnx --input 1x1x1x96 --tile 40')
    const other = { ...planned, inputs: 2, halo: 9, least: 50 }
    expect(commandOf(other, "it's mine.onnx", 40)).toBe(
      "npx samepad tiles 'it'\\''s mine.onnx' --input x=1x1x1x96 --tile 50 --halo 9",
    )
  })
})

it.each(Object.entries(samples).filter(([name]) => name !== 'detector'))(
  'the network %s is read and cut, or says which node mixes',
  async (name, { text }) => {
    const model = await readModel(new TextEncoder().encode(text))
    const plan = () => tiles(model, { inputs: { data: [1, 3, 600, 800] }, tile: 300 })
    if (name === 'attending')
      expect(plan).toThrow('no piece can be exact: squeeze (GlobalAveragePool) takes all cells together')
    else expect(plan()).toMatchObject({ isExact: true, pieces: expect.any(Number) })
  },
)

it('memory and shares are said in short', () => {
  expect([999, 1234567, 81_234_567_890].map(memoryText)).toEqual(['0.999 kB', '1.23 MB', '81.2 GB'])
  expect([0.0123, 0.13456, 2.5].map(percent)).toEqual(['1.2 %', '13 %', '250 %'])
})
