import type { Respell } from '../../network/model.ts'
import { bytesField, join, textField, varint } from '../onnx/encode.ts'
import { padRefused } from '../pad-in-front.ts'
import type { TfNode } from './graph.ts'
import { attrValue, entry, listValue, nodeDef } from './schema.ts'
import { spelled } from './spell.ts'

/** Writes the padding of a node: a word, and beside EXPLICIT the numbers. The lengths of the messages around them follow. */
export function respellProto(nodes: readonly TfNode[]): Respell {
  const byPlace = new Map(nodes.map((node) => [node.place.begin, node]))
  return ({ node }, rewrite) => {
    if (rewrite.folded || rewrite.inFront) return padRefused(rewrite)
    const found = byPlace.get(node.frame.begin)
    const { padding, numbers, frame } = found?.places ?? {}
    if (!found || !frame || !padding) return { refused: 'its padding is not written' }
    const said = spelled(found.op, found.attributes.get('data_format')?.text ?? '', rewrite)
    if ('refused' in said) return said
    const written = found.attributes.get('padding')?.text === said.word
    const word = {
      begin: padding.begin,
      end: padding.end,
      bytes: textField(attrValue.text, said.word),
      within: padding,
    }
    const edits = written ? [] : [word]
    if (!said.numbers) return edits
    const list = bytesField(listValue.ints, Uint8Array.from(said.numbers.flatMap(varint)))
    const value = bytesField(attrValue.list, list)
    if (numbers) return [...edits, { begin: numbers.begin, end: numbers.end, bytes: value, within: numbers }]
    const added = join([textField(entry.key, 'explicit_paddings'), bytesField(entry.value, value)])
    const at = frame.end
    return [...edits, { begin: at, end: at, bytes: bytesField(nodeDef.attribute, added), within: frame }]
  }
}
