// docs/bench.md is made of two records that are written one at a time: that of layers, and this section.

const [BEGIN, END] = ['<!-- models -->', '<!-- end of models -->']

/** The section of whole models in the page, with its marks; none where it has none. */
export function sectionIn(page: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)]
  return begin < 0 || end < begin ? '' : page.slice(begin, end + END.length)
}

/** The page with another section of whole models, at the place of the one before or at the end; without one where it is empty. */
export function withSection(page: string, section: string): string {
  const before = sectionIn(page)
  if (before !== '') return page.replace(before, () => section)
  return section === '' ? page : `${page.trimEnd()}\n\n${section}\n`
}

/** Lines as a section. */
export const marked = (lines: readonly string[]): string => [BEGIN, ...lines, END].join('\n')
