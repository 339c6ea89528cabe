import type { TextStyle } from '../../src/cli/style.ts'
import { table as columns, wrap } from '../../src/cli/table.ts'
import { table as pageTable } from '../page-table.ts'
import { milliseconds, times } from '../ratios.ts'
import { geometricMean } from '../statistics.ts'
import { LITE, type ModelResult, type ModelResults, modelEngineNames } from './measure-models.ts'

/** How far samepad's values may be from those of onnxruntime-node, as a share of the range. */
const FARTHEST = 2e-5
/** Milliseconds from which a model is worth two threads. */
const LONG = 10

const [own, web, native] = modelEngineNames

/** Whether values are wrong, or samepad did not run a model. */
export const areWrong = ({ models }: ModelResults): boolean => models.some(isWrong)

/** In some models rounding grows: how far onnxruntime is from itself tells in which. */
const isWrong = ({ steady }: ModelResult): boolean =>
  ([1, 2] as const).some((threads) => {
    const { engines } = steady[threads]
    const farthest = Math.max(FARTHEST, 2 * (engines[web]?.apart ?? 0))
    return !((engines[own]?.apart ?? Number.NaN) <= farthest)
  })

const msOf = ({ steady }: ModelResult, engine: string, threads: 1 | 2): number =>
  steady[threads].engines[engine]?.ms ?? Number.NaN

/** How many times as fast samepad is, or how many times faster with two threads. */
const ratios = {
  web: (result: ModelResult) => msOf(result, web, 1) / msOf(result, own, 1),
  native: (result: ModelResult) => msOf(result, native, 1) / msOf(result, own, 1),
  threads: (result: ModelResult) => msOf(result, own, 1) / msOf(result, own, 2),
  webThreads: (result: ModelResult) => msOf(result, web, 2) / msOf(result, own, 2),
  first: ({ first }: ModelResult) => first[web].ms / first[own].ms,
  lite: (result: ModelResult) => msOf(result, LITE, 1) / msOf(result, own, 1),
  firstLite: ({ first }: ModelResult) => (first[LITE]?.ms ?? Number.NaN) / first[own].ms,
} as const

const shown = (ratio: number): string => (Number.isNaN(ratio) ? '-' : times(ratio))
const shownMs = (ms: number): string => (Number.isNaN(ms) ? 'none' : milliseconds(ms))

const timeHead = ['model', 'samepad', 'ort-web', 'ort-node', 'x web', 'x node', '2 thr.', 'x 1 thr.', 'x web 2']

function timeLines({ models }: ModelResults): string[][] {
  return models.map((result) => [
    `${result.model}${isWrong(result) ? ' (wrong values)' : ''}`,
    ...modelEngineNames.map((engine) => shownMs(msOf(result, engine, 1))),
    ...[ratios.web(result), ratios.native(result)].map(shown),
    shownMs(msOf(result, own, 2)),
    ...[ratios.threads(result), ratios.webThreads(result)].map(shown),
  ])
}

const firstHead = ['first result', 'samepad', 'ort-web', 'ort-node', 'x web', 'MB', 'web', 'node', 'apart']

function firstLines({ models }: ModelResults): string[][] {
  return models.map((result) => [
    result.model,
    ...modelEngineNames.map((engine) => result.first[engine].ms.toFixed(0)),
    shown(ratios.first(result)),
    ...modelEngineNames.map((engine) => (result.first[engine].bytes / 1e6).toFixed(0)),
    result.steady[1].engines[own]?.apart?.toExponential(1) ?? 'none',
  ])
}

const liteHead = ['TFLite', 'samepad', LITE, 'times', 'first', LITE, 'times', 'MB', LITE, 'apart']

/** The models of which there is a file of TFLite. */
function liteLines({ models }: ModelResults): string[][] {
  const engines = [own, LITE]
  return models
    .filter(({ first }) => first[LITE])
    .map((result) => [
      result.model,
      ...[...engines.map((engine) => shownMs(msOf(result, engine, 1))), shown(ratios.lite(result))],
      ...[...engines.map((engine) => result.first[engine].ms.toFixed(0)), shown(ratios.firstLite(result))],
      ...engines.map((engine) => (result.first[engine].bytes / 1e6).toFixed(0)),
      result.steady[1].engines[LITE]?.apart?.toExponential(1) ?? 'none',
    ])
}

/** What the first run of a new size may take: so many steady ones, and so many milliseconds for each step. */
const NEW_SIZE = { runs: 1.5, step: 0.1 }

const newSizeHead = ['new size', 'steps', 'samepad', 'again', 'may take', 'ort-web', 'again', 'x web']

/** The models that take any size. */
function newSizeLines({ models }: ModelResults): string[][] {
  return models.flatMap(({ model, newSizes }) => {
    if (!newSizes) return []
    const { steps, engines } = newSizes
    const [ours, theirs] = [engines[own], engines[web]]
    const most = NEW_SIZE.runs * ours.again + NEW_SIZE.step * steps
    const times = [ours.first, ours.again, most, theirs.first, theirs.again].map(shownMs)
    return [[model, String(steps), ...times, shown(theirs.first / ours.first)]]
  })
}

const newSizesSaid = (results: ModelResults): string => {
  const within = results.models.filter(({ newSizes }) => {
    if (!newSizes) return false
    const { first, again } = newSizes.engines[own]
    return first <= NEW_SIZE.runs * again + NEW_SIZE.step * newSizes.steps
  })
  const { length } = newSizeLines(results)
  return `The first run of a new size takes at most ${NEW_SIZE.runs} steady ones and ${NEW_SIZE.step} ms for each step on ${within.length} of ${length} models.`
}

/** Means over all models, as sentences. */
function sentences(results: ModelResults): string[] {
  const { models, shipped } = results
  const said = (of: keyof typeof ratios, list: readonly ModelResult[] = models): string => {
    const found = list.map(ratios[of]).filter((one) => !Number.isNaN(one))
    return found.length > 0 ? `${shown(geometricMean(found))} (least ${shown(Math.min(...found))})` : '-'
  }
  const long = models.filter((result) => msOf(result, own, 1) > LONG)
  const size = (bytes: number): string =>
    bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
  return [
    `Geometric means: ${said('web')} times as fast as onnxruntime-web, ${said('native')} times as onnxruntime-node; with two threads ${said('webThreads')} times as onnxruntime-web with two.`,
    `Two threads: ${said('threads', long)} times one, over models of more than ${LONG} ms.`,
    `First result of a process: ${said('first')} times as soon as onnxruntime-web.`,
    `Models of TFLite: ${said('lite')} times as fast as ${LITE}, the first result ${said('firstLite')} times as soon.`,
    ...(newSizeLines(results).length > 0 ? [newSizesSaid(results)] : []),
    `What is shipped: ${size(shipped[own])} gzipped, onnxruntime-web ${size(shipped[web])} gzipped, ${LITE} ${size(shipped[LITE])} gzipped, onnxruntime-node ${size(shipped[native])}.`,
  ]
}

/** What engines said of models that they do not run. */
const errorsOf = ({ models }: ModelResults): string[] =>
  models.flatMap(({ model, steady }) =>
    Object.entries(steady[1].errors).map(([engine, error]) => `${engine} does not run ${model}: ${error}`),
  )

/** On the console. */
export function reportModels(results: ModelResults, { strong }: TextStyle): string[] {
  const lite = liteLines(results)
  const sizes = newSizeLines(results)
  const head = `${results.cpu}, ${results.cores} cores, ${results.host}; milliseconds`
  return [
    ...wrap(strong(head)),
    '',
    ...columns([timeHead, ...timeLines(results)], '<>>>>>>>>'),
    '',
    ...columns([firstHead, ...firstLines(results)], '<>>>>>>>>'),
    ...(lite.length > 0 ? ['', ...columns([liteHead, ...lite], '<>>>>>>>>>')] : []),
    ...(sizes.length > 0 ? ['', ...columns([newSizeHead, ...sizes], '<>>>>>>>')] : []),
    ...[...sentences(results), ...errorsOf(results)].flatMap((sentence) => ['', ...wrap(sentence)]),
  ]
}

/** The section of docs/bench.md. */
export function modelsSection(results: ModelResults): string[] {
  const { cpu, cores, host, versions } = results
  const sizes = newSizeLines(results)
  const names = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return [
    '## Whole models',
    '',
    `${cpu}, ${cores} cores, ${host}; ${names.join(', ')}. Written by \`npm run bench -- --models --docs\`.`,
    'Milliseconds of a run, tensors in and out in arrays: all engines in turns in one process, first with one thread, then with two',
    '(*2 thr.*, samepad). *x web* and *x node* are how many times as fast samepad is as onnxruntime-web and onnxruntime-node, *x 1 thr.*',
    'its two threads as its one, *x web 2* its two as the two of onnxruntime-web. From ResNet-50 on, models are well-known networks with',
    'random weights.',
    '',
    ...pageTable(timeHead, timeLines(results)),
    '',
    'From the start of a process to its first result, in milliseconds (the quickest of some processes), and the most memory of that',
    `process; *apart* is the largest difference from onnxruntime-node as a share of the range of the output (at most ${FARTHEST} is right, or twice as much as onnxruntime-web has).`,
    '',
    ...pageTable(firstHead, firstLines(results)),
    '',
    `Models of which there is a file of TFLite, which ${LITE} runs; samepad runs the ONNX that is written of it. First results and memory`,
    'as above.',
    '',
    ...pageTable(liteHead, liteLines(results)),
    ...(sizes.length === 0
      ? []
      : [
          '',
          'The first run at a size that a model has not seen, after two others, and runs of that size from the third one on (*again*), medians',
          'over nine sizes; *x web* is how many times as fast the first run is as that of onnxruntime-web.',
          '',
          ...pageTable(newSizeHead, sizes),
        ]),
    ...[...sentences(results), ...errorsOf(results)].flatMap((sentence) => ['', sentence]),
  ]
}
