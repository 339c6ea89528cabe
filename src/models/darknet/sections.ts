import type { Span } from '../../network/model.ts'

/** A section of a file: `[kind]`, then `name = value` on lines of their own. */
export class Section {
  readonly kind: string
  readonly place: Span
  readonly line: number
  readonly #values: ReadonlyMap<string, string>

  constructor(kind: string, values: ReadonlyMap<string, string>, place: Span, line: number) {
    this.kind = kind
    this.#values = values
    this.place = place
    this.line = line
  }

  /** The number of a name; what is no number counts as it does for C's atoi. */
  number(name: string, absent: number): number {
    const text = this.#values.get(name)
    if (text === undefined) return absent
    const value = Number.parseInt(text, 10)
    return Number.isNaN(value) ? 0 : value
  }

  numbers(name: string): number[] {
    return (this.#values.get(name) ?? '').split(',').flatMap((text) => {
      const value = Number.parseInt(text, 10)
      return Number.isNaN(value) ? [] : [value]
    })
  }
}

/** The sections of a text. Lines that begin with `#` or `;` are comments. */
export function readSections(text: string): Section[] {
  const sections: Section[] = []
  let open: { kind: string; values: Map<string, string>; begin: number; line: number } | undefined
  let [at, line] = [0, 0]
  const close = (end: number): void => {
    if (open) sections.push(new Section(open.kind, open.values, { begin: open.begin, end }, open.line))
  }
  for (const raw of text.split('\n')) {
    line++
    const content = raw.replace(/\s/g, '')
    const [, kind] = content.match(/^\[(\w+)\]?/) ?? []
    if (kind !== undefined) {
      close(at)
      open = { kind, values: new Map(), begin: at, line }
    } else if (open && !/^[#;]/.test(content)) {
      const equals = content.indexOf('=')
      if (equals > 0) open.values.set(content.slice(0, equals), content.slice(equals + 1))
    }
    at += raw.length + 1
  }
  close(Math.min(at, text.length))
  return sections
}
