import { expect, it } from 'vitest'
import { effectiveKernel, resolve } from '../../src/geometry/index.ts'
import { ceilDivide } from '../../src/geometry/integers.ts'
import { smallerHalf } from '../../src/geometry/padding.ts'
import fc from '../fast-check.ts'

const LARGEST = Number.MAX_SAFE_INTEGER

/** Integers near 0, near the largest exact one, and anywhere between. */
const size = fc.oneof(
  fc.integer({ min: 1, max: 30 }),
  fc.integer({ min: 1, max: LARGEST }),
  fc.integer({ min: LARGEST - 30, max: LARGEST }),
)
const any = fc.oneof(
  size,
  size.map((value) => -value),
  fc.constant(0),
)

it('quotients are exact for every safe integer', () => {
  fc.assert(
    fc.property(any, size, (a, b) => {
      const [big, by] = [BigInt(a), BigInt(b)]
      const floor = big / by - (big < 0n && big % by !== 0n ? 1n : 0n)
      const ceil = big / by + (big > 0n && big % by !== 0n ? 1n : 0n)
      expect(BigInt(Math.floor(a / b))).toBe(floor)
      expect(BigInt(ceilDivide(a, b))).toBe(ceil)
    }),
    { numRuns: 20_000 },
  )
})

it('never gives minus zero', () => {
  expect([smallerHalf(0), smallerHalf(-0), ceilDivide(0, 3), ceilDivide(-2, 3)]).toEqual([0, 0, 0, 0])
})

it('resolve is exact up to 2^53, or says that it would not be', () => {
  let exact = 0
  fc.assert(
    fc.property(size, size, size, fc.constantFrom('same-upper', 'same-lower'), (input, kernel, stride, padding) => {
      const [n, k, s] = [BigInt(input), BigInt(kernel), BigInt(stride)]
      const outputs = (n + s - 1n) / s
      const needed = (outputs - 1n) * s + k - n
      const total = needed > 0n ? needed : 0n
      const begin = padding === 'same-upper' ? total / 2n : total - total / 2n
      if (n + total > BigInt(LARGEST)) {
        expect(() => resolve({ input, kernel, strides: stride, padding })).toThrow('must be at most')
        return
      }
      const [axis] = resolve({ input, kernel, strides: stride, padding }).axes
      expect([axis.output, axis.padBegin, axis.padEnd].map(BigInt)).toEqual([outputs, begin, total - begin])
      exact++
    }),
    { numRuns: 5_000 },
  )
  expect(exact).toBeGreaterThan(500)
})

it('the input 2^24 + 1, which float32 cannot hold, still gets its one padding cell', () => {
  const [axis] = resolve({ input: 2 ** 24 + 1, kernel: 3, strides: 2, padding: 'same' }).axes
  expect([axis.padBegin, axis.padEnd, axis.output]).toEqual([1, 1, 2 ** 23 + 1])
  expect(effectiveKernel({ kernel: 3, dilation: 2 ** 50 })).toBe(2 ** 51 + 1)
})
