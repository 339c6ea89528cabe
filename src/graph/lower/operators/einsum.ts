import { einsumTerms } from '../../../operators/einsum.ts'
import { denseSteps } from '../../../tensor/dense.ts'
import { type GraphValue, sizeOf } from '../operation.ts'
import type { Site } from '../site.ts'
import { transposed } from './moving.ts'
import { product } from './multiplying.ts'
import { reduced } from './reducing.ts'
import type { RunRow } from './row.ts'

/** A tensor whose axes have letters, no letter twice. */
interface Lettered {
  readonly value: GraphValue
  readonly letters: string
}

/** Sums along all axes but those of some letters. */
function summed(site: Site, { value, letters }: Lettered, kept: string): Lettered {
  const axes = [...letters].flatMap((letter, axis) => (kept.includes(letter) ? [] : [axis]))
  if (axes.length === 0) return { value, letters }
  const left = [...letters].filter((letter) => kept.includes(letter)).join('')
  const shape = value.shape.filter((_, axis) => !axes.includes(axis))
  return { value: site.view(reduced(site, value, 'sum', axes), shape), letters: left }
}

const ordered = (site: Site, { value, letters }: Lettered, order: string): GraphValue =>
  transposed(
    site,
    value,
    [...order].map((letter) => letters.indexOf(letter)),
  )

/** The elements whose places along axes of one letter are equal. */
function diagonal(site: Site, value: GraphValue, term: string): Lettered {
  const letters = [...new Set(term)].join('')
  if (letters.length === term.length) return { value, letters }
  const dense = denseSteps(value.shape)
  const shape = [...letters].map((letter) => value.shape[term.indexOf(letter)])
  const steps = [...letters].map((letter) =>
    [...term].reduce((sum, one, axis) => (one === letter ? sum + dense[axis] : sum), 0),
  )
  const own = denseSteps(shape)
  const made = site.emitCall(
    'diagonal',
    term,
    [value],
    ([{ data }], output) => {
      output.data.forEach((_, at) => {
        const from = steps.reduce((sum, step, axis) => sum + (Math.floor(at / own[axis]) % shape[axis]) * step, 0)
        output.data[at] = data[from]
      })
    },
    shape,
  )
  return { value: made, letters }
}

/** The product of two, summed along the axes that both have and nothing behind needs. */
function multiplied(site: Site, first: Lettered, second: Lettered, behind: string): Lettered {
  // An axis of one element goes with one of any length: along such a pair each is summed on its own.
  const sizeIn = ({ value, letters }: Lettered, letter: string): number | undefined =>
    value.shape[letters.indexOf(letter)]
  const alike = [...first.letters].filter((letter) => sizeIn(first, letter) === sizeIn(second, letter)).join('')
  const a = summed(site, first, alike + behind)
  const b = summed(site, second, alike + behind)
  const both = [...a.letters].filter((letter) => b.letters.includes(letter))
  const stack = both.filter((letter) => behind.includes(letter)).join('')
  const inner = both.filter((letter) => !behind.includes(letter)).join('')
  const own = (letters: string): string => [...letters].filter((letter) => !both.includes(letter)).join('')
  const [rows, columns] = [own(a.letters), own(b.letters)]
  const [left, right] = [ordered(site, a, stack + rows + inner), ordered(site, b, stack + inner + columns)]
  const at = stack.length
  const sizes = (value: GraphValue, from: number, count: number): readonly number[] =>
    value.shape.slice(from, from + count)
  const [rowSizes, columnSizes] = [sizes(left, at, rows.length), sizes(right, at + inner.length, columns.length)]
  const width = sizeOf(sizes(right, at, inner.length))
  const made = product(
    site,
    site.view(left, [...sizes(left, 0, at), sizeOf(rowSizes), width]),
    site.view(right, [...sizes(right, 0, at), width, sizeOf(columnSizes)]),
  )
  const value = site.view(made, [...made.shape.slice(0, at), ...rowSizes, ...columnSizes])
  return { value, letters: stack + rows + columns }
}

/** Products of tensors whose axes have letters, one after the other. */
export const einsum: RunRow = {
  name: 'Einsum',
  isReal: true,
  lower(site) {
    const inputs = site.inputs()
    const equation = site.call.attribute('equation')?.string ?? ''
    const terms = einsumTerms(
      equation,
      inputs.map(({ shape }) => shape.length),
    )
    if (!terms) throw site.refusal('must have an equation for its inputs', equation)
    const { output } = terms
    const [first, ...others] = inputs.map((value, index) => diagonal(site, value, terms.inputs[index]))
    const whole = others.reduce((made, other, index) => {
      const behind = others.slice(index + 1).map(({ letters }) => letters)
      return multiplied(site, made, other, output + behind.join(''))
    }, first)
    return ordered(site, summed(site, whole, output), output)
  },
}
