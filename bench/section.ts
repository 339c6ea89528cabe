// Pages of figures are made of records that are written one at a time.

/** The sections that stand behind the record of layers in docs/bench.md, in their order. */
export const sections = ['gradients', 'models'] as const

/** Those, and that of docs/tfjs.md. */
export type Section = (typeof sections)[number] | 'tfjs'

const marks = (name: Section): readonly [begin: string, end: string] => [`<!-- ${name} -->`, `<!-- end of ${name} -->`]

/** A section of the page, with its marks; none where there is none. */
export function sectionIn(page: string, name: Section): string {
  const [begin, end] = marks(name).map((mark) => page.indexOf(mark))
  return begin < 0 || end < begin ? '' : page.slice(begin, end + marks(name)[1].length)
}

/** The page with other lines in a section, at the place of those before or at the end. */
export function withSection(page: string, name: Section, lines: readonly string[]): string {
  const [begin, end] = marks(name)
  const section = [begin, ...lines, end].join('\n')
  const before = sectionIn(page, name)
  return before === '' ? `${page.trimEnd()}\n\n${section}\n` : page.replace(before, () => section)
}

/** A new record of layers with the sections that stand behind the old one. */
export function withSectionsOf(record: string, page: string): string {
  const kept = sections.map((name) => sectionIn(page, name)).filter((section) => section !== '')
  return `${[record.trimEnd(), ...kept].join('\n\n')}\n`
}
