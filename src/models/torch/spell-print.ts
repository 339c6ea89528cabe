import { type CallText, callIn } from '../call-text.ts'
import { replaced, type SpellPad, type SpellText } from '../respell-text.ts'
import { torchPadding } from './spell.ts'

/** A line of `print(model)` with other padding, as it would be printed: convolutions leave out what is zero. */
export const spellPrint: SpellText = (text, node, { padding, outputPadding }) => {
  const value = torchPadding(node, padding)
  if (typeof value === 'object') return value
  const open = text.indexOf('(', (/^\s*(\([^()\s]+\): )?(\d+ x )?/.exec(text)?.[0] ?? '').length)
  const call = callIn(text, open)
  if (!call) return { refused: 'its arguments are not all in one place' }
  const isHidden = node.opType.startsWith('Conv') && /^\((0,? ?)+\)$/.test(value)
  const added = outputPadding?.some((cells) => cells !== 0) ? `(${outputPadding.join(', ')})` : undefined
  const padded = written(text, call, 'padding', isHidden ? undefined : value, 'stride')
  if (!outputPadding) return padded
  return written(padded, callIn(padded, open) as CallText, 'output_padding', added, isHidden ? 'stride' : 'padding')
}

/** `ZeroPad2d((left, right, top, bottom))` with other cells: the last axis first. */
export const spellPrintPad: SpellPad = (text, pads) => {
  const open = text.indexOf('(', (/^\s*(\([^()\s]+\): )?(\d+ x )?/.exec(text)?.[0] ?? '').length)
  const [cells] = callIn(text, open)?.arguments ?? []
  if (!cells) return { refused: 'its arguments are not all in one place' }
  return replaced(text, cells.valueBegin, cells.end, `(${[...pads].reverse().flat().join(', ')})`)
}

/** A call in which an argument has another value, stands behind another one, or is left out. */
function written(text: string, call: CallText, name: string, value: string | undefined, behind: string): string {
  const of = (wanted: string) => call.arguments.find((one) => one.name === wanted)
  const found = of(name)
  if (found && value !== undefined) {
    const isAlike = text.slice(found.valueBegin, found.end) === value.replace(/^\((\d+)(, \1)*,?\)$/, '$1')
    return isAlike ? text : replaced(text, found.valueBegin, found.end, value)
  }
  if (found) return replaced(text, text.lastIndexOf(',', found.begin), found.end, '')
  if (value === undefined) return text
  const at = (of(behind) ?? call.arguments.at(-1))?.end ?? call.close
  return replaced(text, at, at, `${call.arguments.length > 0 ? ', ' : ''}${name}=${value}`)
}
