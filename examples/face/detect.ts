// From a photo to the network's input, and from its raw outputs to a face in the photo.

import type { Tensor } from 'samepad'
import { INPUT_SIZE, type Outputs } from './network.ts'
import type { Picture } from './picture.ts'

export interface Point {
  readonly x: number
  readonly y: number
}

/** A face; all coordinates are in pixels of the photo. */
export interface Face {
  /** How sure the network is, 0 to 1. */
  readonly score: number
  readonly centre: Point
  readonly width: number
  readonly height: number
  readonly keypoints: Readonly<Record<KeypointName, Point>>
}

/** Right and left are those of the person, as in a passport. */
export const keypointNames = ['right eye', 'left eye', 'nose', 'mouth', 'right ear', 'left ear'] as const
export type KeypointName = (typeof keypointNames)[number]

/** Shrinks a square photo by averaging blocks of pixels, and maps 0..255 to -1..1. */
export function toInput({ data, width }: Picture): Tensor {
  const block = width / INPUT_SIZE
  const sums = new Float64Array(INPUT_SIZE * INPUT_SIZE * 3)
  for (let y = 0; y < width; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = (y * width + x) * 3
      const cell = (Math.floor(y / block) * INPUT_SIZE + Math.floor(x / block)) * 3
      for (let channel = 0; channel < 3; channel++) sums[cell + channel] += data[pixel + channel]
    }
  }
  const normalized = sums.map((sum) => sum / (block * block) / 127.5 - 1)
  return { data: Float32Array.from(normalized), shape: [1, INPUT_SIZE, INPUT_SIZE, 3] }
}

/**
 * The face at the anchor with the best score: enough for a portrait, where others would keep several and merge those
 * that overlap.
 *
 * @param side of the square photo, in pixels
 */
export function bestFace({ scores16, scores8, boxes16, boxes8 }: Outputs, side: number): Face {
  const logits = [...scores16.data, ...scores8.data]
  const boxes = [...boxes16.data, ...boxes8.data]
  const best = logits.indexOf(Math.max(...logits))
  const [dx, dy, width, height, ...points] = boxes.slice(best * 16, best * 16 + 16)

  // Offsets count from the anchor, in pixels of the small input.
  const anchor = anchors()[best]
  const scale = side / INPUT_SIZE
  const place = (x: number, y: number): Point => ({ x: (anchor.x + x) * scale, y: (anchor.y + y) * scale })
  const keypoint = (index: number): Point => place(points[2 * index], points[2 * index + 1])
  return {
    score: 1 / (1 + Math.exp(-logits[best])),
    centre: place(dx, dy),
    width: width * scale,
    height: height * scale,
    keypoints: Object.fromEntries(keypointNames.map((name, index) => [name, keypoint(index)])) as Face['keypoints'],
  }
}

/** Two anchors in each cell of the 16x16 map, then six in each of the 8x8 map, all at the cell's centre. */
function anchors(): Point[] {
  const maps = [
    { cells: 16, perCell: 2 },
    { cells: 8, perCell: 6 },
  ]
  return maps.flatMap(({ cells, perCell }) => {
    const cell = INPUT_SIZE / cells
    return Array.from({ length: cells * cells * perCell }, (_, index) => {
      const row = Math.floor(index / perCell / cells)
      const column = Math.floor(index / perCell) % cells
      return { x: (column + 0.5) * cell, y: (row + 0.5) * cell }
    })
  })
}

export function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}
