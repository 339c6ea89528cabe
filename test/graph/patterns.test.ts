import { describe, expect, it } from 'vitest'
import { functions } from '../../src/functions/rows.ts'
import { patterns } from '../../src/graph/model/patterns.ts'
import { loadNetwork } from '../../src/graph.ts'
import { type ConstantOf, modelBytes, type NodeOf } from './onnx-bytes.ts'

describe('patterns', () => {
  /** The nodes of a pattern's text. */
  function nodesOf(text: string): { nodes: NodeOf[]; constants: Record<string, ConstantOf> } {
    const nodes: NodeOf[] = []
    const constants: Record<string, ConstantOf> = {}
    const tokens = text.match(/[A-Za-z]\w*|-?[\d.]+(?:e-?\d+)?|[(),]/g) ?? []
    let at = 0
    const read = (): string => {
      const token = tokens[at++]
      if (/^-?\d/.test(token)) {
        const name = `k${Object.keys(constants).length}`
        constants[name] = { shape: [], data: [Number(token)] }
        return name
      }
      if (tokens[at] !== '(') return token
      const inputs: string[] = []
      while (tokens[at] !== ')') {
        at++
        inputs.push(read())
      }
      at++
      const output = `v${nodes.length}`
      if (token !== 'HardSigmoid') nodes.push([token, inputs, [output]])
      else {
        const [alpha, beta] = inputs.slice(1).map((name) => ({ float: constants[name].data[0] }))
        nodes.push([token, [inputs[0]], [output], { alpha, beta }])
      }
      return output
    }
    read()
    return { nodes, constants }
  }

  const definitions: Readonly<Record<string, (x: number, a: number) => number>> = {
    Swish: functions.silu.reference,
    HardSwish: functions.hardSwish.reference,
    Mish: functions.mish.reference,
    Gelu: functions.gelu.reference,
    FastGelu: functions.geluTanh.reference,
    PRelu: functions.prelu.reference,
  }

  it.each(patterns)('$nodes becomes $becomes', async ({ nodes: text, becomes }) => {
    const { nodes, constants } = nodesOf(text)
    const slope = 0.3
    const bytes = (change: number): Uint8Array => {
      const changed = Object.entries(constants).map(([name, { shape, data }], index) => {
        return [name, { shape, data: [data[0] * (index === 0 ? change : 1)] }]
      })
      const all = { ...Object.fromEntries(changed), a: { shape: [1], data: [slope] } }
      return modelBytes({ inputs: { x: [200] }, outputs: [nodes.at(-1)?.[2][0] ?? ''], nodes, constants: all })
    }
    const network = await loadNetwork(bytes(1))
    const x = { data: Float32Array.from({ length: 200 }, (_, index) => (index - 100) / 10), shape: [200] }
    expect(network.profile({ x })).toHaveLength(1)
    const [{ data }] = Object.values(network.run({ x }))
    data.forEach((one, at) => {
      expect(one).toBeCloseTo(definitions[becomes.split('(')[0]](x.data[at], Math.fround(slope)), 5)
    })
    if (Object.keys(constants).length === 0 || text.includes('HardSigmoid')) return
    // Another number makes another function, which is computed as it is written.
    const other = await loadNetwork(bytes(1.01))
    const [{ data: others }] = Object.values(other.run({ x }))
    expect(Math.max(...others.map((one, at) => Math.abs(one - data[at])))).toBeGreaterThan(1e-3)
  })
})
