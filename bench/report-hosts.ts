import type { TextStyle } from '../src/cli/style.ts'
import { table } from '../src/cli/table.ts'
import type { BenchLayer } from './layers.ts'
import { milliseconds, ownMs, times } from './ratios.ts'
import type { Results } from './results.ts'

/** The times of samepad, each layer in its better layout, on several hosts; behind the first also over the first's. */
export function reportHosts(found: readonly Results[], layers: readonly BenchLayer[], { strong }: TextStyle): string[] {
  const [first, ...others] = found.filter(({ rows }) => rows.length > 0)
  if (!first || others.length === 0) return []
  const heads = others.flatMap(({ machine }) => [machine.host, 'as fast'])
  return [
    strong(`samepad in its better layout: median ms, and how many times as fast as on ${first.machine.host}`),
    ...table(
      [
        ['', first.machine.host, ...heads],
        ...layers.map(({ name }) => {
          const own = ownMs(first, name)
          const cells = others.flatMap((results) => {
            const ms = ownMs(results, name)
            return [milliseconds(ms), times(own / ms)]
          })
          return [name, milliseconds(own), ...cells]
        }),
      ],
      `<>${'>>'.repeat(others.length)}`,
    ),
  ]
}
