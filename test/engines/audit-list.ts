import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Audit, audit, type Finding } from '../../src/models.ts'
import { realModels, realNames } from '../models/onnx/real-models.ts'

// What the audit says of every model at hand, as a page: test/goldens/audits.md. The engine test holds it against the
// models, and `npm run goldens:audits` writes it anew.

/** Models of ONNX's own tests, as Debian's package libonnx-testdata has them. */
export const testdata = '/usr/share/libonnx-testdata/data'
const mlsd = join(import.meta.dirname, '../../bench/node_modules/jp.keijiro.mlsd/ONNX')

interface Listed {
  readonly name: string
  readonly path: string
  readonly inputs: Readonly<Record<string, readonly number[]>>
}

/** Every model: those of people as their files have them, and at sizes where they leave some open. */
export function models(): Listed[] {
  const under = (folder: string): string[] => {
    if (!existsSync(folder)) throw new Error(`${folder} is missing`)
    return readdirSync(folder, { recursive: true }).map(String)
  }
  const all = (folder: string, label: string): Listed[] =>
    under(folder)
      .filter((file) => file.endsWith('.onnx'))
      .sort()
      .map((file) => ({ name: `${label}${file.replace(/\/model\.onnx$/, '')}`, path: join(folder, file), inputs: {} }))
  const people = realNames.flatMap((name): Listed[] => {
    const { path, inputs } = realModels[name]
    const sized = Object.entries(inputs).map(([input, shape]) => `${input}=${shape.join('x')}`)
    const open = { name, path, inputs: {} }
    return sized.length > 0 ? [open, { name: `${name} at ${sized.join(' ')}`, path, inputs }] : [open]
  })
  return [...people, ...all(mlsd, 'mlsd/'), ...all(testdata, '')]
}

/** Why a finding is right: of a rule, where its message says so. */
const reasons: readonly (readonly [rule: string, says: RegExp, why: string])[] = [
  [
    'auto-pad-misread',
    /SAME_LOWER is run as SAME_UPPER/,
    'the test asks for SAME_LOWER, which rten reads otherwise: a note',
  ],
  ['transposed-swap', /SAME_UPPER is read/, 'SAME of a transposed layer: older and other runtimes crop otherwise'],
  ['transposed-swap', /output_shape is read/, 'an output_shape is split otherwise by other runtimes'],
  [
    'grid-drift',
    /would move the grid|of all layers lie/,
    'a layer that can tell, at a size where both families differ: no fault',
  ],
  ['foldable-pad', /could be pads/, 'its exporter left a Pad that the layer could do itself'],
  ['pads-refused-elsewhere', /one number for both sides/, 'padding of TensorFlow: one cell more at the end'],
]

const reasonOf = ({ rule, message }: Finding): string =>
  reasons.find(([name, says]) => name === rule && says.test(message))?.[2] ?? 'NO REASON IS GIVEN'

const styles: Readonly<Record<Audit['style'], string>> = {
  'tf-same': 'padded as TensorFlow SAME',
  symmetric: 'padded on both sides alike',
  mixed: 'padded in two ways',
  either: 'no layer tells the families apart',
}

/** What a model gets, in words that are the same for models that get the same. */
function linesOf({ nodes, style, findings, conflicts }: Audit & { conflicts?: readonly unknown[] }): string[] {
  const open = nodes.filter(({ axes }) => axes.some(({ input }) => input === undefined)).length
  const sizes = conflicts?.length ? 'it cannot run' : open > 0 ? 'sizes are open' : 'every size follows'
  const what = nodes.length === 0 ? 'no node slides a window: nothing to pad' : `${styles[style]}; ${sizes}`
  const counts = new Map<string, number>()
  for (const found of findings) {
    const line = `${found.severity} ${found.rule}: ${reasonOf(found)}`
    counts.set(line, (counts.get(line) ?? 0) + 1)
  }
  return [what, ...[...counts].map(([line, count]) => (count > 1 ? `${line} (${count} layers)` : line))]
}

/** The page. */
export async function auditList(): Promise<string> {
  const groups = new Map<string, string[]>()
  for (const { name, path, inputs } of models()) {
    const key = linesOf(await audit(path, { inputs })).join('\n- ')
    groups.set(key, [...(groups.get(key) ?? []), name])
  }
  const sections = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([key, names]) =>
        `## ${names.length} ${names.length === 1 ? 'model' : 'models'}\n\n- ${key}\n\n${wrapped(names)}`,
    )
  const page = [
    '# What the audit says of models at hand',
    'Written by `npm run goldens:audits` from ONNX’s own test models (Debian: libonnx-testdata), BlazeFace, PP-OCR, ' +
      'silero-vad and M-LSD. Models that get the same stand together; behind each finding is the reason why it is right. ' +
      '`test/engines/audits.engine.ts` holds the page against the models.',
    ...sections,
  ].join('\n\n')
  return `${page}\n`
}

/** Names side by side, in lines that can be read. */
function wrapped(names: readonly string[]): string {
  const lines: string[] = []
  for (const name of names) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + name.length < 118) lines[lines.length - 1] = `${last}, ${name}`
    else lines.push(name)
  }
  return lines.join(',\n')
}
