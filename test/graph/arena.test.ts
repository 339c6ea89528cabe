import { describe, expect, it } from 'vitest'
import { planArena } from '../../src/graph/arrange/arena.ts'
import type { LoweredGraph } from '../../src/graph/lower/lower.ts'
import { type GraphStep, type GraphValue, sizeOf } from '../../src/graph/lower/operation.ts'
import fc from '../fast-check.ts'

describe('the arena', () => {
  /** A random schedule: chains, joins and calls of earlier values. */
  const graphs = fc
    .array(
      fc.record({
        kind: fc.constantFrom('chain', 'concat', 'call'),
        picks: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 30 },
    )
    .map((plans): LoweredGraph => {
      const inputs: GraphValue[] = [{ name: 'x', shape: [1, 3, 7] }]
      const values = [...inputs]
      const steps = plans.map(({ kind, picks }, index): GraphStep => {
        const read = picks.map((pick) => values[pick % values.length])
        const rows = kind === 'concat' ? read.reduce((sum, { shape }) => sum + shape[1], 0) : read[0].shape[1]
        const output = { name: `v${index}`, shape: [1, rows, 7] }
        values.push(output)
        const call = { kind: 'call', name: 'any', detail: '', run: () => {} } as const
        if (kind === 'concat') return { node: '', operation: { kind, axis: 1 }, inputs: read, outputs: [output] }
        const same = read.filter(({ shape }) => String(shape) === String(output.shape))
        const operation = kind === 'chain' ? ({ kind: 'chain', links: [] } as const) : call
        return { node: '', operation, inputs: same, outputs: [output] }
      })
      return { inputs, outputs: values.slice(-2), names: [], steps, rest: undefined }
    })

  it('keeps every value whole from the step that makes it to the last one that reads it', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const { places, length, joined, live } = planArena(graph)
        const memory = new Int32Array(length).fill(-1)
        const number = new Map(
          [...graph.inputs, ...graph.steps.flatMap(({ outputs }) => outputs)].map((v, at) => [v, at]),
        )
        const place = (value: GraphValue): Int32Array => {
          const { offset } = places.get(value) ?? { offset: Number.NaN }
          return memory.subarray(offset, offset + sizeOf(value.shape))
        }
        const owner = (value: GraphValue): number => number.get(value) ?? -2
        /** What a cell holds: of what is joined in place the value, so a joined tensor is what its parts are. */
        const isWhole = (value: GraphValue): boolean => {
          const step = graph.steps.find(({ outputs }) => outputs[0] === value)
          if (step?.operation.kind !== 'concat') return place(value).every((one) => one === owner(value))
          let at = 0
          return step.inputs.every((input, index) => {
            const part = place(value).subarray(at, at + sizeOf(input.shape))
            at += part.length
            const isIn = joined.get(input)?.step === step && joined.get(input)?.index === index
            return isIn ? isWhole(input) : part.every((one) => one === owner(value))
          })
        }
        for (const input of graph.inputs) place(input).fill(owner(input))
        for (const step of graph.steps) {
          if (!step.inputs.every(isWhole)) return false
          const [output] = step.outputs
          if (step.operation.kind !== 'concat') place(output).fill(owner(output))
          else {
            let at = 0
            step.inputs.forEach((input, index) => {
              const part = place(output).subarray(at, at + sizeOf(input.shape))
              at += part.length
              const isIn = joined.get(input)?.step === step && joined.get(input)?.index === index
              if (!isIn) part.fill(owner(output))
            })
          }
        }
        expect(live).toBeLessThanOrEqual(length)
        return graph.outputs.every(isWhole)
      }),
      { numRuns: 500, seed: 5 },
    )
  })
})
