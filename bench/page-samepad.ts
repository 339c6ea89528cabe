import { table } from './page-table.ts'
import { milliseconds, ownMs, times } from './ratios.ts'
import type { Results } from './results.ts'

// The sections of docs/bench.md on samepad alone.

/** samepad on every host, over the first. */
export function hostsOf(found: readonly Results[], layers: readonly string[]): string[] {
  const [first, ...others] = found.filter(({ rows }) => rows.length > 0)
  if (!first || others.length === 0) return []
  return [
    '',
    '## Hosts side by side',
    '',
    `samepad, each layer in its better layout: milliseconds, in brackets how many times as fast as on ${first.machine.host}.`,
    '',
    ...table(
      ['layer', first.machine.host, ...others.map(({ machine }) => machine.host)],
      layers.map((layer) => {
        const own = ownMs(first, layer)
        const cells = others.map((results) => {
          const ms = ownMs(results, layer)
          return `${milliseconds(ms)} (${times(own / ms)})`
        })
        return [layer, milliseconds(own), ...cells]
      }),
    ),
  ]
}

/** Pictures larger than program memory. */
export function largeOf({ large, machine }: Results): string[] {
  if (large.length === 0) return []
  const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0)
  return [
    '',
    '## Large pictures',
    '',
    `A 3x3 convolution of 3 channels to 8 on pictures in arrays, ${machine.host}; memory in MiB. *grew* is what the process`,
    'grew by while it ran, beside input and output.',
    '',
    ...table(
      ['picture', 'layout', 'computed by', 'ms', 'GF/s', 'input and output', 'program memory', 'grew'],
      large.map(({ side, layout, engine, ms, gflops, tensors, programMemory, resident }) => [
        `${side} x ${side}`,
        ...[layout, engine, milliseconds(ms), gflops.toFixed(1)],
        ...[tensors, programMemory, resident].map(megabytes),
      ]),
    ),
  ]
}

/** Times as the input grows. */
export function growthOf({ machine, growth }: Results): string[] {
  if (growth.length === 0) return []
  const engines = [...new Set(growth.map(({ engine }) => engine))]
  const points = growth.filter(({ engine }) => engine === engines[0])
  return [
    '',
    '## Growth',
    '',
    `A 3x3 convolution with stride 2, 64 channels on 56x56, as its input, channels and batch grow; ${machine.host}.`,
    'A level line is a time that grows with the work and no faster.',
    '',
    '![GF/s against input area, channels and batch](bench-growth.svg)',
    '',
    ...table(
      ['along', 'size', ...engines],
      points.map(({ along, size }) => [
        along,
        String(size),
        ...engines.map((engine) => {
          const point = growth.find((one) => one.along === along && one.size === size && one.engine === engine)
          return point ? `${milliseconds(point.ms)} (${point.gflops.toFixed(1)})` : ''
        }),
      ]),
    ),
  ]
}
