import type { Features } from '../../wasm/engine.ts'
import { probeFeatures } from '../../wasm/engine.ts'

// Whether operations may use what rounds otherwise from machine to machine: relaxed SIMD, Winograd's algorithm.

let isFixed = false

/** Runs something in which every operation multiplies and adds with a rounding each, so that every machine gives the same bits. */
export function roundingAlike<T>(run: () => T): T {
  const before = isFixed
  isFixed = true
  try {
    return run()
  } finally {
    isFixed = before
  }
}

/** Whether that is so now. Plans that are remembered are told apart by it. */
export const roundsAlike = (): boolean => isFixed

/** The features of the engine that plans may use now. */
export const usableFeatures = (): Features => (isFixed ? { ...probeFeatures(), relaxed: false } : probeFeatures())

/** Functions of elements below which there is no program: the reference takes some 20 ns for each, a new program 0.3 ms. */
export const SMALL = 4096

/**
 * Whether a step that computes this many functions of elements is left to the reference. That computes in float64, so where a piece
 * of a picture must give the bits of the whole, no step is left to it.
 */
export const isTooSmall = (functions: number): boolean => !isFixed && functions < SMALL
