import { checkChoice } from '../../geometry/options.ts'
import {
  checkShape,
  checkTensor,
  type Dimensions,
  dimensionsOf,
  type Layout,
  layouts,
  type Tensor,
} from '../../tensor/tensor.ts'

/** Options of every operation. */
export interface LayoutOptions {
  /** The order of dimensions of input and output. Default: `'nchw'`. */
  readonly layout?: Layout | undefined
}

/** Options as they are now: what the caller does to their lists later changes nothing. */
export function ownOptions<T extends object>(options: T): T {
  const entries = Object.entries(options).map(([name, value]) => [name, copied(value, DEEPEST)])
  return Object.fromEntries(entries) as T
}

/** No option has longer lists, or lists within lists within lists: those are errors when they are used. */
const LONGEST = 3
const DEEPEST = 2

function copied(value: unknown, depth: number): unknown {
  const isList = Array.isArray(value) && value.length <= LONGEST && depth > 0
  return isList ? value.map((entry) => copied(entry, depth - 1)) : value
}

/** The sizes of an operation's input, checked. */
export interface SizedInput extends Dimensions {
  readonly shape: readonly number[]
  readonly layout: Layout
}

/** An operation's input, checked. */
export interface Input extends Tensor, SizedInput {
  readonly shape: readonly number[]
}

/** Checks the shape of an operation's input against its layout. */
export function checkInputShape(stage: string, value: unknown, options: LayoutOptions): SizedInput {
  const { layout = 'nchw' } = options
  checkChoice(stage, 'layout', layout, layouts)
  const shape = checkShape(stage, 'input', value, 1)
  return { shape, layout, ...dimensionsOf(stage, 'input', shape, layout) }
}

/** Checks an operation's input against its layout. */
export function checkInput(stage: string, value: unknown, options: LayoutOptions): Input {
  const { layout = 'nchw' } = options
  checkChoice(stage, 'layout', layout, layouts)
  const { data, shape } = checkTensor(stage, 'input', value)
  return { data, shape, layout, ...dimensionsOf(stage, 'input', shape, layout) }
}
