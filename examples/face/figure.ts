// The picture that the example leaves behind: the photo with every face that was found, and a legend beside it.

import { distance, type Face } from './detect.ts'
import { type Area, type Colour, Picture } from './picture.ts'

export interface Finding {
  readonly title: string
  readonly colour: Colour
  readonly face: Face
}

const PANEL = 352
const MARGIN = 24
const LINE = 22

const black: Colour = [0, 0, 0]
const background: Colour = [24, 26, 31]
const bright: Colour = [240, 240, 240]
const dim: Colour = [165, 170, 180]

/** Draws all findings; shifts are counted from the first. */
export function drawFaces(photo: Picture, findings: readonly Finding[]): Picture {
  const result = new Picture(photo.width + PANEL, photo.height)
  result.paste(0, 0, photo, { x: 0, y: 0, width: photo.width, height: photo.height }, 1)
  for (const { face, colour } of findings) drawFace(result, face, colour)

  result.fill({ x: photo.width, y: 0, width: PANEL, height: photo.height }, background)
  const left = photo.width + MARGIN
  let y = MARGIN
  for (const { title, face, colour } of findings) {
    result.fill({ x: left, y, width: 14, height: 14 }, colour)
    result.text(left + 24, y, title, 2, bright)
    for (const line of facts(face, findings[0].face)) {
      y += LINE
      result.text(left + 24, y, line, 2, dim)
    }
    y += 2 * LINE
  }

  // The faces again, twice as large, in what is left of the panel.
  const width = Math.floor((PANEL - 2 * MARGIN) / 2)
  const height = Math.floor((photo.height - MARGIN - y) / 2)
  const { x: middleX, y: middleY } = middle(findings)
  const area = { x: middleX - Math.floor(width / 2), y: middleY - Math.floor(height / 2), width, height }
  result.paste(left, y, result, area, 2)
  return result
}

function facts({ score, centre }: Face, reference: Face): string[] {
  const lines = [`score ${score.toFixed(2)}`, `centre (${Math.round(centre.x)}, ${Math.round(centre.y)})`]
  const shift = distance(centre, reference.centre)
  return shift > 0 ? [...lines, `shifted by ${shift.toFixed(0)} pixels`] : lines
}

/** Every line and dot has a black edge, to be seen on any photo. */
function drawFace(picture: Picture, face: Face, colour: Colour): void {
  const box = boxOf(face)
  picture.frame({ x: box.x - 1, y: box.y - 1, width: box.width + 2, height: box.height + 2 }, 4, black)
  picture.frame(box, 2, colour)
  for (const { x, y } of Object.values(face.keypoints)) {
    picture.dot(Math.round(x), Math.round(y), 3, black)
    picture.dot(Math.round(x), Math.round(y), 2, colour)
  }
}

function boxOf({ centre, width, height }: Face): Area {
  return {
    x: Math.round(centre.x - width / 2),
    y: Math.round(centre.y - height / 2),
    width: Math.round(width),
    height: Math.round(height),
  }
}

/** The point between all faces. */
function middle(findings: readonly Finding[]): { x: number; y: number } {
  const mean = (values: number[]): number => Math.round(values.reduce((sum, value) => sum + value, 0) / values.length)
  const centres = findings.map(({ face }) => face.centre)
  return { x: mean(centres.map(({ x }) => x)), y: mean(centres.map(({ y }) => y)) }
}
