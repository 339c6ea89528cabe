import { horizonOf, modulusOf } from '../analysis/horizon.ts'
import { isTransposed } from '../conventions/convention.ts'
import { chosen } from '../conventions/rows/chosen.ts'
import { conventions } from '../conventions/rows/index.ts'
import type { Setting } from '../conventions/setting.ts'
import { isRejected, solve } from '../conventions/solve.ts'
import { type Filling, placeAmong, type Step } from '../conventions/step.ts'
import type { Pads } from '../geometry/index.ts'
import { axesOf } from '../operators/places.ts'
import { padding } from '../operators/resizing.ts'
import { filled, modeOf, type Reader } from './filling.ts'
import type { Dimension, Shape } from './model.ts'
import type { AxesOfWindow } from './place.ts'
import type { Made } from './scope.ts'
import { formulaText, padsBySize } from './sized.ts'
import type { Surround } from './spatial-node.ts'

// What a Pad or a Slice does to the axes of a window.

/**
 * What a Pad or a Slice does to each axis of a window; undefined for any other node, and for a mode that is none.
 *
 * @param reader the window, if it stands before one
 */
export function surroundOf(made: Made, axes: AxesOfWindow, reader?: Reader): Surround | undefined {
  const { call, scope } = made
  const { opType } = call.node
  const isPad = opType === 'Pad' && modeOf(call)
  const along = isPad ? padSteps(made, filled(call, reader)) : opType === 'Slice' ? sliceSteps(made) : joinedSteps(made)
  if (!along) return undefined
  const shape: Shape = call.inputs[0]?.shape ?? []
  return {
    ...{ node: made.call.node, body: scope.parts.body },
    steps: axes.map((axis, at) => (axis === undefined ? undefined : along(axis, reader?.windows[at - 2]))),
    sizes: axes.map((axis): Dimension => (axis === undefined ? 1 : shape[axis])),
  }
}

/** What happens along an axis of a value, behind which a window reads it. */
type StepsAlong = (axis: number, window?: Setting) => Step | undefined

function padSteps(made: Made, filling: Filling): StepsAlong {
  const cells = padding(made.call)
  return (axis, window) => {
    const [begin, end] = cells?.[axis] ?? []
    if (begin === 0 && end === 0) return undefined
    if (typeof begin === 'number' && typeof end === 'number') return { pads: [begin, end], filling }
    return bySize(made, axis, filling, window)
  }
}

/** Padding that the model works out from the size: as a rule has it for the window, or a formula that is none. */
function bySize(made: Made, axis: number, filling: Filling, window: Setting | undefined): Step {
  const rules = window ? rulesLike(window) : []
  const most = Math.max(FEWEST_TRIED, ...rules.map((rule) => horizonOf(rule) + 2 * modulusOf(rule)))
  const table = most <= MOST_TRIED ? padsBySize(made, axis, most) : undefined
  const rule = table && rules.find((one) => table.every((pads, index) => isPadding(one, index + 1, pads)))
  if (rule) return { pads: rule, tried: most, filling }
  const text = table ? table.join(' ') : formulaText(made, 1)
  const held = filling.mode === 'constant' ? (filling.value ?? filling.formula) : filling.mode
  return { formula: text === undefined || held === undefined ? undefined : `Pad with ${held} by ${text} at ${axis}` }
}

/** How many sizes are tried at least and at most. */
const [FEWEST_TRIED, MOST_TRIED] = [64, 1024]

/** The rules that work padding out from a size, for the same window. What pools make of padding is another matter. */
function rulesLike({ kernel, stride, dilation }: Setting): Setting[] {
  return sizeRules.map(({ id }) => ({ convention: id, op: 'conv', kernel, stride, dilation }))
}

const sizeRules = conventions
  .filter(
    ({ rule, ops }) => !isTransposed(rule) && rule.total !== 'given' && rule.total !== 'none' && ops.includes('conv'),
  )
  .sort((a, b) => Number(b.id === chosen.upper) - Number(a.id === chosen.upper) || b.weight - a.weight)

function isPadding(rule: Setting, size: number, pads: Pads): boolean {
  const outcome = solve(rule, size)
  return !isRejected(outcome) && outcome.axis.padBegin === pads[0] && outcome.axis.padEnd === pads[1]
}

/** Zeros that are joined to the end of an axis, as exporters write a Pad of channels. */
function joinedSteps({ call, scope }: Made): StepsAlong | undefined {
  const [, name = '', ...others] = call.node.inputs
  const shape = call.inputs[1]?.shape
  const constant = call.node.opType === 'Concat' && others.length === 0 ? scope.producer(name)?.call : undefined
  const at = call.int('axis') ?? 1
  const axis = shape && at < 0 ? at + shape.length : at
  const cells = shape?.[axis]
  if (constant?.node.opType !== 'ConstantOfShape' || typeof cells !== 'number') return undefined
  const value = constant.attribute('value')?.tensor?.values()?.[0] ?? 0
  const filling: Filling = { mode: 'constant', value, isZeroPoint: undefined }
  return (one) => (one === axis ? { pads: [0, cells], filling } : undefined)
}

function sliceSteps(made: Made): StepsAlong {
  const { call } = made
  const list = (name: string, index: number): readonly number[] | null | undefined => call.list(name, index, null)
  const [starts, ends, given, steps] = [list('starts', 1), list('ends', 2), list('axes', 3), list('steps', 4)]
  const rank = call.inputs[0]?.shape?.length
  const axes = given ? rank !== undefined && axesOf(given, rank) : given === null && starts?.map((_, axis) => axis)
  const formula = (axis: number): Step => {
    const texts = [1, 2, 3, 4].map((index) => formulaText(made, index))
    return { formula: texts.includes(undefined) ? undefined : `Slice ${texts} ${axis}` }
  }
  return (axis) => {
    if (!axes) return formula(axis)
    const at = axes.indexOf(axis)
    if (at < 0) return undefined
    const [start, end, step] = [starts?.[at], ends?.[at], steps === null ? 1 : steps?.[at]]
    if (start === undefined || end === undefined || !step || step < 0) return formula(axis)
    return taken(start, end, step, call.inputs[0]?.shape?.[axis])
  }
}

/** A slice of an axis; on a size that is known its end is counted from there, as exporters do not. */
function taken(start: number, end: number, step: number, size: Dimension): Step | undefined {
  const isWhole = end >= 2 ** 31 - 1
  if (typeof size !== 'number') {
    if (start === 0 && isWhole && step === 1) return undefined
    return { start, stop: isWhole ? undefined : end, step }
  }
  const [from, to] = [placeAmong(start, size), placeAmong(end, size)]
  if (from === 0 && to === size && step === 1) return undefined
  return { start: from, stop: to === size ? undefined : to - size, step }
}
