import { alike, replaced, type SpellText } from '../respell-text.ts'
import { readSections } from './sections.ts'

/** A section with other padding: convolutions have one number for all sides, pools that of both sides of an axis together. */
export const spell: SpellText = (text, { opType }, { padding, outputPadding }) => {
  if (typeof padding === 'string') return { refused: 'Darknet has numbers alone' }
  if (outputPadding?.some((cells) => cells !== 0)) return { refused: 'Darknet adds no cells at the end' }
  const [[begin, end]] = padding
  if (padding.some((pair) => pair[0] !== begin || pair[1] !== end))
    return { refused: 'Darknet pads height and width alike' }
  if (opType !== 'Conv' && opType !== 'ConvTranspose') {
    if (end - begin !== 0 && end - begin !== 1) return { refused: 'Darknet gives only an odd cell to the end' }
    return written(text, 'padding', begin + end)
  }
  const [cells] = alike(padding) ?? []
  if (cells === undefined) return { refused: 'a convolution of Darknet pads all sides alike' }
  const [section] = readSections(text)
  const half = Math.floor(section.number('size', 1) / 2)
  const isHalf = section.number('pad', 0) !== 0
  if (cells === (isHalf ? half : section.number('padding', 0))) return text
  if (cells === half) return written(text, 'pad', 1)
  const bare = isHalf ? written(text, 'pad', 0) : text
  return cells === section.number('padding', 0) ? bare : written(bare, 'padding', cells)
}

/** A section in which a name has a number: its last line, which counts, or a new one behind that of the size. */
function written(text: string, name: string, value: number): string {
  const line = [...text.matchAll(new RegExp(`^[^\\S\\n]*${name}[^\\S\\n]*=[^\\S\\n]*([^\\s#;]*)`, 'gm'))].at(-1)
  if (line) {
    const end = line.index + line[0].length
    return replaced(text, end - line[1].length, end, String(value))
  }
  const [before] = /^\s*size\s*=[^\n]*(\n|$)/m.exec(text) ?? /^[^\n]*(\n|$)/.exec(text) ?? ['']
  const at = text.indexOf(before) + before.length
  const end = before.endsWith('\r\n') || text.includes('\r\n') ? '\r\n' : '\n'
  return replaced(text, at, at, before.endsWith('\n') ? `${name}=${value}${end}` : `${end}${name}=${value}`)
}
