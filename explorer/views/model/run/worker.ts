import { SamepadError } from 'samepad/geometry'
import {
  type LoadedNetwork,
  loadNetwork,
  type NamedTensors,
  type TensorLike,
  UnsupportedModelError,
} from 'samepad/graph'
import {
  applyEdits,
  checkFix,
  type FixOptions,
  type FixPlan,
  inputsOf,
  type Model,
  planFix,
  readModel,
} from 'samepad/models'
import { lastRead } from '../../../components/last-read.ts'
import { messageOf } from '../../../state/message.ts'
import { givenShapes } from '../model.ts'
import { facesOf } from './faces.ts'
import type { Ran, Reply, Request, Times } from './messages.ts'
import { compareOutput } from './outputs.ts'
import { feedsOf, guessScaling, photoInput } from './photo-input.ts'
import type { FitName, Padding, PaddingName, PhotoSize } from './state.ts'

// Beside the page: runs a model on a photo, once as it pads and once padded otherwise.

interface Loaded {
  readonly bytes: Uint8Array
  readonly model: Model
  readonly network: LoadedNetwork
}

let newest = 0
const models = lastRead(load)
const photos = lastRead(open)

self.onmessage = async ({ data: request }: MessageEvent<Request>) => {
  newest = request.id
  await new Promise((seen) => setTimeout(seen)) // a newer order may wait already
  if (newest !== request.id) return
  const answer = await answerTo(request).catch((error) => ({ refusal: messageOf(error) }))
  if (newest === request.id) self.postMessage({ ...answer, id: request.id } satisfies Reply)
}

async function load(file: Blob): Promise<Loaded> {
  const model = await readModel(file)
  if (model.framework !== undefined) {
    throw new SamepadError('explorer', 'a model must be ONNX for samepad to run it', model.format)
  }
  const bytes = new Uint8Array(await file.arrayBuffer())
  return { bytes, model, network: await loadNetwork(bytes) }
}

async function open(blob: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(blob)
  } catch {
    throw new SamepadError('explorer', 'a photo must be a picture that this browser can open', blob.type || 'a file')
  }
}

async function answerTo(request: Request): Promise<Omit<Reply, 'id'>> {
  const { model: file, photo, scaling, fit, colours, versus, pixels, dims } = request
  try {
    const [{ bytes, model, network }, bitmap] = await Promise.all([models(file), photos(photo)])
    const input = photoInput(network.inputs, givenShapes(inputsOf(model), dims), pixels, [bitmap.height, bitmap.width])
    const guess = guessScaling(model, input, network.inputs.find(({ name }) => name === input.name)?.type)
    const seen = fitted(bitmap, input.size, fit)
    const feeds = feedsOf(input, seen.data, scaling === 'auto' ? guess.scaling : scaling, colours === 'bgr')
    const [padding, plan] = await otherPadding(model, versus, input.shapes)
    const [own, first] = timed(network, feeds)
    const second =
      plan.changes.length > 0
        ? await runOther(bytes, model, plan, { to: padding, inputs: input.shapes }, feeds)
        : undefined
    const others = Object.keys(input.shapes).filter((name) => name !== input.name)
    const ran: Ran = {
      photo: seen,
      input: { name: input.name, shape: input.shapes[input.name] },
      others,
      scaling: scaling === 'auto' ? guess.scaling : scaling,
      ...{ fit, colours },
      why: scaling === 'auto' ? guess.why : undefined,
      padding,
      changes: plan.changes.map(({ name, before, after }) => ({ name, before, after })),
      skipped: plan.skipped.map(({ name, reason }) => ({ name, reason })),
      times: [first, second?.times],
      faces: facesOf([own, second?.outputs ?? own], input.size),
      outputs: Object.entries(own).map(([name, tensor]) =>
        compareOutput(name, tensor, second?.outputs[name] ?? tensor, input.size),
      ),
    }
    return { ran }
  } catch (error) {
    if (error instanceof UnsupportedModelError) return { unsupported: error.nodes }
    throw error
  }
}

/** How the second run pads: as asked, or by default in the first way that changes a layer. */
async function otherPadding(
  model: Model,
  versus: PaddingName,
  inputs: Readonly<Record<string, readonly number[]>>,
): Promise<[Padding, FixPlan]> {
  const ways: readonly Padding[] = versus === 'auto' ? ['symmetric', 'tf-same'] : [versus]
  const plans: [Padding, FixPlan][] = []
  for (const to of ways) plans.push([to, await planFix(model, { to, inputs })])
  return plans.find(([, { changes }]) => changes.length > 0) ?? plans[0]
}

async function runOther(
  bytes: Uint8Array,
  model: Model,
  plan: FixPlan,
  options: FixOptions,
  feeds: Readonly<Record<string, TensorLike>>,
): Promise<{ outputs: NamedTensors; times: Times }> {
  const edited = await applyEdits(bytes, plan.edits)
  await checkFix(model, plan, edited, options)
  const network = await loadNetwork(edited)
  try {
    const [outputs, times] = timed(network, feeds)
    return { outputs, times }
  } finally {
    network.release()
  }
}

const MORE = 5 // runs behind the first
const ENOUGH = 500 // milliseconds for them
const LONG = 5000 // milliseconds of a first run behind which nobody waits for another

function timed(network: LoadedNetwork, feeds: Readonly<Record<string, TensorLike>>): [NamedTensors, Times] {
  const once = (): [NamedTensors, number] => {
    const begin = performance.now()
    const outputs = network.run(feeds)
    return [outputs, performance.now() - begin]
  }
  const [outputs, first] = once()
  const times = [first]
  for (let spent = first < LONG ? 0 : ENOUGH; times.length <= MORE && spent < ENOUGH; spent += times[times.length - 1])
    times.push(once()[1])
  return [outputs, { first, steady: Math.min(...times) }]
}

const BARS = '#727272' // 114, as YOLO's letterbox has them

/** The middle of a photo, or all of it between bars, scaled to a size. */
function fitted(bitmap: ImageBitmap, [height, width]: PhotoSize, fit: FitName) {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!
  const factor = Math[fit === 'cut' ? 'max' : 'min'](width / bitmap.width, height / bitmap.height)
  const [across, down] = [bitmap.width * factor, bitmap.height * factor]
  context.imageSmoothingQuality = 'high'
  context.fillStyle = BARS
  context.fillRect(0, 0, width, height)
  const box = [(width - across) / 2, (height - down) / 2, across, down] as const
  context.fillStyle = '#fff' // behind what is clear
  context.fillRect(...box)
  context.drawImage(bitmap, ...box)
  return { width, height, data: context.getImageData(0, 0, width, height).data as Uint8ClampedArray<ArrayBuffer> }
}
