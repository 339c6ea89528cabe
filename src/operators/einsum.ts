import type { Call } from './call.ts'
import { type Dimension, fact, type Shape } from './fact.ts'
import type { Infer } from './operator.ts'

/** The letters of each input's axes and of the output's. */
export interface EinsumTerms {
  readonly inputs: readonly string[]
  readonly output: string
}

/**
 * Reads a product that is written as letters, one for each axis: `bij,bjk->bik`. Without an arrow, the output has the letters that
 * occur once, in alphabetical order. Three dots stand for as many axes as there are more; they get digits, so that the last ones
 * of all inputs are the same.
 *
 * @param ranks how many axes each input has
 * @returns undefined where letters and axes do not meet
 */
export function einsumTerms(equation: string, ranks: readonly number[]): EinsumTerms | undefined {
  const [left, right] = equation.replaceAll(' ', '').split('->')
  const terms = left.split(',')
  const more = terms.map((term, index) => (term.includes('...') ? ranks[index] - (term.length - 3) : 0))
  const most = Math.max(...more)
  if (terms.length !== ranks.length || Math.min(...more) < 0 || most > DIGITS.length) return undefined
  const digits = DIGITS.slice(0, most)
  const inputs = terms.map((term, index) => term.replace('...', digits.slice(most - more[index])))
  if (inputs.some((term, index) => term.length !== ranks[index] || !/^\w*$/.test(term))) return undefined
  const all = inputs.join('')
  const letters = [...new Set(all)].filter((one) => !digits.includes(one))
  const once = letters.filter((letter) => all.indexOf(letter) === all.lastIndexOf(letter)).sort()
  const output = right?.replace('...', digits) ?? digits + once.join('')
  return [...output].every((letter) => all.includes(letter)) ? { inputs, output } : undefined
}
const DIGITS = '0123456789'

/** Sizes by letter; where inputs give a letter two sizes, the call cannot work. */
function sizesOf(call: Call, terms: readonly string[], shapes: readonly Shape[]): Map<string, Dimension> {
  const sizes = new Map<string, Dimension>()
  const owners = new Map<string, number>()
  for (const [index, term] of terms.entries()) {
    const shape = shapes[index]
    for (const [axis, letter] of [...term].entries()) {
      const known = sizes.get(letter)
      if (known !== 1 && shape[axis] !== 1) {
        call.meet(`${letter} must have one size`, known, shape[axis], [owners.get(letter) ?? index, index])
      }
      if (known !== undefined && (typeof known === 'number' ? known !== 1 : typeof shape[axis] !== 'number')) continue
      sizes.set(letter, shape[axis])
      owners.set(letter, index)
    }
  }
  return sizes
}

/** The output of a product that is written as letters. */
export const einsum: Infer = (call) => {
  const shapes = call.inputs.map((input) => input?.shape).filter((shape) => shape !== undefined)
  if (shapes.length !== call.inputs.length) return []
  const equation = call.attribute('equation')?.string ?? ''
  const terms = einsumTerms(
    equation,
    shapes.map(({ length }) => length),
  )
  if (!terms) return []
  const sizes = sizesOf(call, terms.inputs, shapes)
  return [
    fact(
      [...terms.output].map((letter) => sizes.get(letter)),
      call.inputs[0]?.elementType,
    ),
  ]
}
