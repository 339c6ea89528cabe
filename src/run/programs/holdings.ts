import type { Hold } from '../../analysis/remembered.ts'
import type { Filter } from '../../reference/problem.ts'
import { alignedTo, type Block } from '../memory/heap.ts'
import { current, floats, free, take } from '../memory/memory.ts'
import type { SharedPlan } from './plans.ts'
import { holdProgram, letGo, type Program } from './programs.ts'

/** All that a plan needs but its tensors: a program, and addresses of what it reads. */
export interface Ready {
  /** Gone when all programs are. */
  readonly program: Hold<Program | undefined>
  readonly weights: number
  readonly bias: number
  readonly tables: number
  /** Bytes of scratch. */
  readonly scratch: number
}

/** The same with what it was made for and what it lies in: one object, since with many layers in turns none is in a near cache. */
interface Last extends Ready {
  readonly revision: number
  readonly shared: SharedPlan
  readonly tablesBlock: Block
  readonly weightsBlock: Block
}

/** What is held for a plan; weights are held by what they are packed for. */
interface PlanHolding {
  readonly program: Hold<Program | undefined>
  readonly tables: Block
}

interface PackedWeights {
  /** Of the filter when they were packed. */
  readonly revision: number
  readonly block: Block
  /** What the weights of the whole are packed like, where they are those of a part. */
  readonly whole: string
  readonly bias: number
}

/** What a layer holds in program memory for the plans that it runs: programs, their tables, and its packed weights. */
export class Holdings {
  readonly #filter: Filter
  readonly #plans = new Map<SharedPlan, PlanHolding>()
  readonly #weights = new Map<string, PackedWeights>()
  /** What was asked for last. */
  #last: Last | undefined

  /** @param filter must not lie in program memory, which may move */
  constructor(filter: Filter) {
    this.#filter = filter
  }

  /** What a plan needs, made where it is not there; undefined where there is no memory for it. */
  ready(shared: SharedPlan): Ready | undefined {
    const last = this.#last
    const isThere = last?.program.answer && last.tablesBlock.isThere && last.weightsBlock.isThere
    if (isThere && last.shared === shared && last.revision === this.#revision) return last
    const holding = this.#holding(shared)
    const packed = holding && this.#packed(shared)
    if (!packed) return undefined
    const { program, tables: tablesBlock } = holding
    const { block: weightsBlock, bias } = packed
    const [weights, tables] = [weightsBlock.address, tablesBlock.address]
    const { scratch } = shared.plan.bytes
    this.#last = {
      program,
      weights,
      bias,
      tables,
      scratch,
      revision: this.#revision,
      shared,
      tablesBlock,
      weightsBlock,
    }
    return this.#last
  }

  /** Lets go of everything but what some plans need. */
  keep(plans: ReadonlySet<SharedPlan>): void {
    this.#last = undefined
    for (const [shared, { program, tables }] of this.#plans) {
      if (plans.has(shared.whole ?? shared)) continue
      letGo(program)
      free(tables)
      this.#plans.delete(shared)
    }
    const packings = new Set([...plans].map(({ packing }) => packing))
    for (const [packing, { block, whole }] of this.#weights) {
      if (packings.has(whole)) continue
      free(block)
      this.#weights.delete(packing)
    }
  }

  /** Lets go of everything. */
  release(): void {
    this.keep(new Set())
  }

  get #revision(): number {
    return this.#filter.revision?.number ?? 0
  }

  #holding(shared: SharedPlan): PlanHolding | undefined {
    const known = this.#plans.get(shared)
    if (known?.program.answer && known.tables.isThere) return known
    if (known) free(known.tables)
    const { plan, key, emit } = shared
    const program = holdProgram(key, emit)
    if (!program) return undefined
    const tables = take(plan.bytes.tables)
    if (!tables) {
      letGo(program)
      return undefined
    }
    new Int32Array(current().buffer, tables.address, plan.tables.length).set(plan.tables)
    const holding = { program, tables }
    this.#plans.set(shared, holding)
    return holding
  }

  #packed({ plan, packing, pack, whole }: SharedPlan): PackedWeights | undefined {
    const revision = this.#revision
    const known = this.#weights.get(packing)
    if (known?.block.isThere && known.revision === revision) return known
    const { weights, bias } = plan.bytes
    const room = alignedTo(weights)
    const block = known?.block.isThere ? known.block : take(room + bias)
    if (!block) return undefined
    const packed = { block, bias: block.address + room, whole: (whole ?? { packing }).packing, revision }
    // They are packed where they stay: models have hundreds of megabytes of them.
    const zeros = (at: number, bytes: number): Float32Array =>
      floats()
        .subarray(at / 4, (at + bytes) / 4)
        .fill(0)
    pack(this.#filter, { weights: zeros(block.address, weights), bias: zeros(packed.bias, bias) })
    this.#weights.set(packing, packed)
    return packed
  }
}
