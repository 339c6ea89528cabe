import { alike, replaced, type SpellText } from '../respell-text.ts'
import { type PrototxtMessage, readPrototxt, type Scalar } from './prototxt.ts'

/** A layer with other padding: one number for height and width, or one for each. */
export const spell: SpellText = (text, { opType }, { padding, outputPadding }) => {
  if (typeof padding === 'string') return { refused: 'Caffe has numbers alone' }
  if (outputPadding?.some((cells) => cells !== 0)) return { refused: 'Caffe adds no cells at the end' }
  const sides = alike(padding)
  if (!sides) return { refused: 'Caffe pads both sides of an axis alike' }
  if (sides.slice(2).some((cells) => cells !== sides[0] || cells !== sides[1]))
    return { refused: 'here axes that differ are not rewritten where there are three' }
  const isPool = opType === 'MaxPool' || opType === 'AveragePool'
  const layer = readPrototxt(`${HEAD}${text}`).message('layer')
  const parameters = layer?.message(isPool ? 'pooling_param' : 'convolution_param')
  if (!parameters) return { refused: 'its parameters are not in the text' }
  const [height, width = height] = sides
  const after = written(`${HEAD}${text}`, parameters, height, width)
  return after?.slice(HEAD.length) ?? { refused: 'its padding is written in several ways at once' }
}

/** What stands before the braces of a layer, so that they can be read alone. */
const HEAD = 'layer '

function written(text: string, parameters: PrototxtMessage, height: number, width: number): string | undefined {
  const [both, high, wide] = ['pad', 'pad_h', 'pad_w'].map((name) => parameters.scalars.get(name) ?? [])
  const present = [...both, ...high, ...wide]
  const isList = present.some(({ start, place }) => text.slice(start, place.begin).includes('['))
  if (isList || both.length > 1 || (both.length === 1 && present.length > 1)) return undefined
  if (high.length === 1 && wide.length === 1)
    return (
      [
        [high[0], height],
        [wide[0], width],
      ] as [Scalar, number][]
    )
      .sort(([a], [b]) => b.start - a.start)
      .reduce((whole, [{ place }, cells]) => replaced(whole, place.begin, place.end, String(cells)), text)
  if (present.length > 1) return undefined
  const [one] = present as readonly (Scalar | undefined)[]
  const [other] = ['kernel_size', 'kernel_h', 'kernel_w'].flatMap((name) => parameters.scalars.get(name) ?? [])
  if (!one && height === 0 && width === 0) return text
  const after = one ?? other
  if (!after) return undefined
  const [gap] = /\s*$/.exec(text.slice(0, after.start)) ?? ['']
  const fields = (height === width ? [`pad: ${height}`] : [`pad_h: ${height}`, `pad_w: ${width}`]).join(gap)
  return one
    ? replaced(text, one.start, one.place.end, fields)
    : replaced(text, after.place.end, after.place.end, gap + fields)
}
