import { expect, it } from 'vitest'
import { outputPhases, readModel } from '../../src/models.ts'
import fc from '../fast-check.ts'
import { floats, ints, model, node, type Parts } from '../models/onnx/make-model.ts'

/** An operator along one axis: its node, and the cells of its input that output o is made of, also beyond the edges. */
interface Operator {
  readonly node: (index: number) => {
    node: Parts['nodes'][number]
    constants?: NonNullable<Parts['initializers']>
  }
  readonly reads: (output: number) => readonly number[]
  /** Whether every output lies as all others do over what it is made of. */
  readonly isEven: boolean
}

const count = (length: number, of: (index: number) => number) => Array.from({ length }, (_, index) => of(index))
const small = (min: number, max: number) => fc.integer({ min, max })
const names = (index: number): [string, string] => [`v${index}`, `v${index + 1}`]

const pool = fc.record({ k: small(1, 4), s: small(1, 3), d: small(1, 2), b: small(0, 1), e: small(0, 1) })
const pools = pool.map(
  ({ k, s, d, b, e }): Operator => ({
    node: (index) => ({
      node: node('MaxPool', ...names(index), { kernel_shape: [k], strides: [s], dilations: [d], pads: [b, e] }),
    }),
    reads: (o) => count(k, (tap) => o * s - b + tap * d),
    isEven: true,
  }),
)

const transposed = fc.record({ k: small(1, 4), s: small(1, 3), c: small(0, 1) }).map(
  ({ k, s, c }): Operator => ({
    node: (index) => ({
      node: node('ConvTranspose', `v${index} w${index}`, `v${index + 1}`, { strides: [s], pads: [c, c] }),
      constants: [floats(`w${index}`, [1, 1, k])],
    }),
    // Inputs i with i * stride + tap = output + crop.
    reads: (o) => count(k, (tap) => (o + c - tap) / s).filter(Number.isInteger),
    isEven: s === 1,
  }),
)

const slices = fc.record({ start: small(0, 3), step: small(1, 3) }).map(
  ({ start, step }): Operator => ({
    node: (index) => ({
      node: node('Slice', `v${index} s${index} e${index} a${index} t${index}`, `v${index + 1}`),
      constants: [
        ints(`s${index}`, [start]),
        ints(`e${index}`, [2 ** 40]),
        ints(`a${index}`, [2]),
        ints(`t${index}`, [step]),
      ],
    }),
    reads: (o) => [start + o * step],
    isEven: true,
  }),
)

const pads = fc.record({ b: small(0, 3), e: small(0, 3) }).map(
  ({ b, e }): Operator => ({
    node: (index) => ({
      node: node('Pad', `v${index} p${index}`, `v${index + 1}`),
      constants: [ints(`p${index}`, [0, 0, b, 0, 0, e])],
    }),
    reads: (o) => [o - b],
    isEven: true,
  }),
)

const resizes = fc.record({ scale: small(2, 4), isLinear: fc.boolean() }).map(
  ({ scale, isLinear }): Operator => ({
    node: (index) => ({
      node: node('Resize', `v${index} - s${index}`, `v${index + 1}`, {
        mode: isLinear ? 'linear' : 'nearest',
        coordinate_transformation_mode: isLinear ? 'half_pixel' : 'asymmetric',
        ...(!isLinear && { nearest_mode: 'floor' }),
      }),
      constants: [floats(`s${index}`, [3], [1, 1, scale])],
    }),
    reads: (o) => {
      if (!isLinear) return [Math.floor(o / scale)]
      const at = (o + 0.5) / scale - 0.5
      return [...new Set([Math.floor(at), Math.ceil(at)])]
    },
    isEven: false,
  }),
)

it('bounds what each output of any chain is made of, and says where it lies', async () => {
  const chains = fc.array(fc.oneof(pools, transposed, slices, pads, resizes), { minLength: 1, maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(chains, async (operators) => {
      const made = operators.map((one, index) => one.node(index + 1))
      const last = `v${operators.length + 1}`
      const bytes = model({
        // A window of one cell makes the axis one that is told of.
        nodes: [node('MaxPool', 'x', 'v1', { kernel_shape: [1] }), ...made.map((one) => one.node)],
        inputs: { x: [1, 1, 400] },
        outputs: { [last]: undefined },
        initializers: made.flatMap(({ constants = [] }) => constants),
      })
      const [{ jump, centres = [], field, ended }] = (await outputPhases(await readModel(bytes))).outputs[0].axes
      expect(ended).toBeUndefined()
      const cellsOf = (output: number): number[] =>
        operators.reduceRight<number[]>((cells, { reads }) => [...new Set(cells.flatMap(reads))], [output])
      const isEven = operators.every((one) => one.isEven)
      const outputs = count(24, (index) => index).map((output) => ({ output, cells: cellsOf(output) }))
      for (const { output, cells } of outputs) {
        if (cells.length === 0) continue
        const [first, last] = [Math.min(...cells), Math.max(...cells)]
        expect(last - first + 1).toBeLessThanOrEqual(field.size)
        const middle = output * jump + centres[0]
        // Where outputs are not alike, each lies within its field, and within a cell of what is said.
        if (isEven) expect((first + last) / 2).toBeCloseTo(middle, 9)
        else expect(Math.abs((first + last) / 2 - middle)).toBeLessThanOrEqual(field.size)
        if (isEven) expect([last - first + 1, first - output * jump]).toEqual([field.size, field.first])
      }
    }),
    { numRuns: 300, seed: 20261129 },
  )
})
