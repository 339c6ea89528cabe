import type { TextStyle } from '../../src/cli/style.ts'
import { table as columns } from '../../src/cli/table.ts'
import { table as pageTable } from '../page-table.ts'
import { milliseconds } from '../ratios.ts'
import type { Results } from '../results.ts'

const title = 'BlazeFace (examples/face), milliseconds'

/** Times, and shares of the time of the other engine. */
function linesOf({ face }: Results): string[][] {
  const other = face.find(({ engine }) => engine !== 'samepad')
  return face.map(({ engine, ms, wrong }) => [
    engine,
    `${wrong ? 'wrong ' : ''}${milliseconds(ms)}`,
    other ? (ms / other.ms).toFixed(2) : '-',
  ])
}

/** On the console. */
export function reportFace(results: Results, { strong }: TextStyle): string[] {
  if (results.face.length === 0) return []
  return ['', strong(title), ...columns([['', 'ms', 'share'], ...linesOf(results)], '<>>')]
}

/** In docs/bench.md, for all hosts. */
export function faceOf(found: readonly Results[]): string[] {
  const measured = found.filter(({ face }) => face.length > 0)
  if (measured.length === 0) return []
  return [
    '',
    '## A network of layers',
    '',
    'The network of `examples/face` composed of public operations, beside LiteRT.js on the file of',
    'the same network that MediaPipe ships, one thread each, input in place: milliseconds, and the share of LiteRT.js’s time.',
    '',
    ...pageTable(
      ['on', 'engine', 'ms', 'share'],
      measured.flatMap((results) => linesOf(results).map((line) => [results.machine.host, ...line])),
    ),
  ]
}
