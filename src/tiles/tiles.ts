import { gridsOf } from '../audit/grids/grids.ts'
import { SamepadError, Verbatim } from '../geometry/error.ts'
import { checkInteger, checkObject, checkOptions } from '../geometry/options.ts'
import { follow } from '../network/followed.ts'
import { inputsOf, type Model } from '../network/model.ts'
import { checkInputs } from '../network/spatial-nodes.ts'
import { planAxis, type TileAxis } from './axis-plan.ts'
import { memoryOf } from './memory.ts'

const STAGE = 'tiles'

/** Options of `tiles`. */
export interface TileOptions {
  /** Shapes of the model's inputs by name; the picture's among them. */
  readonly inputs: Readonly<Record<string, readonly number[]>>
  /** The input that is cut. By default the only one along whose axes windows slide. */
  readonly input?: string
  /**
   * The most cells of a piece along each axis, halo included: one number for all axes, or one for each. Without it, and without
   * `memory`, there is one piece, with the step and the halo that pieces would have.
   */
  readonly tile?: number | readonly number[]
  /** The most bytes of values for a piece, instead of `tile`; weights are not counted. */
  readonly memory?: number
  /** Cells around each piece of a network of which no piece can be exact. Exact pieces have at least what they need. */
  readonly halo?: number
}

/** An output of the whole picture. */
export interface TiledOutput {
  readonly name: string
  /** Undefined where a size is not known. */
  readonly shape: readonly number[] | undefined
}

/** A picture cut into pieces, which a network takes one by one. Pieces are every combination of those of its axes. */
export interface TilePlan {
  readonly input: string
  readonly axes: readonly TileAxis[]
  /** How many pieces there are in all. */
  readonly pieces: number
  /** Cells that the pieces read, over those of the picture: 1 where nothing is computed twice. */
  readonly share: number
  /** The largest shape of a piece. */
  readonly shape: readonly number[]
  /** The outputs of the whole picture, with their shapes. */
  readonly outputs: readonly TiledOutput[]
  /** The most bytes of values for a piece. */
  readonly memory: number
  /** Whether the pieces give what the whole picture gives. */
  readonly isExact: boolean
}

/**
 * Cuts a picture into pieces so that a network gives for them what it gives for the whole: pieces lie on the grid on which all
 * layers' windows fall as they do in the whole, and have around them all cells of which their outputs are made. Every
 * piece was checked by following its cells through the network.
 *
 * @param model what `readModel` gives, of any format
 * @throws SamepadError where a node takes all cells together, so that no piece is exact, with the node (but not along axes that
 * `tile` leaves whole); where the network cannot run on the picture, with the sizes next to it on which it can; and where
 * `tile` or `memory` is too small
 */
export function tiles(model: Model, options: TileOptions): TilePlan {
  checkOptions(STAGE, options, ['inputs', 'input', 'tile', 'memory', 'halo'])
  checkObject(STAGE, options.inputs)
  const inputs = checkInputs(model, options.inputs)
  const shapes = Object.fromEntries(
    inputsOf(model).map(({ name, shape }) => [name, shapeOf(name, Object.hasOwn(inputs, name) ? inputs[name] : shape)]),
  )
  const spatial = axesOf(model, shapes, options.input)
  const { input } = spatial[0]
  const plan = (tile: readonly number[] = []): TilePlan => {
    const axes = spatial.map(({ axis }, index) =>
      planAxis({
        ...{ model, shapes, input, axis, tile: tile[index], halo: options.halo },
        spatial: spatial.map((one) => one.axis),
      }),
    )
    const longest = (one: TileAxis): number => Math.max(...one.pieces.map(({ read }) => read[1] - read[0]))
    const shape = shapes[input].map((size, axis) => {
      const one = axes.find((candidate) => candidate.axis === axis)
      return one ? longest(one) : size
    })
    return {
      ...{ input, axes, shape, outputs },
      pieces: axes.reduce((product, one) => product * one.pieces.length, 1),
      share: axes.reduce((product, one) => product * shareOf(one), 1),
      memory: memoryOf(model, { ...shapes, [input]: shape }),
      isExact: axes.every(({ isExact }) => isExact),
    }
  }
  const outputs = outputsOf(model, shapes)
  const sizes = spatial.map(({ axis }) => shapes[input][axis])
  if (options.memory !== undefined) return withinMemory(plan, sizes, checkInteger(STAGE, 'memory', options.memory, 1))
  const given = options.tile
  if (given === undefined) return plan()
  const list = Array.isArray(given) ? given : new Array<number>(sizes.length).fill(given as number)
  if (list.length !== sizes.length) throw new SamepadError(STAGE, `tile must be one number, or ${sizes.length}`, given)
  return plan(list.map((cells) => checkInteger(STAGE, 'tile', cells, 1)))
}

function outputsOf(model: Model, shapes: Readonly<Record<string, readonly number[]>>): TiledOutput[] {
  const { scope } = follow(model, shapes)
  return model.graph.outputs.map(({ name }) => {
    const shape = scope.fact(name)?.shape
    return { name, shape: shape?.every((size) => typeof size === 'number') ? shape : undefined }
  })
}

const shareOf = ({ pieces, size }: TileAxis): number =>
  pieces.reduce((sum, { read }) => sum + read[1] - read[0], 0) / size

function shapeOf(name: string, shape: readonly unknown[] | undefined): readonly number[] {
  if (shape?.every((size) => typeof size === 'number')) return shape as readonly number[]
  throw new SamepadError(
    STAGE,
    `the shape of ${name} must be given`,
    shape ? new Verbatim(`[${shape.map(String)}]`) : shape,
  )
}

/** The axes along which windows slide, of one input. Where none slides, those whose sizes the file leaves open, or those behind the channels. */
function axesOf(
  model: Model,
  shapes: Record<string, readonly number[]>,
  wanted: string | undefined,
): { input: string; axis: number }[] {
  const grids = gridsOf(model, shapes)
  const axesWhere = (isCut: (input: string, axis: number) => boolean) =>
    Object.entries(shapes).flatMap(([input, shape]) =>
      shape.flatMap((_, axis) => (isCut(input, axis) ? [{ input, axis }] : [])),
    )
  const declared = new Map(inputsOf(model).map(({ name, shape }) => [name, shape]))
  const found =
    [
      axesWhere((input, axis) => grids.role(input, axis)?.kind === 'spatial'),
      axesWhere((input, axis) => axis > 0 && typeof declared.get(input)?.[axis] !== 'number'),
      axesWhere((_, axis) => axis > 1),
    ].find((list) => list.length > 0) ?? []
  const names = [...new Set(found.map(({ input }) => input))]
  if (wanted !== undefined && !names.includes(wanted)) {
    throw new SamepadError(
      STAGE,
      `input must be one along which windows slide: ${names.join(', ') || 'there is none'}`,
      wanted,
    )
  }
  const name = wanted ?? names[0]
  if (names.length === 0 || (wanted === undefined && names.length > 1)) {
    throw new SamepadError(STAGE, 'windows must slide along the axes of one input, or input must name it', names)
  }
  return found.filter(({ input }) => input === name)
}

/** The plan of the largest pieces, as square as the picture allows, whose values take so much memory. */
function withinMemory(plan: (tile: readonly number[]) => TilePlan, sizes: readonly number[], memory: number): TilePlan {
  const tileOf = (cells: number): number[] => sizes.map((size) => Math.min(size, cells))
  let least = Number.POSITIVE_INFINITY
  const attempt = (cells: number): TilePlan | undefined => {
    try {
      const found = plan(tileOf(cells))
      least = Math.min(least, found.memory)
      return found.memory <= memory ? found : undefined
    } catch (error) {
      if (error instanceof SamepadError && error.message.includes('a piece must be at least')) return undefined
      throw error
    }
  }
  let [low, high] = [0, Math.max(...sizes)]
  let best = attempt(high)
  if (best) return best
  while (high - low > Math.max(1, low / 64)) {
    const middle = Math.floor((low + high) / 2)
    const found = attempt(middle)
    if (found) {
      best = found
      low = middle
    } else high = middle
  }
  if (best) return best
  throw new SamepadError(
    STAGE,
    `memory must be enough for the smallest piece, which takes about ${least} bytes`,
    memory,
  )
}
