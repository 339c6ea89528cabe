import { windowAxes } from '../../network/window.ts'
import { numbersOf } from '../../operators/fact.ts'
import { operatorOf } from '../../operators/index.ts'
import type { Cells } from '../../operators/operator.ts'
import { axesOf, axisOf } from '../../operators/places.ts'
import { padding } from '../../operators/resizing.ts'
import {
  areApart,
  type End,
  type Grid,
  type GridLine,
  type GridStep,
  gridsIn,
  isGrid,
  MOST_WAYS,
  stepped,
  together,
} from './grid.ts'
import type { Passage } from './passage.ts'
import { blockStep, padStep, resizeStep, sliceStep, unblockStep, windowStep } from './steps.ts'

/** The lines of a node's outputs, from those of its inputs. */
export type GridRule = (passage: Passage) => readonly (readonly GridLine[] | undefined)[]

/** Ends a line at a node, unless nothing of an input lies along it. */
function ended(passage: Passage, line: GridLine, why: string, isFixed = false): GridLine {
  if (line === undefined || (!isGrid(line) && line.isFixed)) return line
  if (!isFixed) passage.irregular(line, why)
  return { node: passage.call.node, why, grids: gridsIn([line]), isFixed }
}

/** A line after a step; ended where the step is not known. */
function moved(passage: Passage, line: GridLine, step: GridStep | undefined, why = 'is not followed'): GridLine {
  if (!isGrid(line)) return line
  const next = step && stepped(line, step)
  if (!next) return ended(passage, line, why)
  if (step.irregular) passage.irregular(line, step.irregular)
  return next
}

/** Ends everything that flows into a node, along every dimension of its outputs. */
const unfollowed: GridRule = (passage) => endAll(passage, 'is not followed')

function endAll(passage: Passage, why: string): readonly (readonly GridLine[])[] {
  const { call, lines, output, irregular } = passage
  const read = lines.flatMap((one) => one ?? []).filter((line) => line !== undefined)
  const isFixed = read.every((line) => !isGrid(line) && line.isFixed)
  // What ended before is told from there.
  const first = read.some(isGrid) ? undefined : read.find((line) => !isGrid(line) && line.isFixed === isFixed)
  const before: GridLine = first && { ...(first as End), grids: gridsIn(read) }
  const end: GridLine = read.length > 0 ? { node: call.node, why, grids: gridsIn(read), isFixed } : undefined
  if (!isFixed) irregular(end, why)
  return call.node.outputs.map(() => new Array<GridLine>(output?.length ?? 1).fill(before ?? end))
}

const mixing =
  (why: string): GridRule =>
  (passage) =>
    endAll(passage, why)

/**
 * Mixes what a node reads but for its leading dimension, the batch, where that keeps its size: the rest then has as many
 * elements as before.
 */
const mixingRest =
  (why: string): GridRule =>
  (passage) => {
    const { call, lines, output } = passage
    const [batch, ...rest] = lines[0] ?? []
    const size = call.inputs[0]?.shape?.[0]
    if (size === undefined || size !== output?.[0] || batch === undefined) return endAll(passage, why)
    const made = endAll({ ...passage, lines: [rest, ...lines.slice(1)] }, why)
    return made.map((one) => [batch, ...one.slice(1)])
  }

/** Operators whose further inputs are numbers for each channel, along whichever dimension that is. */
const takesParameters = /^(Batch|Instance|Group)Normalization$|QuantizeLinear$/

/** Every output cell is made of the cells at its own place in all inputs. */
const staying: GridRule = (passage) => {
  const { lines, call, output } = passage
  const known = lines.filter((one) => one !== undefined)
  const rank = output?.length ?? Math.max(0, ...known.map((one) => one.length))
  const made = Array.from({ length: rank }, (_, axis) => {
    const at = (list: readonly unknown[]): number => axis - rank + list.length
    const own = known.map((one) => one[at(one)]).filter((line) => line !== undefined)
    const sizes = (takesParameters.test(call.node.opType) ? [] : call.inputs).map((input, index) => {
      const size = input?.shape?.[at(input.shape)]
      return lines[index]?.[at(lines[index] ?? [])] === undefined && typeof size === 'number' ? size : 1
    })
    const joined = own.reduce<GridLine>((a, b) => joinedOf(passage, a, b), undefined)
    if (isGrid(joined)) meetOf(passage, own.filter(isGrid))
    if (own.length > 0 && sizes.some((size) => size > 1)) {
      passage.irregular(joined, 'needs a size that is written in the file')
    }
    return joined
  })
  return call.node.outputs.map(() => made)
}

/** Tells of grids that lie apart, each place once. */
function meetOf({ meet }: Passage, grids: readonly Grid[]): void {
  const places: Grid[] = []
  for (const grid of grids) {
    if (places.length < MOST_WAYS && places.every((other) => areApart(grid, other))) places.push(grid)
  }
  if (places.length > 1) meet(places)
}

/** Two lines that lie on each other. */
function joinedOf(passage: Passage, a: GridLine, b: GridLine): GridLine {
  if (a === undefined || b === undefined) return a ?? b
  if (isGrid(a) && isGrid(b)) {
    const both = together(a, b)
    if (!both) {
      ended(passage, b, 'joins grids of different steps')
      return ended(passage, a, 'joins grids of different steps')
    }
    return both
  }
  if (!isGrid(a) && !isGrid(b)) return a.isFixed ? b : a
  const [grid, end] = isGrid(a) ? [a, b as End] : [b as Grid, a as End]
  if (!end.isFixed) return end
  return { ...grid, whole: grid.whole ?? end.node }
}

/** Concat and Split: along their axis cells of one are beside those of another. */
const sideBySide =
  (absent: number): GridRule =>
  (passage) => {
    const { call, lines } = passage
    const rank = lines.find((one) => one !== undefined)?.length ?? 0
    const axis = axisOf(call.int('axis') ?? absent, rank)
    return staying(passage).map((made) =>
      made?.map((line, at) => (at === axis ? ended(passage, line, 'joins or divides cells along this axis') : line)),
    )
  }

/** The lines of the first input, each on its way. */
const eachLine =
  (of: (passage: Passage, line: GridLine, axis: number, rank: number) => GridLine): GridRule =>
  (passage) => {
    const [first] = passage.lines
    return [first?.map((line, axis) => of(passage, line, axis, first.length))]
  }

const windowed: GridRule = (passage) => {
  const [first] = passage.lines
  const axes = passage.described?.axes ?? []
  const order = windowAxes(passage.call, first?.length ?? 0)
  const made = first?.map((line, dimension): GridLine => {
    const at = order.indexOf(dimension)
    if (at === 0) return line
    if (at === 1) return undefined
    const axis = axes[at - 2]
    return moved(passage, line, axis && windowStep(axis), 'slides a window that is not known')
  })
  return passage.call.node.outputs.map(() => made)
}

const whole = 'takes all cells together'

const reduced: GridRule = (passage) => {
  const { call, lines } = passage
  const [first] = lines
  if (!first) return unfollowed(passage)
  const given = call.list('axes', 1, null)
  const axes =
    given === null || given?.length === 0 ? first.map((_, axis) => axis) : given && axesOf(given, first.length)
  if (!axes) return unfollowed(passage)
  const made = first.map((line, axis) => (axes.includes(axis) ? ended(passage, line, whole, true) : line))
  return [call.int('keepdims') === 0 ? made.filter((_, axis) => !axes.includes(axis)) : made]
}

const sliced: GridRule = (passage) => {
  const { call, lines, isConstant } = passage
  const [first] = lines
  const shape = call.inputs[0]?.shape
  const [starts, ends] = [call.list('starts', 1, undefined), call.list('ends', 2, undefined)]
  const [given, steps] = [call.list('axes', 3, null), call.list('steps', 4, null)]
  const axes = first && (given === null ? starts?.map((_, axis) => axis) : given && axesOf(given, first.length))
  if (!first || !axes || !starts || !ends) return unfollowed(passage)
  const isWritten = [1, 2].every((index) => !call.has(index) || isConstant(index))
  const made = first.map((line, axis): GridLine => {
    const at = axes.indexOf(axis)
    if (at < 0 || line === undefined) return line
    const [start, end, step, size] = [starts[at], ends[at], steps?.[at] ?? 1, shape?.[axis]]
    const begin = start >= 0 ? start : typeof size === 'number' ? Math.max(0, size + start) : undefined
    const isTail = isWritten && start >= 0 && (end < 0 || end >= 2 ** 31 - 1)
    return moved(passage, line, step > 0 ? sliceStep(begin, step, !isTail) : undefined, 'turns cells round')
  })
  return [made]
}

const padded: GridRule = (passage) => {
  const { call } = passage
  const pads = padding(call)
  const isWritten = !call.has(1) || passage.isConstant(1)
  return eachLine((_, line, axis) => {
    const begin = pads?.[axis]?.[0]
    if (begin === 0 && pads?.[axis]?.[1] === 0) return line
    const step = padStep(typeof begin === 'number' ? begin : undefined)
    return moved(passage, line, isWritten ? step : { ...step, irregular: 'pads by numbers that are computed' })
  })(passage)
}

const resized: GridRule = (passage) => {
  const { call, output } = passage
  const at = call.node.opType === 'Upsample' || call.opset < 11 ? 1 : 2
  const scales = call.attribute('scales')?.floats ?? numbersOf(call.inputs[at])
  const given = call.ints('axes')
  return eachLine((_, line, axis, rank) => {
    const axes = given ? axesOf(given, rank) : undefined
    const index = axes ? axes.indexOf(axis) : axis
    const [size, made] = [call.inputs[0]?.shape?.[axis], output?.[axis]]
    if (line === undefined || index < 0 || scales?.[index] === 1) return line
    return moved(passage, line, resizeStep(call, scales?.[index], size, made), 'resizes by a factor that is not known')
  })(passage)
}

const blocked = (step: (block: number) => GridStep | undefined): GridRule => {
  return eachLine((passage, line, axis) => {
    if (axis === 0) return line
    return axis === 1 ? undefined : moved(passage, line, step(passage.call.int('blocksize') ?? 1))
  })
}

const transposed: GridRule = ({ call, lines: [first] }) => {
  const order = call.ints('perm') ?? first?.map((_, axis) => first.length - 1 - axis)
  return [order?.map((axis) => first?.[axis])]
}

const unsqueezed: GridRule = ({ call, lines: [first] }) => {
  const given = call.list('axes', 1, undefined)
  const rank = (first?.length ?? 0) + (given?.length ?? 0)
  const axes = given && axesOf(given, rank)
  const rest = first?.values()
  return [axes && rest && Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? undefined : rest.next().value))] // biome-ignore format: one line
}

const squeezed: GridRule = ({ call, lines: [first] }) => {
  const given = call.list('axes', 1, undefined)
  const axes = first && given && axesOf(given, first.length)
  return [axes && first?.filter((_, axis) => !axes.includes(axis))]
}

/** Rows are mixed with columns: what lies before them stays. */
const multiplied: GridRule = (passage) => {
  const [first, second] = passage.lines
  if (!first || second?.some((line) => line !== undefined)) return mixing('multiplies matrices')(passage)
  return [first.map((line, axis) => (axis === first.length - 1 ? ended(passage, line, 'multiplies matrices') : line))]
}

const global: GridRule = eachLine((passage, line, axis) => (axis < 2 ? line : ended(passage, line, whole, true)))

/** Operators whose cells go a way that is followed. Of others the operator's row says enough. */
const own: Readonly<Record<string, GridRule>> = {
  Concat: sideBySide(1),
  Split: sideBySide(0),
  Transpose: transposed,
  Pad: padded,
  Slice: sliced,
  Resize: resized,
  Upsample: resized,
  DepthToSpace: blocked(unblockStep),
  SpaceToDepth: blocked(blockStep),
  Unsqueeze: unsqueezed,
  Squeeze: squeezed,
  MatMul: multiplied,
  Flatten: mixingRest('lays all cells in a row'),
  Reshape: mixingRest('lays cells in other rows'),
  Gemm: mixingRest('multiplies matrices'),
  GlobalAveragePool: global,
  GlobalMaxPool: global,
  GlobalLpPool: global,
  QLinearGlobalAveragePool: global,
}

const byCells: Readonly<Record<Cells, GridRule>> = {
  stay: staying,
  move: unfollowed,
  mix: mixing('mixes cells'),
  none: () => [],
}

/** The rule of a node. */
export function ruleOf({ call: { node }, described, isFollowed }: Passage): GridRule {
  const row = isFollowed ? operatorOf(node) : undefined
  if (!row) return unfollowed
  if (described) return windowed
  if ('nests' in row) return mixing('holds graphs of its own, which are not followed')
  if (Object.hasOwn(own, row.name)) return own[row.name]
  return row.name.startsWith('Reduce') ? reduced : byCells[row.cells]
}
