import { type Attribute, attributes, attributesOf } from '../conventions/attributes.ts'
import type { Convention } from '../conventions/convention.ts'
import { evaluate } from '../conventions/evaluate.ts'
import { conventions } from '../conventions/rows/index.ts'
import type { Setting } from '../conventions/setting.ts'
import { isRejected, type Outcome, solve } from '../conventions/solve.ts'
import { effectiveKernel, type Op, SamepadError } from '../geometry/index.ts'
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
  const groups: Explanation[][] = []
  const others: Explanation[] = []
  const matching: Explanation[] = []
  for (const convention of conventions.filter(({ ops }) => ops.includes(op))) {
    const candidates = guesses(convention, observation, op, observed).map((setting) => ({
      setting,
      outcome: solve(setting, observed.size),
    }))
    const explain = ({ setting, outcome }: (typeof candidates)[number]): Explanation => {
      return { convention, setting, outcome, values: valuesOf(setting, outcome, observed) }
    }
    const explaining = candidates.filter(({ setting, outcome }) => isExplained(setting, outcome, observed))
    if (explaining.length > 0) matching.push(...explaining.map(explain))
    else others.push(explain(candidates[0]))
  }
  matching.sort((a, b) => likelihood(b, observation) - likelihood(a, observation))
  for (const explanation of matching) {
    const { setting, outcome, convention } = explanation
    const group = groups.find(([first]) => isSameFunction(first.setting, first.outcome, setting, outcome))
    if (!group) groups.push([explanation])
    else if (!group.some((other) => other.convention === convention)) group.push(explanation)
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
  const isPool = op === 'maxPool' || op === 'averagePool'
  const [values, weights] = [input, kernel].map((given) => (typeof given === 'number' ? undefined : given))
  const outputs = output === 'error' ? undefined : typeof output === 'number' ? output : output.length
  const comparable = values !== undefined && (isPool || weights !== undefined)
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

const MOST_GUESSED = 12

/** The settings of a convention that an observation leaves open: whatever its rule takes and nobody gave is tried. */
function guesses(convention: Convention, observation: Observation, op: Op, { kernel, outputs }: Observed): Setting[] {
  const { stride = 1, dilation = 1 } = observation
  const given = Object.fromEntries(attributes.map((name) => [name, observation[name]]))
  const base: Setting = { ...given, convention: convention.id, op, kernel, stride, dilation }
  const widths = [...Array(Math.min(effectiveKernel(base), MOST_GUESSED) + 1).keys()]
  const symmetric = convention.rejects.some((name) => name.startsWith('uneven padding'))
  const tried: Record<Attribute, readonly unknown[]> = {
    pads: widths.flatMap((begin) => (symmetric ? [[begin, begin]] : widths.map((end) => [begin, end]))),
    ceilMode: [undefined, true],
    countIncludePad: [false, true],
    fill: [undefined, 'reflect', 'replicate', 'circular'],
    outputPadding: [undefined, ...Array(Math.max(stride, dilation)).keys()].filter((extra) => extra !== 0),
    outputShape: [undefined, outputs],
  }
  return attributesOf(convention, op)
    .filter((name) => given[name] === undefined)
    .reduce(
      (settings, name) => settings.flatMap((one) => tried[name].map((value) => ({ ...one, [name]: value }))),
      [base],
    )
}

/** The values of a setting, where the observation has input and weights for them. */
function valuesOf(setting: Setting, outcome: Outcome, { input, weights }: Observed): number[] | undefined {
  return input && !isRejected(outcome) ? evaluate(setting, outcome, input, weights) : undefined
}

function isExplained(setting: Setting, outcome: Outcome, observed: Observed): boolean {
  if (isRejected(outcome)) return observed.outputs === undefined && !outcome.outside
  if (outcome.axis.output !== observed.outputs) return false
  const wanted = observed.values
  return (
    wanted === undefined ||
    (valuesOf(setting, outcome, observed)?.every((value, index) => isClose(value, wanted[index])) ?? false)
  )
}

const TOLERANCE = 2 ** -20

function isClose(a: number, b: number): boolean {
  return Object.is(a, b) || a === b || Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b))
}

/** Only an order: what is used more often first, then what has no fault, then what needs the fewest guessed numbers. */
function likelihood({ convention, setting }: Explanation, observation: Observation): number {
  const guessed = attributes.filter((name) => setting[name] !== undefined && observation[name] === undefined).length
  return convention.weight - (convention.fault ? 1 : 0) - guessed / 2
}
