import { times } from './ratios.ts'
import { copies, readyIn } from './report-prices.ts'
import { PLANNING, type Results } from './results.ts'
import { geometricMean, median } from './statistics.ts'

/** What samepad costs besides time per run, as lines of a list. */
export function pricesOf(results: Results): string[] {
  const { firstCalls, sameToValid, steadyStates, arrays, newSizes, inTurns } = results
  const lines: string[] = []
  if (firstCalls.length > 0) {
    const ready = median(firstCalls.map(readyIn)).toFixed(2)
    lines.push(`- Resolve, plan, emit and compile: ${ready} ms, the median over the layers, each new to its process.`)
  }
  for (const layout of ['nchw', 'nhwc'] as const) {
    const own = newSizes.filter((one) => one.layout === layout)
    if (own.length === 0) continue
    const [all, beyond] = (['ratio', 'ratioBeyondPlanning'] as const).map((key) =>
      times(median(own.map((one) => one[key]))),
    )
    lines.push(
      `- ${layout}: the first run on a new size of input takes ${all} times as long as later runs on it, ${beyond} times`,
      `  beyond ${PLANNING} ms (medians over the layers, each after two other sizes).`,
    )
  }
  for (const { layers, bytes, turns, alone, cold } of inTurns) {
    lines.push(
      `- ${layers} different layers in turns, ${bytes / 1e6} MB of tensors: ${times(turns / alone)} times as long as each on its`,
      `  own, ${times(turns / cold)} times as long as each on its own with its tensors not in the nearer caches.`,
    )
  }
  if (sameToValid.length > 0) {
    const ratios = sameToValid.map(({ ratio }) => ratio)
    const most = sameToValid.reduce((a, b) => (b.ratio > a.ratio ? b : a))
    lines.push(
      `- SAME takes ${geometricMean(ratios).toFixed(3)} times as long for a multiplication as VALID (geometric mean),`,
      `  at most ${most.ratio.toFixed(3)} (${most.layer}, ${most.engine}).`,
    )
  }
  if (steadyStates.length > 0) {
    const garbage = Math.max(...steadyStates.map(({ bytesPerRun }) => bytesPerRun))
    const grown = Math.max(...steadyStates.map(({ memoryGrowth }) => memoryGrowth))
    lines.push(`- A run leaves at most ${garbage} bytes of garbage; 10,000 runs grow program memory by ${grown} bytes.`)
  }
  if (arrays.length > 0) {
    const [mean, worst] = copies(results).map((ratio) => ratio.toFixed(2))
    lines.push(`- On plain arrays, which each run copies, layers take ${mean} times as long, at most ${worst}.`)
  }
  return lines.length > 0 ? ['', ...lines] : []
}
