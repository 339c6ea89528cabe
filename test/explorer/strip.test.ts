import { cellOf, isRejected, type Solved, solve } from 'samepad/geometry'
import { describe, expect, it } from 'vitest'
import {
  isDrawn,
  layOut,
  middleOf,
  positionAt,
  positionsOf,
  spanOf,
  tapsOf,
  tapsShown,
  unite,
  windowsShown,
} from '../../explorer/drawing/strip.ts'
import { settingOf } from '../../explorer/layer/state.ts'
import fc from '../fast-check.ts'

const axisOf = (rule: string, input: number, kernel: number, stride: number, dilation = 1): Solved['axis'] => {
  const outcome = solve(settingOf(rule, 'conv', { kernel, stride, dilation }), input)
  if (isRejected(outcome)) throw new Error(outcome.rejected)
  return outcome.axis
}

describe('a row of cells', () => {
  it('spans the padding and whatever windows reach', () => {
    expect(spanOf(axisOf('tf same', 8, 3, 2))).toEqual({ begin: 0, end: 9 })
    expect(spanOf(axisOf('pytorch p1', 8, 3, 2))).toEqual({ begin: -1, end: 9 })
    expect(spanOf(axisOf('pytorch p0', 8, 3, 3))).toEqual({ begin: 0, end: 8 }) // cells that no window reads stay
    expect(unite([spanOf(axisOf('tf same', 8, 3, 2)), spanOf(axisOf('pytorch p3', 8, 7, 1))])).toEqual({
      begin: -3,
      end: 11,
    })
  })

  it('lies in order, each cell beside the next', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -2000, max: 0 }),
        fc.integer({ min: 1, max: 4000 }),
        fc.integer({ min: 200, max: 3000 }),
        fc.nat(4000),
        (begin, end, width, index) => {
          const axis = { ...axisOf('pytorch p0', end, 1, 1), padBegin: -begin, output: end - begin }
          const strip = layOut({ begin, end }, width, [{ axis, index }])
          const positions = positionsOf(strip)
          const lefts = positions.map(strip.left)
          const hidden = strip.gaps.reduce((sum, gap) => sum + gap.end - gap.begin, 0)
          expect(positions.length + hidden).toBe(end - begin)
          for (let at = 1; at < positions.length; at++) {
            if (positions[at] === positions[at - 1] + 1) expect(lefts[at] - lefts[at - 1]).toBeCloseTo(strip.cell)
            else expect(lefts[at] - lefts[at - 1]).toBeGreaterThan(strip.cell) // a gap
          }
          for (const position of positions) expect(positionAt(strip, strip.left(position) + 0.5)).toBe(position)
          for (const gap of strip.gaps) expect(positionAt(strip, strip.left(gap.begin) + gap.width / 2)).toBeUndefined()
          expect(strip.gaps.length === 0).toBe((end - begin) * 12 <= width)
          expect(strip.width).toBeLessThanOrEqual(Math.max(width, 300)) // three cells and four gaps always have room
        },
      ),
    )
  })

  it('shows every tap of the window that is looked at, or how many lie where cells are left out', () => {
    const seen = { all: 0, some: 0 }
    fc.assert(
      fc.property(
        fc.constantFrom('tf same', 'pytorch p1', 'onnx SAME_LOWER', 'pytorch p40'),
        fc.integer({ min: 1, max: 4096 }),
        fc.integer({ min: 1, max: 63 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 64 }),
        fc.nat(),
        fc.integer({ min: 280, max: 2000 }),
        (rule, input, kernel, stride, dilation, which, width) => {
          const outcome = solve(settingOf(rule, 'conv', { kernel, stride, dilation }), input)
          fc.pre(!isRejected(outcome))
          const { axis } = outcome as Solved
          const index = which % axis.output
          const strip = layOut(spanOf(axis), width, [{ axis, index }])
          const { shown, hidden } = tapsShown(axis, index, strip)
          expect(shown).toEqual(tapsOf(axis, index).filter((position) => isDrawn(strip, position)))
          expect(shown.length + hidden.reduce((sum, { count }) => sum + count, 0)).toBe(kernel)
          for (const end of [0, kernel - 1]) expect(isDrawn(strip, cellOf(axis, index, end))).toBe(true)
          expect(isDrawn(strip, 0) && isDrawn(strip, input - 1)).toBe(true)
          if (kernel * 12 + 38 * (kernel + 3) + 24 <= width) expect(hidden).toEqual([])
          seen[hidden.length > 0 ? 'some' : 'all']++
          // Outputs lie in order and do not cover one another.
          const middles = windowsShown(axis, strip, index).map((one) => middleOf(axis, one, strip))
          for (let at = 1; at < middles.length; at++)
            expect(middles[at] - middles[at - 1]).toBeGreaterThanOrEqual(strip.cell - 1e-9)
        },
      ),
      { numRuns: 500 },
    )
    expect(Math.min(seen.all, seen.some)).toBeGreaterThan(20)
  })

  it('shows every window all of whose taps are drawn', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3000 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 3 }),
        (input, kernel, stride, dilation) => {
          const axis = axisOf('onnx SAME_UPPER', input, kernel, stride, dilation)
          const strip = layOut(spanOf(axis), 800, [{ axis, index: 0 }])
          const drawn = new Set(positionsOf(strip))
          const whole = Array.from({ length: axis.output }, (_, output) => output).filter(
            (output) => output === 0 || tapsOf(axis, output).every((position) => drawn.has(position)),
          )
          expect(windowsShown(axis, strip, 0)).toEqual(whole)
        },
      ),
    )
  })
})
