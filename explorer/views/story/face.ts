import type { NamedTensors } from 'samepad/graph'
import type { Face } from './messages.ts'

// What goes into BlazeFace and what comes out of it, without a browser.

export const SIDE = 128 // pixels of the network's input
const MAPS = [
  { cells: 16, anchors: 2 },
  { cells: 8, anchors: 6 },
]
const ROW = 16 // numbers of an anchor: centre, size, then six points

/** Pixels as the network takes them: -1 to 1, channels last. */
export function inputOf(rgba: Uint8ClampedArray): { data: Float32Array; shape: number[] } {
  const data = Float32Array.from(
    { length: SIDE * SIDE * 3 },
    (_, at) => rgba[Math.floor(at / 3) * 4 + (at % 3)] / 127.5 - 1,
  )
  return { data, shape: [1, SIDE, SIDE, 3] }
}

/** The anchors' centres, in pixels of the input, in the order of the outputs. */
const centres = MAPS.flatMap(({ cells, anchors }) =>
  Array.from({ length: cells * cells * anchors }, (_, index) => {
    const cell = Math.floor(index / anchors)
    const step = SIDE / cells
    return { x: ((cell % cells) + 0.5) * step, y: (Math.floor(cell / cells) + 0.5) * step }
  }),
)

/** The surest face of the raw outputs: scores and boxes of two maps, the finer one first. */
export function faceOf(outputs: NamedTensors, photoSide: number): Face {
  const tensors = Object.values(outputs).map(({ data, shape }) => ({
    data: Array.from(data as Float32Array),
    width: shape.at(-1),
  }))
  const [scores, boxes] = [1, ROW].map((width) =>
    tensors.filter((one) => one.width === width).flatMap(({ data }) => data),
  )
  const best = scores.indexOf(Math.max(...scores))
  const [x, y, width, height] = boxes.slice(best * ROW, best * ROW + 4)
  const scale = photoSide / SIDE
  const { x: cx, y: cy } = centres[best]
  return {
    x: (cx + x - width / 2) * scale,
    y: (cy + y - height / 2) * scale,
    width: width * scale,
    height: height * scale,
    score: 1 / (1 + Math.exp(-scores[best])),
  }
}

/** How far two faces are apart, from middle to middle, in pixels. */
export const apart = (one: Face, two: Face): number =>
  Math.hypot(one.x + one.width / 2 - two.x - two.width / 2, one.y + one.height / 2 - two.y - two.height / 2)
