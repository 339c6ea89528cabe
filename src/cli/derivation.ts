import { type DerivationStep, isEquation } from '../geometry.ts'
import { type TextStyle, width } from './style.ts'
import { COLUMNS, wrap } from './table.ts'

/** The steps as lines: name, formula, numbers and value, on two lines where one is too short. */
export function stepLines(steps: readonly DerivationStep[], style: TextStyle): string[] {
  const widest = Math.max(0, ...steps.map(({ name }) => name.length))
  return steps.flatMap((step) => {
    const { name, formula, numbers, value } = step
    const first = `${name.padEnd(widest)}  `
    const result = `${isEquation(step) ? '=' : '→'} ${style.strong(String(value))}`
    if (!numbers || numbers === String(value)) return wrap(`${formula} ${result}`, first)
    const line = `${first}${formula} = ${numbers} ${result}`
    if (width(line) <= COLUMNS) return [line]
    return [...wrap(formula, first), ...wrap(`${numbers} ${result}`, `${' '.repeat(first.length)}  = `)]
  })
}
