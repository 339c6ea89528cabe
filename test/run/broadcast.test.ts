import { expect, it } from 'vitest'
import { emitElementwise } from '../../src/emit/elementwise.ts'
import { planElementwise } from '../../src/plan/elementwise.ts'
import { elementwise } from '../../src/reference/elementwise.ts'
import { broadcastShape, broadcastSteps } from '../../src/run/between/broadcast.ts'
import { runPieces } from '../emit/run-plan.ts'
import { counting, sizeOf } from './tensors.ts'

/** Every shape of up to three dimensions of these sizes. */
const shapes = [[]] as number[][]
for (const shape of shapes) if (shape.length < 3) shapes.push(...[1, 2, 5].map((size) => [...shape, size]))

/** Where the element of an output lies in a tensor that is broadcast to it, by the definition: dimension by dimension. */
function placeIn(own: readonly number[], shape: readonly number[], index: number): number {
  let [place, rest, step] = [0, index, 1]
  for (let back = 1; back <= shape.length; back++) {
    const at = rest % shape[shape.length - back]
    rest = Math.floor(rest / shape[shape.length - back])
    const size = own[own.length - back] ?? 1
    if (size > 1) place += at * step
    step *= size
  }
  return place
}

const fits = (a: readonly number[], b: readonly number[]): boolean =>
  a.toReversed().every((size, back) => {
    const other = b[b.length - 1 - back] ?? 1
    return size === other || size === 1 || other === 1
  })

it('all pairs of small shapes are broadcast as defined, by the reference and by programs, or refused', () => {
  let refused = 0
  for (const first of shapes) {
    for (const second of shapes) {
      const [a, b] = [counting(...first), counting(...second)]
      const named = [
        { what: 'a', tensor: a },
        { what: 'b', tensor: b },
      ]
      if (!fits(first, second)) {
        expect(() => broadcastShape('add', named)).toThrow(
          'add: dimensions of b must, from the last on, be 1 or those of',
        )
        refused++
        continue
      }
      const shape = broadcastShape('add', named)
      const length = sizeOf(shape)
      const view = (own: readonly number[]) => ({ offset: 0, steps: broadcastSteps(own, shape) })
      const problem = {
        ...{ sizes: shape, output: view(shape), inputs: [view(first), view(second)], numbers: [] },
        steps: [{ name: 'subtract', operands: [{ input: 1 }] }] as const,
      }
      const expected = Float32Array.from({ length }, (_, index) => {
        return a.data[placeIn(first, shape, index)] - b.data[placeIn(second, shape, index)]
      })
      const plan = planElementwise(problem, false)
      if (!plan) throw new Error('there must be a plan')
      const tables = Int32Array.from(plan.tables)
      const pieces = [
        { name: 'output', bytes: 4 * length, content: new Float32Array(0), written: true },
        { name: 'tables', bytes: 4 * tables.length, content: tables },
        ...[a, b].map(({ data }) => ({ name: 'input', bytes: 4 * data.length, content: data, shift: 4 })),
      ]
      expect(runPieces(pieces, emitElementwise(plan)), `${first} and ${second}`).toEqual(expected)
      const result = new Float32Array(length)
      elementwise(problem, [a.data, b.data], result)
      expect(result).toEqual(expected)
    }
  }
  expect(refused).toBeGreaterThan(300)
  expect(shapes).toHaveLength(40)
})
