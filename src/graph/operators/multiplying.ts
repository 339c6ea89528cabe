import { type GraphValue, sizeOf } from '../operation.ts'
import { isAlike, type Site, type WrittenLink } from '../site.ts'
import { transposed } from './moving.ts'
import type { RunRow } from './row.ts'

/** A matrix turned round its diagonal. */
const turned = (site: Site, x: GraphValue): GraphValue => transposed(site, x, [1, 0])

/** Rows times a constant matrix [inner, columns]. */
function times(site: Site, x: GraphValue, weights: GraphValue, bias: GraphValue | undefined): GraphValue {
  const [inner, columns] = weights.shape
  const rows = sizeOf(x.shape) / inner
  const flat = site.view(x, [1, rows, inner])
  return site.view(site.emit({ kind: 'dense', weights, bias }, [flat], [[1, rows, columns]])[0])
}

const gemm: RunRow = {
  name: 'Gemm',
  constants: [1],
  lower(site) {
    const [a, b, c] = [site.input(), site.input(1), site.optional(2)]
    const number = (name: string): number => site.call.attribute(name)?.float ?? 1
    const [alpha, beta] = [number('alpha'), number('beta')]
    const rows = site.call.int('transA') === 1 ? turned(site, a) : a
    const weights = site.call.int('transB') === 1 ? turned(site, b) : b
    const isBias = c?.constant && alpha === 1 && beta === 1 && isAlike(c.shape, [weights.shape[1]])
    const product = times(site, rows, weights, isBias ? c : undefined)
    const links: WrittenLink[] = alpha === 1 ? [] : [['multiply', alpha]]
    const added = c && (beta === 1 ? c : site.chain(c, [['multiply', beta]], c.shape))
    if (added && !isBias) links.push(['add', added])
    return links.length > 0 ? site.chain(product, links) : product
  },
}

const matrices: RunRow = {
  name: 'MatMul',
  constants: [1],
  refuses: ({ inputs }) => ((inputs[1]?.shape?.length ?? 2) > 2 ? 'multiplies by several matrices' : undefined),
  lower(site) {
    const [a, b] = [site.input(), site.input(1)]
    return times(site, a, b.shape.length === 1 ? site.view(b, [...b.shape, 1]) : b, undefined)
  },
}

/** Rows of products of matrices. */
export const multiplying: readonly RunRow[] = [gemm, matrices]
