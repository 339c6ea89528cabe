/** An argument of a call that stands in a text, `name = value` or a value alone. */
export interface ArgumentText {
  readonly name: string | undefined
  /** Where all of it lies, and where its value does, without spaces around. */
  readonly begin: number
  readonly end: number
  readonly valueBegin: number
}

/** A call in a text: its arguments, and where its closing bracket stands. */
export interface CallText {
  readonly arguments: readonly ArgumentText[]
  readonly close: number
}

const plain = { open: '([{', close: ')]}' }

/**
 * The arguments of the first call in a text whose brackets match.
 *
 * @param open where its opening bracket stands
 * @param brackets those that may lie within each other
 * @returns undefined where it is not closed
 */
export function callIn(text: string, open: number, brackets = plain): CallText | undefined {
  const found: ArgumentText[] = []
  let [depth, from] = [0, open + 1]
  let quote = ''
  const take = (until: number): void => {
    const part = text.slice(from, until)
    if (part.trim() !== '') {
      const begin = from + (part.length - part.trimStart().length)
      const end = from + part.trimEnd().length
      const [head = '', name] = /^([A-Za-z_]\w*)\s*=\s*/.exec(text.slice(begin, end)) ?? []
      found.push({ name, begin, end, valueBegin: begin + head.length })
    }
    from = until + 1
  }
  for (let at = open; at < text.length; at++) {
    const char = text[at]
    if (quote !== '') quote = char === quote ? '' : quote
    else if (char === '"' || char === "'") quote = char
    else if (brackets.open.includes(char)) depth++
    else if (brackets.close.includes(char)) {
      depth--
      if (depth === 0) {
        take(at)
        return { arguments: found, close: at }
      }
    } else if (char === ',' && depth === 1) take(at)
  }
  return undefined
}
