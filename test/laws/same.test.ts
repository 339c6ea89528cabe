import { describe, expect, it } from 'vitest'
import {
  type Axis,
  effectiveKernel,
  explicit,
  type Op,
  outputSize,
  type Padding,
  resolve,
  type Window,
} from '../../src/geometry/index.ts'
import { along, breaking, grid } from './grid.ts'

const axis = (window: Window, padding: Padding, op: Op = 'conv'): Axis =>
  resolve({ op, ...along(window), padding }).axes[0]

describe.each(['same-upper', 'same-lower'] as const)('%s', (padding) => {
  it('gives output = ceil(input / stride)', () => {
    const law = (window: Window): boolean => axis(window, padding).output === Math.ceil(window.input / window.stride)
    expect(breaking(grid, law)).toEqual([])
  })

  it('pads no negative cells and in all fewer than the effective kernel has', () => {
    const law = (window: Window): boolean => {
      const { padBegin, padEnd } = axis(window, padding)
      return padBegin >= 0 && padEnd >= 0 && padBegin + padEnd < effectiveKernel(window)
    }
    expect(breaking(grid, law)).toEqual([])
  })

  it('pads the fewest cells with which the windows fit', () => {
    const law = (window: Window): boolean => {
      const { padBegin, padEnd, output } = axis(window, padding)
      const total = padBegin + padEnd
      return total === 0 || outputSize(window, 0, total - 1) < output
    }
    expect(breaking(grid, law)).toEqual([])
  })

  it('depends on input mod stride only', () => {
    const law = (window: Window): boolean => {
      const one = axis(window, padding)
      const next = axis({ ...window, input: window.input + window.stride }, padding)
      return one.padBegin === next.padBegin && one.padEnd === next.padEnd
    }
    expect(breaking(grid, law)).toEqual([])
  })

  it('is not changed by ceilMode, whose extra window would start in the end padding', () => {
    const law = (window: Window): boolean => {
      const pooled = resolve({ op: 'maxPool', ...along(window), padding, ceilMode: true }).axes[0]
      return pooled.output === axis(window, padding).output
    }
    expect(breaking(grid, law)).toEqual([])
  })

  it('gives output = input * stride when transposed, also where the kernel is smaller than the stride', () => {
    const law = (window: Window): boolean =>
      axis(window, padding, 'convTranspose').output === window.input * window.stride
    expect(breaking(grid, law)).toEqual([])
  })
})

it('same-lower mirrors same-upper', () => {
  const law = (window: Window): boolean => {
    const [upper, lower] = [axis(window, 'same-upper'), axis(window, 'same-lower')]
    const odd = (upper.padBegin + upper.padEnd) % 2
    return upper.padBegin === lower.padEnd && upper.padEnd === lower.padBegin && upper.padEnd - upper.padBegin === odd
  }
  expect(breaking(grid, law)).toEqual([])
})

it('same is same-upper', () => {
  expect(
    breaking(grid, (window) => JSON.stringify(axis(window, 'same')) === JSON.stringify(axis(window, 'same-upper'))),
  ).toEqual([])
})

it('keep gives output = input at any stride, the odd cell first', () => {
  const law = (window: Window): boolean => {
    const { output, padBegin, padEnd } = axis(window, 'keep')
    return output === window.input && [0, 1].includes(padBegin - padEnd)
  }
  expect(breaking(grid, law)).toEqual([])
})

const modes = ['same-upper', 'same-lower', 'keep', 'valid', 'full', 'causal', 2] as const

describe.each(['conv', 'convTranspose', 'maxPool', 'averagePool'] as const)('explicit, for %s', (op) => {
  it.each(modes)('resolves to the same geometry again, from padding %s', (padding) => {
    let resolved = 0
    for (const window of grid) {
      const geometry = attempt(() => resolve({ op, ...along(window), padding }))
      if (!geometry) continue
      resolved++
      expect(resolve(explicit(geometry))).toEqual(geometry)
    }
    expect(resolved).toBeGreaterThan(grid.length / 4)
  })
})

it('explicit keeps ceilMode, outputPadding and outputShape', () => {
  const geometries = [
    resolve({ op: 'maxPool', input: [8, 9], kernel: [3, 2], strides: [2, 3], padding: [1, 0], ceilMode: true }),
    resolve({ op: 'maxPool', input: 4, kernel: 1, strides: 4, padding: [[0, 5]], ceilMode: true }), // one window fewer
    resolve({
      op: 'convTranspose',
      input: [3, 4],
      kernel: [2, 3],
      strides: [4, 1],
      dilations: [1, 5],
      outputPadding: [3, 4],
    }),
    resolve({ op: 'convTranspose', input: 3, kernel: 3, strides: 4, padding: 'same-lower', outputShape: 10 }),
  ]
  for (const geometry of geometries) expect(resolve(explicit(geometry))).toEqual(geometry)
})

/** The result, or undefined where no window fits; the message of that error is tested elsewhere. */
function attempt<T>(task: () => T): T | undefined {
  try {
    return task()
  } catch (error) {
    expect(String(error)).toMatch(/must fit into the padded input|must leave at least one cell/)
    return undefined
  }
}
