import { checkSetting, type Setting } from '../conventions/setting.ts'
import { isRejected, type Outcome, refusal, solve } from '../conventions/solve.ts'
import { SamepadError } from '../geometry/index.ts'
import { windowsApart } from '../words/apart.ts'
import { horizonOf, modulusOf } from './horizon.ts'
import { isSameFunction } from './same-function.ts'

/** How two settings relate on one residue class of input sizes, from some size on. */
export interface ResidueComparison {
  /** Input modulo `modulus`. */
  readonly residue: number
  readonly equal: boolean
  /**
   * How many cells later the second setting's windows start in the input (transposed: its samples land in the output);
   * undefined where one refuses, or where the distance grows with the input.
   */
  readonly phase: number | undefined
  /** How many more outputs the second setting has; undefined likewise. */
  readonly outputs: number | undefined
}

/** The answer of `compare`. */
export interface Comparison {
  /** Whether they compute the same for every input size. */
  readonly equal: boolean
  /** Why that is so, in a sentence. */
  readonly reason: string
  /** The smallest input on which they differ; undefined when they are equal. */
  readonly smallest?: {
    readonly input: number
    readonly a: Outcome
    readonly b: Outcome
    readonly phase: number | undefined
  }
  readonly modulus: number
  /** One for each residue of the input modulo `modulus`, in order; true of every input above `horizon`. */
  readonly residues: readonly ResidueComparison[]
  readonly horizon: number
}

/** More inputs than this are not looked at: they would take more than a second or two. */
const MOST = 1_000_000

/**
 * Decides whether two settings compute the same for every input size.
 *
 * The decision is exact, not a sample. SAME padding depends on the input modulo the stride only: with
 * r = ((input - 1) mod stride) + 1 the total is max(0, effectiveKernel - r). All other rules are of that kind, constant,
 * or affine in the input on each residue class, once the input is above `horizonOf`. So two settings that agree on all
 * inputs up to the horizon, and on two more members of each residue class beyond it, agree on all: two affine functions
 * that meet twice are one.
 *
 * @param a a layer along one axis, in the words of one framework
 * @param b the same layer in the words of another
 * @throws SamepadError where kernels and strides are so large that a million inputs do not decide it
 */
export function compare(a: Setting, b: Setting): Comparison {
  checkSetting(a)
  checkSetting(b)
  const modulus = modulusOf(a, b)
  const horizon = horizonOf(a) + horizonOf(b)
  const last = horizon + 2 * modulus
  if (last > MOST) {
    throw new SamepadError('compare', `kernels and strides must leave at most ${MOST} inputs to look at`, last)
  }
  const at = (input: number): { a: Outcome; b: Outcome; equal: boolean } => {
    const [one, two] = [solve(a, input), solve(b, input)]
    return { a: one, b: two, equal: a.op === b.op && isSameFunction(a, one, b, two) }
  }

  const residues: ResidueComparison[] = []
  for (let offset = 1; offset <= modulus; offset++) {
    const input = horizon + offset
    const [outcome, next] = [at(input), at(input + modulus)]
    const [shift, then] = [shiftOf(outcome.a, outcome.b), shiftOf(next.a, next.b)]
    residues.push({
      residue: input % modulus,
      equal: outcome.equal && next.equal,
      phase: shift.phase === then.phase ? shift.phase : undefined,
      outputs: shift.outputs === then.outputs ? shift.outputs : undefined,
    })
  }
  residues.sort((one, two) => one.residue - two.residue)

  let input = 1
  while (input <= last && at(input).equal) input++
  const common = { modulus, residues, horizon }
  if (input > last) return { ...common, equal: true, reason: equalReason(a, b, modulus, last) }
  const outcome = at(input)
  const smallest = { input, a: outcome.a, b: outcome.b, phase: shiftOf(outcome.a, outcome.b).phase }
  return { ...common, equal: false, reason: differentReason(a, b, smallest), smallest }
}

function shiftOf(a: Outcome, b: Outcome): Pick<ResidueComparison, 'phase' | 'outputs'> {
  if (isRejected(a) || isRejected(b)) return { phase: undefined, outputs: undefined }
  return { phase: a.axis.padBegin - b.axis.padBegin, outputs: b.axis.output - a.axis.output }
}

function equalReason(a: Setting, b: Setting, modulus: number, last: number): string {
  if (isRejected(solve(a, last)) && isRejected(solve(b, last))) return 'both refuse every input'
  return `each is regular on every residue of the input modulo ${modulus}, and all inputs to ${last} agree`
}

function differentReason(a: Setting, b: Setting, { input, ...outcome }: NonNullable<Comparison['smallest']>): string {
  if (a.op !== b.op) return `${a.op} and ${b.op} are different operations`
  if (a.kernel !== b.kernel) return `their kernels have ${a.kernel} and ${b.kernel} taps`
  if (isRejected(outcome.a)) return `at input ${input} the first refuses: ${refusal(outcome.a)}`
  if (isRejected(outcome.b)) return `at input ${input} the second refuses: ${refusal(outcome.b)}`
  return `at input ${input} ${windowsApart(a.op, outcome.a.axis, outcome.b.axis) ?? 'they treat the padding differently'}`
}
