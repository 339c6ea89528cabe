import { loadNetwork } from 'samepad/graph'
import { fix } from 'samepad/models'
import { messageOf } from '../../state/message.ts'
import { faceOf, inputOf, SIDE } from './face.ts'
import type { Face, Reply, Request } from './messages.ts'

// Beside the page: runs a face detector twice, padded as it was trained and with symmetric padding.

self.onmessage = async ({ data }: MessageEvent<Request>) => {
  const reply = await answer(data).catch((error) => ({ refusal: messageOf(error) }))
  self.postMessage({ ...reply, id: data.id } satisfies Reply)
}

async function answer({ model, photo }: Request): Promise<Omit<Reply, 'id'>> {
  const bytes = new Uint8Array(await model.arrayBuffer())
  const symmetric = await fix(bytes, { to: 'symmetric' })
  const bitmap = await createImageBitmap(photo)
  const input = inputOf(pixelsOf(bitmap))
  const [faces, times] = [[] as Face[], [] as number[]]
  for (const file of [bytes, symmetric.bytes]) {
    const network = await loadNetwork(file)
    const feed = { [network.inputs[0].name]: input }
    await network.run(feed) // makes the programs
    const start = performance.now()
    faces.push(faceOf(await network.run(feed), bitmap.width))
    times.push(performance.now() - start)
  }
  return { faces: [faces[0], faces[1]], changed: symmetric.changes.length, time: Math.min(...times) }
}

function pixelsOf(bitmap: ImageBitmap): Uint8ClampedArray {
  const context = new OffscreenCanvas(SIDE, SIDE).getContext('2d', { willReadFrequently: true })!
  context.imageSmoothingQuality = 'high'
  context.drawImage(bitmap, 0, 0, SIDE, SIDE)
  return context.getImageData(0, 0, SIDE, SIDE).data
}
