import { readXml, type XmlElement } from '../../bytes/xml.ts'
import type { Pads } from '../../geometry/index.ts'
import type { SameWord } from '../../network/model.ts'
import { replaced, type SpellText } from '../respell-text.ts'
import { childrenOf } from './layer.ts'

const words: Readonly<Record<SameWord, string>> = { SAME_UPPER: 'same_upper', SAME_LOWER: 'same_lower' }

/**
 * A layer with other padding. Beside a rule the pads are left as they are, since nobody reads them; beside numbers the rule
 * has to go, since it would win.
 */
export const spell: SpellText = (text, { opType }, { padding, outputPadding, countIncludePad }) => {
  const layer = readXml(Uint8Array.from(text, (char) => char.charCodeAt(0)))
  const [data] = childrenOf(layer, 'data')
  if (!data) return { refused: 'it has no <data> that could say it' }
  if (opType === 'ConvTranspose' && childrenOf(childrenOf(layer, 'input')[0], 'port').length > 2)
    return { refused: 'its crop follows from the shape of its output, whatever its pads are' }
  const wanted: Record<string, string> = {}
  const present = (name: string): string | undefined => data.attributes.get(name)?.value
  if (typeof padding === 'string') wanted.auto_pad = words[padding]
  else {
    if (present('auto_pad') !== undefined) wanted.auto_pad = 'explicit'
    // Beside a rule rounding up means nothing; beside numbers it would.
    if (/^same/i.test(present('auto_pad') ?? '') && present('rounding_type')) wanted.rounding_type = 'floor'
    const list = (side: 0 | 1): string => padding.map((pair: Pads) => pair[side]).join(separatorOf(data))
    Object.assign(wanted, { pads_begin: list(0), pads_end: list(1) })
  }
  const isAdding = outputPadding?.some((cells) => cells !== 0) || present('output_padding') !== undefined
  if (outputPadding && isAdding) wanted.output_padding = outputPadding.join(separatorOf(data))
  if (countIncludePad) wanted[present('exclude_pad') === undefined ? 'exclude-pad' : 'exclude_pad'] = 'false'
  return written(text, data, wanted)
}

/** What stands between the numbers of a list: writers differ. */
const separatorOf = ({ attributes }: XmlElement): string =>
  attributes.get('strides')?.value.includes(', ') ? ', ' : ','

/** A text in which attributes of an element have other values; new ones come behind the last. */
function written(
  text: string,
  { name, attributes, place }: XmlElement,
  wanted: Readonly<Record<string, string>>,
): string {
  const behind = Math.max(place.begin + 1 + name.length, ...[...attributes.values()].map(({ whole }) => whole.end))
  const fresh = Object.entries(wanted).filter(([key]) => !attributes.has(key))
  const added = replaced(text, behind, behind, fresh.map(([key, value]) => ` ${key}="${value}"`).join(''))
  const present = [...attributes]
    .filter(([key, { value }]) => Object.hasOwn(wanted, key) && normal(value) !== normal(wanted[key]))
    .sort(([, a], [, b]) => b.place.begin - a.place.begin)
  return present.reduce((whole, [key, one]) => replaced(whole, one.place.begin, one.place.end, wanted[key]), added)
}

/** Spaces and capitals make no difference. */
const normal = (value: string): string => value.replace(/\s/g, '').toLowerCase()
