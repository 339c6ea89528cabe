import {
  type Audit,
  audit,
  checkFix,
  diff,
  editedChunks,
  type FixOptions,
  type FixPlan,
  findRule,
  type Model,
  planFix,
  portedDrift,
  readModel,
} from 'samepad/models'
import { messageOf } from '../../state/message.ts'
import type { Reply, Report, Request, RuleText, Second } from './messages.ts'
import { kindOf } from './no-model.ts'

// Beside the page, so that it never waits: reads a model, audits it, and writes it anew.

let newest = 0
let file: Blob | undefined
let model: Promise<Model> | undefined
let other: Promise<Model> | undefined
let otherFile: Blob | undefined

self.onmessage = async ({ data: request }: MessageEvent<Request>) => {
  newest = request.id
  if (request.file) {
    file = request.file
    model = read(file)
    otherFile = request.other
    other = otherFile && read(otherFile)
  }
  const answer = await answerTo(request)
  if (newest === request.id) self.postMessage({ ...answer, id: request.id } satisfies Reply)
}

/** A model; of what is none, its kind is named. */
async function read(blob: Blob): Promise<Model> {
  const kind = await kindOf(blob)
  if (kind) throw new Error(`this is ${kind}, not a model`)
  return await readModel(blob)
}

async function answerTo({ options, write }: Request): Promise<Omit<Reply, 'id'>> {
  try {
    const start = performance.now()
    const read = await model!
    const second = await other
    const found = await audit(read, { inputs: options.inputs })
    const time = performance.now() - start
    const plan = await planFix(read, options)
    const beside = second && (await besideOf(second, found.style, options))
    const report: Report = {
      audit: found,
      inputs: inputsOf(read),
      rules: rulesOf(found),
      isRewritten: read.respell !== undefined,
      ported: await portedDrift(read, { inputs: options.inputs }),
      plan: { changes: plan.changes, skipped: plan.skipped, byHand: plan.byHand },
      ...(second && { diff: await diff(read, second, { inputs: options.inputs }), second: beside?.report }),
      time,
    }
    if (!write) return { report }
    if (write === 'first') {
      return { report, written: { file: await writtenOf(file!, read, plan, options), which: write } }
    }
    const { plan: repair, options: how } = beside!.mended!
    return { report, written: { file: await writtenOf(otherFile!, second!, repair, how), which: write } }
  } catch (error) {
    return { refusal: messageOf(error) }
  }
}

/** A mended file, read again and checked. */
async function writtenOf(from: Blob, read: Model, plan: FixPlan, options: FixOptions): Promise<Blob> {
  const chunks: BlobPart[] = []
  for await (const chunk of editedChunks(from, plan.edits)) chunks.push(chunk as Uint8Array<ArrayBuffer>)
  const written = new Blob(chunks, { type: 'application/octet-stream' })
  await checkFix(read, plan, written, options)
  return written
}

/** The second file: what is found in it, and how it would pad in the first one's style. */
async function besideOf(second: Model, style: Audit['style'], { inputs }: FixOptions): Promise<Beside> {
  const found = await audit(second, { inputs })
  const report: Second = { audit: found, rules: rulesOf(found) }
  if ((style !== 'tf-same' && style !== 'symmetric') || !second.respell) return { report }
  const options: FixOptions = { inputs, to: style }
  const plan = await planFix(second, options)
  return { report: { ...report, changes: plan.changes }, mended: { plan, options } }
}

interface Beside {
  readonly report: Second
  /** How it is mended; undefined where there is no such rewrite. */
  readonly mended?: { readonly plan: FixPlan; readonly options: FixOptions }
}

/** Old files list constants among the inputs. */
function inputsOf({ graph }: Model): Report['inputs'] {
  const constants = new Set(graph.initializers.map(({ name }) => name))
  return graph.inputs.filter(({ name }) => !constants.has(name)).map(({ name, shape }) => ({ name, shape }))
}

const rulesOf = ({ findings }: Audit): RuleText[] => [...new Set(findings.map(({ rule }) => rule))].map(textOf)

function textOf(name: string): RuleText {
  const { check: _, ...text } = findRule(name)!
  return text
}
