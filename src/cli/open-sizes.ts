import { SamepadError } from '../geometry.ts'
import { readModel } from '../models.ts'
import { type OpenedSizes, openSizes } from '../tiles.ts'
import { counted } from '../words/numbers.ts'
import type { Answer, Request, Shell } from './command.ts'
import { withFile } from './file-error.ts'
import { modelFile, STANDARD, shownName } from './model-files.ts'
import type { TextStyle } from './style.ts'
import { fromEnd, table, wrap } from './table.ts'
import { type EditedModel, goalOf, modelBytes, writeModel } from './write-model.ts'

/** `samepad fix --open-sizes`. */
export async function openingAnswer(request: Request, surroundings: Shell): Promise<Answer> {
  const [word, ...rest] = request.words
  if (word === undefined || rest.length > 0)
    throw new SamepadError('fix', 'with --open-sizes there must be one file', request.words)
  const other = ['to', 'unsafe', 'input', 'in-place'].find((name) => request.options[name] !== undefined)
  if (other !== undefined) throw new SamepadError('fix', '--open-sizes must stand alone or with -o', `--${other}`)
  const file = await modelFile('fix', word, surroundings)
  const { name, source } = file
  const { output } = request.options
  const goal = output === undefined ? undefined : goalOf(String(output), [file], surroundings.cwd)
  const { bytes, ...opened } = await withFile(name, () => openSizes(source))
  const edited: EditedModel = { source: bytes, edits: [], check: (written) => readModel(written), onProgress: () => {} }
  const toStandard = goal === STANDARD ? await modelBytes(edited) : undefined
  if (goal !== undefined && goal !== STANDARD) await writeModel(edited, goal)
  const written = goal === STANDARD ? 'standard output' : goal && shownName(goal, surroundings.cwd)
  return {
    data: { file: name, ...opened },
    lines: (style) => openedLines(name, opened, written, style),
    exitCode: opened.left.length > 0 || goal === undefined ? 1 : 0,
    ...(toStandard && { output: toStandard }),
  }
}

function openedLines(
  file: string,
  { inputs, changes, left }: Omit<OpenedSizes, 'bytes'>,
  output: string | undefined,
  style: TextStyle,
): string[] {
  const shapes = Object.entries(inputs).map(([name, shape]) => `${name} [${shape.map(String).join(', ')}]`)
  const rows = changes.map(({ name, before, after }) => [`  ${fromEnd(name, 30)}`, before, '->', after])
  const done = `Takes ${shapes.join(', ')}; ${counted(changes.length, 'node')} ${output === undefined ? 'would be' : ''} rewritten.`
  return [
    ...wrap(style.strong(file)),
    ...(rows.length > 0 ? table(rows, '<<<<') : []),
    ...left.flatMap(({ name, reason }) => wrap(`${fromEnd(name, 30)} still holds for one size: ${reason}.`, '  ')),
    ...wrap(done.replace('  ', ' ')),
    ...wrap(
      output === undefined
        ? '-o FILE writes the model.'
        : left.length > 0
          ? `Written to ${output}; it does not take every size.`
          : `Read again and checked at the old size and at twice that; written to ${output}.`,
    ),
  ]
}
