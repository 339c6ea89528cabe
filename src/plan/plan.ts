import { numberOf } from '../functions/float32.ts'
import type { Op } from '../geometry/index.ts'
import { channelLists, type Epilogue, readsResidual } from '../reference/epilogue.ts'
import { type Steps, stepsOf, type Three, threeAxes } from '../reference/loops.ts'
import { inputAround, outputAround, type Problem } from '../reference/problem.ts'
import type { Layout } from '../tensor/tensor.ts'
import type { Features } from '../wasm/engine.ts'
import type { Amount, Tables } from './tables.ts'

/** Floats of a vector, and the bytes of a float and of a vector. */
export const LANES = 4
export const FLOAT = 4
export const VECTOR = LANES * FLOAT

/**
 * The pieces of memory that a program works on, in the order of its parameters: `run(input, output, weights, bias, tables,
 * residual, scratch)` takes the address of each, 0 of what is not there. They may lie anywhere, in any order, at any multiple
 * of 4 bytes (scratch, weights, bias and tables at multiples of 16); a program reads and writes nothing outside of them. The
 * residual, which lies as the output does, may be the output itself.
 */
export const regions = ['input', 'output', 'weights', 'bias', 'tables', 'residual', 'scratch'] as const

/**
 * So many instructions on vectors may be written out in a program, about 140 kB of code: more outgrows the instruction
 * cache by far and takes long to compile.
 */
export const MOST_WRITTEN_OUT = 10_000

/** The name of a piece of memory. */
export type Region = (typeof regions)[number]

/** What a plan says of its layer, whatever its strategy. */
interface Common<Size> {
  readonly op: Op
  /** Multiply and add in one instruction, which may round once; otherwise every machine gives the same bits. */
  readonly relaxed: boolean
  /** What outputs pass through before they are stored. */
  readonly epilogue: Epilogue<Size>
  readonly batch: Size
  readonly groups: number
  /** Taps along depth, height and width. */
  readonly kernel: Three<number>
  /** Bytes between neighbours in input and output. */
  readonly from: ByteSteps<Size>
  readonly to: ByteSteps<Size>
}

/** A layer on an input of a certain size. */
export interface Basis extends Common<number>, Channels {}

/** Input and output channels of a group. */
export interface Channels {
  readonly inGroup: number
  readonly outGroup: number
}

/** What the code of a program depends on: equal structures are equal programs. Each strategy has its own kind. */
export interface Structure extends Common<Amount> {
  /** The names of the numbers with which tables begin. */
  readonly numbers: readonly string[]
  /** Bytes from the biases to the first list that the epilogue takes for each channel, and from each to the next; 0 without any. */
  readonly biases: Amount
}

/** A program's structure, which many layers share, and what is of one layer at one size: channels, memory and tables. */
export interface CommonPlan<S extends Structure = Structure> {
  readonly structure: S
  readonly channels: Channels
  /** Bytes of each piece of memory; 0 where a program needs none. */
  readonly bytes: Readonly<Record<Region, number>>
  /** 32-bit integers that the program reads from `tables`: the structure's numbers, then whatever the strategy lists. */
  readonly tables: Int32Array
}

/** Weights and bias in the order in which a program reads them; as long as the plan's bytes say. */
export interface PackedFilter {
  readonly weights: Float32Array
  readonly bias: Float32Array
}

/** Bytes between neighbours along each dimension. */
export interface ByteSteps<Size> {
  readonly batch: Size
  readonly channel: Size
  readonly axes: Three<Size>
}

/** What every strategy takes from a problem as it is. */
export function basisOf(problem: Problem, { relaxed }: Pick<Features, 'relaxed'>): Basis {
  const { geometry, batch, groups, layout, epilogue = [] } = problem
  const [depth, height, width] = threeAxes(geometry)
  return {
    ...{ op: geometry.op, relaxed, epilogue, batch, groups },
    inGroup: problem.inChannels / groups,
    outGroup: problem.outChannels / groups,
    kernel: [depth.kernel, height.kernel, width.kernel],
    from: inBytes(stepsOf(inputAround(problem), layout)),
    to: inBytes(stepsOf(outputAround(problem), layout)),
  }
}

/** The memory of a plan: bytes of weights, of biases and of scratch, and its tables. */
export function memoryOf(
  { batch, from, to, epilogue, inGroup, outGroup }: Basis,
  { biases, ...own }: Readonly<Record<'weights' | 'biases' | 'scratch', number>>,
  tables: Int32Array,
): Pick<CommonPlan, 'channels' | 'bytes' | 'tables'> {
  const output = batch * to.batch
  const bytes = {
    ...{ input: batch * from.batch, output, ...own, tables: tables.length * FLOAT },
    ...{ bias: biases * (1 + channelLists(epilogue)), residual: readsResidual(epilogue) ? output : 0 },
  }
  return { channels: { inGroup, outGroup }, bytes, tables }
}

/** Bytes from list to list of what an epilogue takes for each channel, which are as long as the biases; 0 if there are none. */
export const biasStep = ({ epilogue }: Basis, biases: number, tables: Tables): Amount =>
  channelLists(epilogue) > 0 ? tables.number('biases', biases) : 0

/**
 * What a program knows of a layer whatever the input's size and the number of channels: counts and steps that follow from
 * them have names.
 */
export function anySize(
  { batch, from, to, epilogue, inGroup: _, outGroup: __, ...layer }: Basis,
  layout: Layout,
  tables: Tables,
): Common<Amount> {
  const named = (side: string, { batch, channel, axes }: ByteSteps<number>): ByteSteps<Amount> => {
    const [slice, row, cell] = axes
    return {
      batch: tables.number(`${side} image`, batch),
      channel: layout === 'nchw' ? tables.number(`${side} channel`, channel) : channel,
      axes: [
        tables.number(`${side} slice`, slice),
        tables.number(`${side} row`, row),
        layout === 'nhwc' && cell > VECTOR ? tables.number(`${side} cell`, cell) : cell,
      ],
    }
  }
  const sizes = { batch: tables.number('images', batch), from: named('input', from), to: named('output', to) }
  return { ...layer, ...sizes, epilogue: namedNumbers(epilogue, tables) }
}

/** Names the numbers of an epilogue by their bits, except NaN and zeros: where these are bounds, the code differs. */
function namedNumbers(epilogue: Epilogue, tables: Tables): Epilogue<Amount> {
  return epilogue.map(({ row, operands }, step) => ({
    row,
    operands: operands.map((operand, index) => {
      if (!('bits' in operand) || !numberOf(operand.bits)) return operand
      return { bits: tables.number(`operand ${index} of function ${step}`, operand.bits) }
    }),
  }))
}

/** Elements as bytes. */
function inBytes({ batch, channel, axes }: Steps): ByteSteps<number> {
  const [depth, height, width] = axes.map((step) => step * FLOAT)
  return { batch: batch * FLOAT, channel: channel * FLOAT, axes: [depth, height, width] }
}
