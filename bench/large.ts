import { ask } from './children.ts'
import { progress } from './progress.ts'
import type { Large } from './results.ts'

/** Pictures too large for program memory, and small ones to compare with. */
const sides = [1000, 8000] as const

/** A 3x3 convolution of 3 channels to 8 on pictures in arrays, each in a process of its own, which tells its memory. */
export async function measureLarge(): Promise<Large[]> {
  const found: Large[] = []
  for (const layout of ['nchw', 'nhwc'] as const) {
    for (const side of sides) {
      progress(`large pictures: ${side} x ${side}, ${layout}`)
      found.push(await ask<Large>('large-child.ts', { layout, side }))
    }
  }
  return found
}
