// Sums of a derivation between the numbers and the value: what is rounded is shown before it is.

const bracket = /([⌊⌈])([^⌊⌋⌈⌉]+)([⌋⌉])/g

/**
 * A sum with what stands in its innermost brackets worked out: `⌊(8 + 2 - 3)/2⌋ + 1` as `⌊3.5⌋ + 1`; undefined where
 * nothing is rounded off, or the text is more than a sum.
 */
export function unrounded(sum: string): string | undefined {
  let isRounded = false
  const text = sum.replace(bracket, (whole, open: string, inside: string, close: string) => {
    const value = sumOf(inside)
    if (value === undefined) return whole
    if (!Number.isInteger(value)) isRounded = true
    return `${open}${Math.round(value * 100) / 100}${close}`
  })
  return isRounded ? text : undefined
}

/** The value of a sum of numbers with + - · / and brackets; undefined where it is more than that. */
export function sumOf(sum: string): number | undefined {
  const tokens = sum.match(/\d+(?:\.\d+)?|[-+·/()]/g) ?? []
  if (tokens.join('') !== sum.replace(/\s/g, '')) return undefined
  let at = 0
  const next = (): string | undefined => tokens[at]
  const term = (): number => {
    let value = factor()
    while (next() === '·' || next() === '/') value = tokens[at++] === '·' ? value * factor() : value / factor()
    return value
  }
  const whole = (): number => {
    let value = term()
    while (next() === '+' || next() === '-') value = tokens[at++] === '+' ? value + term() : value - term()
    return value
  }
  const factor = (): number => {
    const token = tokens[at++]
    if (token === '-') return -factor()
    if (token !== '(') return Number(token ?? Number.NaN)
    const value = whole()
    return tokens[at++] === ')' ? value : Number.NaN
  }
  const value = whole()
  return at === tokens.length && !Number.isNaN(value) ? value : undefined
}
