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
