/** What the process has used so far, which Node tells and a page does not. */
export interface Usage {
  /** How often the system gave the processor to somebody else. */
  readonly switches: number
  /** Milliseconds of all threads. */
  readonly processor: number
}

const { process, crossOriginIsolated } = globalThis as { process?: NodeJS.Process; crossOriginIsolated?: boolean }

/** What this process has used; undefined in a page. */
export function usage(): Usage | undefined {
  if (!process?.resourceUsage) return undefined
  const { involuntaryContextSwitches, userCPUTime, systemCPUTime } = process.resourceUsage()
  return { switches: involuntaryContextSwitches, processor: (userCPUTime + systemCPUTime) / 1000 }
}

/** The smallest difference of two times in milliseconds: 5 microseconds in an isolated page, 100 in others. */
export const clockStep = process?.resourceUsage ? 0 : crossOriginIsolated ? 0.005 : 0.1

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
