import { clockStep, sleep, usage } from './clock.ts'
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
  readonly least: Sample
  /** What is enough of one that is slow. */
  readonly slow: Sample
}

/** A number of runs and the time that they took together. */
interface Sample {
  readonly runs: number
  readonly time: number
}

export const thorough: Budget = {
  ...{ warmUp: 150, longestWarmUp: 1500, turn: 8 },
  ...{ least: { runs: 15, time: 150 }, slow: { runs: 3, time: 2000 } },
}

export const quick: Budget = {
  ...{ warmUp: 60, longestWarmUp: 400, turn: 6 },
  ...{ least: { runs: 7, time: 40 }, slow: { runs: 1, time: 200 } },
}

/** A run that was timed. */
export interface Timed {
  /** As the clock has it; where the run was disturbed, as far as this process had the processor. */
  readonly time: number
  /** Whether the system gave the processor to somebody else meanwhile. */
  readonly disturbed: boolean
}

/** Of all runs so far, how many there were and how many were disturbed. */
export const counts = { runs: 0, disturbed: 0 }

/**
 * Times all of them in turns, round after round, so that whatever else the machine does hits them alike. Where other
 * processes take the processor, long runs meet them and short ones slip through in between, which would make slow
 * engines look slower still: so disturbed runs count only where there are no others, and then by their processor time.
 *
 * @param isRested whether each turn begins with a pause until no thread computes any more, and with a run that does not count: threads
 *   of an engine go on looking for work after a run, and would take a processor from the next one. What is compared with each other,
 *   such as one thread and two, must be rested alike
 * @returns the median time of each in milliseconds
 */
export async function interleave(runs: readonly Run[], budget: Budget, isRested = false): Promise<number[]> {
  const taken = async (run: Run): Promise<Timed[]> => {
    if (isRested) await idle()
    return turn(run, budget.turn, isRested)
  }
  for (const run of runs) await warmUp(run, budget)
  await compiled()
  for (const run of runs) await taken(run)
  await compiled()
  const timed = runs.map((run) => ({ run, list: [] as Timed[] }))
  for (let waiting = timed; waiting.length > 0; waiting = timed.filter(({ list }) => !isEnough(list, budget))) {
    for (const { run, list } of waiting) list.push(...(await taken(run)))
  }
  return timed.map(({ list }) => {
    const calm = calmOf(list)
    counts.runs += list.length
    counts.disturbed += list.length - calm.length
    return median((calm.length >= LEAST_CALM ? calm : list).map(({ time }) => time))
  })
}

const LEAST_CALM = 5

/** The runs that were not disturbed. A page cannot tell: there it is those that took not much longer than the fastest. */
function calmOf(list: readonly Timed[]): Timed[] {
  if (usage()) return list.filter(({ disturbed }) => !disturbed)
  const fastest = Math.min(...list.map(({ time }) => time))
  return list.filter(({ time }) => time <= MUCH_LONGER * fastest)
}

const MUCH_LONGER = 1.5

function isEnough(list: readonly Timed[], { least, slow }: Budget): boolean {
  const spent = list.reduce((sum, { time }) => sum + time, 0)
  return [least, slow].some(({ runs, time }) => list.length >= runs && spent >= time)
}

/** Engines compile again while they run: until the last runs are no faster than those before them. */
export async function warmUp(run: Run, { warmUp, longestWarmUp }: Budget): Promise<void> {
  const times: number[] = []
  for (let spent = 0; spent < longestWarmUp; ) {
    const { time } = await timeOf(run)
    times.push(time)
    spent += time
    const settled = times.length >= 10 && median(times.slice(-5)) > 0.95 * median(times.slice(-10, -5))
    if (settled && spent >= warmUp) return
  }
}

const UNSEEN = 200 // milliseconds

/**
 * Waits until nothing is compiled in the background any more. On a busy machine the better code of a function can be seconds
 * away, and the slow one would be timed. A page cannot see it, and waits for as long as it takes as a rule.
 */
export async function compiled(): Promise<void> {
  if (!(await quiet({ look: 50, looks: 2, longest: 10_000 }))) await sleep(UNSEEN)
}

/** Waits until no thread of this process computes any more. */
async function idle(): Promise<void> {
  await quiet({ look: 10, looks: 1, longest: 1000 })
}

/** How to wait: milliseconds of a look, how many in a row must see nothing, and the most milliseconds in all. */
interface Quiet {
  readonly look: number
  readonly looks: number
  readonly longest: number
}

/** Waits until this process takes next to no processor time while it sleeps; whether that can be seen, which it cannot in a page. */
async function quiet({ look, looks, longest }: Quiet): Promise<boolean> {
  for (let calm = 0, looked = 0; calm < looks && looked < longest; looked += look) {
    const before = usage()
    await sleep(look)
    const after = usage()
    if (!before || !after) return false
    calm = after.processor - before.processor < 0.1 * look ? calm + 1 : 0
  }
  return true
}

/** The first run brings the data back into the caches, and threads that sleep to work: it does not count, unless it is the only one. */
async function turn(run: Run, length: number, isRested: boolean): Promise<Timed[]> {
  const list: Timed[] = []
  const first = await timeOf(run)
  const count = Math.ceil(Math.min((CLOCK_STEPS * clockStep) / Math.max(first.time, clockStep / 2), MOST_TOGETHER))
  const least = isRested ? 1 : 0
  for (
    let spent = first.time;
    spent < length || list.length < least;
    spent += list[list.length - 1].time * count || length
  ) {
    list.push(await timeOf(run, count))
  }
  return list.length > 0 ? list : [first]
}

/** Runs that are timed together take so many steps of the clock, where it has any. */
const CLOCK_STEPS = 100
const MOST_TOGETHER = 100

/**
 * Times a run.
 *
 * @param count runs that are timed together; the time is that of one
 */
export async function timeOf(run: Run, count = 1): Promise<Timed> {
  const before = usage()
  const start = performance.now()
  for (let done = 0; done === 0 || done < count; done++) {
    const pending = run()
    if (pending instanceof Promise) await pending
  }
  const wall = (performance.now() - start) / Math.max(1, count)
  const after = usage()
  const disturbed = before !== undefined && after !== undefined && after.switches > before.switches
  return {
    time: disturbed ? Math.min(wall, (after.processor - before.processor) / Math.max(1, count)) : wall,
    disturbed,
  }
}
