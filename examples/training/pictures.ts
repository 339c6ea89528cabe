import type { Tensor } from 'samepad'

/** Cells along each side of a picture. */
export const SIDE = 24
/** What is drawn, by its class. */
export const classes = ['circle', 'cross', 'square', 'triangle'] as const

/** Numbers from 0 to 1, the same for the same seed. */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

type Point = readonly [x: number, y: number]
type Line = readonly [from: Point, to: Point]

const corners = (...points: readonly Point[]): Line[] =>
  points.map((point, index) => [point, points[(index + 1) % points.length]])

/** The lines of each shape, in a square from -1 to 1; a circle has none. */
const shapes: Readonly<Record<(typeof classes)[number], readonly Line[]>> = {
  circle: [],
  cross: [
    [
      [-0.7, -0.7],
      [0.7, 0.7],
    ],
    [
      [-0.7, 0.7],
      [0.7, -0.7],
    ],
  ],
  square: corners([-0.75, -0.75], [0.75, -0.75], [0.75, 0.75], [-0.75, 0.75]),
  triangle: corners([0, -0.9], [0.8, 0.6], [-0.8, 0.6]),
}

/** Pictures of shapes, each turned, moved and scaled by chance, under noise: `[count, 1, SIDE, SIDE]`, and their classes. */
export function drawPictures(count: number, chance: () => number): { readonly x: Tensor; readonly labels: number[] } {
  const data = new Float32Array(count * SIDE * SIDE)
  const labels = Array.from({ length: count }, () => Math.floor(chance() * classes.length))
  labels.forEach((label, picture) => {
    const scale = SIDE * (0.22 + 0.18 * chance())
    const middle: Point = [SIDE * (0.4 + 0.2 * chance()), SIDE * (0.4 + 0.2 * chance())]
    const turn = chance() * 2 * Math.PI
    const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
    for (let row = 0; row < SIDE; row++) {
      for (let column = 0; column < SIDE; column++) {
        const [dx, dy] = [(column - middle[0]) / scale, (row - middle[1]) / scale]
        const away = distance(shapes[classes[label]], [cos * dx + sin * dy, cos * dy - sin * dx]) * scale
        const ink = Math.max(0, 1 - Math.max(0, away - 0.6))
        data[(picture * SIDE + row) * SIDE + column] = ink + 0.5 * (chance() - 0.5)
      }
    }
  })
  return { x: { data, shape: [count, 1, SIDE, SIDE] }, labels }
}

/** From a point to the nearest line, or to the circle of radius 0.8. */
function distance(lines: readonly Line[], [x, y]: Point): number {
  if (lines.length === 0) return Math.abs(Math.sqrt(x * x + y * y) - 0.8)
  let nearest = Number.POSITIVE_INFINITY
  for (const [from, to] of lines) {
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]]
    const [px, py] = [x - from[0], y - from[1]]
    const along = Math.min(1, Math.max(0, (px * dx + py * dy) / (dx * dx + dy * dy)))
    nearest = Math.min(nearest, (px - along * dx) ** 2 + (py - along * dy) ** 2)
  }
  return Math.sqrt(nearest)
}
