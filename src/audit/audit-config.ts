import { SamepadError, show, Verbatim } from '../geometry/error.ts'
import { checkChoice } from '../geometry/options.ts'
import type { Acceptance } from './acceptance.ts'
import { type Expectation, expectations } from './expect.ts'
import { type Severity, severities } from './finding.ts'
import { findRule } from './rules/index.ts'

const STAGE = 'config'

/** What holds for some model files. */
export interface ModelsConfig {
  /** A file, a folder that ends in `/`, or a pattern, from the folder of the config file. */
  readonly files: string
  /** Shapes of inputs by name. */
  readonly inputs: Readonly<Record<string, readonly number[]>>
  readonly expect: Expectation | undefined
  readonly accept: readonly Acceptance[]
}

/** A config file of the audit: `samepad.config.json`. */
export interface AuditConfig {
  readonly failOn: Severity | undefined
  readonly models: readonly ModelsConfig[]
}

/** A baseline: findings that there were when it was written, by file. */
export type Baseline = Readonly<Record<string, readonly Acceptance[]>>

/** Why an entry of a baseline is accepted. */
const BASELINE_REASON = 'it was there when the baseline was written'

/**
 * Checks a config file.
 *
 * @param value what its JSON says
 * @throws SamepadError that names what must hold
 */
export function readAuditConfig(value: unknown): AuditConfig {
  const root = objectOf('the file', value, ['failOn', 'models', '$schema'])
  return {
    failOn: root.failOn === undefined ? undefined : checkChoice(STAGE, 'failOn', root.failOn, severities),
    models: listOf('models', root.models ?? []).map((one, index) => readModels(`models[${index}]`, one)),
  }
}

function readModels(place: string, value: unknown): ModelsConfig {
  const { files, inputs = {}, expect, accept = [] } = objectOf(place, value, ['files', 'inputs', 'expect', 'accept'])
  const shapes = Object.entries(objectOf(`${place}.inputs`, inputs)).map(([name, shape]) => {
    const isShape =
      Array.isArray(shape) && shape.length > 0 && shape.every((size) => Number.isInteger(size) && size > 0)
    if (!isShape)
      throw new SamepadError(STAGE, `${place}.inputs.${name} must be a shape such as [1, 3, 224, 224]`, shape)
    return [name, shape as readonly number[]] as const
  })
  return {
    files: textOf(`${place}.files`, files),
    inputs: Object.fromEntries(shapes),
    expect: expect === undefined ? undefined : checkChoice(STAGE, `${place}.expect`, expect, expectations),
    accept: listOf(`${place}.accept`, accept).map((one, index) => readAcceptance(`${place}.accept[${index}]`, one)),
  }
}

function readAcceptance(place: string, value: unknown): Acceptance {
  const { rule, node, reason, until } = objectOf(place, value, ['rule', 'node', 'reason', 'until'])
  const name = textOf(`${place}.rule`, rule)
  if (!findRule(name))
    throw new SamepadError(STAGE, `${place}.rule must be a rule (samepad audit --rules lists them)`, name)
  const day = until === undefined ? undefined : textOf(`${place}.until`, until)
  if (day !== undefined && !isDay(day)) {
    throw new SamepadError(STAGE, `${place}.until must be a day such as 2027-03-31`, day)
  }
  return {
    rule: name,
    node: node === undefined ? undefined : textOf(`${place}.node`, node),
    reason: textOf(`${place}.reason`, reason),
    until: day,
  }
}

const isDay = (text: string): boolean => {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

/**
 * Checks a baseline.
 *
 * @param value what its JSON says
 * @throws SamepadError that names what must hold
 */
export function readBaseline(value: unknown): Baseline {
  const { findings } = objectOf('the baseline', value, ['findings', 'about'])
  const files = Object.entries(objectOf('findings', findings)).map(([file, list]) => {
    const accepted = listOf(`findings of ${file}`, list).map((one, index): Acceptance => {
      const { rule, node } = objectOf(`findings of ${file}[${index}]`, one, ['rule', 'node'])
      return {
        rule: textOf('rule', rule),
        node: node === undefined ? undefined : textOf('node', node),
        reason: BASELINE_REASON,
      }
    })
    return [file, accepted] as const
  })
  return Object.fromEntries(files)
}

function objectOf(place: string, value: unknown, names?: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SamepadError(STAGE, `${place} must be an object`, value)
  }
  const strange = names && Object.keys(value).find((name) => !names.includes(name))
  if (strange !== undefined) {
    throw new SamepadError(STAGE, `${place} must have only ${names?.join(', ')}`, new Verbatim(show(strange)))
  }
  return value as Record<string, unknown>
}

function listOf(place: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw new SamepadError(STAGE, `${place} must be a list`, value)
}

function textOf(place: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value
  throw new SamepadError(STAGE, `${place} must be a text`, value)
}
