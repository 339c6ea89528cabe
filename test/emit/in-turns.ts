import { expect } from 'vitest'
import { type Plan, planProgram } from '../../src/plan/choose.ts'
import type { Problem } from '../../src/reference/problem.ts'
import { emitPlan, packFilter } from '../../src/run/programs/strategies.ts'
import { probeFeatures } from '../../src/wasm/engine.ts'
import { solved } from './layers.ts'
import { runPlan } from './run-plan.ts'

/** Runs layers in turns, twice, and gives how many of them another one's program serves. */
export function inTurns(problems: readonly Problem[], withBias: boolean, deterministic: boolean): number {
  const programs = new Map<string, Uint8Array>()
  const runs = problems.flatMap((problem) => {
    const plan = planProgram(problem, probeFeatures(), deterministic)
    if (!plan || plan.strategy === 'winograd') return []
    const key = JSON.stringify([plan.strategy, plan.structure])
    const bytes = programs.get(key) ?? emitPlan(plan)
    // The structure is all that code depends on: the same for two layers, it is the same code.
    if (programs.has(key)) expect(emitPlan(plan)).toEqual(bytes)
    programs.set(key, bytes)
    return [{ problem, plan, bytes }]
  })
  const run = ({ problem, plan, bytes }: { problem: Problem; plan: Plan; bytes: Uint8Array }): void => {
    const { input, filter, expected } = solved(problem, withBias)
    expect(runPlan(plan, bytes, input, packFilter(plan, filter))).toEqual(expected)
  }
  for (const one of runs) run(one)
  for (const one of runs.slice().reverse()) run(one)
  return runs.length - programs.size
}
