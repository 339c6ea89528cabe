import type { AxisPadding, Layout, PaddingValues, Tensor } from '../../src/index.ts'
import fc from '../fast-check.ts'

/** How many layers a law is tried on: 1,000 with SAMEPAD_LAYERS=1000. */
const COUNT = Number(process.env.SAMEPAD_LAYERS ?? 150)
const SEED = Number(process.env.SAMEPAD_SEED ?? 1)

/** The layers that a law is tried on, the same ones each time. */
export const tried = { numRuns: COUNT, seed: SEED }

/** Small integers that follow no simple pattern, the same for the same seed. */
export function integers(shape: readonly number[], seed: number): Tensor {
  let state = seed
  const length = shape.reduce((product, size) => product * size, 1)
  const data = Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return ((state >>> 16) % 7) - 3
  })
  return { data, shape }
}

export const upTo = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max })

export const layers = fc
  .record({
    depthwise: fc.nat(3),
    axes: fc.array(
      fc.record({
        input: upTo(9),
        kernel: upTo(4),
        stride: upTo(4),
        dilation: upTo(3),
        padding: fc.constantFrom<AxisPadding>('same-upper', 'same-lower', 'causal', 'full', 'keep', 'valid'),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    inGroup: upTo(9),
    outGroup: upTo(11),
    groups: upTo(3),
    batch: upTo(2),
    layout: fc.constantFrom<Layout>('nchw', 'nhwc'),
    weightsLayout: fc.nat(3),
    paddingMode: fc.constantFrom<PaddingValues>('zeros', 'zeros', 'replicate', 'circular'),
  })
  // Every fourth layer has a kernel for each channel, which has ways of its own.
  .map((setting) =>
    setting.depthwise === 0 ? { ...setting, inGroup: 1, outGroup: 1, groups: 1 + setting.inGroup } : setting,
  )

export interface Layer {
  readonly x: Tensor
  readonly w: Tensor
  readonly options: object
}

export type Setting = typeof layers extends fc.Arbitrary<infer T> ? T : never

export const shapeOf = (batch: number, channels: number, spatial: readonly number[], layout: Layout): number[] =>
  layout === 'nchw' ? [batch, channels, ...spatial] : [batch, ...spatial, channels]

export function layerOf(setting: Setting, transposed: boolean): Layer {
  const { axes, inGroup, outGroup, groups, batch, layout, weightsLayout, paddingMode } = setting
  const spatial = axes.map(({ input }) => input)
  const kernel = axes.map((axis) => axis.kernel)
  const window = {
    ...{ strides: axes.map(({ stride }) => stride), dilations: axes.map(({ dilation }) => dilation) },
    padding: axes.map(({ padding }) => padding),
  }
  const x = integers(shapeOf(batch, inGroup * groups, spatial, layout), 1)
  if (transposed) {
    const order = (['iohw', 'hwoi', 'ohwi'] as const)[weightsLayout % 3]
    const [i, o] = [inGroup * groups, outGroup]
    const shape = { iohw: [i, o, ...kernel], hwoi: [...kernel, o, i], ohwi: [o, ...kernel, i] }[order]
    return { x, w: integers(shape, 2), options: { ...window, groups, layout, weightsLayout: order } }
  }
  const order = (['oihw', 'hwio', 'ohwi', 'ihwo'] as const)[weightsLayout]
  const [i, o] = [inGroup, outGroup * groups]
  const shape = { oihw: [o, i, ...kernel], hwio: [...kernel, i, o], ohwi: [o, ...kernel, i], ihwo: [i, ...kernel, o] }[
    order
  ]
  return { x, w: integers(shape, 2), options: { ...window, groups, layout, weightsLayout: order, paddingMode } }
}

/** Whether an operation does a layer at all: some windows do not fit their input. */
export function does(run: () => unknown): boolean {
  try {
    run()
    return true
  } catch {
    return false
  }
}
