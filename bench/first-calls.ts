import { ask } from './children.ts'
import { progress } from './progress.ts'
import type { FirstCall } from './results.ts'
import { median } from './statistics.ts'

/** What a child measures: the stages one by one, or whole calls. */
export type Mode = 'stages' | 'call'

/** What a child is asked. */
export interface Question {
  readonly mode: Mode
  readonly layers: string
  readonly only: string
}

/** Times of a layer by name, as one child found them. */
export type Answer = Readonly<Record<string, Readonly<Record<string, number>>>>

/**
 * What the first call of each layer costs, in processes that have run nothing before: the first layer pays for samepad's
 * own code being new to the engine, as in a program that starts. The median of so many processes.
 */
export async function timeFirstCalls(layers: string, only: string, processes: number): Promise<FirstCall[]> {
  const answers: Record<Mode, Answer[]> = { stages: [], call: [] }
  for (let index = 0; index < processes; index++) {
    progress(`first calls: process ${index + 1} of ${processes}`)
    for (const mode of ['stages', 'call'] as const)
      answers[mode].push(await ask<Answer>('first-calls-child.ts', { mode, layers, only }))
  }
  return Object.keys(answers.stages[0]).map((layer) => {
    const of = (mode: Mode, name: string): number => median(answers[mode].map((answer) => answer[layer][name]))
    const stages = (['resolve', 'plan', 'emit', 'compile', 'pack', 'bytes'] as const).map((name) => [
      name,
      of('stages', name),
    ])
    return { layer, ...Object.fromEntries(stages), call: of('call', 'call') } as FirstCall
  })
}
