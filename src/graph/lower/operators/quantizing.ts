import { rangeOf, roundHalfEven } from '../../../operators/carried.ts'
import type { GraphValue } from '../operation.ts'
import type { Site, WrittenLink } from '../site.ts'
import { plain } from './plain.ts'
import type { RunRow } from './row.ts'

// Numbers that were rounded to few levels: a level is a float32 number as well.

/** A scale or zero point along an axis, as it is broadcast. */
function alongAxis(site: Site, index: number): GraphValue | undefined {
  const value = site.optional(index)
  const axis = site.call.int('axis') ?? 1
  const { length } = site.input().shape
  const ones = new Array<number>(Math.max(0, (axis < 0 ? -axis : length - axis) - 1)).fill(1)
  return value?.shape.length === 1 && value.shape[0] > 1 ? site.view(value, [...value.shape, ...ones]) : value
}

const refuses: RunRow['refuses'] = (call) => (call.int('block_size') ? 'has blocks' : undefined)

const rounding: RunRow = {
  name: 'QuantizeLinear',
  refuses: (call) => {
    const type = call.int('output_dtype') || (call.inputs[2]?.elementType ?? 2)
    return rangeOf(type) ? refuses(call) : `makes ONNX's type ${type}`
  },
  lower(site) {
    const type = site.call.int('output_dtype') || (site.call.inputs[2]?.elementType ?? 2)
    const [least, most] = rangeOf(type) ?? [0, 255]
    const [scale, zero] = [alongAxis(site, 1), alongAxis(site, 2)]
    const inputs = [site.input(), ...(scale ? [scale] : []), ...(zero ? [zero] : [])]
    return plain(
      site,
      'quantize',
      (x, step = 1, middle = 0) => {
        const level = roundHalfEven(Math.fround(x / step)) + middle
        return Math.min(Math.max(level, least), most)
      },
      inputs,
    )
  },
}

const reading: RunRow = {
  name: 'DequantizeLinear',
  refuses,
  lower(site) {
    const [scale, zero] = [alongAxis(site, 1), alongAxis(site, 2)]
    const links: WrittenLink[] = [
      ...(zero ? [['subtract', zero] as const] : []),
      ...(scale ? [['multiply', scale] as const] : []),
    ]
    return site.chain(site.input(), links)
  },
}

/** Rows of operators between numbers and levels. */
export const quantizing: readonly RunRow[] = [rounding, reading]
