import { describe, expect, it } from 'vitest'
import { readChains } from '../../src/cli/read-settings.ts'
import { typed } from './typed.ts'

const read = (...words: string[]): string[][] => readChains(words).map((chain) => chain.map(({ text }) => text))

describe('settings as people type them', () => {
  const two = [['pytorch k3 s2 p1'], ['tf k3 s2 same']]

  it.each([
    ['bare, with vs', 'pytorch k3 s2 p1 vs tf k3 s2 same'],
    ['bare, a framework begins the next', 'pytorch k3 s2 p1 tf k3 s2 same'],
    ['glued', 'pytorch k3s2p1 tf k3s2 same'],
    ['with a comma', 'pytorch k3 s2 p1, tf k3 s2 same'],
  ])('%s', async (_, line) => {
    expect(read(...line.split(' '))).toEqual(two)
  })

  it('quoted', async () => {
    expect(read('pytorch k3 s2 p1', 'tf k3 s2 same')).toEqual(two)
    expect(read('pytorch k3 s2 p1 vs tf k3 s2 same')).toEqual(two)
  })

  it('-- separates settings and does not end the options', async () => {
    const line = 'compare pytorch k3 s2 p1 -- tf k3 s2 same --input 224 --json'
    expect(JSON.parse((await typed(line)).stdout).at.input).toBe(224)
  })

  it('a layer without a framework has that of the one before it', async () => {
    expect(read('tf', 'k7', 's2', 'same,', 'maxpool', 'k3', 'same')).toEqual([['tf k7 s2 same', 'tf maxpool k3 same']])
    expect(read('tf', 'k7', 's2', 'same', 'k3', 'same')).toEqual([['tf k7 s2 same', 'tf k3 same']])
  })

  it('x repeats, in a chain of its own for each framework', async () => {
    expect(read('tf', 'k3', 'same', 'x2', 'pytorch', 'k3', 'p1', 'x2')).toEqual([
      ['tf k3 same', 'tf k3 same'],
      ['pytorch k3 p1', 'pytorch k3 p1'],
    ])
  })

  it('vs separates chains of one framework', async () => {
    expect(read('tf', 'k3', 'same', 'vs', 'tf', 'k3', 'valid')).toEqual([['tf k3 same'], ['tf k3 valid']])
  })

  it('a version and the id of a convention begin a setting', async () => {
    expect(read('ort@1.12', 'transposed', 'k3', 'same_upper', 'tfjs.3d.same-3d', 'k1')).toEqual([
      ['ort@1.12 transposed k3 same_upper'],
      ['tfjs.3d.same-3d k1'],
    ])
  })

  it('pads keep their comma', async () => {
    expect(readChains(['onnx', 'k3', 'p0,1'])[0][0].settings[0].pads).toEqual([0, 1])
  })
})
