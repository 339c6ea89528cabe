import fc from 'fast-check'
import { effectiveKernel, isRejected, type Solved, solve } from 'samepad/geometry'
import { describe, expect, it } from 'vitest'
import { layOut, positionsOf, spanOf, unite, windowsShown } from '../../explorer/drawing/strip.ts'
import { settingOf } from '../../explorer/layer/state.ts'

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
        fc.integer({ min: -20, max: 0 }),
        fc.integer({ min: 1, max: 4000 }),
        fc.integer({ min: 200, max: 3000 }),
        (begin, end, width) => {
          const strip = layOut({ begin, end }, width)
          const positions = positionsOf(strip)
          const lefts = positions.map(strip.left)
          expect(lefts[0]).toBe(0)
          expect(lefts[lefts.length - 1] + strip.cell).toBe(strip.width)
          for (let at = 1; at < positions.length; at++) {
            if (positions[at] === positions[at - 1] + 1) expect(lefts[at] - lefts[at - 1]).toBe(strip.cell)
            else expect(lefts[at] - lefts[at - 1]).toBeGreaterThan(strip.cell) // the gap
          }
          expect(strip.isCut).toBe(positions.length < end - begin)
          expect(positions.length).toBeLessThanOrEqual(130)
        },
      ),
    )
  })

  it('of thousands shows the windows that lie whole at one of its ends', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3000 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 3 }),
        (input, kernel, stride, dilation) => {
          const axis = axisOf('onnx SAME_UPPER', input, kernel, stride, dilation)
          const strip = layOut(spanOf(axis), 800)
          const drawn = new Set(positionsOf(strip))
          const whole = Array.from({ length: axis.output }, (_, output) => output).filter((output) => {
            const start = output * stride - axis.padBegin
            const last = start + effectiveKernel(axis) - 1
            return drawn.has(start) && drawn.has(last) && (last < strip.head || start >= strip.tail)
          })
          expect(windowsShown(axis, strip)).toEqual(whole)
        },
      ),
    )
  })
})
