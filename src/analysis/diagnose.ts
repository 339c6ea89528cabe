import type { Convention } from '../conventions/convention.ts'
import { evaluate } from '../conventions/evaluate.ts'
import type { Setting } from '../conventions/setting.ts'
import { isRejected, type Outcome } from '../conventions/solve.ts'
import { isPool, type Op, SamepadError } from '../geometry/index.ts'
import { byRule, type Guess, guessesOf, hasSize, isClose, likelihood } from './guesses.ts'
import { isSameFunction } from './same-function.ts'

/** What was seen of a layer along one axis. What is not known of its attributes is left out, and tried. */
export interface Observation extends Partial<Omit<Setting, 'convention' | 'kernel'>> {
  /** Default: `'conv'`. */
  readonly op?: Op
  /** The input's values, or only their number. */
  readonly input: number | readonly number[]
  /** The weights, or only the number of taps. */
  readonly kernel: number | readonly number[]
  /** The output's values, or only their number, or `'error'` where the framework refused. */
  readonly output: number | readonly number[] | 'error'
}

/** A setting and what it does with the observed input. */
export interface Explanation {
  readonly convention: Convention
  readonly setting: Setting
  readonly outcome: Outcome
  /** The values it gives, where the observation has input and weights. */
  readonly values: readonly number[] | undefined
}

/** The answer of `diagnose`. */
export interface Diagnosis {
  /**
   * Settings that explain the observation, likeliest first. Those in one group compute the same function of this input,
   * so nothing observed here can tell them apart.
   */
  readonly groups: readonly (readonly Explanation[])[]
  /** For contrast: what each convention that explains nothing says instead. */
  readonly others: readonly Explanation[]
}

/**
 * Finds every convention, right or faulty, that explains an observed output, with the attributes that it needs.
 *
 * Values are compared to float32 rounding. Likelier is what people use more often, what has no known fault, and what
 * needs no number to be guessed.
 */
export function diagnose(observation: Observation): Diagnosis {
  const op = observation.op ?? 'conv'
  const observed = read(observation, op)
  const { size, kernel, outputs } = observed
  const found: { readonly explanation: Explanation; readonly alike: Explanation[] }[] = []
  const others: Explanation[] = []
  for (const conventions of byRule(op)) {
    const guesses = guessesOf(conventions[0], { ...observation, op, size, kernel, outputs })
    const explaining = guesses.filter((guess) => isExplained(guess, observed))
    for (const guess of explaining.length > 0 ? explaining : guesses.slice(0, 1)) {
      const values = valuesOf(guess, observed)
      const alike = conventions.map((convention): Explanation => {
        return { convention, ...guess, setting: { ...guess.setting, convention: convention.id }, values }
      })
      if (explaining.length > 0) found.push(...alike.map((explanation) => ({ explanation, alike })))
      else others.push(...alike)
    }
  }
  const rank = ({ convention, setting }: Explanation): number => likelihood(convention, setting, observation)
  found.sort((a, b) => rank(b.explanation) - rank(a.explanation))
  const groups: Explanation[][] = []
  const known = new Map<Explanation[], Explanation[]>()
  for (const { explanation, alike } of found) {
    const { setting, outcome, convention } = explanation
    const same = ([first]: Explanation[]): boolean => isSameFunction(first.setting, first.outcome, setting, outcome)
    const group = known.get(alike) ?? groups.find(same) ?? []
    known.set(alike, group)
    if (group.length === 0) groups.push(group)
    if (!group.some((other) => other.convention === convention)) group.push(explanation)
  }
  return { groups, others }
}

interface Observed {
  readonly size: number
  readonly input: readonly number[] | undefined
  readonly kernel: number
  readonly weights: readonly number[] | undefined
  readonly outputs: number | undefined
  readonly values: readonly number[] | undefined
}

function read({ input, kernel, output }: Observation, op: Op): Observed {
  const [values, weights] = [input, kernel].map((given) => (typeof given === 'number' ? undefined : given))
  const outputs = output === 'error' ? undefined : typeof output === 'number' ? output : output.length
  const comparable = values !== undefined && (isPool(op) || weights !== undefined)
  if (typeof output === 'object' && !comparable) {
    throw new SamepadError(
      'diagnose',
      'observed values need the values of the input, and weights unless it is a pooling',
      output,
    )
  }
  return {
    ...{ size: typeof input === 'number' ? input : input.length, input: comparable ? values : undefined },
    ...{ kernel: typeof kernel === 'number' ? kernel : kernel.length, weights },
    ...{ outputs, values: typeof output === 'object' ? output : undefined },
  }
}

/** The values of a guess, where the observation has input and weights for them. */
function valuesOf({ setting, outcome }: Guess, { input, weights }: Observed): number[] | undefined {
  return input && !isRejected(outcome) ? evaluate(setting, outcome, input, weights) : undefined
}

function isExplained(guess: Guess, observed: Observed): boolean {
  if (!hasSize(guess, observed.outputs)) return false
  const wanted = observed.values
  return wanted === undefined || (valuesOf(guess, observed)?.every((value, at) => isClose(value, wanted[at])) ?? false)
}
