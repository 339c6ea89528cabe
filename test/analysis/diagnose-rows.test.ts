import { describe, expect, it } from 'vitest'
import { evaluate, evaluateRows } from '../../src/conventions/evaluate.ts'
import { diagnoseRows, isRejected, parseSetting, type Rows, type RowsObservation, solve } from '../../src/geometry.ts'
import { conv } from '../../src/index.ts'

const rows = (height: number, width: number, value: (y: number, x: number) => number): number[][] =>
  Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => value(y, x)))
const input = rows(5, 6, (y, x) => 7 * y + x * x + 1)
const kernel = rows(2, 3, (y, x) => 10 ** (3 * y + x))

/** What settings make of rows. */
function valuesOf(down: string, across: string, x: Rows = input, w: Rows = kernel): number[][] {
  const layers = [down, across].map((text, axis) => {
    const setting = parseSetting(text)
    const outcome = solve(setting, [x.length, x[0].length][axis])
    if (isRejected(outcome)) throw new Error(outcome.rejected)
    return [setting, outcome] as const
  })
  return evaluateRows([layers[0], layers[1]], x, w)
}

const names = (observation: RowsObservation, group = 0): string[] =>
  (diagnoseRows(observation)[group] ?? []).map(({ convention }) => convention.id)

describe('values on two axes', () => {
  it('are those of the library', () => {
    const x = { data: Float32Array.from(input.flat()), shape: [1, 1, 5, 6] }
    const w = { data: Float32Array.from(kernel.flat()), shape: [1, 1, 2, 3] }
    const y = conv(x, w, { strides: [1, 2], padding: 'same' })
    expect(valuesOf('tf k2 s1 same', 'tf k3 s2 same').flat()).toEqual([...y.data])
  })

  it.each(['tf maxpool k3 s2 same', 'pytorch avgpool k3 s2 p1', 'jax transposed k3 s2 same'])(
    'are those of one axis where there is one row: %s',
    (text) => {
      const [setting, across] = [parseSetting(text), parseSetting(text)]
      const outcome = solve(across, 6)
      if (isRejected(outcome)) throw new Error(outcome.rejected)
      const one = parseSetting(text.replace('k3 s2', 'k1 s1').replace(' p1', ' p0'))
      const down = solve(one, 1)
      if (isRejected(down)) throw new Error(down.rejected)
      const values = evaluateRows(
        [
          [one, down],
          [setting, outcome],
        ],
        [input[1]],
        [kernel[1]],
      )
      expect(values).toEqual([evaluate(across, outcome, input[1], kernel[1])])
    },
  )
})

describe('diagnoseRows', () => {
  const layer = { input, kernel, strides: [2, 2] } as const

  it('tells TensorFlow SAME from SAME_LOWER where one axis alone could not', () => {
    const upper = names({ ...layer, output: valuesOf('tf k2 s2 same', 'tf k3 s2 same') })
    expect(upper).toEqual(expect.arrayContaining(['tensorflow.same', 'onnx.same-upper']))
    expect(upper).not.toContain('onnx.same-lower')
    const lower = names({ ...layer, output: valuesOf('onnx k2 s2 same_lower', 'onnx k3 s2 same_lower') })
    expect(lower).toContain('onnx.same-lower')
    expect(lower).not.toContain('tensorflow.same')
  })

  it('finds the attributes that both axes share', () => {
    const output = valuesOf('pytorch avgpool k2 s2 p1', 'pytorch avgpool k3 s2 p1', input, [])
    const found = diagnoseRows({ op: 'averagePool', input, kernel: [2, 3], strides: [2, 2], output })
    expect(found[0].map(({ convention }) => convention.id)).toContain('pytorch.avg-pool.explicit')
    expect(found[0][0].settings.map(({ countIncludePad }) => countIncludePad)).toEqual([true, true])
  })

  it('finds pads that were given in the order of another framework, and only then', () => {
    const pads = [1, 0, 2, 0]
    const asInterleaved = { input, kernel, pads, output: valuesOf('onnx k2 p1,0', 'onnx k3 p2,0') }
    expect(diagnoseRows(asInterleaved)[0][0]).toMatchObject({
      pads: [[1, 0], [2, 0]],
      readAs: { order: 't,b,l,r', of: ['jax', 'webnn', 'coreml', 'paddle'] },
    }) // biome-ignore format: one line
    expect(diagnoseRows({ ...asInterleaved, padsOrder: 't,b,l,r' })[0][0].readAs).toBeUndefined()
    const asWritten = { input, kernel, pads, output: valuesOf('onnx k2 p1,2', 'onnx k3 p0') }
    expect(diagnoseRows(asWritten)[0][0]).toMatchObject({ pads: [[1, 2], [0, 0]], readAs: undefined }) // biome-ignore format: one line
  })

  it.each<[Partial<RowsObservation>, string]>([
    [{ input: [[1, 2], [3]] }, 'diagnose: rows must have values, as many in each, got [[1, 2], [3]]'],
    [{ output: [] }, 'diagnose: rows must have values, as many in each, got []'],
    [{ kernel: [2, 3] }, 'diagnose: the weights must be given by rows, got [2, 3]'],
    [
      { pads: [0, 0, 0, 0], padsOrder: 'b,t,l,r' },
      "diagnose: the order must be one of l,r,t,b t,l,b,r t,b,l,r, got 'b,t,l,r'",
    ],
    [{ pads: [0, 0, 0] }, /pads must have/ as never],
  ])('%j is refused', (part, message) => {
    const whole = { input, kernel, output: valuesOf('tf k2 same', 'tf k3 same'), ...part }
    expect(() => diagnoseRows(whole)).toThrow(message)
  })
})
