import type { Tensor } from 'samepad'
import { SamepadError } from 'samepad/geometry'
import { messageOf } from '../../state/message.ts'
import type { Reply, Request } from './messages.ts'
import { shownOf } from './model.ts'
import { type Pixels, tensorOf } from './paint.ts'

// Beside the page, so that typing never waits: opens the photo, scales it, and runs the conventions on it.

let newest = 0
let photo: Promise<ImageBitmap> | undefined
let own: string | undefined // the photo's name
let scaled:
  | { readonly from: ImageBitmap; readonly side: number; readonly pixels: Pixels; readonly image: Tensor }
  | undefined

self.onmessage = async ({ data: request }: MessageEvent<Request>) => {
  newest = request.id
  if (request.photo) {
    photo = open(request.photo)
    own = nameOf(request.photo)
  }
  const reply = await answer(request)
  if (reply) self.postMessage({ ...reply, id: request.id, compiles } satisfies Reply, { transfer: buffersOf(reply) })
}

type Answer = Pick<Reply, 'own' | 'photo' | 'shown' | 'refusal'>

/** What there is to show, or why there is nothing; undefined where a newer order has come. */
async function answer(request: Request): Promise<Answer | undefined> {
  const isNewest = (): boolean => newest === request.id
  try {
    const bitmap = await photo
    if (!bitmap || !isNewest()) return undefined
    if (scaled?.from !== bitmap || scaled.side !== request.side) scaled = scale(bitmap, request.side)
    const { pixels, image } = scaled
    const shown = await shownOf(image, request, () => breathe().then(isNewest))
    return shown && { own, photo: { ...pixels, data: pixels.data.slice() }, shown }
  } catch (error) {
    return isNewest() ? { refusal: messageOf(error) } : undefined
  }
}

/** Lets messages in. */
const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

/** A file of the reader's has a name, the photo that comes with the page has none. */
const nameOf = (blob: Blob): string | undefined => (blob instanceof File ? blob.name : undefined)

async function open(blob: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(blob)
  } catch {
    const what = 'a photo must be a picture that this browser can open, such as a PNG or a JPEG that is whole'
    throw new SamepadError('explorer', what, nameOf(blob) ?? (blob.type || 'a file'))
  }
}

function scale(from: ImageBitmap, side: number) {
  const factor = Math.min(1, side / Math.max(from.width, from.height))
  const [width, height] = [from.width, from.height].map((pixels) => Math.max(1, Math.round(pixels * factor)))
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!
  context.imageSmoothingQuality = 'high'
  context.fillStyle = '#fff' // behind what is clear
  context.fillRect(0, 0, width, height)
  context.drawImage(from, 0, 0, width, height)
  const { data } = context.getImageData(0, 0, width, height)
  const pixels = { width, height, data: data as Uint8ClampedArray<ArrayBuffer> }
  return { from, side, pixels, image: tensorOf(pixels) }
}

/** The memory of all pictures: handed over, not copied. */
function buffersOf({ photo, shown }: Answer): ArrayBuffer[] {
  const besides = shown?.besides ?? []
  const made = shown?.shots.flatMap(({ made }) => made ?? []) ?? []
  return [...(photo ? [photo] : []), ...[...made, ...besides].map(({ pixels }) => pixels)].map(
    ({ data }) => data.buffer,
  )
}

/** The shortest module there is, compiled: a page's policy may forbid it. */
const compiles = ((): boolean => {
  try {
    return !!new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0))
  } catch {
    return false
  }
})()
