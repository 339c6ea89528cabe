import { median } from './statistics.ts'

/** Something to time: computes once, at once or in a promise. */
export type Run = () => unknown

/** How long to measure. All times in milliseconds. */
export interface Budget {
  /** Before anything counts: at least so long, and until runs no longer get faster. */
  readonly warmUp: number
  /** The longest warm-up, for engines that need seconds for a run. */
  readonly longestWarmUp: number
  /** An engine's turn in a round. */
  readonly turn: number
  /** What must be measured of each. */
  readonly least: { readonly runs: number; readonly time: number }
  /** What is enough of one that is slow. */
  readonly slow: { readonly runs: number; readonly time: number }
}

export const thorough: Budget = {
  warmUp: 150,
  longestWarmUp: 1500,
  turn: 8,
  least: { runs: 15, time: 150 },
  slow: { runs: 3, time: 2000 },
}

export const quick: Budget = {
  warmUp: 60,
  longestWarmUp: 400,
  turn: 6,
  least: { runs: 7, time: 40 },
  slow: { runs: 1, time: 200 },
}

/**
 * Times all of them in turns, round after round, so that whatever else the machine does hits them alike.
 *
 * @returns the median time of each in milliseconds
 */
export async function interleave(runs: readonly Run[], budget: Budget): Promise<number[]> {
  for (const run of runs) await warmUp(run, budget)
  const timed = runs.map((run) => ({ run, times: [] as number[], spent: 0 }))
  for (let waiting = timed; waiting.length > 0; waiting = timed.filter((one) => !isEnough(one, budget))) {
    for (const one of waiting) {
      const times = await turn(one.run, budget.turn)
      one.times.push(...times)
      one.spent += times.reduce((sum, time) => sum + time, 0)
    }
  }
  return timed.map(({ times }) => median(times))
}

function isEnough({ times, spent }: { times: readonly number[]; spent: number }, { least, slow }: Budget): boolean {
  return [least, slow].some(({ runs, time }) => times.length >= runs && spent >= time)
}

/** Engines compile again while they run: until the last runs are no faster than those before them. */
async function warmUp(run: Run, { warmUp, longestWarmUp }: Budget): Promise<void> {
  const times: number[] = []
  for (let spent = 0; spent < longestWarmUp; ) {
    const time = await timeOf(run)
    times.push(time)
    spent += time
    const settled = times.length >= 10 && median(times.slice(-5)) > 0.95 * median(times.slice(-10, -5))
    if (settled && spent >= warmUp) return
  }
}

/** The first run brings the data back into the caches and does not count, unless it is the only one. */
async function turn(run: Run, length: number): Promise<number[]> {
  const times: number[] = []
  for (let spent = 0; spent < length; spent += times[times.length - 1]) times.push(await timeOf(run))
  return times.length > 1 ? times.slice(1) : times
}

async function timeOf(run: Run): Promise<number> {
  const start = performance.now()
  const pending = run()
  if (pending instanceof Promise) await pending
  return performance.now() - start
}
