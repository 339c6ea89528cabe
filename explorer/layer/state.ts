import { type Op, parseSettings, resolve, SamepadError, type Setting, solve } from 'samepad/geometry'
import { messageOf } from '../state/message.ts'
import { choice, group, index, number, type Part, type ValuesOf } from '../state/part.ts'
import { pastedLayer } from './pasted.ts'

/** The operations, in the order in which they are offered, with the word for each in a setting. */
export const operations: Readonly<Record<Op, { readonly name: string; readonly word: string }>> = {
  conv: { name: 'convolution', word: 'conv' },
  convTranspose: { name: 'transposed convolution', word: 'transposed' },
  maxPool: { name: 'max pooling', word: 'maxpool' },
  averagePool: { name: 'average pooling', word: 'averagepool' },
}

const names = Object.keys(operations) as Op[]

/** What slides along one axis, in the fields' words. */
export type SizeName = 'input' | 'kernel' | 'stride' | 'dilation'
export const sizeNames: readonly SizeName[] = ['input', 'kernel', 'stride', 'dilation']

/** The names in the link along the first axis. */
export const alongName = { input: 'input', kernel: 'kernel', stride: 'stride', dilation: 'dilation' } as const

/** The same along the second axis. */
export const acrossName = { input: 'width', kernel: 'kernel2', stride: 'stride2', dilation: 'dilation2' } as const

/** The most conventions that are drawn under one another. */
export const MOST_RULES = 6

const one: Setting = { convention: 'onnx.same-upper', op: 'conv', kernel: 1, stride: 1, dilation: 1 }

/** A size, checked by the library. */
function size(name: SizeName, initial: number): Part<number> {
  return number(initial, (value) => {
    if (name === 'input') solve(one, value)
    else solve({ ...one, [name]: value }, 1)
  })
}

/**
 * A rule is a setting without its operation, kernel, stride and dilation, which the fields say: `tf same`,
 * `pytorch p1`, `onnx SAME_LOWER`; where it says them itself, they hold.
 *
 * @param axis 0 along the first axis, 1 along the second, of a rule that differs: `pytorch p1x2`
 */
export function settingOf(rule: string, op: Op, { kernel, stride, dilation }: Omit<Sizes, 'input'>, axis = 0): Setting {
  const settings = parseSettings(rule, { op, kernel, stride, dilation })
  return settings[axis] ?? settings[0]
}

/** A rule that means something for one of the operations; the convolution's refusal is the one that is told. */
export function readRule(text: string): string {
  const refusals = names.map((op) => {
    try {
      settingOf(text, op, one)
      return undefined
    } catch (error) {
      return error
    }
  })
  if (refusals.every((error) => error !== undefined)) throw refusals[0]
  if (saysSizes(text)) {
    throw new SamepadError('explorer', 'the fields must say the kernel, stride and dilation of a layer', text)
  }
  return text.trim().replace(/\s+/g, ' ')
}

/** Whether a rule names sizes, which belong into the fields. */
function saysSizes(rule: string): boolean {
  const sizes = { kernel: 6151, stride: 6143, dilation: 6133 } // which nobody writes
  return names.some((op) => {
    try {
      const setting = settingOf(rule, op, sizes)
      return sizeNames.some((name) => name !== 'input' && setting[name] !== sizes[name])
    } catch {
      return false // what is wrong with it for this operation is said where it is drawn
    }
  })
}

const rules: Part<readonly string[]> = {
  initial: ['tf same', 'pytorch p1'],
  read: (text) => {
    const list = text.split(';').map(readRule)
    if (list.length <= MOST_RULES) return list
    throw new SamepadError('explorer', `there must be at most ${MOST_RULES} conventions`, list.length)
  },
  readSome: (text) => {
    const complaints: string[] = []
    const value = text.split(';').flatMap((rule) => {
      try {
        return readRule(rule)
      } catch (error) {
        complaints.push(`the convention '${rule}' was left out: ${messageOf(error)}`)
        return []
      }
    })
    if (value.length > MOST_RULES)
      complaints.push(`${value.length - MOST_RULES} conventions were left out: there is room for ${MOST_RULES}`)
    if (value.length > 0) return { value: value.slice(0, MOST_RULES), complaints }
    return { value: ['tf same', 'pytorch p1'], complaints }
  },
  write: (list) => list.join(';'),
}

/** The sizes of one axis. */
export type Sizes = Readonly<Record<SizeName, number>>

/** The layer that most views show: one operation, its sizes along two axes, and the conventions to compare. */
export const layer = group(
  {
    op: choice('the operation', names),
    input: size('input', 8),
    kernel: size('kernel', 3),
    stride: size('stride', 2),
    dilation: size('dilation', 1),
    width: size('input', 9),
    kernel2: size('kernel', 3),
    stride2: size('stride', 2),
    dilation2: size('dilation', 1),
    rules,
    output: index('the output'),
    output2: index('the output across'),
    values: choice('the numbers in cells', ['no', 'yes'] as const),
  },
  (values) => {
    const [along, across] = [sizesOf(values), acrossOf(values)]
    const each = (name: SizeName): number[] => [along[name], across[name]]
    // Sizes that are not exact any more are refused here, all the others are somebody's layer.
    resolve({
      op: values.op,
      ...{ input: each('input'), kernel: each('kernel'), strides: each('stride'), dilations: each('dilation') },
      padding: 'same',
    })
  },
)

export type LayerState = ValuesOf<typeof layer.parts>

/** The sizes along the first axis. */
export const sizesOf = ({ input, kernel, stride, dilation }: Sizes): Sizes => ({ input, kernel, stride, dilation })

/** The sizes along the second axis. */
export const acrossOf = (state: LayerState): Sizes => ({
  input: state.width,
  kernel: state.kernel2,
  stride: state.stride2,
  dilation: state.dilation2,
})

/** What a text that describes a whole layer says in the page's fields; undefined where it is a rule, or means nothing. */
export function fieldsOf(
  text: string,
  { kernel }: Pick<LayerState, 'kernel'>,
  withRule: (rule: string) => readonly string[],
): Partial<LayerState> | undefined {
  // A call whose kernel is that of its weights has the kernel of the fields.
  const pasted = pastedLayer(text) ?? (text.includes('(') ? pastedLayer(text, { kernel }) : undefined)
  if (!pasted) return undefined
  const { op, rule, settings } = pasted
  const [along, across] = settings
  return {
    op,
    rules: withRule(rule),
    ...{ kernel: along.kernel, stride: along.stride, dilation: along.dilation },
    ...{ kernel2: across.kernel, stride2: across.stride, dilation2: across.dilation },
  }
}
