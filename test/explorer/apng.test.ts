import { decodeApng, encode } from 'fast-png'
import { expect, it } from 'vitest'
import { toApng } from '../../explorer/drawing/apng.ts'

it('pictures are put together as an animation that another reader takes apart again', () => {
  const frames = [10, 200, 90].map((grey) => new Uint8Array(4 * 3 * 4).map((_, at) => (at % 4 === 3 ? 255 : grey + at)))
  const files = frames.map((data) => encode({ width: 4, height: 3, data, channels: 4 }))
  const { width, height, frames: read } = decodeApng(toApng(files, 700))
  expect([width, height, read.length]).toEqual([4, 3, 3])
  expect(read.map(({ data }) => [...data])).toEqual(frames.map((data) => [...data]))
  expect(read.map(({ delayNumber, delayDenominator }) => delayNumber / delayDenominator)).toEqual([0.7, 0.7, 0.7])
})
