import type { CommandRow } from './command.ts'

const WIDTH = 80
/** The column where texts begin. */
const COLUMN = 24

/** What a command takes, in lines of at most 80 columns. */
export function helpOf(name: string, { usage, about, options }: CommandRow): string {
  const rows = Object.entries(options).flatMap(([option, { value, about: text }]) => {
    const head = `  --${option}${value === undefined ? '' : ` ${value}`} `.padEnd(COLUMN)
    const [first, ...rest] = linesOf(text, WIDTH - COLUMN)
    const begin = head.length > COLUMN ? [head.trimEnd(), ' '.repeat(COLUMN) + first] : [head + first]
    return [...begin, ...rest.map((line) => ' '.repeat(COLUMN) + line)]
  })
  return [`samepad-tiles ${name} ${usage}`, '', ...linesOf(about, WIDTH), '', ...rows, ''].join('\n')
}

/** A text in lines of so many columns; a longer word has a line of its own. */
function linesOf(text: string, width: number): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1) === '' ? word : `${lines.at(-1)} ${word}`
    if (line.length <= width || lines.at(-1) === '') lines[lines.length - 1] = line
    else lines.push(word)
  }
  return lines
}
