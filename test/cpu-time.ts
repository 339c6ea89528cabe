/** A watch of the milliseconds that this process computes: a clock would count what else the machine does. */
export function cpuTime(): () => number {
  const begin = process.cpuUsage()
  return () => process.cpuUsage(begin).user / 1000
}
