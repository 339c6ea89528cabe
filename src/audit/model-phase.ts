import type { SourceLike } from '../bytes/source.ts'
import { inputsOf, labelOf, type Model, type Node, type ValueInfo } from '../network/model.ts'
import type { SpatialOptions } from '../network/spatial-node.ts'
import { checkInputs } from '../network/spatial-nodes.ts'
import { quotient } from '../operators/axis-step.ts'
import { modelOf } from './audit.ts'
import { type End, type Grid, type GridLine, isGrid, sourceOf } from './grids/grid.ts'
import { type Grids, gridsOf } from './grids/grids.ts'
import { axisName } from './input-axes.ts'

/** A node that is named in an answer. */
export interface NamedNode {
  readonly name: string
  readonly opType: string
}

/** Where the cells of a value lie along one axis of an input, in cells of that input. */
export interface AxisPhase {
  readonly input: string
  /** The dimension of the input. */
  readonly axis: number
  /** `height`, `width`, `length`, `depth`; or how the file calls the size, or `x[1]`. */
  readonly name: string
  /** Input cells from one output to the next. */
  readonly jump: number
  /**
   * The input cells at which output 0 is centred, one for each way on which that differs. Undefined where it depends on a
   * size that is not known.
   */
  readonly centres: readonly number[] | undefined
  /** Input cells that an output depends on at most, from which one on for output 0 (below 0 in the padding). */
  readonly field: { readonly size: number; readonly first: number | undefined }
  /** A node that takes all cells together on one of the ways, so that every output also depends on all of the input. */
  readonly whole: NamedNode | undefined
  /** What ended the way to the output; the numbers are then those of the value that it reads. */
  readonly ended: (NamedNode & { readonly why: string }) | undefined
}

/** One output of a model. */
export interface OutputPhase {
  readonly output: string
  readonly axes: readonly AxisPhase[]
}

/** A node where ways meet whose cells 0 lie at different places. */
export interface PhaseMeeting extends NamedNode {
  readonly axis: string
  readonly jump: number
  /** At which cells of the input the ways put cell 0, those that do so at the same ones once. */
  readonly centres: readonly (readonly number[])[]
}

/** The answer of `outputPhases`. */
export interface ModelPhase {
  readonly outputs: readonly OutputPhase[]
  /** In the order of the graph. */
  readonly meetings: readonly PhaseMeeting[]
}

/**
 * The phase of each output of a model: how many cells of the input lie from one of its cells to the next (its jump), at
 * which cell of the input its cell 0 is centred, and how many cells of the input each cell depends on (its receptive
 * field). Along every axis on which windows slide, through branches, resizes and transposed convolutions, up to a node
 * that leaves cells no place, such as a Flatten.
 *
 * A resized or transposed value is centred where its cells lie on average: those of nearest resize by 2 at -1/4, 1/4, ...
 *
 * @param source a model that was read, or what `readModel` takes
 * @param options shapes of inputs that the file leaves open; where SAME depends on them, places are not known without
 * @throws SamepadError when it is no model of a known format, or `inputs` do not fit
 */
export async function outputPhases(source: Model | SourceLike, options: SpatialOptions = {}): Promise<ModelPhase> {
  const model = await modelOf(source)
  const grids = gridsOf(model, checkInputs(model, options.inputs ?? {}))
  const axes = new Axes(model, grids)
  return {
    outputs: model.graph.outputs.map(({ name }) => ({
      output: name,
      axes: axes.of([...(grids.of(name) ?? []), ...grids.past(name)]),
    })),
    meetings: grids.meetings.map(({ node, grids }): PhaseMeeting => {
      const centres = grids.map((grid) => grid.centres ?? [])
      return { ...named(node), axis: axes.name(grids[0]), jump: quotient(grids[0].jump), centres }
    }),
  }
}

const named = (node: Node): NamedNode => ({ name: labelOf(node), opType: node.opType })

/** The axes of inputs that are told of. */
class Axes {
  readonly #grids: Grids
  readonly #inputs: ReadonlyMap<string, ValueInfo>
  readonly #isSpatial: boolean

  constructor(model: Model, grids: Grids) {
    this.#grids = grids
    const inputs = inputsOf(model)
    this.#inputs = new Map(inputs.map((one) => [one.name, one]))
    const isSpatial = (name: string, axis: number): boolean => grids.role(name, axis)?.kind === 'spatial'
    this.#isSpatial = inputs.some(({ name, shape }) => shape?.some((_, axis) => isSpatial(name, axis)))
  }

  name({ input, axis }: Grid): string {
    const symbol = this.#inputs.get(input)?.shape?.[axis]
    const name = axisName(this.#grids.role(input, axis), typeof symbol === 'string' ? symbol : undefined, {
      input,
      axis,
    })
    return this.#inputs.size > 1 && !name.startsWith(`${input}[`) ? `${input} ${name}` : name
  }

  /** What is told of a value's lines: each axis once, as it goes on if it does on one of them. */
  of(lines: readonly GridLine[]): AxisPhase[] {
    const found = new Map<string, AxisPhase>()
    const ended = lines.filter((line): line is End => line !== undefined && !isGrid(line))
    const add = (grid: Grid, end: End | undefined): void => {
      if (!this.#tells(grid) || found.has(sourceOf(grid))) return
      found.set(sourceOf(grid), this.#phase(grid, end))
    }
    for (const grid of lines.filter(isGrid)) add(grid, undefined)
    for (const end of ended) for (const grid of end.grids) add(grid, end)
    return [...found.values()].sort((a, b) => a.axis - b.axis)
  }

  /** Batches and channels have no phase. Where no window slides, the axes that the file leaves open are told of. */
  #tells({ input, axis }: Grid): boolean {
    const role = this.#grids.role(input, axis)
    if (this.#isSpatial) return role?.kind === 'spatial'
    return role === undefined && typeof this.#inputs.get(input)?.shape?.[axis] !== 'number'
  }

  #phase(grid: Grid, end: End | undefined): AxisPhase {
    const { input, axis, centres, first, reach, whole } = grid
    return {
      ...{ input, axis, name: this.name(grid), jump: quotient(grid.jump), centres },
      // A reach that is a whole number but for rounding counts as one.
      field: {
        size: Math.floor(reach + 1e-9) + 1,
        first: first === undefined ? undefined : 0 + Math.ceil(first - 1e-9),
      },
      whole: whole && named(whole),
      ended: end && { ...named(end.node), why: end.why },
    }
  }
}
