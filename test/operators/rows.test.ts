import { describe, expect, it } from 'vitest'
import { cellSources } from '../../src/operators/cell-sources.ts'
import { operatorOf, operators } from '../../src/operators/index.ts'
import { passesOf } from '../../src/operators/passing.ts'
import list from './onnx-operators.json' with { type: 'json' }

/** Operators without a row, by the reason. */
const without: Readonly<Record<string, readonly string[]>> = {
  'sequences and optional values have no shape': [
    ...['ConcatFromSequence', 'SequenceAt', 'SequenceConstruct', 'SequenceEmpty', 'SequenceErase', 'SequenceInsert'],
    ...['SequenceLength', 'SequenceMap', 'SplitToSequence', 'Optional', 'OptionalGetElement', 'OptionalHasElement'],
  ],
  'texts are no pictures': ['RegexFullMatch', 'StringConcat', 'StringNormalizer', 'StringSplit', 'TfIdfVectorizer'],
  'the size of a picture in a file is in its bytes': ['ImageDecoder'],
  'losses end a network in training': ['NegativeLogLikelihoodLoss', 'SoftmaxCrossEntropyLoss'],
}
/** Domains without rows. */
const domainsWithout: Readonly<Record<string, string>> = {
  'ai.onnx.ml': 'trees and tables of features, not pictures',
  'ai.onnx.preview': 'experimental, may change without a version',
  'ai.onnx.preview.training': 'training',
}

describe("ONNX's operators to operator set 27", () => {
  it('the list is that of the specification', () => {
    expect(list).toHaveLength(226)
    expect(Math.max(...list.flatMap(({ since }) => since))).toBe(27)
  })

  it.each(list)('$domain $name', ({ domain, name }) => {
    const isLeftOut = domain in domainsWithout || (domain === '' && Object.values(without).flat().includes(name))
    expect(operatorOf({ domain, opType: name }) === undefined).toBe(isLeftOut)
  })

  it('whatever is left out is an operator', () => {
    const names = new Set(list.filter(({ domain }) => domain === '').map(({ name }) => name))
    expect(
      Object.values(without)
        .flat()
        .filter((name) => !names.has(name)),
    ).toEqual([])
    const domains = new Set(list.map(({ domain }) => domain))
    expect(Object.keys(domainsWithout).filter((domain) => !domains.has(domain))).toEqual([])
  })
})

it('an operator has one row', () => {
  const names = operators.map(({ name }) => name)
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})

it('where cells come from is said of operators that have rows, and slide no window', () => {
  const names = Object.keys(cellSources)
  expect(names.filter((name) => !operators.some((row) => row.name === name && !row.window))).toEqual([])
})

it('what passes every element on keeps their sign', () => {
  const passing = operators.filter(passesOf).map(({ name }) => name)
  expect(passing).toEqual(expect.arrayContaining(['Identity', 'Cast', 'Transpose', 'Squeeze', 'Unsqueeze']))
})

it.each(['Sin', 'Cos', 'Mod', 'Xor', 'Not', 'Where', 'Bernoulli'])('%s leaves cells where they are', (opType) => {
  expect(operatorOf({ domain: '', opType })?.cells).toBe('stay')
})
