import {
  audit,
  checkFix,
  diff,
  editedChunks,
  findRule,
  type Model,
  planFix,
  portedDrift,
  readModel,
} from 'samepad/models'
import { messageOf } from '../../state/message.ts'
import type { Reply, Report, Request, RuleText } from './messages.ts'
import { kindOf } from './no-model.ts'

// Beside the page, so that it never waits: reads a model, audits it, and writes it anew.

let newest = 0
let file: Blob | undefined
let model: Promise<Model> | undefined
let other: Promise<Model> | undefined

self.onmessage = async ({ data: request }: MessageEvent<Request>) => {
  newest = request.id
  if (request.file) {
    file = request.file
    model = read(file)
    other = request.other && read(request.other)
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
    const names = new Set(found.findings.map(({ rule }) => rule))
    const report: Report = {
      audit: found,
      inputs: inputsOf(read),
      rules: [...names].map(textOf),
      isRewritten: read.respell !== undefined,
      ported: await portedDrift(read, { inputs: options.inputs }),
      plan: { changes: plan.changes, skipped: plan.skipped, byHand: plan.byHand },
      ...(second && { diff: await diff(read, second, { inputs: options.inputs }) }),
      time,
    }
    if (!write) return { report }
    const chunks: BlobPart[] = []
    for await (const chunk of editedChunks(file!, plan.edits)) chunks.push(chunk as Uint8Array<ArrayBuffer>)
    const written = new Blob(chunks, { type: 'application/octet-stream' })
    await checkFix(read, plan, written, options)
    return { report, written }
  } catch (error) {
    return { refusal: messageOf(error) }
  }
}

/** Old files list constants among the inputs. */
function inputsOf({ graph }: Model): Report['inputs'] {
  const constants = new Set(graph.initializers.map(({ name }) => name))
  return graph.inputs.filter(({ name }) => !constants.has(name)).map(({ name, shape }) => ({ name, shape }))
}

function textOf(name: string): RuleText {
  const { check: _, ...text } = findRule(name)!
  return text
}
