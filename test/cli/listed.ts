// Reads back what commands print of conventions, so that tests hold the lists against the rows: which they are is
// written in src/conventions/rows alone.

/** A convention as a list names it, by its short name and the words that ask for it, and what is wrong with it. */
export interface Listed {
  readonly name: string
  /** The heading above the list. */
  readonly under: string
  /** The lines above it that give a reason, in one: `faulty, ...`, or why a layer is refused. */
  readonly reason?: string
}

const begins =
  /^(?:The same: |Otherwise: |Windows start |Samples land |Refused by$|Explained by |Or by |The others give$)/m

/** The part of an answer before its lists. */
export function beforeLists(text: string): string {
  const at = text.search(begins)
  return at < 0 ? text : text.slice(0, at)
}

/** Every convention that an answer lists, in its order. */
export function listedIn(text: string): Listed[] {
  const lists = text.slice(beforeLists(text).length)
  return lists.split('\n\n').flatMap((section) => {
    const [first, ...lines] = section.trimEnd().split('\n')
    if (first !== 'The others give') return readList(first, lines, 2)
    // Groups in groups: the answer of each stands between the heading and its list.
    const groups: string[][] = []
    for (const line of lines) {
      if (/^ {2}\S/.test(line)) groups.push([line.trim()])
      else groups.at(-1)?.push(line)
    }
    return groups.flatMap(([answer, ...own]) => readList(answer, own, 4))
  })
}

/** The list under one heading, indented by so much. */
function readList(under: string, lines: readonly string[], indent: number): Listed[] {
  const entries: { words?: string; reason?: string; names: string }[] = []
  let said: string[] = []
  for (const line of lines) {
    const own = line.slice(indent)
    const [, words, names] = /^(\S.*?) {2,}(\S.*)$/.exec(own) ?? []
    const current = entries.at(-1)
    if (words !== undefined) entries.push({ words, names })
    else if (!own.startsWith(' ')) {
      said.push(own)
      if (own.endsWith(':')) {
        entries.push({ reason: said.join(' ').slice(0, -1), names: '' })
        said = []
      }
    } else if (current) current.names += ` ${own.trim()}`
  }
  return entries.flatMap(({ words, reason, names }) =>
    names
      .trim()
      .split(', ')
      .map((name) => ({ name: words === undefined ? name : `${name} ${words}`, under, reason })),
  )
}
