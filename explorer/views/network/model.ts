import { type LayerPhase, phase } from 'samepad/geometry'
import { messageOf } from '../../state/message.ts'
import { type ChainRuleName, layersOf, type Run, runText, settingUnder } from './chain.ts'

// The drift of two grids through a network, as plain data. Positions are cells of the network's input.

/** Where the two rules have put the grid after some layers. */
export interface Stage {
  /** The layers since the stage before. */
  readonly text: string
  readonly a: LayerPhase
  readonly b: LayerPhase
  /** How much further on the second rule's output 0 lies. */
  readonly apart: number
}

/** The stages of a network, or why there are none. */
export function stagesOf(runs: readonly Run[], size: number, a: ChainRuleName, b: ChainRuleName): Stage[] | string {
  try {
    const layers = layersOf(runs)
    const [one, two] = [a, b].map((rule) => phasesOf(layers, rule, size))
    let last = -1
    return unfolded(runs).map((run): Stage => {
      last += run.times
      return { text: runText(run), a: one[last], b: two[last], apart: two[last].centre - one[last].centre }
    })
  } catch (error) {
    return messageOf(error)
  }
}

/** Layers with a stride one by one, since each of them moves the grid; those without stay together. */
const unfolded = (runs: readonly Run[]): readonly Run[] =>
  runs.flatMap((run) =>
    run.layer.stride > 1 ? Array.from({ length: run.times }, () => ({ ...run, times: 1 })) : [run],
  )

const phasesOf = (layers: ReturnType<typeof layersOf>, rule: ChainRuleName, size: number): LayerPhase[] =>
  phase(
    layers.map((layer) => settingUnder(rule, layer)),
    size,
  )

/** How far apart two rules end, for one input size. */
export interface Drift {
  readonly size: number
  /** Undefined where a rule has no answer. */
  readonly apart: number | undefined
}

/** The drift at the sizes around one. */
export function driftsAround(
  runs: readonly Run[],
  size: number,
  a: ChainRuleName,
  b: ChainRuleName,
  reach: number,
): Drift[] {
  const layers = layersOf(runs)
  const settings = [a, b].map((rule) => layers.map((layer) => settingUnder(rule, layer)))
  const begin = Math.max(1, size - reach)
  return Array.from({ length: 2 * reach + 1 }, (_, index): Drift => {
    const at = begin + index
    try {
      const [one, two] = settings.map((list) => phase(list, at).at(-1)?.centre ?? 0)
      return { size: at, apart: two - one }
    } catch {
      return { size: at, apart: undefined }
    }
  })
}

/** A line of the drawing. */
export interface Line {
  readonly stage: Stage
  readonly y: number
  /** Ticks at the outputs' centres: the first rule's above the line, the second one's below. */
  readonly above: string
  readonly below: string
  /** The centres of output 0. */
  readonly from: number
  readonly to: number
}

export interface Drawing {
  readonly lines: readonly Line[]
  readonly ruler: readonly { readonly x: number; readonly cell: number }[]
  /** Where the line of the cells begins and ends. */
  readonly left: number
  readonly right: number
  readonly width: number
  readonly height: number
  readonly narrow: boolean
}

const NARROW = 620
const TOP = 40
const TICK = 9
const CLOSE = 3 // units between ticks, below which they would run together

/** The drawing of stages on so many units of width: each layer's grid over the first cells of the input. */
export function driftDrawing(stages: readonly Stage[], size: number, width: number): Drawing {
  const narrow = width < NARROW
  const [left, right] = narrow ? [8, width - 12] : [190, width - 110]
  const row = narrow ? 62 : 40
  const widest = Math.max(...stages.flatMap(({ a, b }) => [a.jump, b.jump]))
  const begin = Math.min(0, ...stages.flatMap(({ a, b }) => [a.centre, b.centre])) - 0.5
  const furthest = Math.max(...stages.flatMap(({ a, b }) => [a.centre, b.centre]))
  const end = Math.min(Math.max(furthest + 1, size - 0.5), Math.max(begin + 2.6 * widest, furthest + 1.2 * widest, 16))
  const x = (cell: number): number => left + ((cell - begin) / (end - begin)) * (right - left)
  const lines = stages.map((stage, index): Line => {
    const y = TOP + index * row + (narrow ? 40 : 24)
    return {
      ...{ stage, y },
      above: ticks(stage.a, end, x, y, -TICK),
      below: ticks(stage.b, end, x, y, TICK),
      from: x(stage.a.centre),
      to: x(stage.b.centre),
    }
  })
  return {
    ...{ lines, left, right, width, narrow },
    ruler: rulerOf(begin, end).map((cell) => ({ x: x(cell), cell })),
    height: TOP + stages.length * row + 12,
  }
}

/** A tick at every centre; a bar where they would run together. */
function ticks(
  { axis, jump, centre }: LayerPhase,
  end: number,
  x: (cell: number) => number,
  y: number,
  length: number,
): string {
  const last = Math.min(axis.output - 1, Math.floor((end - centre) / jump))
  if (last < 0) return ''
  const short = (value: number): number => Math.round(value * 100) / 100
  if (x(centre + jump) - x(centre) < CLOSE) {
    return `M${short(x(centre))} ${y}v${length}H${short(x(centre + last * jump))}v${-length}Z`
  }
  return Array.from({ length: last + 1 }, (_, output) => `M${short(x(centre + output * jump))} ${y}v${length}`).join('')
}

/** Round numbers of cells, some eight of them. */
function rulerOf(begin: number, end: number): number[] {
  const rough = (end - begin) / 8
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = Math.max(1, [1, 2, 5, 10].map((factor) => factor * power).find((round) => round >= rough) ?? rough)
  const cells: number[] = []
  for (let cell = Math.ceil(begin / step) * step; cell <= end; cell += step) cells.push(cell)
  return cells
}
