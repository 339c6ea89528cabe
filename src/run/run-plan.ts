import type { Holdings } from './holdings.ts'
import { type Block, free, type ProgramValues, take } from './memory.ts'
import type { SharedPlan } from './plans.ts'

/**
 * Runs a plan. Input and output that lie in program memory are used where they are, others are copied.
 *
 * @returns whether it ran; false where the memory that it needs is not to be had
 */
export function runPlan(shared: SharedPlan, holdings: Holdings, input: ProgramValues, output: ProgramValues): boolean {
  const ready = holdings.ready(shared)
  if (!ready) return false
  // Taken first, since taking may move all of memory, and freed before anybody else can ask for more.
  const taken: Block[] = []
  const addressOf = (size: number): number => {
    const block = take(size)
    if (block) taken.push(block)
    return block?.address ?? -1
  }
  try {
    const from = input.address ?? addressOf(shared.plan.bytes.input)
    const to = output.address ?? addressOf(shared.plan.bytes.output)
    const scratch = ready.scratch > 0 ? addressOf(ready.scratch) : 0
    if (Math.min(from, to, scratch) < 0) return false
    if (input.address === undefined) input.copyTo(from)
    ready.program.answer?.run(from, to, ready.weights, ready.bias, ready.tables, scratch)
    if (output.address === undefined) output.copyFrom(to)
    return true
  } finally {
    for (const block of taken) free(block)
  }
}
