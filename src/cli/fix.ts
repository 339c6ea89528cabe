import { dirname } from 'node:path'
import { SamepadError, Verbatim } from '../geometry.ts'
import { checkFix, type FixOptions, type FixPlan, type Model, planFix, type Target } from '../models.ts'
import { counted } from '../words/numbers.ts'
import type { Command, Request, Shell } from './command.ts'
import { forEachModel, type ModelFile, modelFiles, STANDARD, shownName, toldOf } from './model-files.ts'
import { openingAnswer } from './open-sizes.ts'
import { inputOption, readShapes, shapesFor } from './read-shapes.ts'
import type { TextStyle } from './style.ts'
import { fromEnd, table, wrap } from './table.ts'
import { type EditedModel, goalOf, modelBytes, writeModel } from './write-model.ts'

/** What `--to` takes. */
const targets: Readonly<Record<Target, string>> = {
  explicit: 'write auto_pad as numbers',
  'auto-pad': 'write pads that are SAME as auto_pad',
  'pad-node': 'write pads that differ between begin and end as a Pad in front',
  'tf-same': 'pad as TensorFlow does; the values change',
  symmetric: 'pad both sides alike; the values change',
}

/** `samepad fix`: findings mended, or all padding rewritten. */
export const fix: Command = {
  summary: 'repair what audit finds in a model, or rewrite all padding; every other byte stays',
  usage: 'FILE... [-o FILE | --in-place] [--to WAY] [--unsafe]',
  about:
    'Writes automatic padding as numbers where a runtime refuses it or reads it otherwise, and works a Pad into the ' +
    'node behind it. Without -o or --in-place nothing is written: it says what it would do. What is written was read ' +
    'and held against the original before; weights and all else are copied byte by byte. With --to it rewrites every ' +
    `node instead: ${Object.entries(targets)
      .map(([name, about]) => `${name}, ${about}`)
      .join('; ')}.`,
  options: {
    output: {
      value: 'FILE',
      short: 'o',
      about: 'write the model there; - is standard output, and the report then goes to stderr',
    },
    'in-place': { about: 'write over the file' },
    to: { value: 'WAY', about: `one of ${Object.keys(targets).join(', ')}` },
    unsafe: { about: 'mend also where the model computes something else afterwards' },
    'open-sizes': { about: 'instead, let a model that was exported for one size take any height and width' },
    input: inputOption,
  },
  examples: [
    'fix model.onnx',
    'fix model.onnx -o fixed.onnx',
    'fix model.onnx --to auto-pad -o portable.onnx',
    'fix model.onnx --to symmetric --in-place',
    'fix fixed.onnx --open-sizes -o open.onnx',
  ],
  no: 'something needs repair and nothing was written',
  settings: false,
  answer: async (request, surroundings) => {
    if (request.options['open-sizes']) return openingAnswer(request, surroundings)
    const { cwd, progress } = surroundings
    const named = await modelFiles('fix', request.words, surroundings)
    const wish = wishOf(request, named.files, cwd)
    const given = readShapes('fix', request)
    const isOne = named.files.length === 1
    const outcome = await forEachModel(named, progress, async (file, model): Promise<Mended> => {
      const options: FixOptions = { ...wish.options, inputs: shapesFor('fix', model, given, isOne) }
      return { file: file.name, ...(await mend(file, model, wish.goalOf(file), options, progress)) }
    })
    const { done } = outcome
    const isPending = done.some(({ plan: { changes, byHand, skipped }, written }) => {
      const isLeft = changes.length === 0 && skipped.length > 0
      return byHand.length > 0 || isLeft || (changes.length > 0 && written === undefined)
    })
    const [output] = done.flatMap(({ bytes }) => bytes ?? [])
    return {
      data: [
        ...done.map(({ file, plan: { changes, byHand, skipped }, written }) => {
          return { file, changes, byHand, skipped, written: written && shownName(written, cwd) }
        }),
        ...outcome.failures,
      ],
      lines: (style) =>
        done.flatMap((one, index) => [...(index > 0 ? [''] : []), ...mendedLines(one, wish, cwd, style)]),
      exitCode: outcome.failures.length > 0 ? 2 : isPending ? 1 : 0,
      complaints: toldOf(outcome, named, wish.goal),
      ...(output && { output }),
    }
  },
}

interface FixRequest {
  readonly options: Pick<FixOptions, 'to' | 'unsafe'>
  /** The one file that is written, `-` for standard output; undefined where none is, or each over itself. */
  readonly goal: string | undefined
  /** Where to, for a file; undefined where nothing is written. */
  readonly goalOf: (file: ModelFile) => string | undefined
}

function wishOf({ options }: Request, files: readonly ModelFile[], cwd: string): FixRequest {
  const { output, to, unsafe, 'in-place': inPlace } = options
  if (to !== undefined && !Object.hasOwn(targets, to as string)) {
    throw new SamepadError('fix', `--to must be one of ${Object.keys(targets).join(', ')}`, to)
  }
  const wanted = { options: { to: to as Target | undefined, unsafe: unsafe === true } }
  if (inPlace && output)
    throw new SamepadError('fix', 'only one of -o and --in-place must be given', new Verbatim('both'))
  if (inPlace) {
    if (files.some(({ source }) => typeof source !== 'string'))
      throw new SamepadError('fix', '--in-place must have a file to write over', STANDARD)
    return { ...wanted, goal: undefined, goalOf: ({ source }) => String(source) }
  }
  if (output === undefined) return { ...wanted, goal: undefined, goalOf: () => undefined }
  if (files.length > 1) throw new SamepadError('fix', 'with -o there must be one file', new Verbatim(`${files.length}`))
  const goal = goalOf(String(output), files, cwd, '; --in-place writes over it')
  return { ...wanted, goal, goalOf: () => goal }
}

interface Mended {
  readonly file: string
  readonly plan: FixPlan
  readonly written: string | undefined
  /** What is to be written to standard output. */
  readonly bytes?: AsyncIterable<Uint8Array>
  /** Files with weights that the model, written elsewhere, will look for beside itself. */
  readonly apart: readonly string[]
}

/** Plans, writes beside the goal, reads that again, and only then lets it take its place. */
async function mend(
  { name, source }: ModelFile,
  model: Model,
  goal: string | undefined,
  options: FixOptions,
  progress: Shell['progress'],
): Promise<Omit<Mended, 'file'>> {
  const { respell, format = 'another format' } = model
  if (goal !== undefined && respell === undefined)
    throw new SamepadError(
      'fix',
      'what is written must be of a format that is rewritten; without -o and --in-place, fix says what to change by hand',
      new Verbatim(format),
    )
  const plan = await planFix(model, options)
  if (goal === undefined || (goal === source && plan.edits.length === 0)) return { plan, written: undefined, apart: [] }
  const edited: EditedModel = {
    ...{ source, edits: plan.edits },
    check: (written) => checkFix(model, plan, written, options),
    onProgress: (bytes) => progress(`${name}, ${Math.min(100, Math.floor((100 * bytes) / model.size))} % written`),
  }
  if (goal === STANDARD) return { plan, written: goal, bytes: await modelBytes(edited), apart: locationsOf(model) }
  await writeModel(edited, goal)
  const isBeside = typeof source === 'string' && dirname(goal) === dirname(source)
  return { plan, written: goal, apart: isBeside ? [] : locationsOf(model) }
}

/** Where a model has its weights, if not in itself. */
function locationsOf({ graph }: Model): string[] {
  const locations = graph.initializers.flatMap(({ data }) => (data && 'location' in data ? [data.location] : []))
  return [...new Set(locations)]
}

/** Reasons that are told one by one, before the rest is counted. */
const MOST = 12

function mendedLines(
  { file, plan, written, apart }: Mended,
  wish: FixRequest,
  cwd: string,
  style: TextStyle,
): string[] {
  const isWriting = wish.goalOf({ name: file, source: file }) !== undefined
  const place = written === STANDARD ? 'standard output' : written && shownName(written, cwd)
  const { changes, byHand, skipped } = plan
  const rows = changes.slice(0, MOST).map(({ name, before, after, same }) => {
    const note = same === 'no' ? 'values change' : same === 'at this size' ? 'at this size only' : ''
    return [`  ${fromEnd(name, 30)}`, before, '->', after, style.faint(note)]
  })
  const reasons = new Map<string, string[]>()
  for (const { name, reason } of skipped) reasons.set(reason, [...(reasons.get(reason) ?? []), name])
  return [
    ...wrap(style.strong(file)),
    ...(rows.length > 0 ? table(rows, '<<<<<') : []),
    ...(changes.length > MOST ? wrap(`and ${changes.length - MOST} more; --json has all.`, '  ').map(style.faint) : []),
    ...byHand.slice(0, MOST).flatMap(({ name, before, after, byteOffset, line }) => {
      const place = line !== undefined ? `, line ${line}` : byteOffset > 0 ? `, at byte ${byteOffset}` : ''
      return wrap(`${fromEnd(name, 30)}${place}: ${before} becomes ${after}.`, '  ')
    }),
    ...(byHand.length > MOST ? wrap(`and ${byHand.length - MOST} more; --json has all.`, '  ').map(style.faint) : []),
    ...[...reasons].flatMap(([reason, names]) => {
      const more = names.length > 1 ? ` and ${names.length - 1} more` : ''
      return wrap(
        `${fromEnd(names[0], 30)}${more} left as ${names.length > 1 ? 'they are' : 'it is'}: ${reason}.`,
        '  ',
      )
    }),
    ...wrap(outcome(plan, place, wish.options.to, isWriting)),
    ...(apart.length > 0 ? wrap(`Its weights are in ${apart.join(', ')}, which must lie beside it.`) : []),
  ]
}

function outcome(
  { changes, byHand, skipped }: FixPlan,
  written: string | undefined,
  to: Target | undefined,
  isWriting: boolean,
): string {
  const nodes = counted(changes.length, 'node')
  if (byHand.length > 0) {
    const layers = counted(byHand.length, 'layer')
    return `Files of this format are not rewritten. Change the ${layers} above where the model is made.`
  }
  if (changes.length === 0) {
    const isLeft = skipped.length > 0
    const nothing = to
      ? `No node ${isLeft ? 'can' : 'has to'} be rewritten to ${to}`
      : isLeft
        ? 'Nothing can be repaired here'
        : 'There is nothing to repair'
    if (written !== undefined) return `${nothing}; ${written} has the very same bytes.`
    return isWriting ? `${nothing}; the file stays as it is.` : `${nothing}.`
  }
  if (written === undefined) return `${nodes} would be rewritten; -o FILE writes the model, --in-place over itself.`
  return `${nodes} rewritten, read again and checked; written to ${written}.`
}
