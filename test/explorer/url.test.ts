import { describe, expect, it } from 'vitest'
import { change, initial, type PartName, parse, print, write } from '../../explorer/state/url.ts'
import { groups, viewNames } from '../../explorer/views/states.ts'
import fc from '../fast-check.ts'
import { links } from './links.ts'

describe('the state in the link', () => {
  it('is the same after it was printed and parsed', () => {
    fc.assert(
      fc.property(links, (entries) => {
        const state = entries.reduce((state, [name, text]) => change(state, name, text), initial)
        expect(parse(print(state))).toEqual({ state, complaints: [] })
      }),
    )
  })

  it('holds the view', () => {
    for (const view of viewNames) expect(parse(print({ ...initial, view })).state.view).toBe(view)
  })

  it('is short: what is as it was at first is not written', () => {
    expect(print(initial)).toBe('#/story')
    expect(
      print(change(change({ ...initial, view: 'one-axis' }, 'input', '9'), 'rules', 'tf same;pytorch p0,1 ceil')),
    ).toBe('#/one-axis?input=9&rules=tf+same;pytorch+p0,1+ceil')
  })

  it('has each name once', () => {
    const names = groups.flatMap(({ parts }) => Object.keys(parts))
    expect(new Set(names).size).toBe(names.length)
    expect(names).not.toContain('view')
  })

  it('of every part is initially what it reads from its own text', () => {
    for (const { parts } of groups) {
      for (const name of Object.keys(parts) as PartName[])
        expect(change(initial, name, write(initial, name))).toEqual(initial)
    }
  })
})

describe('nonsense in a link', () => {
  it('of any kind leaves a state and says what is wrong', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { state } = parse(`#/one-axis?input=${text}`)
        expect(parse(print(state))).toEqual({ state, complaints: [] })
      }),
    )
  })

  it('falls back to what was there at first', () => {
    expect(parse('#/nowhere?input=0&kernel=5&colour=red&rules=tf+diff&output=x')).toEqual({
      state: { ...initial, kernel: 5 },
      complaints: [
        "there is no view called 'nowhere'",
        'input must be an integer of at least 1, got 0',
        "there is no setting called 'colour'",
        expect.stringMatching(
          /^the convention 'tf diff' was left out: each word must be an operation, a padding, or one like .*, got 'diff'$/,
        ),
        "the output must be an integer of at least 0, got 'x'",
      ],
    })
  })

  it('in one convention leaves the others', () => {
    expect(parse('#/one-axis?rules=tf+same;onnx+SAME_LOWER;foo')).toEqual({
      state: { ...initial, view: 'one-axis', rules: ['tf same', 'onnx SAME_LOWER'] },
      complaints: [expect.stringMatching(/^the convention 'foo' was left out: /)],
    })
    const many = Array.from({ length: 9 }, () => 'tf+same').join(';')
    expect(parse(`#/one-axis?rules=${many}`)).toMatchObject({
      state: { rules: { length: 6 } },
      complaints: ['3 conventions were left out: there is room for 6'],
    })
  })

  it('that is written as no link is', () => {
    expect(parse('#/one-axis?rules=50%').complaints).toEqual([
      "rules must be written as links are, with %25 for a percent sign, got '50%'",
    ])
    expect(parse(`#/one-axis?${'z'.repeat(1000)}=1`).complaints[0].length).toBeLessThan(100)
  })

  it('that only shows together falls back too', () => {
    const { state, complaints } = parse('#/one-axis?dilation=9007199254740991&kernel=3')
    expect(state).toEqual({ ...initial, view: 'one-axis' })
    expect(complaints).toEqual([expect.stringContaining('the padded input of axis 0 must be at most')])
  })
})

describe('a field', () => {
  it.each([
    ['input', '', "solve: input must be an integer of at least 1, got ''"],
    ['input', 'many', "solve: input must be an integer of at least 1, got 'many'"],
    ['kernel', '0', 'setting: kernel must be an integer of at least 1, got 0'],
    ['stride', '1.5', 'setting: stride must be an integer of at least 1, got 1.5'],
    ['dilation', '1e30', 'setting: dilation must be at most 9007199254740991 (2^53 - 1), got 1e+30'],
    ['op', 'sort', "explorer: the operation must be one of conv, convTranspose, maxPool, averagePool, got 'sort'"],
    ['rules', 'lol same', /a setting must begin with a framework, such as .*, got 'lol'/],
    [
      'rules',
      'tf same;pytorch k3',
      /explorer: the fields must say the kernel, stride and dilation of a layer, got 'pytorch k3'/,
    ],
    ['rules', `${'tf same;'.repeat(6)}tf same`, 'explorer: there must be at most 6 conventions, got 7'],
  ] as const)('%s refuses %j', (name, text, message) => {
    expect(() => change(initial, name, text)).toThrow(message)
  })
})
