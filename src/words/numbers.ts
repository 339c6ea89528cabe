/** Halves and thirds in short; a small number keeps its first digits. */
export const decimal = (value: number): string =>
  String(Math.abs(value) < 1 ? Number(value.toPrecision(3)) : Math.round(value * 1000) / 1000)

/** `1 cell`, `2 cells`, `1.5 cells`. */
export const counted = (count: number, noun: string): string => `${decimal(count)} ${noun}${count === 1 ? '' : 's'}`

/** `1`, `1 and 2`, `1, 2 and 3`. */
export const listed = (items: readonly string[]): string =>
  items.length > 1 ? `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}` : items.join('')
