import { SamepadError, Verbatim } from '../geometry.ts'
import { type Acceptance, audit as auditModel, findRule, rules, type Severity, severities, sortOut } from '../models.ts'
import { nearest } from '../words/nearest.ts'
import { gateOptions, readGate } from './audit-gate.ts'
import { auditLines, ruleLines, rulesLines, totalLines } from './audit-lines.ts'
import type { Answer, Command, Request, Shell } from './command.ts'
import { forEachModel, modelFiles, toldOf } from './model-files.ts'
import { inputOption, readShapes, shapesFor } from './read-shapes.ts'
import { sarifOf } from './sarif.ts'

/** `samepad audit`: what the padding of model files does, and what is wrong with it. */
export const audit: Command = {
  summary: "model files: what each node pads, by which framework's rule, and what is wrong",
  usage: 'FILE... [--input NAME=SHAPE] [--expect RULE] [--fail-on SEVERITY] [--all]',
  about:
    'Reads models without their weights, works out what every convolution and pooling pads, says which convention ' +
    'pads like that, and lists findings: errors (it will not run, or gives nonsense), warnings (it is probably not ' +
    'padded as it was trained) and notes. FILE is a model, a folder, a pattern in quotes, or - for standard input.',
  options: {
    input: inputOption,
    all: { about: 'every node and every finding; else only nodes that show a convention' },
    'fail-on': { value: 'SEVERITY', about: 'exit with 1 from which findings on: error, warning (the default) or note' },
    ...gateOptions,
    sarif: { about: 'print the findings as SARIF 2.1.0, which CI systems show' },
    rules: { about: 'list the rules' },
    explain: { value: 'RULE', about: 'what a rule finds, why, an example, and what to do' },
  },
  examples: [
    'audit model.onnx',
    'audit model.onnx --input 1x3x224x224 --all',
    'audit models/ --fail-on error --sarif',
    'audit model.onnx --expect tf-same',
    'audit --explain zeros-before-max',
  ],
  no: 'there is a finding as bad as --fail-on',
  settings: false,
  answer: (request, surroundings) => {
    const { rules: list, explain } = request.options
    if (list) return { data: rules.map(ruleData), lines: rulesLines, exitCode: 0 }
    if (typeof explain === 'string') return explained(explain)
    return audited(request, surroundings)
  },
}

const ruleData = ({ check: _, ...rule }: (typeof rules)[number]): object => rule

function explained(name: string): Answer {
  const rule = findRule(name)
  if (rule) return { data: ruleData(rule), lines: (style) => ruleLines(rule, style), exitCode: 0 }
  const names = rules.map((one) => one.name)
  const meant = nearest(name, names)
  throw new SamepadError(
    'audit',
    meant ? `the rule is called ${meant}` : `the rule must be one of ${names.join(', ')}`,
    name,
  )
}

async function audited(request: Request, surroundings: Shell): Promise<Answer> {
  const { json, sarif, all = false } = request.options
  if (json && sarif)
    throw new SamepadError('audit', 'only one of --json and --sarif must be given', new Verbatim('both'))
  const gate = readGate(request, surroundings.cwd)
  const worst = severityOf(request, gate.failOn)
  const given = readShapes('audit', request)
  const named = await modelFiles('audit', request.words.length > 0 ? request.words : gate.words, surroundings)
  const isOne = named.files.length === 1
  const today = new Date().toISOString().slice(0, 10)
  const gone = new Unneeded()
  const told: string[] = []
  const outcome = await forEachModel(named, surroundings.progress, async (file, model) => {
    const { inputs, expect, accept } = gate.of(file)
    const shapes = { ...inputs, ...shapesFor('audit', model, given, isOne) }
    const found = await auditModel(model, { inputs: shapes, expect })
    const { findings, accepted, expired, unused } = sortOut(found.findings, accept, today)
    told.push(...expired.map((one) => `${what(file.name, one)} was accepted until ${one.until} (${one.reason})`))
    gone.note(file.name, accept, unused)
    const path = typeof file.source === 'string' ? file.source : undefined
    return { file: file.name, path, audit: { ...found, findings }, accepted }
  })
  const { done, failures } = outcome
  const counts = (severity: Severity): boolean => isAsBad(severity, worst)
  const isUpdate = request.options['update-baseline'] === true
  told.push(...gone.lines(), ...gate.update(done, counts))
  const isBad = !isUpdate && done.some(({ audit }) => audit.findings.some(({ severity }) => counts(severity)))
  const entries = done.map(({ file, audit, accepted }) => ({ file, ...audit, accepted }))
  return {
    data: sarif ? sarifOf(done, failures) : [...entries, ...failures],
    lines: (style) => {
      const each = done.map((one) => auditLines(one, { all: all === true, isOne }, style))
      return [...each.flatMap((lines, index) => (index > 0 ? ['', ...lines] : lines)), ...totalLines(done, style)]
    },
    exitCode: failures.length > 0 ? 2 : isBad ? 1 : 0,
    complaints: [...toldOf(outcome, named), ...told],
  }
}

const what = (file: string, { rule, node }: Acceptance): string =>
  `${file}: ${rule}${node === undefined ? '' : ` at ${node}`}`

/** Acceptances that no file needs any more: one entry of the config file holds for every file of its pattern. */
class Unneeded {
  readonly #unused = new Map<Acceptance, { readonly first: string; readonly files: number }>()
  readonly #used = new Set<Acceptance>()

  /** What one file needs of the acceptances that hold for it. */
  note(file: string, accept: readonly Acceptance[], unused: readonly Acceptance[]): void {
    for (const one of accept) {
      const { first, files } = this.#unused.get(one) ?? { first: file, files: 0 }
      if (unused.includes(one)) this.#unused.set(one, { first, files: files + 1 })
      else this.#used.add(one)
    }
  }

  lines(): string[] {
    return [...this.#unused].flatMap(([one, { first, files }]) => {
      const where = files > 1 ? `${first} and ${files - 1} more` : first
      return this.#used.has(one) ? [] : [`${what(where, one)} is accepted and not found any more`]
    })
  }
}

const isAsBad = (severity: Severity, worst: Severity): boolean =>
  severities.indexOf(severity) <= severities.indexOf(worst)

function severityOf({ options }: Request, configured: Severity | undefined): Severity {
  const given = options['fail-on'] ?? configured ?? 'warning'
  const found = severities.find((one) => one === given)
  if (found) return found
  throw new SamepadError('audit', `--fail-on must be one of ${severities.join(', ')}`, given)
}
