import { describe, expect, it } from 'vitest'
import { evaluate } from '../../src/conventions/evaluate.ts'
import { isRejected, type Outcome, parseSetting, refusal, type Setting, solve } from '../../src/geometry.ts'

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1)

function run(text: string, input: readonly number[], weights: readonly number[]): number[] | string {
  const setting = parseSetting(text)
  const outcome = solve(setting, input.length)
  return isRejected(outcome) ? outcome.rejected : evaluate(setting, outcome, input, weights)
}

const base10 = [1, 10, 100, 1000, 10000]
const cases: [text: string, input: number[], weights: number[], answer: number[]][] = [
  ['tf k3 s2 same', upTo(6), base10, [321, 543, 65]],
  ['onnx k3 s2 SAME_LOWER', upTo(6), base10, [210, 432, 654]],
  ['pytorch k3 s2 p1', upTo(6), base10, [210, 432, 654]],
  ['tf k1 s2 same', upTo(4), base10, [1, 3]],
  ['tfjs k1 s2 same-3d', upTo(4), base10, [2, 4]],
  ['onnx k1 s4 SAME_UPPER', upTo(8), base10, [1, 5]],
  ['ort k1 s4 SAME_UPPER', upTo(8), base10, [2, 6]],
  ['ort maxpool k2 s1 d2 SAME_UPPER', [1, 2, 4, 8, 16, 32], [], [4, 8, 16, 32, 16]],
  ['tf maxpool k3 s1 same', [-1, -2, -3, -4, -5], [], [-1, -1, -2, -3, -4]],
  ['efficientnet-pytorch maxpool k3 s1 same', [-1, -2, -3, -4, -5], [], [0, -1, -2, -3, 0]],
  ['tfjs maxpool k3 s1 d2 same-dilated', [-1, -2, -3, -4, -5], [], [0, 0, -1, 0, 0]],
  ['tf transposed k3 s2 same', [1, 10], [1, 2, 4], [1, 2, 14, 20]],
  ['keras transposed k3 s2 same', [1, 10], [1, 2, 4], [1, 2, 14, 20]],
  ['jax transposed k3 s2 same', [1, 10], [1, 2, 4], [1, 2, 14, 20]],
  ['ort transposed k3 s2 SAME_UPPER', [1, 10], [1, 2, 4], [1, 2, 14, 20]],
  ['ort transposed k3 s2 SAME_LOWER', [1, 10], [1, 2, 4], [2, 14, 20, 40]],
  ['pytorch transposed k3 s2 p1 op1', [1, 10], [1, 2, 4], [2, 14, 20, 40]],
  ['keras-torch@2025.12 transposed k3 s2 same', [1, 10], [1, 2, 4], [2, 14, 20, 40]],
  ['ort@1.12 transposed k3 s2 SAME_UPPER', [1, 10], [1, 2, 4], [2, 14, 20, 40]],
  ['openvino transposed k3 s2 same_upper out4', [1, 10], [1, 2, 4], [2, 14, 20, 40]],
  ['openvino transposed k3 s2 same_upper', [1, 10], [1, 2, 4], [1, 2, 14, 20, 40]],
  ['tf transposed k3 s2 same out3', [1, 10], [1, 2, 4], [2, 14, 20]],
  ['tf transposed k1 s2 same', [1, 10, 100], [1], [1, 0, 10, 0, 100, 0]],
  ['ort transposed k1 s2 SAME_UPPER', [1, 10, 100], [1], [1, 0, 10, 0, 100]],
  ['ort transposed k3 s2 out6', [1, 10, 100], [1, 2, 4], [2, 14, 20, 140, 200, 400]],
  ['ort transposed k3 s2 SAME_UPPER out6', [1, 10, 100], [1, 2, 4], [1, 2, 14, 20, 140, 200]],
  ['numpy k2 same', [1, 2, 3, 4], [10, 1], [1, 12, 23, 34]],
  ['pytorch k4 same', upTo(5), base10, [3210, 4321, 5432, 543, 54]],
  ['pytorch k4 same circular', upTo(5), base10, [3215, 4321, 5432, 1543, 2154]],
  ['torch maxpool k2 s3 p1 ceil', [1, 2], [], [1]],
  ['torch avgpool k3 s2 p1 ceil', [1, 1, 1, 1, 1, 1], [], [2 / 3, 1, 1, 0.5]],
  ['ort maxpool k3 s3 p0', [5], [], [5]],
  ['tf k3 s2 d2 same', upTo(6), base10, [420, 642, 64]],
  ['tfjs k3 valid', [1, 2], base10, []],
  ['jax k3 valid', [1], base10, []],
  ['tfjs maxpool k1 s2 p2', [1, 2, 3, 4], [], [1, 2, 3, 4]],
  ['caffe maxpool k3 s2', [1, 2, 3, 4], [], [3, 4]],
  ['caffe maxpool k3 s2 floor', [1, 2, 3, 4], [], [3]],
  ['caffe avgpool k3 s2 p1', [6, 6, 6, 6], [], [4, 6, 3]],
  ['ncnn avgpool k2 s2 p0 include', [1, 2, 3], [], [1.5, 1.5]],
  ['ncnn avgpool k2 s2 p0 exclude', [1, 2, 3], [], [1.5, 3]],
  ['ort@1.20 avgpool k2 s2 ceil include', [1, 2, 3, 4, 5], [], [1.5, 3.5, 2.5]],
  ['burn avgpool k2 s1 same', [2, 4], [], [3, 2]],
  ['tflite k3 s2 same-unequal', upTo(6), base10, [0, 0, 0]],
  ['jax transposed k3 s2 p1', [1, 10], [1, 2, 4], [2, 14, 20]],
  ['equinox transposed k1 s3 same op1', [1, 10], [1], [1, 0, 0, 10, 0]],
  ['onnx transposed k3 s2 same_upper op1', [1, 10], [1, 2, 4], [2, 14, 20, 40]],
  ['tf transposed k3 s2 valid out6', [1, 10], [1, 2, 4], [1, 2, 14, 20, 40, 0]],
  ['folklore k3 s2 keep', upTo(8), base10, [0, 0, 210, 432, 654, 876, 8, 0]],
]

it.each(cases)('%s of %j', (text, input, weights, answer) => {
  expect(run(text, input, weights)).toEqual(answer)
})

it.each([
  ['tensorflow.convolution.same k3 s2 d2', /^tf\.nn\.convolution: .*; write tf\.nn\.conv2d, which takes both$/],
  ['keras@3.10 k3 s2 d2 same', /^keras\.layers\.Conv1D .*; write keras\.ops\.conv/],
  ['tfjs k3 s2 d2 same', /^tf\.conv2d, tf\.pool: .*; write a stride of 1/],
  ['onnx transposed k3 p-1', /^padding must not be negative$/],
  ['tf transposed k3 s2 valid out7', /^the output must lead back to the input$/],
  ['burn@0.21 k2 same-3d', /^takes one number for both sides$/],
])('%s is refused, by what and what to write instead', (text, message) => {
  const outcome = solve(parseSetting(text), 2)
  expect(isRejected(outcome) ? refusal(outcome) : 'not refused').toMatch(message)
})

it.each(['keras k3 s2 d2 same', 'tf k3 s2 d2 valid', 'jax k3 s2 d2 same'])('%s is not', (text) => {
  expect(isRejected(solve(parseSetting(text), 9))).toBe(false)
})

describe('transposed convolution of Keras, against its own conversion of arguments', () => {
  const upTo5 = upTo(5)
  const grid = upTo(4).flatMap((input) =>
    upTo(7).flatMap((kernel) =>
      upTo5.flatMap((stride) => [1, 2].map((dilation) => ({ input, kernel, stride, dilation }))),
    ),
  )
  const cropOf = (outcome: Outcome): number[] =>
    isRejected(outcome) ? [] : [outcome.axis.padBegin, outcome.axis.output]
  const layer = (
    convention: string,
    { kernel, stride, dilation }: (typeof grid)[number],
    outputPadding?: number,
  ): Setting => {
    return { convention, op: 'convTranspose', kernel, stride, dilation, outputPadding }
  }
  const plain = grid.filter(({ stride, dilation }) => stride === 1 || dilation === 1)

  it('same: what JAX is told to pad around the spread input', () => {
    for (const window of plain) {
      const size = window.dilation * (window.kernel - 1) + 1
      for (const op of [undefined, ...Array(window.stride).keys()]) {
        const padding = op === undefined ? window.stride + size - 2 : size + (size % 2) - 2 + op
        const left = Math.min(Math.ceil(padding / 2), size - 1)
        const output = (window.input - 1) * window.stride + 1 + padding - size + 1
        const got = cropOf(solve(layer('keras.transposed.same', window, op), window.input))
        expect(got, JSON.stringify([window, op])).toEqual(output < 1 ? [] : [size - 1 - left, output])
      }
    }
  })

  it('same on PyTorch before 2026-05: padding and output padding as it worked them out', () => {
    for (const window of plain) {
      const { input, stride } = window
      const size = window.dilation * (window.kernel - 1) + 1
      const op = stride - (size % 2)
      const padding = Math.max(-Math.floor(((size % 2) - size + op) / 2), 0)
      const added = Math.min(2 * padding + (size % 2) - size + op, stride - 1)
      const output = (input - 1) * stride - 2 * padding + size + added
      const got = cropOf(solve(layer('keras-torch.transposed.same', window), input))
      expect(got, JSON.stringify(window)).toEqual(output < 1 ? [] : [padding, output])
    }
  })
})
