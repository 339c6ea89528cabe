import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { SamepadError, Verbatim } from '../geometry.ts'
import {
  type Acceptance,
  type AuditConfig,
  type Baseline,
  type Expectation,
  expectations,
  type ModelsConfig,
  readAuditConfig,
  readBaseline,
  type Severity,
} from '../models.ts'
import type { AuditedFile } from './audit-lines.ts'
import type { CommandOption, Request } from './command.ts'
import { FileError, unwritable } from './file-error.ts'
import type { ModelFile } from './model-files.ts'
import { writeWhole } from './partial-file.ts'
import { readPattern } from './pattern.ts'

/** The config file that is read where none is named. */
const CONFIG = 'samepad.config.json'

/** What the options of a gate mean. */
export const gateOptions: Readonly<Record<string, CommandOption>> = {
  expect: { value: 'RULE', about: 'the rule by which the models must pad: tf-same, symmetric or same-lower' },
  config: {
    value: 'FILE',
    about: `patterns with inputs, expect and accepted findings; ${CONFIG} is read if there is one`,
  },
  baseline: { value: 'FILE', about: 'accept the findings that this file lists' },
  'update-baseline': { about: 'write the findings of today into the baseline' },
}

/** What holds for one file. */
export interface FileGate {
  readonly inputs: Readonly<Record<string, readonly number[]>>
  readonly expect: Expectation | undefined
  readonly accept: readonly Acceptance[]
}

/** What the config file, the baseline and the options ask for. */
export interface Gate {
  /** The files of the config file, for where none are named. */
  readonly words: readonly string[]
  readonly failOn: Severity | undefined
  readonly of: (file: ModelFile) => FileGate
  /** Writes the baseline anew where that was asked for, and says so. */
  readonly update: (files: readonly (AuditedFile & { readonly path: string | undefined })[], counts: Counts) => string[]
}

type Counts = (severity: Severity) => boolean

/**
 * Reads what a gate is made of.
 *
 * @throws SamepadError where a file cannot be read or says what is not understood
 */
export function readGate({ options }: Request, cwd: string): Gate {
  const named = typeof options.config === 'string' ? options.config : undefined
  const path = resolve(cwd, named ?? CONFIG)
  const config: AuditConfig =
    named !== undefined || existsSync(path)
      ? within(path, () => readAuditConfig(readJson(path)))
      : { failOn: undefined, models: [] }
  const expect = expectationOf(options.expect)
  const baseline = baselineOf(options, cwd)
  const patterns = config.models.map((models) => ({ models, pattern: readPattern(asPattern(models)) }))
  return {
    words: config.models.map(({ files }) => join(dirname(path), files)),
    failOn: config.failOn,
    of: ({ source }) => {
      const from = (folder: string): string => (typeof source === 'string' ? portable(relative(folder, source)) : '-')
      const own = patterns.filter(({ pattern }) => pattern.matches(from(dirname(path)))).map(({ models }) => models)
      return {
        inputs: Object.assign({}, ...own.map(({ inputs }) => inputs)),
        expect: expect ?? own.map((one) => one.expect).findLast((one) => one !== undefined),
        accept: [...own.flatMap(({ accept }) => accept), ...acceptedIn(baseline, from)],
      }
    },
    update: (files, counts) => (baseline?.isUpdated ? [writeBaseline(baseline.path, files, counts)] : []),
  }
}

/** A folder stands for all that is in it. */
const asPattern = ({ files }: ModelsConfig): string => (files.endsWith('/') ? `${files}**` : files).replace(/^\.\//, '')

const portable = (path: string): string => path.split(sep).join('/')

function expectationOf(text: string | true | undefined): Expectation | undefined {
  const found = expectations.find((one) => one === text)
  if (text === undefined || found) return found
  throw new SamepadError('audit', `--expect must be one of ${expectations.join(', ')}`, text)
}

interface BaselineFile {
  readonly path: string
  readonly isUpdated: boolean
  readonly known: Baseline
}

function baselineOf(
  { baseline, 'update-baseline': isUpdated }: Request['options'],
  cwd: string,
): BaselineFile | undefined {
  if (typeof baseline !== 'string') {
    if (isUpdated) throw new SamepadError('audit', '--update-baseline must have a --baseline', new Verbatim('none'))
    return undefined
  }
  const path = resolve(cwd, baseline)
  if (isUpdated) return { path, isUpdated: true, known: {} }
  return { path, isUpdated: false, known: within(path, () => readBaseline(readJson(path))) }
}

function acceptedIn(baseline: BaselineFile | undefined, from: (folder: string) => string): readonly Acceptance[] {
  const file = baseline && from(dirname(baseline.path))
  return file !== undefined && Object.hasOwn(baseline?.known ?? {}, file) ? (baseline?.known[file] ?? []) : []
}

function writeBaseline(path: string, files: Parameters<Gate['update']>[0], counts: Counts): string {
  const findings = files.map(({ path: source, audit }) => {
    const list = audit.findings
      .filter(({ severity }) => counts(severity))
      .map(({ rule, node }) => ({ rule, node: node?.name }))
    return [source === undefined ? '-' : portable(relative(dirname(path), source)), distinct(list)] as const
  })
  const about = 'Findings that samepad audit --baseline accepts. Written by --update-baseline; entries may be removed.'
  const listed = Object.fromEntries(findings.filter(([, list]) => list.length > 0))
  try {
    writeWhole(path, `${JSON.stringify({ about, findings: listed }, undefined, 2)}\n`)
  } catch (error) {
    throw unwritable('audit', path, error)
  }
  const count = findings.reduce((sum, [, list]) => sum + list.length, 0)
  return `${path}: written; it accepts ${count} ${count === 1 ? 'finding' : 'findings'}`
}

const distinct = <T>(list: readonly T[]): T[] => {
  const texts = list.map((one) => JSON.stringify(one))
  return list.filter((_, index) => texts.indexOf(texts[index]) === index)
}

function readJson(path: string): unknown {
  const text = readFileSync(path, 'utf8')
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new FileError('config', 'the file must be JSON', new Verbatim((error as Error).message))
  }
}

/** Says of which file an error is. */
function within<T>(path: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (error instanceof SamepadError) {
      throw new FileError('audit', `the file ${path} must be right`, new Verbatim(error.message))
    }
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    const must = code === 'ENOENT' ? 'the file must exist' : `the file must be readable (${code})`
    throw new FileError('audit', must, path)
  }
}
