import { expect, it } from 'vitest'
import {
  type Axis,
  type AxisPadding,
  adjoint,
  outputSize,
  padded,
  part,
  type Range,
  resolve,
  SamepadError,
  taps,
  transposedPart,
} from '../../src/geometry/index.ts'
import { along, breaking, grid } from './grid.ts'

const modes = (['same-upper', 'same-lower', 'keep', 'full', 'causal'] as const).map((padding) => ({ padding }))
const pairs = [0, 1, 3].flatMap((begin) => [0, 2, 7].map((end) => ({ padding: [begin, end] as const })))
/** Windows few enough to try every cut of every padding. */
const windows = grid.filter(
  ({ input, kernel, stride, dilation }) => input <= 8 && kernel <= 4 && stride <= 4 && dilation <= 3,
)

/** Every pair of a cell and a tap of each output. */
function reads(axis: Axis, outputs: Range, firstCell = 0): string[] {
  const list: string[] = []
  for (let output = outputs.begin; output < outputs.end; output++) {
    const { begin, end } = taps(axis, output)
    const cells: number[] = []
    for (let tap = begin; tap < end; tap++) {
      const cell = output * axis.stride - axis.padBegin + tap * axis.dilation
      if (cell < 0 || cell >= axis.input) throw new Error('a tap beyond the input')
      cells.push(cell + firstCell)
    }
    list.push(`${begin} ${cells}`.replace(/^\d+ $/, 'nothing'))
  }
  return list
}

/** The same of a transposed convolution, whose samples land on outputs: by outputs. */
function lands(axis: Axis, outputs: Range, firstCell = 0): string[] {
  const list = Array.from({ length: axis.output }, (): string[] => [])
  const back = adjoint(axis)
  for (let sample = 0; sample < axis.input; sample++) {
    const { begin, end } = taps(back, sample)
    for (let tap = begin; tap < end; tap++) {
      list[sample * axis.stride - axis.padBegin + tap * axis.dilation].push(`${sample + firstCell}:${tap}`)
    }
  }
  return list.slice(outputs.begin, outputs.end).map(String)
}

/** What windows of an average that counts padding count. */
const counts = (axis: Axis, outputs: Range): number[] =>
  Array.from({ length: outputs.end - outputs.begin }, (_, index) => {
    const { begin, end } = taps(padded(axis), outputs.begin + index)
    return end - begin
  })

const eachCut = (axis: Axis, agrees: (from: number, to: number) => boolean): boolean => {
  for (let from = 0; from < axis.output; from++) {
    for (let to = from + 1; to <= axis.output; to++) if (!agrees(from, to)) return false
  }
  return true
}

const within = (axis: Axis, { begin, end }: Range): boolean => 0 <= begin && begin < end && end <= axis.input

/** Whether there is no cell too many on either side that is no edge of the input: with taps next to each other it is read. */
const isTight = (axis: Axis, input: Range, used: string): boolean => {
  if (axis.dilation > 1 || !/\d/.test(used)) return true
  const cells = [...used.matchAll(/(\d+)/g)].map(([, cell]) => Number(cell))
  const [begin, end] = [Math.min(...cells), Math.max(...cells) + 1]
  return (input.begin === 0 || input.begin === begin) && (input.end === axis.input || input.end === end)
}

function partsAreTheWhole(axis: Axis): boolean {
  const all = reads(axis, { begin: 0, end: axis.output })
  const every = counts(axis, { begin: 0, end: axis.output })
  return eachCut(axis, (from, to) => {
    const { axis: own, input } = part(axis, from, to)
    const mine = { begin: 0, end: to - from }
    const used = all.slice(from, to)
    return (
      own.output === to - from &&
      own.input === input.end - input.begin &&
      within(axis, input) &&
      String(reads(own, mine, input.begin)) === String(used) &&
      String(counts(own, mine)) === String(every.slice(from, to)) &&
      isTight(axis, input, String(used.map((read) => read.replace(/^\d+ /, ''))))
    )
  })
}

function transposedPartsAreTheWhole(axis: Axis): boolean {
  const all = lands(axis, { begin: 0, end: axis.output })
  return eachCut(axis, (from, to) => {
    const { axis: own, input } = transposedPart(axis, from, to)
    const used = all.slice(from, to)
    return (
      own.output === to - from &&
      own.input === input.end - input.begin &&
      within(axis, input) &&
      String(lands(own, { begin: 0, end: to - from }, input.begin)) === String(used) &&
      isTight(axis, input, String(used).replaceAll(/:\d+/g, ''))
    )
  })
}

/** All axes of an operation with a padding that gives an output. */
function axesOf(options: object, padding: AxisPadding): Axis[] {
  return windows.flatMap((window): Axis[] => {
    try {
      return [...resolve({ ...along(window), ...options, padding: [padding] }).axes]
    } catch (error) {
      if (error instanceof SamepadError) return []
      throw error
    }
  })
}

it.each([...modes, ...pairs])('parts of an axis are the whole, padding $padding', ({ padding }) => {
  const axes = axesOf({}, padding)
  expect(axes.length).toBeGreaterThan(200)
  expect(breaking(axes, partsAreTheWhole)).toEqual([])
})

it.each(pairs)('and with a last window that runs past the end, padding $padding', ({ padding }) => {
  const axes = axesOf({ op: 'maxPool', ceilMode: true }, padding)
  expect(axes.some((axis) => axis.output > outputSize(axis, axis.padBegin, axis.padEnd))).toBe(true)
  expect(breaking(axes, partsAreTheWhole)).toEqual([])
})

it.each([...modes, ...pairs])(
  'parts of the axis of a transposed convolution are the whole, padding $padding',
  ({ padding }) => {
    for (const outputPadding of [0, 1, 2]) {
      const axes = axesOf({ op: 'convTranspose', outputPadding }, padding)
      if (outputPadding === 0) expect(axes.length).toBeGreaterThan(200)
      expect(breaking(axes, transposedPartsAreTheWhole)).toEqual([])
    }
  },
)

it('a picture: 8000 rows of 3x3 in parts of 100, all but the outer ones alike', () => {
  const [axis] = resolve({ input: 8000, kernel: 3, padding: 'same' }).axes
  const first = part(axis, 0, 100)
  expect([first.input, first.output]).toEqual([
    { begin: 0, end: 101 },
    { begin: 0, end: 100 },
  ])
  expect(first.axis).toEqual({ ...axis, input: 101, padEnd: 0, output: 100 })
  const inside = { ...axis, input: 102, padBegin: 0, padEnd: 0, output: 100 }
  for (const from of [100, 200, 7800]) {
    const { axis: own, input } = part(axis, from, from + 100)
    expect([own, input]).toEqual([inside, { begin: from - 1, end: from + 101 }])
  }
  expect(part(axis, 7900, 8000).axis.padEnd).toBe(1)
})
