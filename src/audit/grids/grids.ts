import { lcm } from '../../geometry/integers.ts'
import { type Followed, type FollowedNode, follow } from '../../network/followed.ts'
import { type Dimension, inputsOf, type Model, type Node } from '../../network/model.ts'
import type { Scope } from '../../network/scope.ts'
import { type Described, windowAxes } from '../../network/window.ts'
import type { AxisPlace, AxisSource, AxisSources } from '../../operators/axes.ts'
import { operatorOf } from '../../operators/index.ts'
import { type End, type Grid, type GridLine, gridsIn, inputGrid, isGrid, sourceOf } from './grid.ts'
import { lineOf, type Passage } from './passage.ts'

/** What a window reads along a dimension of an input: batches, channels, or a spatial axis, of so many. */
export type Role =
  | { readonly kind: 'batch' }
  | { readonly kind: 'channels'; readonly needed: number | undefined }
  | { readonly kind: 'spatial'; readonly index: number; readonly of: number }

/** A node where ways meet that put cell 0 at different places. */
export interface Meeting {
  readonly node: Node
  /** Each place once, at least two. */
  readonly grids: readonly Grid[]
}

/** The most lines of axes that a value no longer has. */
const MOST_PAST = 16

const placeKey = ({ input, axis }: AxisPlace): string => `${input} ${axis}`

/** The grids of all values of a model's graph. */
export interface Grids {
  /** The lines of a value, one for each dimension; undefined where not even their number is known. */
  readonly of: (value: string) => readonly GridLine[] | undefined
  /** What ended on the way to a value and lies along none of its dimensions, such as axes that a Squeeze left out. */
  readonly past: (value: string) => readonly End[]
  /** In the order of the graph. */
  readonly meetings: readonly Meeting[]
  readonly role: (input: string, axis: number) => Role | undefined
  /** Every size of the network repeats with this number of cells of an input's dimension, as far as it was followed. */
  readonly period: (input: string, axis: number) => number
  /** The least size that a value has along a dimension of an input; undefined where it has nowhere a known one. */
  readonly least: (input: string, axis: number) => number | undefined
  /** The first node behind which sizes may not follow from those of the input in the usual way, and why. */
  readonly irregular: (input: string, axis: number) => End | undefined
}

/**
 * Follows the grid of each input through a model's graph: along every way, through windows, Pads, Slices, resizes and
 * transposes. What a subgraph or a function does is not followed.
 *
 * @param inputs shapes of the model's inputs by name, which win over those of the file
 */
export function gridsOf(model: Model, inputs: Readonly<Record<string, readonly number[]>>): Grids {
  return new Follower(model, follow(model, inputs))
}

class Follower implements Grids {
  readonly meetings: Meeting[] = []
  readonly #scope: Scope
  readonly #lines = new Map<string, readonly GridLine[]>()
  readonly #past = new Map<string, readonly End[]>()
  readonly #roles = new Map<string, Role>()
  readonly #periods = new Map<string, number>()
  readonly #least = new Map<string, number>()
  readonly #irregular = new Map<string, End>()

  constructor(model: Model, { scope, nodes }: Followed) {
    this.#scope = scope
    for (const { name } of inputsOf(model)) {
      const lines = scope.fact(name)?.shape?.map((_, axis) => inputGrid(name, axis))
      if (lines) this.#lines.set(name, lines)
    }
    for (const node of nodes) this.#follow(node)
  }

  of(value: string): readonly GridLine[] | undefined {
    return this.#lines.get(value)
  }

  past(value: string): readonly End[] {
    return this.#past.get(value) ?? []
  }

  role(input: string, axis: number): Role | undefined {
    return this.#roles.get(sourceOf({ input, axis }))
  }

  period(input: string, axis: number): number {
    return this.#periods.get(sourceOf({ input, axis })) ?? 1
  }

  least(input: string, axis: number): number | undefined {
    return this.#least.get(sourceOf({ input, axis }))
  }

  irregular(input: string, axis: number): End | undefined {
    return this.#irregular.get(sourceOf({ input, axis }))
  }

  #follow({ node, call, described, read, sources }: FollowedNode): void {
    const lines = read.map((input) => this.#lines.get(input))
    const passage: Passage = {
      ...{ call, lines },
      meet: (grids) => void this.meetings.push({ node, grids }),
      irregular: (line, why) => this.#mark(line, node, why),
    }
    // Outputs may share sources, and so may their axes.
    const made = new Map<AxisSource, GridLine>()
    const lineFrom = (source: AxisSource | undefined): GridLine => {
      if (source && !made.has(source)) made.set(source, lineOf(passage, source))
      return source && made.get(source)
    }
    if (described) this.#assign(described, lines[0], windowAxes(call, lines[0]?.length ?? 0))
    node.outputs.forEach((value, index) => {
      const own = sources[index]?.map(lineFrom)
      if (value === '') return
      this.#past.set(value, sources.length === 0 ? [] : this.#pastOf(node, read, sources[index]))
      if (!own) return
      this.#lines.set(value, own)
      own.forEach((line, axis) => {
        this.#count(line, this.#scope.fact(value)?.shape?.[axis])
      })
    })
  }

  /** What is past behind a node: what was so before, and the lines of what it reads that no axis is made of. */
  #pastOf(node: Node, read: readonly string[], sources: AxisSources): readonly End[] {
    const taken = new Set((sources ?? []).flatMap((source) => source?.from ?? []).map(placeKey))
    const missing = operatorOf(node)?.cells === 'mix' ? 'takes all cells together' : 'leaves this axis out'
    const why = sources ? missing : 'is not followed'
    const gone = read.flatMap((value, input): End[] => [
      ...this.past(value),
      ...(this.#lines.get(value) ?? []).flatMap((line, axis): End[] => {
        if (line === undefined || taken.has(placeKey({ input, axis }))) return []
        return [isGrid(line) ? { node, why, grids: [line], isFixed: true } : line]
      }),
    ])
    const first = new Map(gone.map((end) => [end.grids.map(sourceOf).join(), end] as const).reverse())
    return [...first.values()].slice(0, MOST_PAST)
  }

  /** What the dimensions are that a window reads; `order` says where batch, channels and cells lie. */
  #assign(
    { axes, weightsShape, groups, op }: Described,
    lines: readonly GridLine[] | undefined,
    order: readonly number[],
  ): void {
    lines?.forEach((line, dimension) => {
      if (!isGrid(line)) return
      const key = sourceOf(line)
      if (this.#roles.has(key)) return
      const weights = weightsShape?.[op === 'convTranspose' ? 0 : 1]
      const needed = typeof weights === 'number' ? weights * (op === 'convTranspose' ? 1 : groups) : undefined
      const isWhole = line.jump.over === line.jump.under
      const at = order.indexOf(dimension)
      if (at === 0) this.#roles.set(key, { kind: 'batch' })
      else if (at === 1) this.#roles.set(key, { kind: 'channels', needed: isWhole ? needed : undefined })
      else this.#roles.set(key, { kind: 'spatial', index: at - 2, of: axes.length })
    })
  }

  #count(line: GridLine, size: Dimension): void {
    if (!isGrid(line)) return
    const key = sourceOf(line)
    if (typeof size === 'number') this.#least.set(key, Math.min(this.#least.get(key) ?? size, size))
    this.#periods.set(key, lcm(this.#periods.get(key) ?? 1, line.jump.over))
  }

  #mark(line: GridLine, node: Node, why: string): void {
    for (const grid of gridsIn([line])) {
      const key = sourceOf(grid)
      if (!this.#irregular.has(key)) this.#irregular.set(key, { node, why, grids: [grid], isFixed: false })
    }
  }
}
