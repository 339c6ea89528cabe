import { resolve, spell, spelledFrameworks } from 'samepad/geometry'
import { describe, expect, it } from 'vitest'
import { frameworkNames } from '../../explorer/layer/framework-names.ts'
import { initial } from '../../explorer/state/url.ts'
import { writtenFor } from '../../explorer/views/code/written.ts'

describe('the code', () => {
  it.each(spelledFrameworks)('for %s is what spell writes for the layer of the fields', (framework) => {
    const state = { ...initial, input: 10, width: 17, kernel2: 5, stride2: 3, dilation2: 2 }
    const geometry = resolve({ input: [10, 17], kernel: [3, 5], strides: [2, 3], dilations: [1, 2], padding: 'same' })
    expect(writtenFor(state, '2', 'onnx SAME_UPPER', framework)).toEqual({
      ...{ geometry, options: {}, input: [10, 17] },
      text: spell(geometry, framework),
    })
    expect(frameworkNames[framework]).toBeDefined()
  })

  it('counts the padding where the convention does', () => {
    const state = { ...initial, op: 'averagePool' } as const
    expect(writtenFor(state, '1', 'pytorch p1', 'pytorch')).toMatchObject({ options: { countIncludePad: true } })
    expect(writtenFor(state, '1', 'pytorch p1 exclude', 'pytorch')).toMatchObject({
      options: { countIncludePad: false },
    })
  })

  it.each([
    ['pytorch same', /^the setting must take the input of axis 0 \(not supported for strided convolutions\), got 8$/],
    ['pytorch p1 reflect', /^the padding must be zeros; .*, got 'reflect'$/],
    ['keras causal', undefined],
  ])('of %s has the words of the library where there is none', (rule, message) => {
    const written = writtenFor(initial, '1', rule, 'onnx')
    if (message === undefined) expect(written).toHaveProperty('text')
    else expect(written).toEqual({ error: expect.stringMatching(message) })
  })
})
