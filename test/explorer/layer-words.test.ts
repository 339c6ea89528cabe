import { compare } from 'samepad/geometry'
import { describe, expect, it } from 'vitest'
import { answersOf } from '../../explorer/layer/answers.ts'
import { sumOf, unrounded } from '../../explorer/layer/arithmetic.ts'
import { classesOf } from '../../explorer/layer/classes.ts'
import { settingOf } from '../../explorer/layer/state.ts'
import { readersOf, unreadOf } from '../../explorer/layer/taps.ts'
import { valuesOf } from '../../explorer/layer/values.ts'
import { messageOf } from '../../explorer/state/message.ts'
import { runsOf, textOf } from '../../explorer/views/network/chain.ts'

const sentences = (rules: readonly [string, string], sizes: { kernel: number; stride: number; dilation?: number }) => {
  const [a, b] = rules.map((rule) => settingOf(rule, 'conv', { dilation: 1, ...sizes }))
  return classesOf(a, b, compare(a, b), rules).map(({ where, reason, effect }) => `${where} ${reason}, so ${effect}.`)
}

describe('the answer for every input', () => {
  it('is a sentence for each class of sizes, its reason first', () => {
    expect(sentences(['tf same', 'pytorch p1'], { kernel: 3, stride: 2 })).toEqual([
      'On every even input tf same pads 1 cell at the end, pytorch p1 1 cell at each end, so pytorch p1 reads 1 cell earlier.',
      'On every odd input both pad 1 cell at each end, so pytorch p1 does the same.',
    ])
    expect(sentences(['tf same', 'onnx SAME_LOWER'], { kernel: 3, stride: 2 })[0]).toBe(
      'On every even input the total of 1 is odd: tf same puts the odd cell at the end, onnx SAME_LOWER at the start, so onnx SAME_LOWER reads 1 cell earlier.',
    )
  })

  it('is one line where all sizes are alike', () => {
    expect(sentences(['tf same', 'pytorch p1'], { kernel: 3, stride: 1 })).toEqual([
      'On every input both pad 1 cell at each end, so pytorch p1 does the same.',
    ])
    expect(sentences(['tf valid', 'pytorch p1'], { kernel: 3, stride: 1 })).toHaveLength(1)
  })

  it('says of a transposed convolution what it adds, where it crops less than nothing', () => {
    const [a, b] = ['tf same', 'pytorch p0'].map((rule) =>
      settingOf(rule, 'convTranspose', { kernel: 2, stride: 3, dilation: 1 }),
    )
    const [{ reason }] = classesOf(a, b, compare(a, b), ['tf same', 'pytorch p0'])
    expect(reason).toBe('tf same adds 1 cell at the end, pytorch p0 crops nothing')
  })

  it('has the smallest period', () => {
    const [a, b] = ['tf same', 'pytorch p1'].map((rule) =>
      settingOf(rule, 'conv', { kernel: 4, stride: 3, dilation: 1 }),
    )
    const classes = classesOf(a, b, compare(a, b), ['a', 'b'])
    expect(compare(a, b).modulus).toBe(6)
    expect(new Set(classes.map(({ period }) => period))).toEqual(new Set([3]))
    expect(classes.flatMap(({ residues }) => residues).sort()).toEqual([0, 1, 2])
  })
})

describe('a sum', () => {
  it('shows what is rounded', () => {
    expect(unrounded('⌊(8 + 2 - 3)/2⌋ + 1')).toBe('⌊3.5⌋ + 1')
    expect(unrounded('⌊(9 + 2 - 3)/2⌋ + 1')).toBeUndefined()
    expect(unrounded('max(0, (⌈9/2⌉ - 1) · 2 + 3 - 9)')).toBe('max(0, (⌈4.5⌉ - 1) · 2 + 3 - 9)')
    expect(unrounded('as given')).toBeUndefined()
  })

  it('is worked out as written', () => {
    expect(sumOf('2 + 3 · (4 - 1) / 2')).toBe(6.5)
    expect(sumOf('-(3 - 5) · 2')).toBe(4)
    for (const text of ['', '2 +', '(2', '2)', 'n + 1', '2 2']) expect(sumOf(text)).toBeUndefined()
  })
})

describe('who reads a cell', () => {
  const axis = (rule: string, input: number, kernel: number, stride: number, dilation = 1) =>
    answersOf([rule], 'conv', { input, kernel, stride, dilation })[0].solved!.axis

  it('is found, and who is read by nobody', () => {
    expect(readersOf(axis('tf same', 8, 3, 2), 2)).toEqual([0, 1])
    expect(readersOf(axis('pytorch p1', 8, 3, 1), -1)).toEqual([0])
    expect(unreadOf(axis('tf valid', 8, 2, 4))).toEqual({ cells: [2, 3, 6, 7], padding: [] })
    expect(unreadOf(axis('pytorch p1', 8, 3, 2))).toEqual({ cells: [], padding: [8] })
    expect(unreadOf(axis('tf valid', 1e6, 2, 4))).toBeUndefined()
  })

  it('is nobody exactly where no output reads', () => {
    for (let stride = 1; stride <= 4; stride++) {
      for (let dilation = 1; dilation <= 3; dilation++) {
        for (const rule of ['tf same', 'pytorch p1', 'tf valid']) {
          const one = axis(rule, 9, 2, stride, dilation)
          const unread = unreadOf(one)!
          for (let position = -one.padBegin; position < 9 + one.padEnd; position++) {
            const isUnread = [...unread.cells, ...unread.padding].includes(position)
            expect(isUnread).toBe(readersOf(one, position).length === 0)
          }
        }
      }
    }
  })
})

it('numbers in cells are those of the library, with the sum behind them', () => {
  const values = (rule: string, op: 'conv' | 'maxPool' | 'averagePool' | 'convTranspose') =>
    valuesOf(op, answersOf([rule], op, { input: 5, kernel: 3, stride: 2, dilation: 1 })[0])!
  expect(values('pytorch p1', 'conv').sum(0)).toBe('3×2 + 1×3 = 9')
  expect(values('tf same', 'maxPool').sum(1)).toBe('the largest of 1, 4, 1 = 4')
  expect(values('pytorch p1', 'averagePool').sum(0)).toBe('(0 + 3 + 1) / 3 = 1.33')
  expect(values('pytorch p1', 'convTranspose').sum(1)).toBe('1 × (1, 2, 3) = (1, 2, 3)')
  expect(values('pytorch p1', 'conv').small(0)).toBe(9)
  // Mirrored padding holds numbers, and the sum has them.
  expect(values('pytorch p1 reflect', 'conv').sum(0)).toBe('1×1 + 3×2 + 1×3 = 10')
  expect([-1, 0, 5].map(values('pytorch p1 reflect', 'conv').large)).toEqual([1, 3, 1])
  expect([-1, 0, 5].map(values('pytorch p1', 'conv').large)).toEqual([0, 3, 0])
  expect([-1, 0, 5].map(values('pytorch p1', 'maxPool').large)).toEqual([undefined, 3, undefined])
  expect([-1, 0, 5].map(values('pytorch pad1', 'maxPool').large)).toEqual([0, 3, 0])
  // The reader's own, with a kernel of more digits.
  const answer = answersOf(['tf same'], 'conv', { input: 6, kernel: 3, stride: 2, dilation: 1 })[0]
  const own = valuesOf('conv', answer, { input: [1, 2, 3, 4, 5, 6], weights: [1, 10, 100] })!
  expect([own.small(2), own.large(5), own.sum(2)]).toEqual([65, 6, '5×1 + 6×10 = 65'])
})

it('layers of a network are taken as people write them', () => {
  for (const [text, plain] of [
    ['k3s2 x5', 'k3 s2 x5'],
    ['3x3 s2', 'k3 s2'],
    ['pool k2 s2', 'maxpool k2'],
    ['avgpool 3x3 s2', 'averagepool k3 s2'],
  ]) {
    expect(textOf(runsOf(text))).toBe(plain)
  }
  expect(() => runsOf('3x5 s2')).toThrow()
})

it('errors have no internal names', () => {
  expect(messageOf(new Error('solve: input must be an integer of at least 1, got 0'))).toBe(
    'input must be an integer of at least 1, got 0',
  )
  expect(messageOf('TypeError: x')).toBe('TypeError: x')
})
