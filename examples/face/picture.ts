// A picture of 8-bit RGB, and what it takes to draw on one.

import { readFileSync } from 'node:fs'
import { decode, encode } from 'fast-png'
import { fonts, renderPixels } from 'js-pixel-fonts'

export type Colour = readonly [red: number, green: number, blue: number]

/** A rectangle of pixels. */
export interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export class Picture {
  readonly width: number
  readonly height: number
  /** Rows from the top, three bytes for each pixel. */
  readonly data: Uint8Array

  constructor(width: number, height: number, data: Uint8Array = new Uint8Array(width * height * 3)) {
    this.width = width
    this.height = height
    this.data = data
  }

  static readPng(path: string | URL): Picture {
    const { width, height, data, depth, channels } = decode(readFileSync(path))
    if (depth !== 8 || channels !== 3) throw new Error(`${path} must be 8-bit RGB`)
    return new Picture(width, height, data as Uint8Array)
  }

  toPng(): Uint8Array {
    return encode({ width: this.width, height: this.height, data: this.data, channels: 3 })
  }

  /** Fills an area, as far as it lies inside the picture. */
  fill({ x, y, width, height }: Area, colour: Colour): void {
    const right = Math.min(this.width, x + width)
    const bottom = Math.min(this.height, y + height)
    for (let row = Math.max(0, y); row < bottom; row++) {
      for (let column = Math.max(0, x); column < right; column++) {
        this.data.set(colour, (row * this.width + column) * 3)
      }
    }
  }

  /** Draws an area's outline, `thickness` pixels wide, inside it. */
  frame({ x, y, width, height }: Area, thickness: number, colour: Colour): void {
    this.fill({ x, y, width, height: thickness }, colour)
    this.fill({ x, y: y + height - thickness, width, height: thickness }, colour)
    this.fill({ x, y, width: thickness, height }, colour)
    this.fill({ x: x + width - thickness, y, width: thickness, height }, colour)
  }

  /** Draws a disc. */
  dot(x: number, y: number, radius: number, colour: Colour): void {
    for (let dy = -radius; dy <= radius; dy++) {
      const half = Math.floor(Math.sqrt((radius + 0.5) ** 2 - dy ** 2))
      this.fill({ x: x - half, y: y + dy, width: 2 * half + 1, height: 1 }, colour)
    }
  }

  /** Writes a line in a pixel font; each of the font's pixels becomes `scale` x `scale`. */
  text(x: number, y: number, line: string, scale: number, colour: Colour): void {
    renderPixels(line, fonts.sevenPlus).forEach((pixels, row) => {
      pixels.forEach((on, column) => {
        if (on) this.fill({ x: x + column * scale, y: y + row * scale, width: scale, height: scale }, colour)
      })
    })
  }

  /** Copies an area of another picture to (x, y); each of its pixels becomes `scale` x `scale`. */
  paste(x: number, y: number, source: Picture, area: Area, scale: number): void {
    for (let row = 0; row < area.height; row++) {
      for (let column = 0; column < area.width; column++) {
        const pixel = ((area.y + row) * source.width + area.x + column) * 3
        const [red, green, blue] = source.data.subarray(pixel, pixel + 3)
        this.fill({ x: x + column * scale, y: y + row * scale, width: scale, height: scale }, [red, green, blue])
      }
    }
  }
}
