import type { Call } from './call.ts'
import { type Dimension, fact, type Shape } from './fact.ts'
import type { Infer } from './operator.ts'

/** Sizes by letter; where inputs give a letter two sizes, the call cannot work. */
function sizesOf(call: Call, terms: readonly string[]): Map<string, Dimension> | undefined {
  const sizes = new Map<string, Dimension>()
  const owners = new Map<string, number>()
  for (const [index, term] of terms.entries()) {
    const shape: Shape | undefined = call.inputs[index]?.shape
    if (shape?.length !== term.length) return undefined
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

/**
 * A product that is written as letters, one for each axis: `bij,bjk->bik`. Without an arrow, the output has the letters that
 * occur once, in alphabetical order. Axes that are written as three dots are not followed.
 */
export const einsum: Infer = (call) => {
  const [inputs, output] = (call.attribute('equation')?.string ?? '').replaceAll(' ', '').split('->')
  if (inputs.includes('.')) return []
  const terms = inputs.split(',')
  const sizes = sizesOf(call, terms)
  if (!sizes || terms.length !== call.inputs.length) return []
  const all = terms.join('')
  const once = [...sizes.keys()].filter((letter) => all.indexOf(letter) === all.lastIndexOf(letter)).sort()
  const letters = output === undefined ? once : [...output]
  return [
    fact(
      letters.map((letter) => sizes.get(letter)),
      call.inputs[0]?.elementType,
    ),
  ]
}
