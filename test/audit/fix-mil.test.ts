import { describe, expect, it } from 'vitest'
import { type FixOptions, fix } from '../../src/models.ts'

// A compiled model of Core ML as text: what an operation says of its padding are constants with names of their own.

const ints = (name: string, ...values: number[]): string =>
  `  tensor<int32, [${values.length}]> ${name} = const()[name = string("${name}"), val = tensor<int32, [${values.length}]>([${values.join(', ')}])];\n`
const word = (value: string, name = 't'): string =>
  `  string ${name} = const()[name = string("${name}"), val = string("${value}")];\n`
const weight =
  '  tensor<fp16, [3, 3, 3, 3]> w = const()[name = string("w"), val = tensor<fp16, [3, 3, 3, 3]>(BLOBFILE(path = string("@model_path/weight.bin"), offset = uint64(64)))];\n'
const conv = (output: string, from: string, type = 't', pad = 'p'): string =>
  `  tensor<fp16, [1, 3, 16, 12]> ${output} = conv(dilations = d, pad = ${pad}, pad_type = ${type}, strides = s, weight = w, x = ${from})[name = string("${output}")];\n`
const program = (...statements: string[]): string =>
  `program(1.0)\n{\n func main<ios16>(tensor<fp16, [1, 3, 32, 24]> x) {\n${weight}${ints('s', 2, 2)}${ints('d', 1, 1)}${statements.join('')} } -> (y);\n}\n`
const fixed = async (text: string, to: FixOptions['to']): Promise<[string, string[]]> => {
  const { bytes, skipped } = await fix(new TextEncoder().encode(text), { to })
  return [new TextDecoder().decode(bytes), skipped.map(({ reason }) => reason)]
}

describe('an operation of MIL', () => {
  it.each<[string, FixOptions['to'], string, string]>([
    [
      'a word becomes numbers',
      'explicit',
      `${word('same')}${ints('p', 0, 0, 0, 0)}`,
      `${word('custom')}${ints('p', 0, 1, 0, 1)}`,
    ],
    [
      'numbers become others',
      'tf-same',
      `${word('custom')}${ints('p', 1, 1, 1, 1)}`,
      `${word('custom')}${ints('p', 0, 1, 0, 1)}`,
    ],
    [
      'numbers become a word',
      'auto-pad',
      `${word('custom')}${ints('p', 0, 1, 0, 1)}`,
      `${word('same')}${ints('p', 0, 1, 0, 1)}`,
    ],
  ])('%s', async (_, to, before, after) => {
    expect(await fixed(program(before, conv('y', 'x')), to)).toEqual([program(after, conv('y', 'x')), []])
  })

  it('a value that stands in the call itself is its own', async () => {
    const call = (type: string, pad: string): string =>
      conv('y', 'x', `string("${type}")`, `tensor<int32, [4]>([${pad}])`)
    expect(await fixed(program(call('same', '0, 0, 0, 0')), 'explicit')).toEqual([
      program(call('custom', '0, 1, 0, 1')),
      [],
    ])
  })

  it('a constant that others name too stays, and it is said so', async () => {
    const both = program(word('same'), ints('p', 0, 0, 0, 0), conv('a', 'x'), conv('y', 'a'))
    const shared = 'the constant of its padding is that of other operations too'
    expect(await fixed(both, 'explicit')).toEqual([both, [shared, shared]])
    const own = (first: string, second: string, ...pads: number[]): string =>
      program(
        word(first),
        word(second, 'u'),
        ints('p', ...pads),
        ints('q', 1, 1, 1, 1),
        conv('a', 'x'),
        conv('y', 'a', 'u', 'q'),
      )
    const [text] = await fixed(own('same', 'custom', 0, 0, 0, 0), 'explicit')
    expect(text).toBe(own('custom', 'custom', 0, 1, 0, 1))
  })

  it('without a list of numbers there is none to change', async () => {
    const text = program(word('same'), conv('y', 'x').replace('pad = p, ', ''))
    expect(await fixed(text, 'explicit')).toEqual([text, ['its padding is not written in full']])
  })
})
