import { nearest } from '../geometry/nearest.ts'
import { Finding, SamepadError } from '../geometry.ts'
import { audit as auditModel, findRule, rules, type Severity, severities } from '../onnx.ts'
import { type AuditedFile, auditLines, ruleLines, rulesLines, totalLines } from './audit-lines.ts'
import type { Answer, Command, Request, Surroundings } from './command.ts'
import { forEachModel, modelFiles, toldOf } from './model-files.ts'
import { inputOption, readShapes, shapesFor } from './read-shapes.ts'
import { sarifOf } from './sarif.ts'

/** `samepad audit`: what the padding of model files does, and what is wrong with it. */
export const audit: Command = {
  summary: 'ONNX files: what each node pads, whose rule that is, and what is wrong with it',
  usage: 'FILE... [--input NAME=SHAPE] [--fail-on SEVERITY] [--all]',
  about:
    'Reads models without their weights, works out what every convolution and pooling pads, says which convention ' +
    'pads like that, and lists findings: errors (it will not run, or gives nonsense), warnings (it is probably not ' +
    'padded as it was trained) and notes. FILE is a model, a folder, a pattern in quotes, or - for standard input.',
  options: {
    input: inputOption,
    all: { about: 'every node and every finding, not only those that tell something' },
    'fail-on': { value: 'SEVERITY', about: 'exit with 1 from which findings on: error, warning (the default) or note' },
    sarif: { about: 'print the findings as SARIF 2.1.0, which CI systems show' },
    rules: { about: 'list the rules' },
    explain: { value: 'RULE', about: 'what a rule finds, why, an example, and what to do' },
  },
  examples: [
    'audit model.onnx',
    'audit model.onnx --input 1x3x224x224 --all',
    'audit models/ --fail-on error --sarif',
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

async function audited(request: Request, surroundings: Surroundings): Promise<Answer> {
  const { json, sarif, all = false } = request.options
  if (json && sarif)
    throw new SamepadError('audit', 'only one of --json and --sarif must be given', new Finding('both'))
  const worst = severityOf(request)
  const given = readShapes('audit', request)
  const named = await modelFiles('audit', request.words, surroundings)
  const isOne = named.files.length === 1
  const outcome = await forEachModel(named, surroundings.progress, async ({ name }, model): Promise<AuditedFile> => {
    return { file: name, audit: await auditModel(model, { inputs: shapesFor('audit', model, given, isOne) }) }
  })
  const { done, failures } = outcome
  const isBad = done.some(({ audit }) => audit.findings.some(({ severity }) => isAsBad(severity, worst)))
  return {
    data: sarif ? sarifOf(done, failures) : [...done.map(({ file, audit }) => ({ file, ...audit })), ...failures],
    lines: (style) => {
      const each = done.map((one) => auditLines(one, { all: all === true, isOne }, style))
      return [...each.flatMap((lines, index) => (index > 0 ? ['', ...lines] : lines)), ...totalLines(done, style)]
    },
    exitCode: failures.length > 0 ? 2 : isBad ? 1 : 0,
    complaints: toldOf(outcome, named),
  }
}

const isAsBad = (severity: Severity, worst: Severity): boolean =>
  severities.indexOf(severity) <= severities.indexOf(worst)

function severityOf({ options }: Request): Severity {
  const given = options['fail-on'] ?? 'warning'
  const found = severities.find((one) => one === given)
  if (found) return found
  throw new SamepadError('audit', `--fail-on must be one of ${severities.join(', ')}`, given)
}
