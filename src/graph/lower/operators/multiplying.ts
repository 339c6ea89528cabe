import { Geometry, resolve } from '../../../geometry/index.ts'
import { stretch } from '../../../operators/broadcast.ts'
import type { Problem } from '../../../reference/problem.ts'
import { matmul } from '../../../run/between/matmul.ts'
import { isSameShape } from '../../../run/memory/result.ts'
import type { Tensor } from '../../../tensor/tensor.ts'
import type { GraphValue } from '../operation.ts'
import type { Site, WrittenLink } from '../site.ts'
import { transposed } from './moving.ts'
import type { RunRow } from './row.ts'

/** A matrix turned round its diagonal. */
const turned = (site: Site, x: GraphValue): GraphValue => transposed(site, x, [1, 0])

/** Rows times a constant matrix [inner, columns], which is packed once. */
const times = (site: Site, x: GraphValue, weights: GraphValue, bias: GraphValue | undefined): GraphValue =>
  site.emit({ kind: 'dense', weights, bias }, [x], [[...x.shape.slice(0, -1), weights.shape[1]]])[0]

/** The problem of a product of matrices: a convolution of one tap along the rows, whose channels lie last. */
export function productProblem(rows: number, inner: number, columns: number): Problem {
  const geometry = new Geometry('conv', resolve({ input: [rows], kernel: [1] }).axes)
  return { geometry, batch: 1, inChannels: inner, outChannels: columns, groups: 1, layout: 'nhwc' }
}

/** Products of matrices that are both computed, over stacks that are broadcast. */
function products(site: Site, a: GraphValue, b: GraphValue): GraphValue {
  const [inner, columns] = b.shape.slice(-2)
  const stack = stretch([a.shape.slice(0, -2), b.shape.slice(0, -2)]) as readonly number[]
  const shape = [...stack, a.shape[a.shape.length - 2], columns]
  const run = ([x, y]: readonly Tensor[], output: Tensor): unknown => matmul(x, y, { output })
  return site.emitCall('matmul', `by ${inner}x${columns}`, [a, b], run, shape)
}

/** A product with what is constant packed. */
export const product = (site: Site, a: GraphValue, b: GraphValue, bias?: GraphValue): GraphValue =>
  b.constant && b.shape.length === 2 ? times(site, a, b, bias) : products(site, a, b)

const gemm: RunRow = {
  name: 'Gemm',
  isReal: true,
  lower(site) {
    const [a, b, c] = [site.input(), site.input(1), site.optional(2)]
    const number = (name: string): number => site.call.attribute(name)?.float ?? 1
    const [alpha, beta] = [number('alpha'), number('beta')]
    const rows = site.call.int('transA') === 1 ? turned(site, a) : a
    const weights = site.call.int('transB') === 1 ? turned(site, b) : b
    const isBias =
      c?.constant && weights.constant && alpha === 1 && beta === 1 && isSameShape(c.shape, [weights.shape[1]])
    const made = product(site, rows, weights, isBias ? c : undefined)
    const links: WrittenLink[] = alpha === 1 ? [] : [['multiply', alpha]]
    const added = c && (beta === 1 ? c : site.chain(c, [['multiply', beta]], c.shape))
    if (added && !isBias) links.push(['add', added])
    return links.length > 0 ? site.chain(made, links) : made
  },
}

/** Vectors are matrices of one row or column that is left out again. */
const matrices: RunRow = {
  name: 'MatMul',
  isReal: true,
  lower(site) {
    const [a, b] = [site.input(), site.input(1)]
    const [rows, columns] = [a, b].map(({ shape }) => shape.length > 1)
    const first = rows ? a : site.view(a, [1, ...a.shape])
    return site.view(product(site, first, columns ? b : site.view(b, [...b.shape, 1])))
  },
}

/** Rows of products of matrices. */
export const multiplying: readonly RunRow[] = [gemm, matrices]
