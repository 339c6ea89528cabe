import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TextStyle } from '../src/cli/style.ts'
import type { Host } from './hosts.ts'
import type { BenchLayer } from './layers.ts'
import { again, nodeOf } from './machine.ts'
import type { Options } from './options.ts'
import { progressEnds } from './progress.ts'
import { report } from './report.ts'
import { reportHosts } from './report-hosts.ts'
import { isAtFault, type Results } from './results.ts'

/**
 * Runs the bench on several hosts, one after the other, and sets them side by side.
 *
 * @returns the exit code
 */
export async function compareHosts(layers: readonly BenchLayer[], options: Options, style: TextStyle): Promise<number> {
  const found: Results[] = []
  for (const host of options.on) {
    const results = await measureOn(host, options)
    found.push(results)
    console.log(`${report(results, layers, style).join('\n')}\n`)
  }
  console.log(reportHosts(found, layers, style).join('\n'))
  if (options.json) writeFileSync(options.json, `${JSON.stringify(found, null, 2)}\n`)
  return found.some(isAtFault) ? 1 : 0
}

/** The results of one host: of another process, or of a page. */
export async function measureOn(host: Host, options: Options): Promise<Results> {
  if (host === 'chromium') {
    const results = await (await import('./chromium/measure-in-chromium.ts')).measureInChromium(options)
    progressEnds()
    return results
  }
  const folder = mkdtempSync(join(tmpdir(), 'samepad-bench-'))
  const json = join(folder, 'results.json')
  const lists = ['parts', 'peers'] as const
  const words = lists.flatMap((name) => [`--${name}`, options[name].join(',') || 'none'])
  if (options.only) words.push('--only', options.only)
  if (options.quick) words.push('--quick')
  try {
    again(nodeOf(host), ['--json', json, '--layers', options.layers, ...words])
    return JSON.parse(readFileSync(json, 'utf8')) as Results
  } finally {
    rmSync(folder, { recursive: true })
  }
}
