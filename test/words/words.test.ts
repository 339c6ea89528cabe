import { describe, expect, it } from 'vitest'
import type { Axis } from '../../src/geometry/index.ts'
import { does, gridsApart, later, more, windowsApart } from '../../src/words/apart.ts'
import { nearest } from '../../src/words/nearest.ts'
import { paddedText, shortNames } from '../../src/words/network.ts'
import { counted, decimal, listed } from '../../src/words/numbers.ts'

describe('numbers', () => {
  it('have their noun in the singular for one alone', () => {
    expect([0, 1, 2, 1.5].map((count) => counted(count, 'cell'))).toEqual(['0 cells', '1 cell', '2 cells', '1.5 cells'])
  })

  it('are short, and keep their first digits where they are small', () => {
    expect([0, 12, 1 / 3, 0.03125, 2 / 3 + 15, -1.5].map(decimal)).toEqual([
      '0',
      '12',
      '0.333',
      '0.0313',
      '15.667',
      '-1.5',
    ])
  })

  it('stand in a row', () => {
    expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listed)).toEqual(['', 'a', 'a and b', 'a, b and c'])
  })
})

describe('two layers', () => {
  const axis: Axis = { input: 6, output: 3, kernel: 3, stride: 2, dilation: 1, padBegin: 0, padEnd: 1 }

  it('differ in their taps, else in their outputs, else in where their windows begin', () => {
    const moved = { ...axis, padBegin: 2 }
    expect(windowsApart('conv', axis, axis)).toBeUndefined()
    expect(windowsApart('conv', axis, { ...axis, padEnd: 2 })).toBeUndefined()
    expect(windowsApart('conv', axis, moved)).toBe('the second reads 2 cells earlier')
    expect(windowsApart('convTranspose', moved, axis)).toBe('the second writes 2 cells later')
    expect(windowsApart('conv', axis, { ...moved, output: 4 })).toBe('they have 3 and 4 outputs')
    expect(windowsApart('conv', axis, { ...moved, output: 4, kernel: 5 })).toBe('their kernels have 3 and 5 taps')
  })

  it('are apart by so many cells, rows or outputs', () => {
    expect([later(1, 'cell'), later(-2, 'row'), later(0, 'cell')]).toEqual(['1 cell later', '2 rows earlier', ''])
    expect([more(1, 'output'), more(-2, 'output'), more(0, 'output')]).toEqual(['1 output more', '2 outputs fewer', ''])
    expect([does('conv'), does('maxPool'), does('convTranspose')]).toEqual(['reads', 'reads', 'writes'])
  })

  it('lay grids that are apart, too', () => {
    expect(gridsApart(0)).toBe('The grids lie on each other')
    expect(gridsApart(-1)).toBe('The grids are 1 cell apart')
    expect(gridsApart(15.5)).toBe('The grids are 15.5 cells apart')
  })
})

describe('a network', () => {
  const network = { votes: { 'tf-same': 1, symmetric: 2 }, nodes: [{ isSameAtSome: false }], unknownOperators: [] }

  it('is padded in one way, in two, or in none that shows', () => {
    expect(paddedText({ ...network, style: 'mixed' })).toBe(
      'Padded in two ways: 1 layer as TensorFlow SAME, 2 layers on both sides alike.',
    )
    expect(paddedText({ ...network, style: 'tf-same' })).toContain('as TensorFlow SAME: 1 layer can tell')
    expect(paddedText({ ...network, style: 'symmetric' })).toContain('on both sides alike, as PyTorch does: 2 layers')
    const none = 'No layer of it tells TensorFlow SAME from symmetric padding'
    expect(paddedText({ ...network, style: 'either' })).toBe(`${none}.`)
    const some = { ...network, style: 'either', nodes: [{ isSameAtSome: true }] } as const
    expect(paddedText(some)).toBe(`${none}; 1 layer is SAME at some sizes only.`)
    expect(paddedText({ ...some, style: 'tf-same' })).not.toContain('some sizes')
  })

  it('has no window, or hides them', () => {
    const empty = { ...network, style: 'either', nodes: [] } as const
    expect(paddedText(empty)).toContain('there is nothing to pad')
    expect(paddedText({ ...empty, unknownOperators: ['ethos-u'] })).toBe('No window of it can be seen.')
  })

  it('has short names where all begin alike', () => {
    expect(shortNames(['a/b/one', 'a/b/two'])).toEqual(['one', 'two'])
    expect(shortNames(['model.layer1', 'model.layer10'])).toEqual(['layer1', 'layer10'])
    expect(shortNames(['same', 'same'])).toEqual(['same', 'same'])
    expect(shortNames(['one', 'two'])).toEqual(['one', 'two'])
    expect(shortNames([])).toEqual([])
  })
})

it('a misspelt name is most likely the nearest one, where any is near', () => {
  const names = ['stride', 'dilation', 'kernel']
  expect(nearest('strdie', names)).toBe('stride')
  expect(nearest('Dilations', names)).toBe('dilation')
  expect(nearest('padding', names)).toBeUndefined()
})
