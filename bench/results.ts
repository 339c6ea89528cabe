import type { Part } from './parts.ts'

/**
 * Everything that a run of the bench finds out, as `--json` writes it. Times in milliseconds. Lists are empty where their
 * part was not asked for.
 */
export interface Results {
  readonly limit: Limit
  readonly machine: Machine
  readonly rows: readonly Row[]
  /** Engines whose values differ from the reference: their times count for nothing. */
  readonly disagreements: readonly Remark[]
  readonly notes: readonly Remark[]
  /** Parts that could not be measured. */
  readonly failures: readonly Failure[]
  /** samepad on arrays in JavaScript's memory, which each run copies. */
  readonly arrays: readonly { readonly layer: string; readonly ms: number }[]
  readonly firstCalls: readonly FirstCall[]
  readonly sameToValid: readonly SameToValid[]
  readonly epilogues: readonly EpiloguePrice[]
  readonly steadyStates: readonly SteadyState[]
  readonly newSizes: readonly NewSize[]
  readonly inTurns: readonly InTurns[]
  readonly large: readonly Large[]
  readonly growth: readonly Growth[]
  readonly between: readonly Between[]
  readonly face: readonly Face[]
  /** The share of runs during which other processes took the processor. */
  readonly disturbed: number
}

/** What WebAssembly can compute here in registers, 10^9 operations a second: the median over the run, and its range. */
export interface Limit {
  readonly gflops: number
  readonly lowest: number
  readonly highest: number
  readonly instruction: string
}

export interface Machine {
  readonly cpu: string
  readonly cores: number
  /** `Node v24.21.0`, `Chromium 156.0.7962.0`. */
  readonly host: string
  readonly versions: Readonly<Record<string, string>>
}

/** A layer on an engine: its time, or why there is none. */
export type Row = TimedRow | RefusedRow

export interface TimedRow extends Named {
  readonly ms: number
  readonly gflops: number
}

export interface RefusedRow extends Named {
  readonly error: string
}

interface Named {
  readonly layer: string
  readonly kind: string
  readonly set: string
  readonly engine: string
}

export interface Failure {
  readonly part: Part
  readonly error: string
}

export interface Remark {
  readonly layer: string
  readonly engine: string
  readonly what: string
}

/** The stages of a first call, the default layout; each the median of processes in which the layer is new. */
export interface FirstCall {
  readonly layer: string
  readonly resolve: number
  readonly plan: number
  readonly emit: number
  readonly compile: number
  /** Packing the weights. */
  readonly pack: number
  /** A first call as a whole, in processes of its own: all of this, the run, and its output's memory. */
  readonly call: number
  /** Of the program; 0 where none fits. */
  readonly bytes: number
}

/** A layer on SAME padding against VALID on an input as large as that padding makes it. */
export interface SameToValid {
  readonly layer: string
  readonly engine: string
  readonly same: number
  readonly valid: number
  /** Multiplications with SAME, as a share of those with VALID: taps on padding are none, and Winograd has as many. */
  readonly work: number
  /** Time per multiplication with SAME, over that with VALID. */
  readonly ratio: number
}

/** A layer with something behind it, beside the layer with nothing but its bias. */
export interface EpiloguePrice {
  readonly layer: string
  readonly layout: 'nchw' | 'nhwc'
  readonly epilogue: string
  /** Milliseconds without the epilogue. */
  readonly bare: number
  readonly ms: number
  /** What it adds, as a share of the time without it. */
  readonly costs: number
}

/** 10,000 runs of a small layer. */
export interface SteadyState {
  readonly layer: string
  /** Of JavaScript's heap, which are garbage at once. */
  readonly bytesPerRun: number
  /** What the heap and program memory grew by, over all runs. */
  readonly heapGrowth: number
  readonly memoryGrowth: number
}

/** Milliseconds that planning for a new size may take: they do not grow with the layer. */
export const PLANNING = 0.3

/** A prepared layer on sizes of input that it has not seen, each the median over the sizes. */
export interface NewSize {
  readonly layer: string
  readonly layout: 'nchw' | 'nhwc'
  /** The first run on a size. */
  readonly fresh: number
  /** Later runs on the same sizes. */
  readonly again: number
  /** The first over later ones. */
  readonly ratio: number
  /** The same, without the time that planning may take (`PLANNING`). */
  readonly ratioBeyondPlanning: number
}

/** Many different layers: sums over all of them of a run each. */
export interface InTurns {
  readonly layers: number
  /** Of all tensors. */
  readonly bytes: number
  /** Rounds in turns before anything was timed. */
  readonly rounds: number
  readonly turns: number
  readonly alone: number
  /** Alone, after as many bytes of other memory were read. */
  readonly cold: number
}

/** A large picture, in a process of its own. */
export interface Large {
  readonly layout: 'nchw' | 'nhwc'
  /** Cells of its height and width. */
  readonly side: number
  /** What computed: `program`, `reference`. */
  readonly engine: string
  /** Of the first run, and of the fastest. */
  readonly first: number
  readonly ms: number
  readonly gflops: number
  /** Bytes of input and output, which are arrays. */
  readonly tensors: number
  /** Bytes that the process grew by while it ran. */
  readonly resident: number
  readonly programMemory: number
}

/** One point of a curve. */
export interface Growth {
  readonly along: 'area' | 'channels' | 'batch'
  /** Cells of the input, channels, or images. */
  readonly size: number
  readonly engine: string
  readonly ms: number
  readonly gflops: number
}

/** What stands between layers, on every engine, and a copy of memory beside it. */
export interface Between {
  readonly operation: string
  readonly kind: 'stream' | 'other'
  /** Of its tensors, all of them. */
  readonly bytes: number
  /** Bytes that the copy reads and writes. */
  readonly copy: { readonly bytes: number; readonly ms: number }
  readonly rows: readonly BetweenRow[]
}

/** An operation on an engine: its time, and in what its values are wrong; or why it does not do it. */
export type BetweenRow = { readonly engine: string } & (
  | { readonly ms: number; readonly wrong: string | undefined }
  | { readonly error: string }
)

/** The network of examples/face on an engine: its time, and in what its values are wrong. */
export interface Face {
  readonly engine: string
  readonly ms: number
  readonly wrong: string | undefined
}

/** Whether samepad gave other values than it should anywhere, or a part could not be measured. */
export function isAtFault({ disagreements, failures, between, face }: Results): boolean {
  const isWrong = (row: BetweenRow): boolean => row.engine.startsWith('samepad') && !('ms' in row && !row.wrong)
  return (
    failures.length > 0 ||
    disagreements.some(({ engine }) => engine.startsWith('samepad')) ||
    between.some(({ rows }) => rows.some(isWrong)) ||
    face.some(({ engine, wrong }) => engine === 'samepad' && wrong)
  )
}

/** Whether a row has a time. */
export function isTimed(row: Row): row is TimedRow {
  return 'ms' in row
}

/** Whether an engine did not do a layer. */
export function isRefused(row: Row): row is RefusedRow {
  return 'error' in row
}
