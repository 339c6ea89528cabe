import type { TextStyle } from '../../src/cli/style.ts'
import { table as columns, wrap } from '../../src/cli/table.ts'
import { table as pageTable } from '../page-table.ts'
import { milliseconds, times } from '../ratios.ts'
import { geometricMean } from '../statistics.ts'
import type { KernelSet } from './library.ts'
import type { PageResults } from './measure-in-chromium.ts'
import type { LibraryResults } from './measure-tfjs.ts'
import { FARTHEST, libraryModels } from './models.ts'
import type { LibraryRow } from './time-models.ts'

/** Whether outputs are wrong. */
export const isWrongOutput = ({ backends, pages }: LibraryResults): boolean =>
  [...Object.values(backends), ...pages.map(({ rows }) => rows)].flat().some(({ isWrong }) => isWrong)

const ratio = ({ stock, samepad }: LibraryRow): number => stock / samepad

/** Columns side by side that are of one kind each, and say `wasm` or the like. */
type Kinds = readonly (readonly [name: string, rows: readonly LibraryRow[]])[]

const headOf = (kinds: Kinds): string[] => ['model', ...kinds.flatMap(([name]) => [name, 'samepad', 'x', 'apart'])]

function linesOf(kinds: Kinds): string[][] {
  const cells = (row: LibraryRow): string[] => [
    ...[milliseconds(row.stock), milliseconds(row.samepad), times(ratio(row))],
    `${row.apart.toExponential(1)}${row.isWrong ? ' (too far)' : ''}`,
  ]
  const [[, first]] = kinds
  return first.map(({ model }, index) => [model, ...kinds.flatMap(([, rows]) => cells(rows[index]))])
}

function meanOf(rows: readonly LibraryRow[]): string {
  const found = rows.map(ratio)
  return `${times(geometricMean(found))} times (least ${times(Math.min(...found))})`
}

/** What stands in a part of the report: columns, and a sentence on them. */
interface Part {
  readonly kinds: Kinds
  readonly sentence: string
}

function nodePart({ backends: { wasm, cpu }, inTurns }: LibraryResults): Part {
  const { models, turns, alone, cold } = inTurns
  const longer = (set: KernelSet): string =>
    `${milliseconds(turns[set])} ms, ${times(turns[set] / alone[set])} times as long as each alone and ` +
    `${times(turns[set] / cold[set])} times as long as each alone after other memory was read`
  return {
    kinds: Object.entries({ wasm, cpu }),
    sentence:
      `Geometric means: ${meanOf(wasm)} on WebAssembly, ${meanOf(cpu)} in plain JavaScript. ` +
      `The first ${models} in turns on WebAssembly take ${longer('samepad')}; with the library's own kernels ${longer('stock')}.`,
  }
}

function pagePart({ pages }: LibraryResults): Part | undefined {
  if (pages.length === 0) return undefined
  const named = ({ isThreaded, threads }: PageResults): string => (isThreaded ? `threaded (${threads})` : 'SIMD')
  const means = pages.map((page) => `${named(page)} ${meanOf(page.rows)}`)
  return {
    kinds: pages.map((page) => [named(page), page.rows]),
    sentence: `Geometric means: ${means.join(', ')}.`,
  }
}

/** On the console. */
export function reportLibrary(results: LibraryResults, { strong }: TextStyle): string[] {
  const { cpu, cores, host, pages } = results
  const lines = (title: string, { kinds, sentence }: Part): string[] => [
    ...wrap(strong(title)),
    '',
    ...columns([headOf(kinds), ...linesOf(kinds)], `<${'>'.repeat(8)}`),
    '',
    ...wrap(sentence),
  ]
  const page = pagePart(results)
  return [
    ...lines(`${cpu}, ${cores} cores, ${host}; milliseconds`, nodePart(results)),
    ...(page ? ['', ...lines(pages[0].host, page)] : []),
  ]
}

/** The section of docs/tfjs.md. */
export function librarySection(results: LibraryResults): string[] {
  const { cpu, cores, host, version, pages } = results
  const others = libraryModels.filter(({ farthest }) => farthest !== FARTHEST)
  const lines = ({ kinds, sentence }: Part): string[] => ['', ...pageTable(headOf(kinds), linesOf(kinds)), '', sentence]
  const page = pagePart(results)
  return [
    '## Models',
    '',
    `${cpu}, ${cores} cores, ${host}, TensorFlow.js ${version}, one thread. Written by \`npm run bench -- --tfjs --docs\`.`,
    "Milliseconds of a run, with the outputs read: with the library's own kernels and with samepad's, in turns in one process; *x* is",
    `how many times as fast, *apart* the largest difference of the outputs as a share of their range. *Too far* is more than ${FARTHEST.toExponential()}`,
    `(${others.map(({ name, farthest }) => `${name}: ${farthest.toExponential()}`).join(', ')}).`,
    ...lines(nodePart(results)),
    ...(page
      ? [
          '',
          `In isolated pages of ${pages[0].host}, with the library's builds without threads and with them (in brackets how many, by default half of the cores):`,
          ...lines(page),
        ]
      : []),
  ]
}
