import { filterOfPart, type ProblemPart, partsOf } from '../../plan/parts.ts'
import { FLOAT } from '../../plan/plan.ts'
import { inputOf, outputOf, type Problem } from '../../reference/problem.ts'
import { alignedTo, type Block } from '../memory/heap.ts'
import type { Holdings, Ready } from '../programs/holdings.ts'
import type { PartsReady } from '../programs/parallel.ts'
import { type SharedPlan, sharedPlan } from '../programs/plans.ts'
import type { Program } from '../programs/programs.ts'
import type { PartCall, Pool } from './worker-pool.ts'

/** A part with its plan. */
interface SharedPart extends Pick<ProblemPart, 'input' | 'output'> {
  readonly shared: SharedPlan
}

/** Parts of plans, by how many they are to be; also that there are none. */
const known = new WeakMap<SharedPlan, Map<number, readonly SharedPart[] | undefined>>()

/** Numbers by which workers know programs. */
const numbers = new WeakMap<Program, number>()
let last = 0

/** Microseconds of work below which another thread gains nothing: waking it and waiting for it take some 10. */
const SMALL = 40

/** Parts of each thread: one that is late leaves some to others. */
const PARTS_EACH = 1

/** Runs parts: which, how many following each other are a thread's own, and the scratch of the threads. */
type RunParts<Done> = (calls: readonly PartCall[], own: number, scratch: number, each: number) => Done

/** Parts of a plan made ready, if there are any; undefined where there is no memory. */
export function partRun<Done>(
  parts: readonly SharedPart[] | undefined,
  holdings: Holdings,
  { threads }: Pool,
  run: RunParts<Done>,
): PartsReady<Done> | undefined {
  if (!parts) return undefined
  const readies: { readonly ready: Ready; readonly program: Program; readonly code: Block }[] = []
  for (const { shared } of parts) {
    const ready = holdings.ready(shared)
    const program = ready?.program.answer
    if (!ready || !program?.shared) return undefined
    readies.push({ ready, program, code: program.shared })
  }
  const each = alignedTo(Math.max(...parts.map(({ shared }) => shared.plan.bytes.scratch)))
  return {
    scratch: threads * each, // whichever of them is free takes a part, however few parts there are
    runParts(input, output, residual, scratch) {
      const calls = parts.map((part, index): PartCall => {
        const { ready, program, code } = readies[index]
        const { weights, bias, tables } = ready
        const [from, to, joined] = [
          input + part.input * FLOAT,
          ...[output, residual].map((at) => at + part.output * FLOAT),
        ]
        return {
          integers: [numberOf(program), code.address, program.code, from, to, weights, bias, tables, joined],
          run: (scratch) => program.run(from, to, weights, bias, tables, joined, scratch),
        }
      })
      return run(calls, PARTS_EACH, scratch, each)
    },
  }
}

/** The parts of a plan for workers alone; all of it is one where it cannot be cut. Undefined where it is too small. */
export function partsApart(shared: SharedPlan, workers: number): readonly SharedPart[] | undefined {
  if (microseconds(shared.problem) < SMALL) return undefined
  return plannedParts(shared, workers) ?? [{ shared, input: 0, output: 0 }]
}

function numberOf(program: Program): number {
  const number = numbers.get(program) ?? ++last
  numbers.set(program, number)
  return number
}

/** The parts of a plan for so many threads; undefined where one is better, or it is in one piece. */
export function plannedParts(shared: SharedPlan, threads: number): readonly SharedPart[] | undefined {
  const ofPlan = known.get(shared) ?? new Map<number, readonly SharedPart[] | undefined>()
  known.set(shared, ofPlan)
  if (!ofPlan.has(threads)) ofPlan.set(threads, planParts(shared, threads))
  return ofPlan.get(threads)
}

function planParts(shared: SharedPlan, threads: number): readonly SharedPart[] | undefined {
  if (threads === 1 || microseconds(shared.problem) < SMALL) return undefined
  const planned: SharedPart[] = []
  for (const part of partsOf(shared, threads * PARTS_EACH) ?? []) {
    const own = shared.planPart(part.problem)
    if (!own) return undefined
    planned.push({ ...part, shared: ofPart({ ...sharedPlan(own), whole: shared }, part) })
  }
  return planned.length > 1 ? planned : undefined
}

/** A part that has all of the filter shares its packed weights with the whole. */
function ofPart(own: SharedPlan, part: ProblemPart): SharedPlan {
  const { groups, outChannels } = own.problem
  if (outChannels === own.whole?.problem.outChannels) return own
  const packing = `${own.packing} of ${part.channel} to ${part.channel + outChannels} in ${groups}`
  return { ...own, packing, pack: (filter, room) => own.pack(filterOfPart(part, filter), room) }
}

/** About how long a problem takes on one thread: what it multiplies, and what it reads and writes. */
function microseconds(problem: Problem): number {
  const { geometry, batch, inChannels, outChannels, groups } = problem
  const windows = geometry.op === 'convTranspose' ? 'input' : 'output'
  const multiplied = geometry.axes.reduce(
    (product, axis) => product * axis[windows] * axis.kernel,
    (batch * inChannels * outChannels) / groups,
  )
  const elements = [inputOf(problem), outputOf(problem)].reduce(
    (sum, { batch, channels, spatial }) => sum + spatial.reduce((product, size) => product * size, batch * channels),
    0,
  )
  return multiplied / RATE.multiplied + elements / RATE.moved
}

/** Of one thread, in a microsecond: products that it adds, and elements that it reads or writes. */
const RATE = { multiplied: 20_000, moved: 4000 }
