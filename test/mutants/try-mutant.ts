import { auditLines } from '../../src/cli/audit-lines.ts'
import { run } from '../../src/cli/run.ts'
import { plain } from '../../src/cli/style.ts'
import { audit, type ByteSource, diff, fix, readModel, SamepadError } from '../models/onnx/all.ts'
import type { Mutant } from './mutant.ts'

/** Milliseconds of the processor that one question may take. */
export const SLOWEST = 2000

/** One question in this many is followed by a fix and by diffs. */
const SELDOM = 10

/** What came of a mutant. */
export interface Outcome {
  /** Whether it was refused as no model. */
  readonly isRefused: boolean
  /** What must not be: a crash, or a question that took too long. */
  readonly failures: readonly string[]
}

/** The same bytes as a file would give them. */
const fileOf = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  read: (begin, end) => bytes.slice(begin, end),
  close() {},
})

const sizes = [1, 2, 7, 32, 224, 10_007, 2 ** 20, 2 ** 31, 2 ** 40]

/** Asks everything that is asked of models. */
export async function tryMutant(number: number, { bytes, source, random }: Mutant): Promise<Outcome> {
  const failures: string[] = []
  const ask = async (question: string, action: () => Promise<unknown>): Promise<boolean> => {
    const before = process.cpuUsage()
    let isAnswered = true
    try {
      await action()
    } catch (error) {
      isAnswered = false
      if (!(error instanceof SamepadError)) failures.push(`${question} crashed: ${textOf(error)}`)
      else if (!/^[a-z]\w*: [^\n]+, got [^\n]+$/i.test(error.message))
        failures.push(`${question} says ${error.message}`)
    }
    const { user, system } = process.cpuUsage(before)
    const took = (user + system) / 1000
    if (took > SLOWEST) failures.push(`${question} took ${Math.round(took)} ms`)
    return isAnswered
  }
  const isModel = await ask('audit', async () => {
    auditLines(
      { file: 'x', audit: await audit(random() < 0.2 ? fileOf(bytes) : bytes), accepted: [] },
      { all: true, isOne: true },
      plain,
    )
  })
  if (random() < 0.3) await ask('audit at a size', async () => audit(bytes, { inputs: await sizesFor(bytes, random) }))
  if (number % SELDOM === 0) {
    const to = ([undefined, 'explicit', 'auto-pad', 'tf-same', 'symmetric'] as const)[Math.floor(random() * 5)]
    await ask(`fix to ${to}`, () => fix(bytes, { to, unsafe: true }))
    await ask('diff with what it was', () => diff(bytes, source.bytes))
    await ask('diff of what it was', () => diff(source.bytes, bytes))
    for (const line of ['audit - --sarif', 'audit - --json', 'phase -', 'fix - --to symmetric'])
      await ask(line, () => typed(line, bytes))
    await ask('diff with itself', () => diff(bytes, bytes))
  }
  return { isRefused: !isModel, failures }
}

/** Types a command whose standard input is the model; a fault is thrown, as it is not where files are read in turn. */
async function typed(line: string, bytes: Uint8Array): Promise<void> {
  let told = ''
  const write = (text: string | Uint8Array): void => {
    told += text
  }
  const quiet = { isTTY: false, showsProgress: false, cwd: process.cwd() }
  await run(line.split(' '), { ...quiet, stdin: async () => bytes, stdout: { write }, stderr: { write } })
  if (/fault of samepad/.test(told)) throw new Error(told.slice(-1000))
}

/** One size for whatever the inputs leave open. */
async function sizesFor(bytes: Uint8Array, random: () => number): Promise<Record<string, number[]>> {
  const { graph } = await readModel(bytes)
  const size = sizes[Math.floor(random() * sizes.length)]
  const open = graph.inputs.filter(({ shape }) => shape?.some((one) => typeof one !== 'number'))
  return Object.fromEntries(
    open.map(({ name, shape = [] }) => [name, shape.map((one) => (typeof one === 'number' ? one : size))]),
  )
}

const textOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error))
