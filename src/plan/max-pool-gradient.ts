import { type Axis, interior, taps } from '../geometry/index.ts'
import { type Steps, stepsOf, threeAxes } from '../reference/loops.ts'
import { inputOf, outputOf, type Problem } from '../reference/problem.ts'
import { FLOAT, LANES } from './plan.ts'
import { type Amount, Tables } from './tables.ts'

/** Integers for each output of an axis that is looked up: how many taps are real, and bytes to the first of them. */
export const WINDOW_ENTRY = 2
/** Integers for each run of windows along the width: how many tiles, real taps, and bytes to the first cell and output. */
export const RUN_ENTRY = 4

/**
 * The gradient of a maximum pool's input. Lanes are windows: of neighbouring channels, channels last, or of neighbouring outputs of
 * a row. Each keeps the largest cell that it has seen and where that was, and at the end adds its output's gradient there.
 */
export interface MaxPoolGradientStructure {
  readonly images: Amount
  /** Channels one after the other, channels first; 1 where they are lanes. */
  readonly channels: Amount
  readonly image: Moved
  readonly channel: Moved
  /** The axes that are looked up, outermost first. */
  readonly axes: readonly WindowAxis[]
  readonly lanes: WindowLanes
  /** Elements of the gradient, which are zero at first. */
  readonly elements: Amount
  readonly numbers: readonly string[]
}

/** Bytes between neighbours of the input and of output gradients. */
interface Moved {
  readonly input: Amount
  readonly change: Amount
}

interface WindowAxis {
  readonly outputs: Amount
  readonly entries: Amount
  /** Bytes between outputs, and between taps. */
  readonly change: Amount
  readonly tap: Amount
}

/** What the lanes run along: channels, or outputs of the width, whose windows are so many bytes apart. */
export type WindowLanes =
  | { readonly along: 'channels'; readonly vectors: Amount; readonly rest: Amount }
  | {
      readonly along: 'width'
      /** Bytes between windows, and between taps. */
      readonly step: number
      readonly tap: number
      /** Runs of four windows abreast, and of single ones. */
      readonly runs: Amount
      readonly vectors: Amount
      readonly singles: Amount
      readonly rest: Amount
    }

/** A program's structure and its tables. */
export interface MaxPoolGradientPlan {
  readonly strategy: 'maxPoolGradient'
  readonly structure: MaxPoolGradientStructure
  readonly tables: Int32Array
}

/** A plan for a maximum pool, or undefined where tensors are too long for addresses. */
export function planMaxPoolGradient(problem: Problem): MaxPoolGradientPlan | undefined {
  const { geometry, batch, inChannels, layout } = problem
  const [from, to] = [stepsOf(inputOf(problem), layout), stepsOf(outputOf(problem), layout)]
  if (batch * Math.max(from.batch, to.batch) * FLOAT >= 2 ** 31) return undefined
  const axes = threeAxes(geometry)
  const tables = new Tables()
  const moved = (name: string, step: (steps: Steps) => number): Moved => ({
    input: tables.number(`${name} input`, step(from) * FLOAT),
    change: tables.number(`${name} change`, step(to) * FLOAT),
  })
  const isLast = layout === 'nhwc'
  const lookups = (isLast ? [0, 1, 2] : [0, 1]).map((index): WindowAxis => {
    const [axis, step] = [axes[index], from.axes[index] * FLOAT]
    return {
      outputs: tables.number(`outputs ${index}`, axis.output),
      entries: tables.list(
        `windows ${index}`,
        Array.from({ length: axis.output }, (_, output) => entryOf(axis, output, step)).flat(),
      ),
      change: tables.number(`change ${index}`, to.axes[index] * FLOAT),
      tap: tables.number(`tap ${index}`, axis.dilation * step),
    }
  })
  const lanes: WindowLanes = isLast
    ? {
        ...{ along: 'channels', vectors: tables.number('vectors', Math.floor(inChannels / LANES)) },
        rest: tables.number('rest', inChannels % LANES),
      }
    : widthLanes(axes[2], tables)
  const common = {
    images: tables.number('images', batch),
    channels: isLast ? 1 : tables.number('channels', inChannels),
    ...{ image: moved('image', (steps) => steps.batch), channel: moved('channel', (steps) => steps.channel) },
    elements: tables.number('elements', batch * from.batch),
  }
  const { names, tables: integers } = tables.finish()
  const structure = { ...common, axes: lookups, lanes, numbers: names }
  return { strategy: 'maxPoolGradient', structure, tables: integers }
}

/** The real taps of a window, and bytes to the first of them; 0 where there is none. */
function entryOf(axis: Axis, output: number, step: number): [count: number, bytes: number] {
  const { begin, end } = taps(axis, output)
  const cell = output * axis.stride - axis.padBegin + begin * axis.dilation
  return begin < end ? [end - begin, cell * step] : [0, 0]
}

/** Windows that see all their taps go four abreast, others and what is left of them one by one; empty ones are left out. */
function widthLanes(axis: Axis, tables: Tables): WindowLanes {
  const { begin, end } = interior(axis)
  const tiles = Math.floor((end - begin) / LANES)
  const abreast = { begin, end: begin + tiles * LANES }
  const vectors = tiles > 0 ? [[tiles, ...entryOf(axis, begin, FLOAT), begin * FLOAT]] : []
  const singles: number[][] = []
  for (let output = 0; output < axis.output; output++) {
    if (output === abreast.begin) output = abreast.end
    if (output === axis.output) break
    const entry = entryOf(axis, output, FLOAT)
    if (entry[0] > 0) singles.push([1, ...entry, output * FLOAT])
  }
  return {
    ...{ along: 'width', step: axis.stride * FLOAT, tap: axis.dilation * FLOAT },
    ...{ vectors: tables.number('vectors', vectors.length), runs: tables.list('runs', vectors.flat()) },
    ...{ rest: tables.number('rest', singles.length), singles: tables.list('singles', singles.flat()) },
  }
}
