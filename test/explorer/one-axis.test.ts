import { isSameFunction, type Op } from 'samepad/geometry'
import { describe, expect, it } from 'vitest'
import { positionsOf, tapsOf } from '../../explorer/drawing/strip.ts'
import { answersOf } from '../../explorer/layer/answers.ts'
import type { Sizes } from '../../explorer/layer/state.ts'
import { suggestions } from '../../explorer/layer/suggestions.ts'
import { cellsOf, partingOf } from '../../explorer/layer/taps.ts'
import { type Drawing, drawingOf } from '../../explorer/views/one-axis/model.ts'
import { padsInWords, windowInWords } from '../../explorer/views/one-axis/words.ts'
import fc from '../fast-check.ts'

const layer: Sizes = { input: 8, kernel: 3, stride: 2, dilation: 1 }
const drawing = (rules: readonly string[], op: Op = 'conv', sizes: Partial<Sizes> = {}): Drawing =>
  drawingOf(op, answersOf(rules, op, { ...layer, ...sizes }), 800)

describe('the drawing of one axis', () => {
  it('puts every output under the middle of its window, for all conventions on the same cells', () => {
    const { rows, strip } = drawing(['tf same', 'pytorch p1'])
    const [same, port] = rows.map(({ picture }) => picture!)
    expect(same.small.map(({ index }) => index)).toEqual([0, 1, 2, 3])
    // The port reads one cell earlier, and its outputs lie one cell further left.
    for (const { x, index } of same.small) expect(x - port.small[index].x).toBeCloseTo(strip.cell)
    expect(same.cells).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })

  it('marks the outputs that read otherwise than the first convention’s', () => {
    const parted = (rules: readonly string[], sizes: Partial<Sizes> = {}): boolean[] =>
      drawing(rules, 'conv', sizes).rows[1].picture!.small.map((one) => one.parted)
    expect(parted(['tf same', 'pytorch p1'])).toEqual([true, true, true, true])
    expect(parted(['tf same', 'pytorch p1'], { input: 9 })).toEqual([false, false, false, false, false])
    expect(parted(['pytorch p1', 'pytorch p1 reflect'])).toEqual([true, false, false, false])
    expect(parted(['pytorch p1', 'pytorch p2'], { stride: 1 })).toEqual(new Array(10).fill(true))
  })

  it('marks the taps that only one of two windows has', () => {
    const [same, port] = drawing(['tf same', 'pytorch p1']).rows.map(({ picture }) => picture!.axis)
    const all = [-1, 0, 1, 2, 3, 4, 5, 6, 7, 8]
    expect(partingOf(port, same, 1, all)).toEqual({ here: [1], first: [4] })
    expect(partingOf(port, port, 1, all)).toEqual({ here: [], first: [] })
    expect(partingOf(port, same, 9, all)).toEqual({ here: [], first: [] })
  })

  it('says how a convention parts from the first one', () => {
    const verdicts = drawing([
      'tf same',
      'pytorch p1',
      'onnx SAME_UPPER',
      'pytorch p2',
      'pytorch p0,1 reflect',
      'pytorch same',
    ]).rows
    expect(verdicts.map(({ verdict }) => verdict)).toEqual([
      '',
      'pads 1 cell more at the start, so it reads 1 cell earlier than tf same',
      'the same as tf same',
      'pads 2 cells more at the start, so it reads 2 cells earlier than tf same, 1 output more',
      'refuses: takes one number for both sides; write F.pad in front (in a setting pad0,1 and p0)',
      "refuses: torch.nn.Conv with padding='same': not supported for strided convolutions; write F.pad in front and padding=0",
    ])
    expect(drawing(['pytorch p1', 'pytorch p1 reflect']).rows[1].verdict).toBe(
      'treats the padding differently from pytorch p1',
    )
  })

  it('says where two conventions read no cell both', () => {
    const verdict = (input: number): string =>
      drawing(['tf same', 'pytorch p2'], 'conv', { input, dilation: 2 }).rows[1].verdict
    expect(verdict(16)).toBe(
      'pads 1 cell more at the start, so it reads 1 cell earlier than tf same, and they read no cell in common: tf same reads odd cells alone, pytorch p2 even',
    )
    expect(verdict(17)).toBe('the same as tf same')
  })

  it('marks cells that only one of two transposed convolutions has', () => {
    const marks = (rules: readonly string[]) =>
      drawing(rules, 'convTranspose', { input: 4, kernel: 2, stride: 3 }).rows.map(({ picture }) => [
        picture!.extra,
        picture!.lacking,
      ])
    expect(marks(['tf same', 'pytorch p0'])).toEqual([
      [[], []],
      [[], [11]],
    ])
    expect(marks(['pytorch p0', 'tf same'])[1]).toEqual([[11], []])
  })

  it('has the words of the library where a convention means nothing for an operation', () => {
    const [row] = drawing(['keras causal'], 'maxPool').rows
    expect(row.verdict).toMatch(/^the padding of Keras for maxPool must be one of: /)
    expect(row.picture).toBeUndefined()
  })

  it('shows what an average divides by', () => {
    const divisors = (rule: string): (number | undefined)[] =>
      drawing([rule], 'averagePool').rows[0].picture!.small.map(({ divisor }) => divisor)
    expect(divisors('tf same')).toEqual([3, 3, 3, 2])
    expect(divisors('pytorch p1')).toEqual([3, 3, 3, 3])
    expect(divisors('pytorch p1 exclude')).toEqual([2, 3, 3, 3])
  })

  it('turns over for a transposed convolution: samples above, the output with what is cropped below', () => {
    const { rows, count } = drawing(['tf same', 'pytorch p1'], 'convTranspose', { input: 5 })
    expect(count).toBe(5)
    const [same, port] = rows.map(({ picture }) => picture!)
    expect(same.smallY).toBeLessThan(same.largeY)
    expect(same.cells).toHaveLength(10)
    expect(port.cells).toHaveLength(9)
    expect(rows[1].verdict).toBe(
      'crops 1 cell more at the start, so it writes 1 cell earlier than tf same, 1 output fewer',
    )
  })

  it('never marks an output where the whole is the same, and some where it is not', () => {
    const ops: Op[] = ['conv', 'convTranspose', 'maxPool', 'averagePool']
    const small = fc.integer({ min: 1, max: 6 })
    fc.assert(
      fc.property(
        fc
          .constantFrom(...ops)
          .chain((op) => fc.tuple(fc.constant(op), fc.subarray([...suggestions[op]], { minLength: 2, maxLength: 2 }))),
        fc.integer({ min: 1, max: 20 }),
        small,
        small,
        fc.integer({ min: 1, max: 3 }),
        ([op, rules], input, kernel, stride, dilation) => {
          const answers = answersOf(rules, op, { input, kernel, stride, dilation })
          const [one, two] = answers
          fc.pre(one.solved !== undefined && two.solved !== undefined)
          const same = isSameFunction(one.setting!, one.solved!, two.setting!, two.solved!)
          const { rows } = drawingOf(op, answers, 800)
          const marked = rows[1].picture!.small.some(({ parted }) => parted)
          if (same) expect(marked).toBe(false)
          // What only the first one has, or what is longer alone, cannot be marked.
          else if (!marked) expect(one.solved!.axis.output).not.toBe(two.solved!.axis.output)
          expect(rows[1].parts).toBe(!same)
        },
      ),
      { numRuns: 400 },
    )
  })

  it('is finite, whatever the layer', () => {
    const size = fc.integer({ min: 1, max: 100_000 })
    fc.assert(
      fc.property(
        size,
        size,
        size,
        size,
        fc.integer({ min: 200, max: 4000 }),
        (input, kernel, stride, dilation, width) => {
          const {
            rows,
            strip,
            height,
            width: used,
          } = drawingOf(
            'conv',
            answersOf(['onnx SAME_UPPER', 'pytorch p1'], 'conv', {
              input,
              kernel: 1 + (kernel % 500),
              stride,
              dilation,
            }),
            width,
          )
          expect(Number.isFinite(height) && Number.isFinite(used)).toBe(true)
          for (const { picture } of rows) {
            expect(picture?.fans ?? '').not.toContain('NaN')
            // Windows that are drawn begin in cells of their own that are; besides them stands the one that is looked at.
            expect(picture?.small.length ?? 0).toBeLessThanOrEqual(positionsOf(strip).length + 1)
          }
          expect(positionsOf(strip).length).toBeLessThanOrEqual(Math.max(width / 12, 30))
        },
      ),
    )
  })
})

describe('the words', () => {
  const [answer] = answersOf(['pytorch p1'], 'averagePool', layer)
  it('say what a window reads', () => {
    expect(padsInWords('averagePool', answer)).toBe('padding 1 before, 1 after → 4 outputs')
    expect(windowInWords('averagePool', answer, 0)).toBe('reads cells 0, 1 and 1 padding cell, divided by 3')
    expect(windowInWords('averagePool', answer, 9)).toBe('there is no such output')
    const [wide] = answersOf(['tf same'], 'conv', { input: 99, kernel: 21, stride: 1, dilation: 2 })
    expect(windowInWords('conv', wide, 40)).toBe('reads cells 20 to 60 in steps of 2')
    expect(tapsOf(wide.solved!.axis, 40)).toHaveLength(21)
  })

  it('tell padding from what lies beyond it', () => {
    const [ceil] = answersOf(['pytorch p1 ceil'], 'averagePool', { input: 9, kernel: 4, stride: 3, dilation: 1 })
    expect(windowInWords('averagePool', ceil, 3)).toBe(
      'reads cell 8 and 1 padding cell; 2 cells beyond the padding, divided by 2',
    )
  })

  it('name the same cells as a list of all taps', () => {
    const small = fc.integer({ min: 1, max: 7 })
    fc.assert(
      fc.property(
        fc.constantFrom('pytorch p1', 'pytorch p2 drop1 trim', 'onnx SAME_LOWER', 'tf valid'),
        fc.integer({ min: 1, max: 30 }),
        ...([small, small, small] as const),
        (rule, input, kernel, stride, dilation) => {
          const [{ solved }] = answersOf([rule], 'conv', { input, kernel, stride, dilation })
          for (let index = 0; index < (solved?.axis.output ?? 0); index++) {
            const { first, step, count } = cellsOf(solved!.axis, index)
            const real = tapsOf(solved!.axis, index).filter((position) => position >= 0 && position < input)
            expect(Array.from({ length: count }, (_, at) => first + at * step)).toEqual(real)
          }
        },
      ),
    )
  })

  it('need no list of a billion taps', () => {
    const sizes = { input: 1e9, kernel: 1e9, stride: 2, dilation: 1 }
    for (const op of ['conv', 'convTranspose', 'averagePool'] as const) {
      const [same] = answersOf(['tf same'], op, sizes)
      expect(windowInWords(op, same, 7)).toMatch(/to 500000014(;| and) /)
    }
  })
})

describe('the suggestions', () => {
  it.each(Object.entries(suggestions))(
    'for %s mean something there, and none is refused whatever the layer',
    (op, rules) => {
      const layers = [1, 2].map((stride) => ({ input: 12, kernel: 3, stride, dilation: 1 }))
      const answers = layers.map((layer) => answersOf(rules, op as Op, layer))
      expect(answers[0].filter(({ setting }) => setting === undefined)).toEqual([])
      expect(rules.filter((_, index) => answers.every((list) => !list[index].solved))).toEqual([])
      expect(new Set(rules).size).toBe(rules.length)
    },
  )
})
