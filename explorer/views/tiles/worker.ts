import { SamepadError } from 'samepad/geometry'
import { inputsOf, type Model, readModel } from 'samepad/models'
import { type TileAxis, type TilePlan, tiles } from 'samepad/tiles'
import { lastRead } from '../../components/last-read.ts'
import { messageOf } from '../../state/message.ts'
import type { Planned, Reply, Request } from './messages.ts'

// Beside the page: reads a model, and plans the pieces of a picture.

type Shapes = Readonly<Record<string, readonly number[]>>

interface Loaded {
  readonly model: Model
  readonly shapes: Shapes
  /** The plan of a picture as large as the file says: it knows which axes are cut. */
  readonly axes: readonly TileAxis[]
}

const OPEN = 256 // cells, where a file leaves a size open
const MOST = 256 // pieces along an axis

let newest = 0
const models = lastRead(load)

self.onmessage = async ({ data: request }: MessageEvent<Request>) => {
  newest = request.id
  await new Promise((seen) => setTimeout(seen)) // a newer order may wait already
  if (newest !== request.id) return
  const answer = await planned(request).then(
    (planned) => ({ planned }),
    (error) => ({ refusal: reasonOf(error) }),
  )
  if (newest === request.id) self.postMessage({ ...answer, id: request.id } satisfies Reply)
}

async function load(file: Blob): Promise<Loaded> {
  const model = await readModel(file)
  const shapes = Object.fromEntries(
    inputsOf(model).map(({ name, shape }) => {
      return [name, shape?.map((size, axis) => (typeof size === 'number' ? size : axis === 0 ? 1 : OPEN)) ?? []]
    }),
  )
  const { plan } = wholeOf(model, shapes)
  return { model, shapes, axes: plan.axes }
}

/** The whole picture as one piece; where no piece can be exact, with a halo, and why. */
function wholeOf(model: Model, inputs: Shapes): { readonly plan: TilePlan; readonly mixed?: string } {
  try {
    return { plan: tiles(model, { inputs }) }
  } catch (error) {
    const why = reasonOf(error)
    if (!why.startsWith('no piece can be exact')) throw error
    try {
      return { plan: tiles(model, { inputs, halo: 0 }), mixed: why }
    } catch {
      throw error
    }
  }
}

/** What an error says, without the option of the command line. */
const reasonOf = (error: unknown): string => messageOf(error).replace(/; --halo N [^,]*/, '')

async function planned({ model: file, size, tile, halo }: Request): Promise<Planned> {
  const { model, shapes, axes } = await models(file)
  const [{ input }] = axes
  const sides = axes.length === 1 ? [size[1]] : size
  const shape = [...shapes[input]]
  // Of three axes the first stays as the file has it.
  sides.forEach((cells, at) => {
    shape[axes[axes.length - sides.length + at].axis] = cells
  })
  if (Math.max(...sides) > MOST * tile) {
    const must = `a picture must have at most ${MOST} pieces along an axis here; npx samepad tiles takes more`
    throw new SamepadError('explorer', must, Math.ceil(Math.max(...sides) / tile))
  }
  const inputs = { ...shapes, [input]: shape }
  const whole = wholeOf(model, inputs)
  const needed = Math.max(0, ...whole.plan.axes.flatMap((axis) => axis.halo))
  const isWider = halo !== undefined && halo >= needed
  const asked = whole.mixed !== undefined ? (halo ?? needed) : isWider ? halo : undefined
  const least = Math.max(...whole.plan.axes.map((axis) => leastOf(axis, asked)))
  const plan = tiles(model, { inputs, tile: Math.max(tile, least), ...(asked !== undefined && { halo: asked }) })
  if (plan.pieces === 0) {
    const shapes = plan.outputs.map((one) => `${one.name} ${one.shape?.join('x') ?? '?'}`).join(', ')
    throw new SamepadError('explorer', 'an output must have cells along each axis that is cut', shapes)
  }
  return {
    ...{ plan, shape, least, halo: asked, mixed: whole.mixed },
    inputs: Object.keys(shapes).length,
    wholeMemory: whole.plan.memory,
  }
}

/** The fewest cells of a piece: one step, and its halo on the grid. */
function leastOf({ step, halo, size }: TileAxis, given: number | undefined): number {
  const around = (given === undefined ? halo : [given, given]).map((cells) => Math.ceil(cells / step) * step)
  return Math.min(size, step + Math.max(0, around[0]) + Math.max(0, around[1]))
}
