import { isCounted } from '../conventions/evaluate.ts'
import type { Setting } from '../conventions/setting.ts'
import { isRejected, outcomePads, type Solved, solve } from '../conventions/solve.ts'
import { type Filling, isAdded, isTaken, isUnknown, type Step, through } from '../conventions/step.ts'
import { fills } from '../geometry/fill.ts'
import { cellOf, effectiveKernel, type Pads } from '../geometry/index.ts'
import { horizonOf, modulusOf } from './horizon.ts'

/** A window along one axis, with what stands before and behind it. */
export interface Surrounded {
  readonly setting: Setting
  /** In the order in which they happen to the input. */
  readonly before: readonly Step[]
  /** In the order in which they happen to the window's outputs. */
  readonly behind: readonly Step[]
  /** The value that adds nothing: 0 of a sum (or the zero point), the least one of a maximum; none of an average. */
  readonly neutral: number | undefined
}

/** What stands at one place in front of a window: a cell of the input, or a constant. */
type Source = number | Filling

/** A size at which there is no output: cells are missing, or the window refuses it. */
const NO_ANSWER = 'no answer'

/**
 * What every output of a surrounded window is made of, as texts: two that are alike compute the same, for all values and
 * weights. Cells are those in front of everything.
 *
 * @returns undefined where something is not known
 */
export function readings(surrounded: Surrounded, input: number): readonly string[] | typeof NO_ANSWER | undefined {
  const { setting, before, behind } = surrounded
  const cells = Array.from({ length: input }, (_, cell): Source => cell)
  const sources = pass(cells, before, (filling): Source => filling)
  if (!Array.isArray(sources)) return sources
  const outcome = sources.length > 0 ? solve(setting, sources.length) : undefined
  if (!outcome || isRejected(outcome)) return NO_ANSWER
  const outputs =
    setting.op === 'convTranspose' ? gathered(surrounded, outcome, sources) : windows(surrounded, outcome, sources)
  const whole = pass(outputs, behind, ({ value }) => `= ${value}`)
  return whole?.length === 0 ? NO_ANSWER : whole
}

/**
 * Whether two surrounded windows compute the same of an input of one size.
 *
 * @returns undefined where that is not known; no answer where one of them has none
 */
export function readAlike(a: Surrounded, b: Surrounded, input: number): boolean | typeof NO_ANSWER | undefined {
  const [one, two] = [readings(a, input), readings(b, input)]
  if (one === undefined || two === undefined) return undefined
  if (one === NO_ANSWER || two === NO_ANSWER) return NO_ANSWER
  return one.length === two.length && one.every((text, output) => text === two[output])
}

function pass<T>(
  cells: readonly T[],
  steps: readonly Step[],
  constant: (filling: Filling) => T,
): T[] | typeof NO_ANSWER | undefined {
  let list: T[] = [...cells]
  for (const step of steps) {
    if (isUnknown(step)) return undefined
    const filling = isAdded(step) ? step.filling : undefined
    if (filling?.mode === 'constant' && filling.value === undefined) return undefined
    const pads = isAdded(step) ? padsAt(step.pads, list.length) : none
    const next = pads && through<T | undefined>(list, step, pads, filling && constant(filling))
    if (!next) return NO_ANSWER
    list = next as T[]
  }
  return list
}

const none: Pads = [0, 0]

function padsAt(pads: Pads | Setting, size: number): Pads | undefined {
  if (!('convention' in pads)) return pads
  const outcome = size > 0 ? solve(pads, size) : undefined
  return outcomePads(outcome)
}

/** The texts of the outputs of windows that slide over sources. */
function windows({ setting, neutral }: Surrounded, solved: Solved, sources: readonly Source[]): string[] {
  const { kernel, output } = solved.axis
  const { cell } = fills[setting.fill ?? 'constant']
  return Array.from({ length: output }, (_, index) => {
    const positions = Array.from({ length: kernel }, (_, tap) => cellOf(solved.axis, index, tap))
    if (setting.op === 'conv') {
      return positions.flatMap((at, tap) => term(tap, sources[cell(at, sources.length)], neutral)).join(' ')
    }
    return pooled(setting, solved, sources, positions, neutral)
  })
}

/** One product of a sum; none of padding, which is nothing. */
function term(tap: number, source: Source | undefined, neutral: number | undefined): string[] {
  if (source === undefined) return []
  if (typeof source === 'number') return [`${tap}:${source}`]
  return source.value === neutral ? [] : [`${tap}=${source.value}`]
}

function pooled(
  { op }: Setting,
  solved: Solved,
  sources: readonly Source[],
  positions: readonly number[],
  neutral: number | undefined,
): string {
  const isAverage = op === 'averagePool'
  const seen = positions.filter((position) => isCounted(solved, position))
  const read = isAverage ? seen : positions
  const cells = read.flatMap((position) => (typeof sources[position] === 'number' ? [sources[position]] : []))
  const held = read.flatMap((position) => {
    const source = sources[position]
    if (source === undefined) return seen.includes(position) ? [0] : []
    return typeof source === 'number' ? [] : [source.value ?? Number.NaN]
  })
  cells.sort((a, b) => a - b)
  if (!isAverage) {
    // Where there is nothing else, even the least value is one.
    const constants = cells.length === 0 ? held : held.filter((value) => !isNothing(value, neutral))
    return `${[...new Set(cells)]} | ${constants.length > 0 ? Math.max(...constants) : ''}`
  }
  return `${cells} + ${held.reduce((sum, value) => sum + value, 0)} / ${seen.length}`
}

/** The least float32 counts as minus infinity, for which exporters write it. */
const isNothing = (value: number, neutral: number | undefined): boolean =>
  neutral === Number.NEGATIVE_INFINITY ? value <= LEAST : value === neutral

/** The least float32: what exporters write for minus infinity. */
const LEAST = -3.4028234e38

/** The texts of a transposed convolution's outputs: through which taps which samples reach them. */
function gathered({ neutral }: Surrounded, { axis }: Solved, sources: readonly Source[]): string[] {
  const outputs: string[][] = Array.from({ length: axis.output }, () => [])
  sources.forEach((source, sample) => {
    for (let tap = 0; tap < axis.kernel; tap++) {
      const at = sample * axis.stride - axis.padBegin + tap * axis.dilation
      if (at >= 0 && at < axis.output) outputs[at].push(...term(tap, source, neutral))
    }
  })
  return outputs.map((terms) => terms.join(' '))
}

/** Whether there are no steps of which something is not known. */
export const isKnown = ({ before, behind }: Surrounded): boolean => ![...before, ...behind].some(isUnknown)

/** Beyond this size a surrounded window behaves regularly, as `horizonOf` has it of the window alone. */
export function surroundedHorizon({ setting, before, behind }: Surrounded): number {
  const thinned = stepsOf(before)
  const ahead = before.reduce((sum, step) => sum + widthOf(step), 0)
  const after = behind.reduce((sum, step) => sum + widthOf(step), 0)
  const own = horizonOf(setting)
  return thinned * (own + 4 * (ahead + effectiveKernel(setting) + setting.stride * (after + stepsOf(behind))))
}

/** The modulus on which it depends. */
export function surroundedModulus({ setting, before, behind }: Surrounded): number {
  const rules = [...before, ...behind].flatMap((step) =>
    isAdded(step) && 'convention' in step.pads ? [step.pads] : [],
  )
  return modulusOf(setting, ...rules) * stepsOf(before) * stepsOf(behind)
}

const stepsOf = (steps: readonly Step[]): number =>
  steps.reduce((product, step) => (isTaken(step) ? product * step.step : product), 1)

/** Cells that a step names, whichever side they are on. */
function widthOf(step: Step): number {
  if (isUnknown(step)) return 0
  if (isTaken(step)) return Math.abs(step.start) + Math.abs(step.stop ?? 0)
  if ('convention' in step.pads) return horizonOf(step.pads)
  return Math.abs(step.pads[0]) + Math.abs(step.pads[1])
}
