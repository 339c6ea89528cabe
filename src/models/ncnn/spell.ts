import type { Pads } from '../../geometry/index.ts'
import type { Rewrite, SameWord } from '../../network/model.ts'
import { replaced, type SpellPad, type SpellText } from '../respell-text.ts'
import { convolutionKeys, type Keys, poolKeys, SAME_LOWER, SAME_UPPER } from './windows.ts'

const words: Readonly<Record<SameWord, number>> = { SAME_UPPER, SAME_LOWER }
/** Parameter 5 of a pool: rounded up, rounded down, and how its sides are padded where that is automatic. */
const [MODE, FULL, VALID] = [5, 0, 1]
const modes: Readonly<Record<SameWord, number>> = { SAME_UPPER: 2, SAME_LOWER: 3 }
const COUNT_INCLUDE_PAD = 6
/** Of a transposed convolution: cells added at the right and the bottom, and the size of its output. */
const [ADDED, OUTPUT] = [
  [18, 19],
  [20, 21],
]

/** A layer's line with other padding. Keys that stand there keep their place; new ones come behind the last. */
export const spell: SpellText = (text, { opType }, rewrite) => {
  const line = new Line(text)
  const { padding } = rewrite
  if (opType === 'ConvTranspose') return transposed(line, rewrite)
  if (opType === 'Conv') {
    if (typeof padding === 'string') line.sides(convolutionKeys, everySide(words[padding]))
    else line.sides(convolutionKeys, padding)
    return line.text
  }
  if (typeof padding === 'string') {
    line.set(MODE, modes[padding])
    return line.text
  }
  line.sides(poolKeys, padding)
  if ((line.get(MODE) ?? FULL) > VALID) line.set(MODE, VALID)
  if (rewrite.countIncludePad) line.set(COUNT_INCLUDE_PAD, 1)
  return line.text
}

/** All sides ask for the same rule; the other keys follow from the first one unless they are written. */
const everySide = (word: number): Pads[] => [[word, word]]

function transposed(line: Line, { padding, outputPadding = [] }: Rewrite): ReturnType<SpellText> {
  if (typeof padding === 'string') return { refused: 'ncnn crops by a rule only beside a size of the output' }
  if (padding.length > 2) return { refused: 'ncnn has one number for two things here' }
  line.sides(convolutionKeys, padding)
  for (const key of OUTPUT) line.remove(key)
  const added = [...outputPadding].reverse()
  added.forEach((cells, axis) => {
    if (cells !== (line.get(ADDED[axis]) ?? (axis > 0 ? (line.get(ADDED[0]) ?? 0) : 0))) line.set(ADDED[axis], cells)
  })
  return line.text
}

/** A Padding layer: top, bottom, left, right, front and behind of a volume. */
const PADDING: readonly (readonly [begin: number, end: number])[] = [
  [0, 1],
  [2, 3],
]

/** Hints of the sizes of what a layer makes: dimensions, width, height, depth or channels. */
const HINTS = -23330

/** A Padding layer with other amounts of height and width. The sizes of its output, where they are written, follow. */
export const spellPad: SpellPad = (text, pads) => {
  if (pads.length !== 2) return { refused: 'a Padding layer of ncnn has two axes here' }
  const line = new Line(text)
  const grown = pads.map((sides, axis) => {
    const before = PADDING[axis].map((key) => line.get(key) ?? 0)
    sides.forEach((cells, side) => {
      if (cells !== before[side]) line.set(PADDING[axis][side], cells)
    })
    return sides[0] + sides[1] - before[0] - before[1]
  })
  line.text = line.text.replace(new RegExp(`(\\s${HINTS}=4,3,)(\\d+),(\\d+)(?=,)`), (_, head, width, height) => {
    return `${head}${Number(width) + grown[1]},${Number(height) + grown[0]}`
  })
  return line.text
}

/** A line whose `key=value` are changed. */
class Line {
  text: string

  constructor(text: string) {
    this.text = text
  }

  #find(key: number): { readonly begin: number; readonly end: number; readonly value: string } | undefined {
    const found = [...this.text.matchAll(new RegExp(`\\s+${key}=(\\S+)`, 'g'))].at(-1)
    return found && { begin: found.index, end: found.index + found[0].length, value: found[1] }
  }

  get(key: number): number | undefined {
    const found = this.#find(key)
    return found && Number(found.value)
  }

  set(key: number, value: number): void {
    const found = this.#find(key)
    const at = found?.end ?? this.text.trimEnd().length
    this.text = found
      ? replaced(this.text, at - found.value.length, at, String(value))
      : replaced(this.text, at, at, ` ${key}=${value}`)
  }

  remove(key: number): void {
    const found = this.#find(key)
    if (found) this.text = replaced(this.text, found.begin, found.end, '')
  }

  /**
   * Writes the sides of the axes, outermost first; one pair stands for all. The begin of an axis is by default that of the
   * width, its end its begin.
   */
  sides(keys: Keys, padding: readonly Pads[]): void {
    const inner = [...padding].reverse()
    const of = (axis: number): Pads => inner[axis] ?? inner[0]
    const put = (key: number, value: number, absent: number): void => {
      const written = this.get(key)
      if (written === undefined ? value !== absent : value !== written) this.set(key, value)
    }
    keys.begin.forEach((key, axis) => {
      if (axis < inner.length || this.get(key) !== undefined) put(key, of(axis)[0], axis === 0 ? 0 : of(0)[0])
    })
    keys.end.forEach((key, axis) => {
      if (axis < inner.length || this.get(key) !== undefined) put(key, of(axis)[1], of(axis)[0])
    })
  }
}
