/** Something that is run and how many operations that takes. */
export interface Work {
  readonly run: () => unknown
  readonly operations: number
}

/** Times work and the limit in turns, in samples of some hundred microseconds. */
const ROUNDS = 25

/**
 * How fast work runs, as a share of what WebAssembly reaches in registers, on a machine that does other things too. The
 * fastest samples count: what else the machine does makes a sample slower, never faster. Each look compares samples of
 * the same moment, since the neighbour of a processor can slow it down for seconds.
 *
 * @param enough the share at which no further look is taken
 * @param looks at most; between them code is compiled in the background and others use the processor
 * @returns the share of the best look
 */
export async function shareOfLimit(limit: Work, work: Work, enough: number, looks: number): Promise<number> {
  let best = 0
  for (let look = 0; look < looks && best < enough; look++) {
    if (look > 0) await new Promise((resolve) => setTimeout(resolve, PAUSE))
    best = Math.max(best, lookAt(limit, work))
  }
  return best
}

/** Milliseconds. */
const PAUSE = 20

function lookAt(limit: Work, work: Work): number {
  const fastest = [0, 0]
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, one] of [limit, work].entries()) fastest[index] = Math.max(fastest[index], rateOf(one))
  }
  return fastest[1] / fastest[0]
}

/** Milliseconds of a sample: few, so that it is done before the processor is given to somebody else. */
const SAMPLE = 0.3

/** The rate of one sample. */
function rateOf({ run, operations }: Work): number {
  const start = performance.now()
  let runs = 0
  let time = 0
  while (time < SAMPLE) {
    run()
    runs++
    time = performance.now() - start
  }
  return (runs * operations) / time / 1e6
}
