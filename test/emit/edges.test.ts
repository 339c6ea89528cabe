import { expect, it } from 'vitest'
import { type ResolveOptions, resolve } from '../../src/geometry/index.ts'
import { planProgram } from '../../src/plan/choose.ts'
import type { Problem } from '../../src/reference/problem.ts'
import { emitPlan, packFilter } from '../../src/run/programs/strategies.ts'
import { probeFeatures } from '../../src/wasm/engine.ts'
import { solved } from './layers.ts'
import { runPlan } from './run-plan.ts'

/** Nearly every output sees padding in its own way, or has a residue modulo the stride of its own. */
const layers: readonly (ResolveOptions & Pick<Problem, 'layout'>)[] = [
  { op: 'maxPool', input: [34, 3], kernel: [37, 4], strides: [1, 2], padding: 'full', layout: 'nchw' },
  { op: 'maxPool', input: [112, 112], kernel: 112, layout: 'nchw' },
  { op: 'maxPool', input: 30, kernel: 35, strides: 1, padding: 'full', layout: 'nhwc' },
  { op: 'averagePool', input: [38, 51], kernel: [30, 19], strides: 3, padding: 'full', layout: 'nchw' },
  { op: 'conv', input: 400, kernel: 300, padding: 'same', layout: 'nchw' },
  { op: 'conv', input: [42, 4], kernel: [38, 5], strides: 3, padding: 'same', layout: 'nchw' },
  { op: 'convTranspose', input: 20, kernel: 60, strides: 500, padding: 'same', layout: 'nchw' },
  {
    op: 'convTranspose',
    input: [3, 14],
    kernel: [2, 64],
    strides: [1, 64],
    dilations: [1, 7],
    padding: 'same',
    layout: 'nhwc',
  },
]

it.each(layers)(
  '$op, input $input, kernel $kernel, $layout: all edges, but a short program',
  ({ layout, ...options }) => {
    const geometry = resolve(options)
    const channels = { inChannels: 6, outChannels: 6, groups: options.op?.endsWith('Pool') ? 6 : 2 }
    for (const groups of options.op === 'conv' ? [1, 6] : [channels.groups]) {
      const problem: Problem = { geometry, batch: 2, ...channels, groups, layout }
      const plan = planProgram(problem, probeFeatures(), true)
      if (!plan) throw new Error('there must be a plan')
      const bytes = emitPlan(plan)
      expect(bytes.length).toBeLessThan(150_000)
      const { input, filter, expected } = solved(problem, !options.op?.endsWith('Pool'))
      expect(runPlan(plan, bytes, input, packFilter(plan, filter))).toEqual(expected)
    }
  },
)
