import type { TextStyle } from '../../src/cli/style.ts'
import { table as columns, wrap } from '../../src/cli/table.ts'
import { table as pageTable } from '../page-table.ts'
import { milliseconds, percent } from '../ratios.ts'
import { geometricMean } from '../statistics.ts'
import type { GradientResults, GradientRow } from './measure-gradients.ts'

/** How far probabilities of the two libraries may be apart. */
const FARTHEST = 1e-5

/** Whether samepad's values differ from those of TensorFlow.js. */
export const areWrong = ({ rows, training }: GradientResults): boolean =>
  rows.some(({ tfjs }) => tfjs?.wrong !== undefined) || !(training.apart <= FARTHEST)

const shown = (share: number | null): string => (share === null ? '-' : percent(share))

const head = ['layer', 'gradient', 'nchw', 'of limit', 'nhwc', 'of limit', 'x tfjs-cpu']

function lines({ rows }: GradientResults): string[][] {
  return rows.map(({ layer, gradient, nchw, nhwc, tfjs }) => [
    layer,
    gradient,
    ...[nchw, nhwc].flatMap(({ ms, share }) => [milliseconds(ms), shown(share)]),
    tfjs ? `${tfjs.times.toFixed(0)}${tfjs.wrong ? ' (wrong values)' : ''}` : '-',
  ])
}

const isDepthwise = ({ kind }: GradientRow): boolean => kind === 'depthwise'

/** Means over the layers, as sentences. */
function sentences({ rows, training }: GradientResults): string[] {
  const mean = (of: GradientRow['gradient'], kept: (row: GradientRow) => boolean): string => {
    const own = rows.filter((row) => row.gradient === of && kept(row))
    const [nchw, nhwc] = (['nchw', 'nhwc'] as const).map((layout) => own.flatMap((row) => row[layout].share ?? []))
    if (nchw.length === 0) return '-'
    const shares = [nchw, nhwc].map(geometricMean)
    return `${percent(shares[0])} (nchw) and ${percent(shares[1])} (nhwc)`
  }
  const dense = (row: GradientRow): boolean => !isDepthwise(row)
  const beside = rows.flatMap(({ tfjs }) => (tfjs ? [tfjs.times] : []))
  const { samepad, cpu, wasm } = training
  return [
    `Geometric means of the limit: weights ${mean('weights', dense)}, of depthwise layers ${mean('weights', isDepthwise)}; input ${mean('input', dense)}, of depthwise layers ${mean('input', isDepthwise)}.`,
    ...(beside.length > 0
      ? [
          `Times as fast as TensorFlow.js's kernels in plain JavaScript, the only ones that it has for filters: ${geometricMean(beside).toFixed(0)} in the geometric mean, ${Math.min(...beside).toFixed(0)} at least.`,
        ]
      : []),
    `A step of examples/training on 32 pictures (forward, gradients, update): ${milliseconds(samepad.step)} ms, tfjs-cpu ${milliseconds(cpu.step)} ms, ${(cpu.step / samepad.step).toFixed(0)} times. Its forward part: ${milliseconds(samepad.forward)} ms, tfjs-wasm ${milliseconds(wasm.forward)} ms, tfjs-cpu ${milliseconds(cpu.forward)} ms.`,
  ]
}

/** On the console. */
export function reportGradients(results: GradientResults, { strong }: TextStyle): string[] {
  const { cpu, cores, host, limit } = results
  return [
    ...wrap(strong(`Gradients: ${cpu}, ${cores} cores, ${host}; limit ${limit.toFixed(1)} GF/s; milliseconds`)),
    '',
    ...columns([head, ...lines(results)], '<<>>>>>'),
    ...sentences(results).flatMap((sentence) => ['', ...wrap(sentence)]),
  ]
}

/** The section of docs/bench.md. */
export function gradientsSection(results: GradientResults): string[] {
  const { cpu, cores, host, limit, tfjs } = results
  return [
    '## Gradients',
    '',
    `${cpu}, ${cores} cores, ${host}; TensorFlow.js ${tfjs}. Written by \`npm run bench -- --gradients --docs\`.`,
    'Milliseconds of a prepared gradient, one thread, tensors in program memory, and the share of what WebAssembly computes in',
    `registers (${limit.toFixed(1)} GF/s), taps on padding counted; a gradient multiplies as often as its layer. *x tfjs-cpu* is how many times`,
    'as fast as the kernel in plain JavaScript, both on a part of the layer’s input, since that kernel takes up to a minute on all of it;',
    'values are compared there. It has none for groups and dilation, and for average pools one that counts padding.',
    '',
    ...pageTable(head, lines(results)),
    ...sentences(results).flatMap((sentence) => ['', sentence]),
  ]
}
