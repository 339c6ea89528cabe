import type { Axis } from 'samepad/geometry'
import { describe, expect, it } from 'vitest'
import { answersOf } from '../../explorer/layer/answers.ts'
import { suggestions } from '../../explorer/layer/suggestions.ts'
import { change, initial, write } from '../../explorer/state/url.ts'
import { convolve } from '../../explorer/views/picture/convolve.ts'
import { presetNames, presets, rounded, type Weights, weightsOf } from '../../explorer/views/picture/filters.ts'
import { shownOf } from '../../explorer/views/picture/model.ts'
import { differenceOf, differencePixels, pixelsOf, rampAt, tensorOf } from '../../explorer/views/picture/paint.ts'
import {
  differenceInWords,
  layersInWords,
  padsInWords,
  shiftInWords,
  sumsInWords,
  timeInWords,
} from '../../explorer/views/picture/words.ts'

const sizes = { kernel: 3, stride: 2, dilation: 1 }

/** Small whole numbers, so that sums are exact. */
const image = (rows: number, columns: number) => ({
  data: Float32Array.from({ length: 3 * rows * columns }, (_, index) => ((index * 37) % 101) + 1),
  shape: [1, 3, rows, columns],
})

const sum = ({ data }: Weights): number => data.reduce((total, weight) => total + weight, 0)

describe('kernels', () => {
  it('of every size keep the brightness, or take all of it away', () => {
    for (const name of presetNames) {
      for (let size = presets[name].least; size <= 31; size++) {
        const weights = weightsOf(name, size)
        expect([weights.rows, weights.columns, weights.data.length]).toEqual([size, size, size * size])
        expect(sum(weights)).toBeCloseTo(name.startsWith('edges') ? 0 : 1, 10)
      }
    }
  })

  it('with three taps are those of the books', () => {
    expect(weightsOf('edges-across', 3).data.map((weight) => weight * 4)).toEqual([-1, 0, 1, -2, 0, 2, -1, 0, 1])
    expect(weightsOf('edges-down', 3).data.map((weight) => weight * 4)).toEqual([-1, -2, -1, 0, 0, 0, 1, 2, 1])
    expect(weightsOf('blur', 3).data.map((weight) => weight * 16)).toEqual([1, 2, 1, 2, 4, 2, 1, 2, 1])
    expect(weightsOf('identity', 4).data.indexOf(1)).toBe(5) // the second of four, where SAME puts the cell itself
  })

  it('of a size that they do not have are refused', () => {
    expect(() => weightsOf('edges', 1)).toThrow('explorer: the kernel of edges must be at least 2, got 1')
    expect(() => weightsOf('blur', 32)).toThrow("explorer: a picture's kernel must be at most 31, got 32")
  })

  it('are rounded to be edited', () => {
    expect(rounded(weightsOf('edges-across', 3)).data).toEqual([-0.25, 0, 0.25, -0.5, 0, 0.5, -0.25, 0, 0.25])
    expect(Object.is(rounded({ rows: 1, columns: 1, data: [-0.00001] }).data[0], 0)).toBe(true)
  })
})

describe('the filter in the link', () => {
  it('is a name, or numbers row by row', () => {
    expect(change(initial, 'filter', ' blur ').filter).toBe('blur')
    const own = change(initial, 'filter', '1 -2\n 0.5, 1e1 \n0 0')
    expect(own.filter).toEqual({ rows: 3, columns: 2, data: [1, -2, 0.5, 10, 0, 0] })
    expect(write(own, 'filter')).toBe('1 -2;0.5 10;0 0')
  })

  it.each([
    ['filter', '1 2;3', 'explorer: every row must have 2 weights like the first, got 1'],
    ['filter', '1 x', "explorer: every weight must be a number of at most a million, got 'x'"],
    ['filter', '1e9', "explorer: every weight must be a number of at most a million, got '1e9'"],
    ['filter', '', "explorer: every weight must be a number of at most a million, got ''"],
    ['filter', '1 '.repeat(32), "explorer: a picture's kernel must be at most 31, got 32"],
    ['side', '4', 'explorer: the longer side must be an integer from 8 to 512, got 4'],
    ['side', '513', 'explorer: the longer side must be an integer from 8 to 512, got 513'],
    ['gain', '3', "explorer: the gain must be one of auto, 1, 2, 4, 8, 16, got '3'"],
  ] as const)('%s refuses %j', (name, text, message) => {
    expect(() => change(initial, name, text)).toThrow(message)
  })
})

/** Where a cell outside of an input gets its value, by the words of `F.pad`; undefined is zero. */
const sources: Readonly<Record<string, (position: number, cells: number) => number>> = {
  reflect: (position, cells) => (position < 0 ? -position : 2 * (cells - 1) - position),
}

const inside = (position: number, cells: number): boolean => position >= 0 && position < cells

/** An output of a convolution by its definition, on the axes that `solve` gives. */
function byDefinition(input: ReturnType<typeof image>, weights: Weights, axes: readonly Axis[], fill?: string) {
  const [down, across] = axes
  const [rows, columns] = input.shape.slice(2)
  const source = fill === undefined ? undefined : sources[fill]
  const read = (channel: number, row: number, column: number): number => {
    const outside = !inside(row, rows) || !inside(column, columns)
    if (outside && !source) return 0
    const [y, x] = [
      inside(row, rows) ? row : source!(row, rows),
      inside(column, columns) ? column : source!(column, columns),
    ]
    return input.data[(channel * rows + y) * columns + x]
  }
  return Array.from({ length: 3 * down.output * across.output }, (_, index) => {
    const column = index % across.output
    const row = Math.floor(index / across.output) % down.output
    const channel = Math.floor(index / (across.output * down.output))
    return weights.data.reduce((total, weight, tap) => {
      const y = row * down.stride - down.padBegin + Math.floor(tap / weights.columns) * down.dilation
      const x = column * across.stride - across.padBegin + (tap % weights.columns) * across.dilation
      return total + weight * read(channel, y, x)
    }, 0)
  })
}

describe('a convention on a picture', () => {
  const weights: Weights = { rows: 3, columns: 4, data: [1, -2, 3, 5, 0, 7, -4, 2, 6, 1, -1, 8] }

  it('gives what its windows say, for every convention that is offered', () => {
    let [computed, refused] = [0, 0]
    for (const rule of [...suggestions.conv, 'pytorch p0 pad-2,1', 'pytorch p3 drop2 trim', 'pytorch p0 pad2,-3']) {
      for (const [stride, dilation] of [
        [1, 1],
        [2, 1],
        [3, 2],
        [1, 3],
      ]) {
        const input = image(17, 22)
        const answers = [weights.rows, weights.columns].map(
          (kernel, axis) => answersOf([rule], 'conv', { kernel, stride, dilation, input: input.shape[2 + axis] })[0],
        )
        if (answers.some(({ solved }) => !solved)) {
          refused++
          continue
        }
        const axes = answers.map(({ solved }) => solved!.axis)
        const { output } = convolve(input, weights, answers)
        expect(output.shape).toEqual([1, 3, axes[0].output, axes[1].output])
        expect([...output.data]).toEqual(byDefinition(input, weights, axes, answers[0].setting?.fill))
        computed++
      }
    }
    expect(computed).toBeGreaterThan(50)
    expect(refused).toBeGreaterThan(0)
  })

  it('says what computed, and how often', () => {
    const answers = [3, 4].map(
      (kernel, axis) => answersOf(['tf same'], 'conv', { ...sizes, kernel, input: 40 + axis })[0],
    )
    const { engine, first, again, runs } = convolve(image(40, 41), weights, answers)
    expect(engine).toBe('program')
    expect(first).toBeGreaterThan(0)
    expect(again).toBeGreaterThan(0)
    expect(runs).toBeGreaterThanOrEqual(1)
  })

  it('is refused where the output is too large, or empty', () => {
    const answers = [3, 4].map((kernel) => answersOf(['pytorch p9999'], 'conv', { ...sizes, kernel, input: 2 })[0])
    expect(() => convolve(image(2, 2), weights, answers)).toThrow(
      'explorer: the output must have at most 4000000 pixels, got 99980001',
    )
    const empty = answers.map((answer) => {
      const solved = answer.solved!
      return { ...answer, solved: { ...solved, axis: { ...solved.axis, output: 0 } } }
    })
    expect(() => convolve(image(2, 2), weights, empty)).toThrow('explorer: the output must have pixels, got 0')
  })
})

describe('the difference', () => {
  const order = { rules: ['tf same', 'pytorch p1'], filter: 'edges-down', sizes, gain: 'auto', depth: 1 } as const

  it('is nothing where conventions agree, and something where they part', async () => {
    const equal = await shownOf(image(31, 45), order)
    expect(equal!.besides[0]).toMatchObject({ most: 0, mean: 0, share: 0, earlier: [0, 0], sameSize: true })
    const [parts] = (await shownOf(image(30, 45), order))!.besides
    expect(parts).toMatchObject({ earlier: [1, 0], strides: [2, 2], sameSize: true, full: parts.most })
    expect(parts.most).toBeGreaterThan(0)
    expect(parts.share).toBeGreaterThan(0.5)
  })

  it('grows from layer to layer, where each meets an even size', async () => {
    const earlier = async (depth: number) => (await shownOf(image(64, 65), { ...order, depth }))!.besides[0]
    expect(await earlier(3)).toMatchObject({ earlier: [7, 0], strides: [8, 8], pixels: { height: 8, width: 9 } })
    expect((await earlier(6)).earlier[0]).toBe(63)
  })

  it('is with the first convention that gives a picture', async () => {
    const rules = ['pytorch same', 'tf same', 'onnx SAME_LOWER', 'pytorch p1 reflect']
    const shown = await shownOf(image(30, 44), { ...order, rules })
    expect(shown!.shots.map(({ made }) => !!made)).toEqual([false, true, true, true])
    expect(shown!.shots[0].refusal).toMatch(/^refuses: /)
    expect(shown!.besides.map(({ rules }) => rules)).toEqual([rules.slice(1, 3), [rules[1], rules[3]]])
    expect(shown!.besides[0].earlier).toEqual([1, 1])
  })

  it('is counted on the pixels that both have', () => {
    const a = { data: Float32Array.of(1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6), shape: [1, 3, 2, 3] }
    const b = { data: Float32Array.of(1, 2, 4, 9, 1, 2, 4, 9, 1, 2, 7, 9), shape: [1, 3, 2, 2] }
    const difference = differenceOf(a, b)
    expect([...difference.levels]).toEqual([0, 0, 1, 4])
    expect(difference).toMatchObject({ width: 2, height: 2, most: 4, mean: 1.25, share: 0.5 })
    const { data } = differencePixels(difference, 4)
    expect([...data.slice(0, 4)]).toEqual([...rampAt(0), 255])
    expect([...data.slice(12)]).toEqual([...rampAt(1), 255])
  })

  it('is amplified as is asked for', async () => {
    expect((await shownOf(image(30, 44), { ...order, gain: '4' }))!.besides[0].full).toBe(255 / 4)
    expect((await shownOf(image(31, 45), order))!.besides[0].full).toBe(255)
  })

  it('is not worked out any further when something newer is to be done', async () => {
    let asked = 0
    expect(await shownOf(image(30, 44), order, async () => asked++ < 1)).toBeUndefined()
    expect(asked).toBe(2)
  })
})

describe('pixels', () => {
  it('become a tensor and pixels again', () => {
    const pixels = {
      width: 3,
      height: 2,
      data: Uint8ClampedArray.from({ length: 24 }, (_, index) => (index % 4 === 3 ? 255 : index * 9)),
    }
    expect(tensorOf(pixels).shape).toEqual([1, 3, 2, 3])
    expect(pixelsOf(tensorOf(pixels), 0)).toEqual(pixels)
  })

  it('of results around 0 lie around grey, and what lies beyond is cut off', async () => {
    const one = { data: Float32Array.of(-500, 0, 500), shape: [1, 3, 1, 1] }
    expect([...pixelsOf(one, 127.5).data]).toEqual([0, 128, 255, 255])
    const grey = async (filter: 'edges' | 'blur' | Weights) =>
      (await shownOf(image(9, 9), { rules: ['tf same'], filter, sizes, gain: '1', depth: 1 }))!.grey
    expect([await grey('edges'), await grey('blur')]).toEqual([127.5, 0])
    expect(await grey({ rows: 1, columns: 1, data: [0] })).toBe(0)
  })
})

describe('in words', () => {
  const pixels = { width: 1, height: 1, data: new Uint8ClampedArray(4) }
  const beside = {
    rules: ['a', 'b'] as const,
    ...{ pixels, most: 58, mean: 3.5, share: 0.99, full: 58, sameSize: true },
    earlier: [1, 0] as const,
    strides: [2, 2] as const,
    steps: [
      [
        { input: 8, earlier: 1, pixel: 1 },
        { input: 6, earlier: 1, pixel: 2 },
      ],
      [
        { input: 9, earlier: 0, pixel: 1 },
        { input: 5, earlier: 0, pixel: 2 },
      ],
    ] as const,
  }

  it('a shift has a side', () => {
    expect(shiftInWords(beside)).toBe(
      'b reads 1 pixel higher than a, so its picture has moved: 0.5 pixels lower. A pixel of the result is 2 of the photo.',
    )
    expect(shiftInWords({ ...beside, earlier: [-2, 3], strides: [1, 3] })).toBe(
      'b reads 2 pixels lower and 3 pixels further left than a, so its picture has moved: 2 pixels higher and 1 pixel further right.',
    )
    expect(shiftInWords({ ...beside, earlier: [0, 0] })).toBe('b is not shifted: its windows begin at the same pixels.')
  })

  it('a shift is the sum over the layers, with the sizes on which they part', () => {
    expect(sumsInWords({ ...beside, earlier: [3, 0] })).toEqual([
      'They pad differently where a layer gets an even number of rows or columns.',
      'Up and down: the layers get 8 and 6 rows, which moves it by 1 x 1 + 1 x 2 = 3 pixels of the photo.',
      'Left and right: the layers get 9 and 5 columns, which moves it by 0 + 0 = 0 pixels of the photo.',
    ])
    const [down, across] = beside.steps
    expect(sumsInWords({ ...beside, steps: [across, across] })).toEqual([])
    expect(sumsInWords({ ...beside, steps: [[{ ...down[0], input: 7 }], across] })).toHaveLength(2)
  })

  it('the layers are named', () => {
    expect(layersInWords({ rows: 5, columns: 3 }, { depth: 3, stride: 2, dilation: 1 })).toBe(
      '3 layers, each a convolution: kernel 5 x 3, stride 2, dilation 1',
    )
  })

  it('a difference has an amount', () => {
    const some = 'of the pixels differ, by 3.5 levels on average and 58 at most; white is 255.'
    expect(differenceInWords(beside)).toBe(`99 % ${some}`)
    expect(differenceInWords({ ...beside, share: 0.9999 })).toBe(`99.9 % ${some}`)
    expect(differenceInWords({ ...beside, share: 0.0009 })).toBe(`Less than 0.1 % ${some}`)
    expect(differenceInWords({ ...beside, share: 1, mean: 123.4, sameSize: false })).toBe(
      'All of the pixels that both have differ, by 123 levels on average and 58 at most; white is 255.',
    )
    expect(differenceInWords({ ...beside, most: 0 })).toBe('Equal at all pixels.')
    expect(differenceInWords({ ...beside, most: 0, sameSize: false })).toBe('Equal at all pixels that both have.')
  })

  it('a run has a time, and padding has sides', () => {
    const made = {
      ...{ pixels, engine: 'program' as const, first: 21.3, again: 0.31, runs: 9 },
      pads: [
        [0, 1],
        [1, 2],
      ] as const,
    }
    expect(timeInWords(made)).toBe('0.3 ms by a WebAssembly program (median of 9; the first run 21 ms)')
    expect(timeInWords({ ...made, engine: 'reference', again: 430, first: 430, runs: 1 })).toBe(
      '430 ms by the reference, plain loops',
    )
    expect(padsInWords(made, 1)).toBe('padding 0 above, 1 below, 1 left, 2 right')
  })
})
