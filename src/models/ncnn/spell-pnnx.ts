import { replaced, type SpellText } from '../respell-text.ts'
import { torchPadding } from '../torch/spell.ts'

/** A line of pnnx with other padding, in PyTorch's words. */
export const spellPnnx: SpellText = (text, node, rewrite) => {
  const { padding, outputPadding } = rewrite
  const value = torchPadding(node, padding)
  if (typeof value === 'object') return value
  const padded = written(text, 'padding', value === 'same' ? value : value.replaceAll(' ', ''))
  const isAdding = outputPadding?.some((cells) => cells !== 0) || /\soutput_padding=/.test(text)
  return outputPadding && isAdding ? written(padded, 'output_padding', `(${outputPadding.join(',')})`) : padded
}

function written(text: string, name: string, value: string): string {
  const found = new RegExp(`\\s${name}=(\\S*)`).exec(text)
  // Weights and shapes come last.
  const end = /\s+[@#]|\s*$/.exec(text)?.index ?? text.length
  const at = found ? found.index + found[0].length : end
  return found ? replaced(text, at - found[1].length, at, value) : replaced(text, at, at, ` ${name}=${value}`)
}
