import type { NamedTensors } from 'samepad/graph'
import type { Pixels } from '../../picture/paint.ts'
import { faceOf, SIDE } from '../../story/face.ts'
import type { Face } from '../../story/messages.ts'
import type { PhotoSize } from './state.ts'

// Outputs of BlazeFace as boxes on the photo.

/** The shapes of its outputs: scores, and boxes with six points, of two maps. */
const SHAPES = ['1,384,1', '1,384,16', '1,512,1', '1,512,16']

/** The surest face of both runs, in pixels of the network's input; undefined for what is no BlazeFace. */
export function facesOf(runs: readonly [NamedTensors, NamedTensors], size: PhotoSize): [Face, Face] | undefined {
  const shapes = Object.values(runs[0]).map(({ shape }) => shape.join())
  if (size.some((side) => side !== SIDE) || shapes.sort().join(' ') !== SHAPES.join(' ')) return undefined
  return [faceOf(runs[0], SIDE), faceOf(runs[1], SIDE)]
}

const SCALE = 4 // so that edges are thin beside a pixel of the network
const EDGE = 3
const colours = [
  [127, 196, 255],
  [255, 143, 199],
] as const

/** A photo, larger, with the boxes of two faces: blue and pink. */
export function boxed({ width, height, data }: Pixels, faces: readonly [Face, Face]): Pixels {
  const [wide, high] = [width * SCALE, height * SCALE]
  const pixels = new Uint8ClampedArray(4 * wide * high)
  for (let y = 0; y < high; y++) {
    for (let x = 0; x < wide; x++) {
      const from = 4 * (Math.floor(y / SCALE) * width + Math.floor(x / SCALE))
      pixels.set(data.subarray(from, from + 4), 4 * (y * wide + x))
    }
  }
  faces.forEach((face, run) => {
    const [left, top] = [face.x, face.y].map((at) => Math.round(at * SCALE))
    const [right, bottom] = [face.x + face.width, face.y + face.height].map((at) => Math.round(at * SCALE))
    const isEdge = (at: number, low: number, high: number): boolean => at < low + EDGE || at >= high - EDGE
    for (let y = Math.max(0, top); y < Math.min(high, bottom); y++) {
      for (let x = Math.max(0, left); x < Math.min(wide, right); x++) {
        if (isEdge(y, top, bottom) || isEdge(x, left, right)) pixels.set(colours[run], 4 * (y * wide + x))
      }
    }
  })
  return { width: wide, height: high, data: pixels }
}
