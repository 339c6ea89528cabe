import { expect, it } from 'vitest'
import { tapAddresses } from '../../src/emit/tap-addresses.ts'

it('taps that read a cell in common have different addresses, at most as many as pixels, and no more than are needed', () => {
  for (let kernel = 1; kernel <= 9; kernel++) {
    for (let pixels = 1; pixels <= 6; pixels++) {
      for (let stride = 1; stride <= 4; stride++) {
        for (let dilation = 1; dilation <= 4; dilation++) {
          const taps = Array.from({ length: kernel }, (_, tap) => tap)
          const names = tapAddresses(taps, pixels, { stride, dilation })
          expect([...names.keys()]).toEqual(taps)
          const readers = new Map<number, Set<number>>() // the taps that read each cell
          for (const tap of taps) {
            for (let pixel = 0; pixel < pixels; pixel++) {
              const cell = pixel * stride + tap * dilation
              readers.set(cell, new Set([...(readers.get(cell) ?? []), tap]))
            }
          }
          for (const shared of readers.values()) {
            expect(new Set([...shared].map((tap) => names.get(tap))).size).toBe(shared.size)
          }
          const most = Math.max(...[...readers.values()].map(({ size }) => size))
          expect(new Set(names.values()).size).toBe(most)
          expect(most).toBeLessThanOrEqual(pixels)
        }
      }
    }
  }
})
