import type { Heap } from '../memory/heap.ts'
import { currentHeap } from '../memory/memory.ts'
import type { Holdings } from './holdings.ts'
import type { SharedPlan } from './plans.ts'

/** The parts of a plan with all that they need but tensors. */
export interface PartsReady<Done = void> {
  /** Bytes that they need beside. */
  readonly scratch: number
  /** Runs them, given addresses in program memory. */
  runParts(input: number, output: number, residual: number, scratch: number): Done
}

/** What several threads need, at most so many; undefined where a plan is better run by one. */
export interface Parallel {
  /** The plans of its parts. */
  plans(shared: SharedPlan, most: number): readonly SharedPlan[] | undefined
  /** Makes them ready. */
  ready(shared: SharedPlan, holdings: Holdings, most: number): PartsReady | undefined
  /** The same for workers alone, while this thread does something else; the promise is of how many took part. */
  apart(shared: SharedPlan, holdings: Holdings, most: number): PartsReady<Promise<number>> | undefined
  /** Runs many plans one after the other; what is known of them tells by how many threads. */
  together<T>(known: object, run: () => T): T
}

let made: Parallel | undefined

/** Lets plans run on several threads from now on. So nobody ships what that takes who does not ask for it. */
export function runOnThreads(parallel: Parallel | undefined): void {
  made = parallel
}

/** What runs plans on several threads in memory that somebody lends. */
const lent = new WeakMap<Heap, Parallel['ready']>()

/** Lets plans that work in lent memory run on several threads from now on. */
export function runOnThreadsIn(heap: Heap, ready: Parallel['ready'] | undefined): void {
  if (ready) lent.set(heap, ready)
  else lent.delete(heap)
}

/** What runs a plan on several threads; undefined where one has to. */
export function parallel(
  shared: SharedPlan,
  holdings: Holdings,
  most = Number.POSITIVE_INFINITY,
): PartsReady | undefined {
  if (most === 1) return undefined
  const ready = lent.get(currentHeap()) ?? made?.ready
  return ready?.(shared, holdings, most)
}

/** The plans that are run for one: those of its parts, or itself. */
export function plansFor(shared: SharedPlan, most = Number.POSITIVE_INFINITY): readonly SharedPlan[] {
  return made?.plans(shared, most) ?? [shared]
}

/** What runs a plan on workers while this thread does something else; undefined where this thread has to. */
export function apart(
  shared: SharedPlan,
  holdings: Holdings,
  most = Number.POSITIVE_INFINITY,
): PartsReady<Promise<number>> | undefined {
  return most === 1 ? undefined : made?.apart(shared, holdings, most)
}

/**
 * Runs many plans one after the other. Meanwhile other threads wait for parts without a sleep, and where several threads are no quicker,
 * this one does all.
 *
 * @param known the same object for the same plans: by that the times of the runs before are remembered
 */
export function together<T>(known: object, run: () => T, most = Number.POSITIVE_INFINITY): T {
  return made && most > 1 ? made.together(known, run) : run()
}

let lastInTurn: Promise<unknown> = Promise.resolve()

/** Runs what takes time after all that came before it, where there are other threads. */
export function inTurn<T>(run: () => Promise<T>): Promise<T> {
  const next = made ? lastInTurn.then(run) : run()
  lastInTurn = next.catch(() => undefined)
  return next
}
