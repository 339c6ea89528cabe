const LONGEST = 40 // letters of a word that are looked at

/** The known name that a misspelt one is most likely meant to be; undefined where none is near. */
export function nearest(given: string, names: readonly string[]): string | undefined {
  const word = given.slice(0, LONGEST).toLowerCase()
  const [best] = names
    .map((name) => ({ name, distance: edits(word, name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance || begins(b.name, word) - begins(a.name, word))
  return best && best.distance <= Math.max(1, Math.floor(best.name.length / 3)) ? best.name : undefined
}

const begins = (name: string, word: string): number => Number(name.toLowerCase().startsWith(word))

/** How many letters must be inserted, left out, exchanged, or swapped with the next to make one word of the other. */
function edits(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, index) => index)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row.push(
        Math.min(
          rows[i - 1][j] + 1,
          row[j - 1] + 1,
          rows[i - 1][j - 1] + (same ? 0 : 1),
          swapped ? rows[i - 2][j - 2] + 1 : Number.POSITIVE_INFINITY,
        ),
      )
    }
    rows.push(row)
  }
  return rows[a.length][b.length]
}
