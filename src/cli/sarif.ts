import { isAbsolute, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Finding, rules, type Severity } from '../models.ts'
import type { AuditedFile } from './audit-lines.ts'
import type { Failure } from './model-files.ts'
import { version } from './version.ts'

const levels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', note: 'note' }

/**
 * Findings as a log in SARIF 2.1.0: places are bytes of the file, of a text its lines too, and the name of the node within the model. What stays
 * the same from run to run is in `partialFingerprints`, so that a CI system knows an old finding again.
 */
export function sarifOf(files: readonly AuditedFile[], failures: readonly Failure[]): object {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'samepad', semanticVersion: version(), rules: rules.map(describe) } },
        invocations: [
          { executionSuccessful: failures.length === 0, toolExecutionNotifications: failures.map(notificationOf) },
        ],
        artifacts: files.map(({ file, audit }) => ({ location: { uri: uriOf(file) }, length: audit.size })),
        results: files.flatMap(({ file, audit, accepted }, index) => {
          const fillings = new Map(audit.nodes.map((node) => [node.index, node.fillings]))
          const result = (finding: Finding): object => {
            return { ...resultOf(finding, file, index), ...propertiesOf(fillings.get(finding.node?.index ?? -1)) }
          }
          const suppressed = ({ finding, reason }: (typeof accepted)[number]): object => {
            return { ...result(finding), suppressions: [{ kind: 'external', justification: escaped(reason) }] }
          }
          return [...audit.findings.map(result), ...accepted.map(suppressed)]
        }),
      },
    ],
  }
}

/** A file or folder that could not be looked at. */
function notificationOf({ file, error }: Failure): object {
  return {
    level: 'error',
    message: { text: escaped(`${error}.`) },
    locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(file) } } }],
  }
}

/**
 * A text as a plain message of SARIF (2.1.0, 3.11.5 and 3.11.6): braces would be places for arguments, brackets the
 * begin of a link.
 */
const escaped = (text: string): string => text.replace(/[{}]/g, '$&$&').replace(/[\\[\]]/g, '\\$&')

function describe({ name, severity, what, why, example, fix }: (typeof rules)[number]): object {
  return {
    id: name,
    shortDescription: { text: escaped(what) },
    fullDescription: { text: escaped(`${why} For example: ${example}`) },
    help: { text: escaped(fix) },
    defaultConfiguration: { level: levels[severity] },
  }
}

/** What stands in the padding of a node, where that is not plain. */
const propertiesOf = (fillings: AuditedFile['audit']['nodes'][number]['fillings'] = []): object =>
  fillings.length > 0 ? { properties: { fillings } } : {}

/** Bytes of the file, of a text its line too; nothing where a reader has no place. */
function regionOf({ byteOffset, byteLength, line }: NonNullable<Finding['node']>): object {
  if (byteLength === 0) return {}
  return { region: { ...(line !== undefined && { startLine: line }), byteOffset, byteLength } }
}

function resultOf({ rule, severity, node, message, fix }: Finding, file: string, index: number): object {
  const fullyQualifiedName = node && `${node.path} / ${node.name}`
  const physicalLocation = {
    artifactLocation: { uri: uriOf(file), index },
    ...(node && regionOf(node)),
  }
  const logicalLocations = node && [{ name: node.name, fullyQualifiedName, kind: 'element' }]
  return {
    ruleId: rule,
    ruleIndex: rules.findIndex(({ name }) => name === rule),
    level: levels[severity],
    message: { text: escaped(`${node ? `${node.name}: ` : ''}${message}.${fix ? ` To mend it: ${fix.what}.` : ''}`) },
    locations: [{ physicalLocation, ...(logicalLocations && { logicalLocations }) }],
    partialFingerprints: { 'ruleAndNode/v1': [rule, fullyQualifiedName ?? 'model'].join(' ') },
  }
}

/** A URI, relative where the file lies below the folder where the command is typed; `/` stays, all else is escaped. */
const uriOf = (file: string): string =>
  isAbsolute(file) ? pathToFileURL(file).href : file.split(sep).map(encodeURIComponent).join('/')
