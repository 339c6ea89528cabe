import type { Block } from '../memory/heap.ts'
import { free, keepFreed, type ProgramValues, take } from '../memory/memory.ts'
import type { Holdings, Ready } from './holdings.ts'
import { apart, type PartsReady, parallel } from './parallel.ts'
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
  const places = placesOf(ready.scratch, plan, input, output, residual)
  if (!places) return false
  const { from, to, joined, scratch, taken } = places
  try {
    copyIn(places, input, residual)
    if ('runParts' in ready) ready.runParts(from, to, joined, scratch)
    else ready.program.answer?.run(from, to, ready.weights, ready.bias, ready.tables, joined, scratch)
    if (output.address === undefined) output.copyFrom(to)
    return true
  } finally {
    for (const block of taken) free(block)
  }
}

/**
 * The same on workers, while this thread does something else.
 *
 * @returns how many threads took part; 0 where there are none, or not the memory that it needs, and nothing is done
 */
export async function runPlanApart(
  shared: SharedPlan,
  holdings: Holdings,
  input: ProgramValues,
  output: ProgramValues,
  residual?: ProgramValues,
  threads?: number,
): Promise<number> {
  const ready = apart(shared, holdings, threads)
  const places = ready && placesOf(ready.scratch, shared.plan, input, output, residual)
  if (!places) return 0
  const { from, to, joined, scratch, taken } = places
  // Whatever layers let go of meanwhile, weights and programs too, workers may still read.
  const freed = keepFreed()
  try {
    copyIn(places, input, residual)
    const used = await ready.runParts(from, to, joined, scratch)
    if (output.address !== undefined) return used
    if (!taken.every(({ isThere }) => isThere)) return 0 // all of program memory was dropped meanwhile
    output.copyFrom(to)
    return used
  } finally {
    for (const block of taken) free(block)
    freed()
  }
}

/** Where the tensors of a run lie in program memory, and what was taken for those that lie elsewhere. */
interface Places {
  readonly from: number
  readonly to: number
  readonly joined: number
  readonly scratch: number
  readonly taken: readonly Block[]
}

/** Takes all that a run needs at once, since taking may move all of memory; undefined, and nothing is taken, if it is not there. */
function placesOf(
  scratchBytes: number,
  { bytes }: SharedPlan['plan'],
  input: ProgramValues,
  output: ProgramValues,
  residual: ProgramValues | undefined,
): Places | undefined {
  const taken: Block[] = []
  const addressOf = (size: number): number => {
    const block = take(size)
    if (block) taken.push(block)
    return block?.address ?? -1
  }
  const from = input.address ?? addressOf(bytes.input)
  const to = output.address ?? addressOf(bytes.output)
  const scratch = scratchBytes > 0 ? addressOf(scratchBytes) : 0
  const joined = residual ? (residual.address ?? addressOf(bytes.residual)) : 0
  if (Math.min(from, to, scratch, joined) >= 0) return { from, to, joined, scratch, taken }
  for (const block of taken) free(block)
  return undefined
}

function copyIn({ from, joined }: Places, input: ProgramValues, residual: ProgramValues | undefined): void {
  if (input.address === undefined) input.copyTo(from)
  if (residual?.address === undefined) residual?.copyTo(joined)
}
