import type { TextStyle } from '../../src/cli/style.ts'
import { table as columns, wrap } from '../../src/cli/table.ts'
import { table as pageTable } from '../page-table.ts'
import { milliseconds, times } from '../ratios.ts'
import { geometricMean } from '../statistics.ts'
import type { LibraryResults, LibraryRow } from './measure-tfjs.ts'
import { FARTHEST, libraryModels } from './models.ts'

/** Whether outputs are wrong. */
export const isWrongOutput = ({ backends }: LibraryResults): boolean =>
  Object.values(backends).some((rows) => rows.some(({ isWrong }) => isWrong))

const ratio = ({ stock, samepad }: LibraryRow): number => stock / samepad

const head = ['model', 'wasm', 'samepad', 'x', 'apart', 'cpu', 'samepad', 'x', 'apart']

function lines({ backends: { wasm, cpu } }: LibraryResults): string[][] {
  const cells = (row: LibraryRow): string[] => [
    ...[milliseconds(row.stock), milliseconds(row.samepad), times(ratio(row))],
    `${row.apart.toExponential(1)}${row.isWrong ? ' (too far)' : ''}`,
  ]
  return wasm.map((row, index) => [row.model, ...cells(row), ...cells(cpu[index])])
}

function sentences({ backends }: LibraryResults): string[] {
  const said = (rows: readonly LibraryRow[]): string => {
    const found = rows.map(ratio)
    return `${times(geometricMean(found))} times (least ${times(Math.min(...found))})`
  }
  return [`Geometric means: ${said(backends.wasm)} on WebAssembly, ${said(backends.cpu)} in plain JavaScript.`]
}

/** On the console. */
export function reportLibrary(results: LibraryResults, { strong }: TextStyle): string[] {
  return [
    ...wrap(strong(`${results.cpu}, ${results.cores} cores, ${results.host}; milliseconds`)),
    '',
    ...columns([head, ...lines(results)], '<>>>>>>>>'),
    ...sentences(results).flatMap((sentence) => ['', ...wrap(sentence)]),
  ]
}

/** The section of docs/tfjs.md. */
export function librarySection(results: LibraryResults): string[] {
  const { cpu, cores, host, version } = results
  const others = libraryModels.filter(({ farthest }) => farthest !== FARTHEST)
  return [
    '## Models',
    '',
    `${cpu}, ${cores} cores, ${host}, TensorFlow.js ${version}, one thread. Written by \`npm run bench -- --tfjs --docs\`.`,
    "Milliseconds of a run, with the outputs read: with the library's own kernels and with samepad's, in turns in one process; *x* is",
    `how many times as fast, *apart* the largest difference of the outputs as a share of their range. *Too far* is more than ${FARTHEST.toExponential()}`,
    `(${others.map(({ name, farthest }) => `${name}: ${farthest.toExponential()}`).join(', ')}).`,
    '',
    ...pageTable(head, lines(results)),
    '',
    ...sentences(results),
  ]
}
