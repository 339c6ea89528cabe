import { describe, expect, it } from 'vitest'
import { evaluate } from '../../src/conventions/evaluate.ts'
import {
  derive,
  divisor,
  isEquation,
  isRejected,
  isSameFunction,
  type Outcome,
  parseSetting,
  readsAlike,
  resolve,
  type Setting,
  type Solved,
  solve,
  spellable,
  taps,
} from '../../src/geometry.ts'
import fc from '../fast-check.ts'

const rules = {
  conv: ['tf same', 'pytorch p1', 'onnx same_lower', 'pytorch p1 reflect', 'pytorch p1 pad0,1', 'timm symmetric'],
  maxpool: ['tf same', 'pytorch p1', 'ort same_upper', 'efficientnet-pytorch.max-pool.same'],
  averagepool: ['tf same', 'pytorch p1', 'pytorch p1 exclude', 'onnx same_upper include', 'flax.avg-pool.same'],
  transposed: ['tf same', 'pytorch p1', 'pytorch p1 op1', 'onnx same_lower'],
}
const size = fc.integer({ min: 1, max: 5 })
const sizes = fc.tuple(size, size, fc.integer({ min: 1, max: 3 })).map(([k, s, d]) => `k${k} s${s} d${d}`)
const pairs = fc.constantFrom(...(Object.keys(rules) as (keyof typeof rules)[])).chain((op) => {
  const setting = fc.constantFrom(...rules[op])
  return fc.tuple(setting, setting, sizes).map((words) => {
    const [a, b] = words.slice(0, 2).map((rule) => parseSetting(`${rule.replace(' ', ` ${op} `)} ${words[2]}`.trim()))
    return [a, b] as const
  })
})
const isSolved = (outcome: Outcome): outcome is Solved => !isRejected(outcome)

describe('single windows', () => {
  it('read alike where and only where the whole is the same', () => {
    fc.assert(
      fc.property(pairs, fc.integer({ min: 1, max: 16 }), ([a, b], input) => {
        const [one, two] = [solve(a, input), solve(b, input)]
        fc.pre(isSolved(one) && isSolved(two) && one.axis.output === two.axis.output)
        const count = a.op === 'convTranspose' ? input : one.axis.output
        const alike = Array.from({ length: count }, (_, index) => readsAlike(a, one, b, two, index))
        expect(alike.every(Boolean)).toBe(isSameFunction(a, one, b, two))
      }),
      { numRuns: 2000 },
    )
  })

  it('of an average divide by what makes the mean of ones the share of real cells', () => {
    const pool = fc.tuple(fc.constantFrom(...rules.averagepool), sizes)
    fc.assert(
      fc.property(pool, fc.integer({ min: 1, max: 16 }), ([rule, words], input) => {
        const setting = parseSetting(`${rule.replace(' ', ' averagepool ')} ${words}`)
        const solved = solve(setting, input)
        fc.pre(isSolved(solved))
        const means = evaluate(setting, solved, new Array(input).fill(1))
        means.forEach((mean, output) => {
          const { begin, end } = taps(solved.axis, output)
          expect(mean * divisor(solved, output)).toBeCloseTo(end - begin)
        })
      }),
    )
  })

  it('of a billion taps, and a billion of them, are not looked at one by one', { timeout: 20_000 }, () => {
    const wide = parseSetting('tf averagepool k1000000000 s2 same')
    const solved = solve(wide, 1e9) as Solved
    expect([divisor(solved, 0), divisor(solved, 250_000_000)]).toEqual([500_000_001, 999_999_999])
    const [hidden, zeros] = ['', ' include'].map((word) => parseSetting(`onnx averagepool k3 s2 same_upper${word}`))
    expect(isSameFunction(hidden, solve(hidden, 1e9), zeros, solve(zeros, 1e9))).toBe(false)
  })
})

describe('derive', () => {
  it('ends with what solve says, step by step', () => {
    expect(derive(parseSetting('tf k3 s2 same'), 224)).toEqual([
      { name: 'effective kernel', formula: 'K = d (k - 1) + 1', numbers: '1 · (3 - 1) + 1', value: 3 },
      {
        name: 'padding in all',
        formula: 'P = max(0, (⌈n/s⌉ - 1) s + K - n)',
        numbers: 'max(0, (⌈224/2⌉ - 1) · 2 + 3 - 224)',
        value: 1,
      },
      { name: 'at the start', formula: '⌊P/2⌋', numbers: '⌊1/2⌋', value: 0 },
      { name: 'at the end', formula: 'P - begin', numbers: '1 - 0', value: 1 },
      { name: 'outputs', formula: '⌊(n + P - K)/s⌋ + 1', numbers: '⌊(224 + 1 - 3)/2⌋ + 1', value: 112 },
    ])
  })

  it('says which formulas give their value by words', () => {
    const steps = (text: string): boolean[] => derive(parseSetting(text), 10).map(isEquation)
    expect(steps('tf k3 s2 same')).toEqual([true, true, true, true, true])
    expect(steps('aten.same k3 s2')).toEqual([true, false, true, true, true])
  })

  it('has no steps to a refusal', () => {
    expect(derive(parseSetting('pytorch k3 s2 same'), 8)).toEqual([])
  })
})

describe('spellable', () => {
  const same = (words: string): Setting => parseSetting(`onnx same_upper ${words}`)

  it('is what resolve gives for the same rule', () => {
    const { geometry, options } = spellable([same('k3 s2'), same('k5 s3 d2')], [10, 17])
    const options2 = { input: [10, 17], kernel: [3, 5], strides: [2, 3], dilations: [1, 2], padding: 'same' } as const
    expect(geometry).toEqual(resolve(options2))
    expect(options).toEqual({})
  })

  it('refuses what code cannot say', () => {
    expect(() => spellable([parseSetting('pytorch k3 s2 same')], [8])).toThrow(
      'code: the setting must take the input of axis 0 (not supported for strided convolutions), got 8',
    )
  })
})
