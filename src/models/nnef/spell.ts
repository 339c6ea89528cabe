import { callIn } from '../call-text.ts'
import { replaced, type SpellText } from '../respell-text.ts'
import { signatures } from './operations.ts'

/** An assignment with other padding: a pair for each axis, of pools for batch and channels too; an empty list is SAME. */
export const spell: SpellText = (text, { opType }, { padding, outputPadding }) => {
  if (padding === 'SAME_LOWER') return { refused: 'NNEF has only SAME that gives the odd cell to the end' }
  if (outputPadding?.some((cells) => cells !== 0)) return { refused: 'NNEF says cells at the end by the output shape' }
  const isPool = opType !== 'Conv' && opType !== 'ConvTranspose'
  const pairs = typeof padding === 'string' ? [] : [...(isPool ? [ZERO, ZERO] : []), ...padding]
  const value = `[${pairs.map(([begin, end]) => `(${begin},${end})`).join(', ')}]`
  const [head = '', operation = ''] = /^[^=]*=\s*(\w+)\s*(<[^>]*>)?\s*(?=\()/.exec(text) ?? []
  const call = callIn(text, head.length)
  if (!call) return { refused: 'its arguments are not all in one place' }
  const place = (signatures[operation] ?? '').split(' ').indexOf('padding')
  const found =
    call.arguments.find(({ name }) => name === 'padding') ??
    call.arguments.find(({ name }, index) => name === undefined && index === place)
  if (!found) return replaced(text, call.close, call.close, `, padding = ${value}`)
  return replaced(text, found.valueBegin, found.end, value)
}

const ZERO = [0, 0] as const
