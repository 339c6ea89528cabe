import { describe, expect, it } from 'vitest'
import { diagnose, formatSetting, type Observation } from '../../src/geometry.ts'
import { inputOf, type Row, rows, settingOf, weightsOf } from '../conventions/rows.ts'

/** What a person sees who has a row's numbers, and knows the attributes that were given as numbers. */
function observationOf(row: Row): Observation {
  const { op, stride, dilation, pads, ceilMode, countIncludePad, outputPadding, outputShape, paddingMode } = row
  const output = row.output?.map((value) => (value === '-inf' ? Number.NEGATIVE_INFINITY : value)) ?? 'error'
  const attributes = {
    op,
    stride,
    dilation,
    pads,
    ceilMode,
    countIncludePad,
    outputPadding,
    outputShape,
    fill: paddingMode,
  }
  return { ...attributes, input: inputOf(row), kernel: op.endsWith('Pool') ? row.kernel : weightsOf(row), output }
}

describe('every recorded row', () => {
  const ranks = rows.map((row) => {
    const { convention } = settingOf(row)
    return {
      row,
      rank: diagnose(observationOf(row)).groups.findIndex((group) =>
        group.some((one) => one.convention.id === convention),
      ),
    }
  })

  it('has its true convention among the answers', () => {
    expect(ranks.filter(({ rank }) => rank < 0).slice(0, 5)).toEqual([])
  })

  it('has it first, or tied for first, in at least 95 of 100', () => {
    const first = ranks.filter(({ rank }) => rank === 0).length
    console.log(`${first} of ${ranks.length} first or tied for first`)
    expect(first).toBeGreaterThanOrEqual(0.95 * ranks.length)
  })
})

describe('diagnose', () => {
  const best = (observation: Observation): string[] =>
    (diagnose(observation).groups[0] ?? []).map(({ setting }) => formatSetting(setting))

  it('tells symmetric padding and SAME_LOWER from TensorFlow SAME by the values', () => {
    const layer = { input: [1, 2, 3, 4, 5, 6], kernel: [1, 10, 100], stride: 2 }
    expect(best({ ...layer, output: [321, 543, 65] })[0]).toBe('tensorflow.same conv k3 s2')
    const lower = best({ ...layer, output: [210, 432, 654] })
    expect(lower.slice(0, 2)).toEqual(['pytorch.symmetric conv k3 s2', 'onnx.same-lower conv k3 s2'])
    expect(lower).not.toContain('tensorflow.same conv k3 s2')
  })

  it('finds faulty rules, and says what the others would have given', () => {
    const { groups, others } = diagnose({ input: [1, 2, 3, 4, 5, 6, 7, 8], kernel: [1], stride: 4, output: [2, 6] })
    const found = groups.flat().map(({ convention }) => convention)
    expect(found.filter(({ fault }) => fault).map(({ id }) => id)).toContain('onnxruntime.same-upper')
    expect(others.find(({ convention }) => convention.id === 'onnx.same-upper')?.values).toEqual([1, 5])
  })

  it.each<[string, Observation, string]>([
    [
      'zeros in a maximum',
      { op: 'maxPool', input: [-1, -2, -3, -4, -5], kernel: 3, stride: 1, output: [0, -1, -2, -3, 0] },
      'efficientnet-pytorch.max-pool.same',
    ],
    [
      'counted padding',
      { op: 'averagePool', input: [3, 3, 3, 3, 3], kernel: 3, stride: 2, output: [2, 3, 2] },
      'timm.avg-pool.same',
    ],
    [
      'the swap before onnxruntime 1.13',
      { op: 'convTranspose', input: [1, 10], kernel: [1, 2, 4], stride: 2, output: [2, 14, 20, 40] },
      'onnxruntime.before-1.13.transposed.same-upper',
    ],
    [
      'a dropped dilation',
      { input: [1, 2, 3, 4, 5], kernel: [1, 10, 100], dilation: 2, output: [210, 321, 432, 543, 54] },
      'paddle.same',
    ],
    ['a shape only', { input: 224, kernel: 3, stride: 2, output: 112 }, 'tensorflow.same'],
    ['an error', { input: 8, kernel: 3, stride: 2, output: 'error' }, 'pytorch.same'],
  ])('%s', (_, observation, id) => {
    expect(
      diagnose(observation)
        .groups.flat()
        .map(({ convention }) => convention.id),
    ).toContain(id)
  })

  it('explains nothing where nothing does', () => {
    expect(diagnose({ input: [1, 2, 3], kernel: [1, 1], output: [9, 9, 9] }).groups).toEqual([])
  })

  it('refuses values without the numbers that they came from', () => {
    expect(() => diagnose({ input: 5, kernel: 3, output: [1, 2] })).toThrow(
      'diagnose: observed values need the values of the input, and weights unless it is a pooling, got [1, 2]',
    )
  })
})
