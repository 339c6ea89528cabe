import { describe, expect, it } from 'vitest'
import { bake, parseSetting, solve, staticPadding } from '../../src/geometry.ts'

const of = (text: string) => staticPadding(parseSetting(text))

describe('staticPadding', () => {
  it('a table by residue, and an expression that a dynamic shape can use', () => {
    expect(of('tf k3 s2 same')).toEqual({
      isStatic: false,
      pads: undefined,
      period: 2,
      residues: [
        { residue: 0, padBegin: 0, padEnd: 1 },
        { residue: 1, padBegin: 1, padEnd: 1 },
      ],
      expression: 'P = max(0, 2 - (n - 1) % 2); [P // 2, P - P // 2]',
    })
  })

  it.each([
    ['tf k3 s1 same', [1, 1]],
    ['tf k4 s1 same', [1, 2]],
    ['tf k4 s2 same', [1, 2]],
    ['onnx k3 s2 SAME_LOWER', [1, 1]],
    ['keras k3 s2 causal', [2, 0]],
    ['pytorch k5 s3 p2', [2, 2]],
    ['tf k2 s2 same', [0, 1]],
  ])('%s is static: %j', (text, pads) => {
    expect(of(text)).toMatchObject({ isStatic: true, pads })
  })

  it.each([
    'tf k3 s3 same',
    'onnx k5 s3 SAME_LOWER',
    'folklore k3 s2 keep',
    'onnxruntime k5 s3 same_upper',
    'tensorrt k1 s3 same_upper',
    'folklore k4 s3 keep',
  ])('the expression of %s gives its pads', (text) => {
    const setting = parseSetting(text)
    const { expression, isStatic } = staticPadding(setting)
    expect(isStatic).toBe(false)
    const script = expression
      .replaceAll('P // 2', 'Math.floor(P / 2)')
      .replaceAll(/\(([^()]+)\) \/\/ (\d+)/g, 'Math.floor(($1) / $2)')
      .replaceAll('max', 'Math.max')
    const pads = new Function('n', `let P; ${script.replace(/(.*; )?(.*)$/, '$1 return $2')}`) as (
      n: number,
    ) => number[]
    for (let n = 30; n < 60; n++) {
      const outcome = solve(setting, n)
      expect('axis' in outcome && [outcome.axis.padBegin, outcome.axis.padEnd]).toEqual(pads(n))
    }
  })
})

describe('bake', () => {
  it('pads exported at 224 lose an output and shift by a cell at odd sizes', () => {
    expect(bake(parseSetting('tf k3 s2 same'), 224)).toEqual({
      pads: [0, 1],
      modulus: 2,
      residues: [
        { residue: 0, equal: true, phase: 0, outputs: 0 },
        { residue: 1, equal: false, phase: 1, outputs: -1 },
      ],
    })
  })

  it('pads exported at an odd size serve odd sizes', () => {
    expect(bake(parseSetting('tf k3 s2 same'), 225).residues.map(({ equal }) => equal)).toEqual([false, true])
  })
})

describe('what is written beforehand or cut off afterwards', () => {
  it('is not part of the padding, and stays', () => {
    expect(of('pytorch k3 s2 pad0,1')).toMatchObject({ isStatic: true, pads: [0, 0] })
    expect(of('pytorch k3 s2 p2 drop1')).toMatchObject({ isStatic: true, pads: [2, 2] })
    expect(of('onnx k1 s3 p1,1 trim')).toMatchObject({ isStatic: true, pads: [1, 1] })
    expect(bake(parseSetting('pytorch k3 s2 pad0,1'), 8).residues.map(({ equal }) => equal)).toEqual([true, true])
    expect(bake(parseSetting('pytorch avgpool k3 s2 p1'), 8).residues.map(({ equal }) => equal)).toEqual([true, true])
  })

  it('a setting that refuses every input has none', () => {
    const message = /^staticPadding: the setting must take inputs \(not supported for strided convolutions\), got \d+$/
    expect(() => of('pytorch k3 s2 same')).toThrow(message)
    expect(() => bake(parseSetting('pytorch k3 s2 same'), 8)).toThrow(message)
  })
})
