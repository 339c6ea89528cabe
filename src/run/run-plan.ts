import type { Block } from './heap.ts'
import type { Holdings, Ready } from './holdings.ts'
import { free, type ProgramValues, take } from './memory.ts'
import { type PartsReady, parallel } from './parallel.ts'
import type { SharedPlan } from './plans.ts'

/**
 * Runs a plan, on several threads where there are some and it is worth it. Tensors that lie in program memory are used where
 * they are, others are copied.
 *
 * @param residual what the epilogue takes, if anything
 * @param threads at most so many
 * @returns whether it ran; false where the memory that it needs is not to be had
 */
export function runPlan(
  shared: SharedPlan,
  holdings: Holdings,
  input: ProgramValues,
  output: ProgramValues,
  residual?: ProgramValues,
  threads?: number,
): boolean {
  const several = parallel(shared, holdings, threads)
  if (several && runReady(several, shared, input, output, residual)) return true
  const one = holdings.ready(shared)
  return one !== undefined && runReady(one, shared, input, output, residual)
}

function runReady(
  ready: Ready | PartsReady,
  { plan }: SharedPlan,
  input: ProgramValues,
  output: ProgramValues,
  residual: ProgramValues | undefined,
): boolean {
  // Taken first, since taking may move all of memory, and freed before anybody else can ask for more.
  const taken: Block[] = []
  const addressOf = (size: number): number => {
    const block = take(size)
    if (block) taken.push(block)
    return block?.address ?? -1
  }
  try {
    const from = input.address ?? addressOf(plan.bytes.input)
    const to = output.address ?? addressOf(plan.bytes.output)
    const scratch = ready.scratch > 0 ? addressOf(ready.scratch) : 0
    const joined = residual ? (residual.address ?? addressOf(plan.bytes.residual)) : 0
    if (Math.min(from, to, scratch, joined) < 0) return false
    if (input.address === undefined) input.copyTo(from)
    if (residual?.address === undefined) residual?.copyTo(joined)
    if ('runParts' in ready) ready.runParts(from, to, joined, scratch)
    else ready.program.answer?.run(from, to, ready.weights, ready.bias, ready.tables, joined, scratch)
    if (output.address === undefined) output.copyFrom(to)
    return true
  } finally {
    for (const block of taken) free(block)
  }
}
